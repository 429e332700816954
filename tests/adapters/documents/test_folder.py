"""Documents in a folder: each a file that any program opens, whole or not there, and never outside the folder."""

from __future__ import annotations

import json

import attrs
import pytest

from fanbilling.adapters.documents.folder import FolderDocuments
from fanbilling.domain.errors import AdapterFailure, Conflict, InvalidValue
from fanbilling.testing.contracts.keeping import KEYS, PDF


@pytest.fixture
def documents(tmp_path):
    return FolderDocuments(tmp_path / "sent")


def test_a_document_is_a_file_that_any_program_opens(documents):
    documents.keep("2026-0001", PDF)
    [file] = documents.path.glob("*.pdf")
    assert file.name.startswith("2026-0001-")
    assert file.read_bytes() == PDF.content
    assert len(list(documents.path.iterdir())) == 2


def test_no_key_leads_out_of_the_folder_and_no_name_depends_on_capitals(documents, tmp_path):
    for key in KEYS:
        documents.keep(key, PDF)
    assert [path.name for path in tmp_path.iterdir()] == ["sent"]
    names = [path.name.lower() for path in documents.path.iterdir()]
    assert len(names) == len(set(names)) == 2 * len(KEYS)
    assert max(map(len, names)) < 120


@pytest.mark.parametrize("suffix", ["/../x", ".p/f", "pdf", ".pdf\n", ".pdf.", ". pdf", ".pdf.xml.txt", ".\x00"])
def test_an_ending_that_is_none_is_refused(documents, suffix):
    with pytest.raises(InvalidValue, match="no ending of a file"):
        documents.keep("k", attrs.evolve(PDF, suffix=suffix))
    assert not documents.path.exists()


def test_a_disk_that_is_full_keeps_nothing_and_says_so(documents, monkeypatch):
    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(AdapterFailure, match="No space left") as caught:
            documents.keep("k", PDF)
    assert caught.value.retryable
    assert list(documents.path.iterdir()) == []
    documents.keep("k", PDF)
    assert documents.fetch("k") == PDF


def test_a_process_that_was_stopped_between_file_and_card_kept_nothing(documents, monkeypatch):
    """The file lies there without a card: nothing is known of it, and another rendering may be kept."""

    def stopped(_from, _to):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.link", stopped)
        with pytest.raises(KeyboardInterrupt):
            documents.keep("k", PDF)
    with pytest.raises(LookupError):
        documents.fetch("k")
    other = attrs.evolve(PDF, content=b"other")
    documents.keep("k", other)
    assert documents.fetch("k") == other


def test_what_was_refused_leaves_no_file_behind(documents):
    documents.keep("k", PDF)
    before = sorted(path.name for path in documents.path.iterdir())
    with pytest.raises(Conflict):
        documents.keep("k", attrs.evolve(PDF, content=b"other"))
    with pytest.raises(Conflict):
        documents.keep("k", attrs.evolve(PDF, media_type="text/plain"))
    assert sorted(path.name for path in documents.path.iterdir()) == before
    assert documents.fetch("k") == PDF


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"{",
        lambda _: b"[]",
        lambda card: json.dumps({**card, "key": "other"}).encode(),
        lambda card: json.dumps({**card, "file": "../../etc/passwd"}).encode(),
        lambda card: json.dumps({**card, "file": 7}).encode(),
        lambda card: json.dumps({name: card[name] for name in ("key", "file")}).encode(),
        lambda _: b"\xff\xfe",
    ],
)
def test_a_card_that_somebody_changed_hands_nothing_out(documents, damage):
    documents.keep("k", PDF)
    [place] = documents.path.glob("*.json")
    place.write_bytes(damage(json.loads(place.read_text())))
    with pytest.raises(AdapterFailure, match="card cannot be read") as caught:
        documents.fetch("k")
    assert not caught.value.retryable


def test_a_file_that_is_gone_is_said_to_be_gone(documents):
    documents.keep("k", PDF)
    [file] = documents.path.glob("*.pdf")
    file.unlink()
    with pytest.raises(AdapterFailure, match="backup"):
        documents.fetch("k")
