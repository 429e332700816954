"""A message is a file under its key: whole, the same each time, with one sender and one recipient."""

from datetime import date
from email import message_from_bytes, policy

import attrs
import pytest

from fanbilling.adapters.mail.folder import FolderMailer
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.messages import Attachment, Letter

ON = date(2026, 1, 31)
LETTER = Letter(
    id="m-1",
    sender="Brinkhoff Software <facturen@brinkhoff.example>",
    recipient='"Lindelaar Notariële Diensten B.V." <administratie@lindelaar.example>',
    subject="Factuur 2026-0001 – één regel, € 108,30",
    text="Goedendag,\n\nZie de bijlage: € 108,30.\n",
    html="<p>Zie de bijlage: € 108,30.</p>",
    attachments=(Attachment(name="Factuur-2026-0001.pdf", media_type="application/pdf", content=bytes(range(256))),),
)


def sent(folder, letter=LETTER, key="m-1"):
    FolderMailer(folder, ON).send(letter, key=key)
    return (folder / f"{key}.eml").read_bytes()


def test_a_message_reads_back_as_it_was_written(tmp_path):
    message = message_from_bytes(sent(tmp_path), policy=policy.default)
    assert message["Subject"] == LETTER.subject
    assert message["To"].addresses[0].display_name == "Lindelaar Notariële Diensten B.V."
    assert message["To"].addresses[0].addr_spec == "administratie@lindelaar.example"
    assert message["From"].addresses[0].addr_spec == "facturen@brinkhoff.example"
    assert message["Date"].datetime.date() == ON
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == LETTER.text
    assert message.get_body(("html",)).get_content().strip() == LETTER.html
    [attached] = message.iter_attachments()
    assert attached.get_filename() == "Factuur-2026-0001.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == bytes(range(256))


def test_the_same_key_gives_the_same_bytes_and_one_file(tmp_path):
    assert sent(tmp_path) == sent(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["m-1.eml"]


def test_the_message_id_follows_from_the_key_alone(tmp_path):
    mailer = FolderMailer(tmp_path, ON)
    first = mailer.send(LETTER, key="m-1")
    assert mailer.send(attrs.evolve(LETTER, text="Anders"), key="m-1").reference == first.reference
    assert mailer.send(LETTER, key="m-2").reference != first.reference
    assert first.reference.endswith("@brinkhoff.example>")


def test_a_letter_may_be_text_alone(tmp_path):
    message = message_from_bytes(sent(tmp_path, attrs.evolve(LETTER, html="", attachments=())), policy=policy.default)
    assert message.get_content_type() == "text/plain"


def test_text_attachments_go_along(tmp_path):
    page = Attachment(name="factuur.html", media_type="text/html; charset=utf-8", content="<p>€</p>".encode())
    message = message_from_bytes(sent(tmp_path, attrs.evolve(LETTER, attachments=(page,))), policy=policy.default)
    [attached] = message.iter_attachments()
    assert attached.get_payload(decode=True) == "<p>€</p>".encode()


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Factuur\r\nBcc: x@evil.example"},
        {"subject": "Factuur\nX: y"},
        {"recipient": "a@b.example\r\nBcc: x@evil.example"},
        {"recipient": "a@b.example, x@evil.example"},
        {"recipient": "geen adres"},
        {"recipient": ""},
        {"recipient": "a@b.example>, <x@evil.example"},
        {"sender": "@brinkhoff.example"},
        {"sender": "jörg@brinkhoff.example"},
        {"attachments": (Attachment(name="a\r\nb.pdf", media_type="application/pdf", content=b""),)},
    ],
)
def test_a_header_that_could_bring_another_along_is_refused(tmp_path, change):
    with pytest.raises(AdapterFailure) as caught:
        sent(tmp_path, attrs.evolve(LETTER, **change))
    assert not caught.value.retryable
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["../m-1", "a/b", "", ".hidden", "a" * 200, "m\n1"])
def test_a_key_that_is_no_file_name_is_refused(tmp_path, key):
    with pytest.raises(AdapterFailure, match="name of a file"):
        FolderMailer(tmp_path / "box", ON).send(LETTER, key=key)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_worth_another_try(tmp_path):
    (tmp_path / "box").write_text("a file")
    with pytest.raises(AdapterFailure) as caught:
        FolderMailer(tmp_path / "box", ON).send(LETTER, key="m-1")
    assert caught.value.retryable


def test_a_message_that_breaks_off_leaves_the_earlier_one_whole(tmp_path, monkeypatch):
    before = sent(tmp_path)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(AdapterFailure):
        sent(tmp_path, attrs.evolve(LETTER, text="Anders"))
    assert (tmp_path / "m-1.eml").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["m-1.eml"]
