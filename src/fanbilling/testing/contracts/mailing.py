"""The contract of a mailer: a letter arrives whole, once, at one address; or it is said that it did not.

class TestMine(MailerContract):
    @pytest.fixture
    def mailer(self, tmp_path): return MyMailer(...)
    @pytest.fixture
    def arrived(self, tmp_path): return lambda: [read(file.read_bytes()) for file in ...]
    @pytest.fixture
    def cut_off(self, tmp_path): return MyMailer(...)      # whose carrier cannot be reached
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

import attrs
import pytest

from ...domain.errors import AdapterFailure
from ...domain.messages import Attachment, Letter
from ...domain.ports.delivery import Mailer

LETTER = Letter(
    id="m1",
    sender="Brinkhoff Software <facturen@brinkhoff.example>",
    recipient='"Lindelaar Notariële Diensten B.V." <administratie@lindelaar.example>',
    subject="Factuur 2026-0042 – één regel, € 1.608,64, en wat er verder nog over te zeggen valt: € 0,10",
    text="Goedendag,\n\n.begint met een punt\nFrom hier\n" + "lange regel " * 120 + "\n\nGroet: € 1.608,64\n",
    html="<p>Zie de bijlage: € 1.608,64</p>",
    attachments=(
        Attachment(name="Factuur 2026-0042.pdf", media_type="application/pdf", content=bytes(range(256)) * 20),
        Attachment(name="uren.csv", media_type="text/csv; charset=utf-8", content="dag;uren\n2;één\r\n".encode()),
    ),
)
#: Letters that would bring another header, or another recipient, along.
FORGED: dict[str, Letter] = {
    "a line break in the subject": attrs.evolve(LETTER, subject="Factuur\r\nBcc: x@evil.example"),
    "a bare line feed in the subject": attrs.evolve(LETTER, subject="Factuur\nBcc: x@evil.example"),
    "a line break in the recipient": attrs.evolve(LETTER, recipient="a@b.example\r\nBcc: x@evil.example"),
    "a line break in the sender": attrs.evolve(LETTER, sender="a@b.example\nBcc: x@evil.example"),
    "two recipients": attrs.evolve(LETTER, recipient="a@b.example, x@evil.example"),
    "a line break in the name of an attachment": attrs.evolve(
        LETTER, attachments=(*LETTER.attachments, Attachment(name="a\r\nb", media_type="text/csv", content=b"x"))
    ),
    "no address": attrs.evolve(LETTER, recipient="nobody"),
}


@attrs.frozen(kw_only=True)
class Arrived:
    """A message as it lies with its recipient: under which id, for whom, and what is in it."""

    id: str
    recipient: str
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()


def read(content: bytes) -> Arrived:
    """Read a message as it came over the line (RFC 5322)."""
    message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    return Arrived(
        id=str(message["Message-ID"]),
        recipient=", ".join(str(message[name]) for name in ("To", "Cc", "Bcc") if message[name]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
        attachments=tuple(
            Attachment(
                name=part.get_filename() or "",
                media_type=part.get_content_type(),
                content=bytes(part.get_payload(decode=True) or b""),
            )
            for part in message.iter_attachments()
        ),
    )


class MailerContract:
    """Every rule of a mailer, one test each."""

    @pytest.fixture
    def mailer(self) -> Mailer:
        """The mailer that is held to the rules."""
        raise NotImplementedError("override the fixture mailer: return yours")

    @pytest.fixture
    def arrived(self) -> Callable[[], Sequence[Arrived]]:
        """What tells which messages arrived until now; :func:`read` reads one as it came over the line."""
        raise NotImplementedError("override the fixture arrived: return a function that tells what arrived")

    @pytest.fixture
    def cut_off(self) -> Mailer:
        """A mailer to the same recipients whose carrier cannot be reached, or breaks off."""
        raise NotImplementedError("override the fixture cut_off: return a mailer whose carrier cannot be reached")

    def test_a_letter_arrives_whole(self, mailer: Mailer, arrived: Callable[[], Sequence[Arrived]]) -> None:
        """To whom, about what, every word, and every byte of what goes with it."""
        mailer.send(LETTER, key="m1")
        [message] = arrived()
        assert "administratie@lindelaar.example" in message.recipient, "a letter arrives at its recipient"
        assert message.recipient.count("@") == 1, "a letter arrives at nobody else"
        assert message.subject == LETTER.subject, "the subject arrives whole"
        assert _lines(message.text) == _lines(LETTER.text), "the text arrives whole"
        names = [attachment.name for attachment in message.attachments]
        assert names == [attachment.name for attachment in LETTER.attachments], "every attachment arrives, in order"
        for found, sent in zip(message.attachments, LETTER.attachments, strict=True):
            assert found.content == sent.content, f"every byte of an attachment arrives: {sent.name}"
            kind = sent.media_type.partition(";")[0]
            assert found.media_type.partition(";")[0] == kind, "an attachment keeps its media type"

    def test_a_letter_of_text_alone_arrives(self, mailer: Mailer, arrived: Callable[[], Sequence[Arrived]]) -> None:
        """A letter without HTML and without attachments is a letter too."""
        mailer.send(attrs.evolve(LETTER, html="", attachments=()), key="m1")
        [message] = arrived()
        assert _lines(message.text) == _lines(LETTER.text), "the text arrives whole, also alone"
        assert message.attachments == (), "and nothing else"

    def test_the_same_key_is_the_same_message(self, mailer: Mailer, arrived: Callable[[], Sequence[Arrived]]) -> None:
        """Sent again under the same key a letter arrives once, or under the same id; never as another (law L16)."""
        receipts = [mailer.send(LETTER, key="m1") for _ in range(2)]
        assert len({message.id for message in arrived()}) == 1, "the same key is delivered once, or under the same id"
        assert all(message.id for message in arrived()), "a message has an id"
        assert receipts[0] == receipts[1], "the same key has the same receipt"
        mailer.send(attrs.evolve(LETTER, text="Anders\n"), key="m1")
        assert len({message.id for message in arrived()}) == 1, "the id follows from the key alone"

    def test_another_key_is_another_message(self, mailer: Mailer, arrived: Callable[[], Sequence[Arrived]]) -> None:
        """Two keys are two messages, also when they say the same."""
        receipts = [mailer.send(LETTER, key=key) for key in ("m1", "m2", "m3")]
        assert len({message.id for message in arrived()}) == 3, "another key is another message"
        assert len(arrived()) == 3, "and each arrives once"
        assert [receipt.message for receipt in receipts] == ["m1", "m2", "m3"], "a receipt names the key"

    @pytest.mark.parametrize("forgery", FORGED)
    def test_a_forged_header_is_refused(
        self, mailer: Mailer, arrived: Callable[[], Sequence[Arrived]], forgery: str
    ) -> None:
        """Nothing in a subject or an address brings another header or recipient along: it is refused for good."""
        failure = _failure(mailer, FORGED[forgery], f"{forgery} is refused")
        assert not failure.retryable, "what is wrong with a letter is not retryable"
        assert list(arrived()) == [], "of a refused letter nothing is delivered"

    def test_a_failure_says_whether_to_try_again(
        self, cut_off: Mailer, arrived: Callable[[], Sequence[Arrived]]
    ) -> None:
        """A carrier that cannot be reached is an AdapterFailure that is worth another try, with its cause."""
        failure = _failure(cut_off, LETTER, "a carrier that cannot be reached is told")
        assert failure.retryable, "a failure says whether trying again can help: this one is retryable"
        assert failure.__cause__ is not None, "a failure keeps its cause"
        assert list(arrived()) == [], "nothing is half delivered"

    def test_a_failure_leaves_what_arrived_as_it_was(
        self, mailer: Mailer, cut_off: Mailer, arrived: Callable[[], Sequence[Arrived]]
    ) -> None:
        """Sending again and failing takes nothing back and spoils nothing."""
        mailer.send(LETTER, key="m1")
        before = list(arrived())
        _failure(cut_off, attrs.evolve(LETTER, text="Anders\n"), "a carrier that cannot be reached is told")
        assert list(arrived()) == before, "nothing is half delivered: what arrived stays as it was"


def _failure(mailer: Mailer, letter: Letter, rule: str) -> AdapterFailure:
    try:
        mailer.send(letter, key="m1")
    except AdapterFailure as failure:
        return failure
    except Exception as other:
        raise AssertionError(f"{rule}: expected AdapterFailure, got {type(other).__name__}: {other}") from other
    raise AssertionError(f"{rule}: expected AdapterFailure, and nothing was refused")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")
