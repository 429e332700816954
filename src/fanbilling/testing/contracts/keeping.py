"""The contract of a document store: what was sent is kept to the byte, once, and read back as it was.

class TestMine(DocumentStoreContract):
    @pytest.fixture
    def new_documents(self, tmp_path): return lambda: MyDocuments(tmp_path)  # each time another one, on the same place
    @pytest.fixture
    def spoil(self, tmp_path): return lambda key: ...  # changes a byte of what is kept under it
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import attrs
import pytest

from ...domain.errors import AdapterFailure, BillingError, Conflict, NotFound
from ...domain.ports.delivery import DocumentStore, Rendered

PDF = Rendered(content=b"%PDF-1.7\r\n" + bytes(range(256)) * 20, media_type="application/pdf", suffix=".pdf")
#: Everything that a document can be.
DOCUMENTS = {
    "a PDF": PDF,
    "a text with both kinds of line ends": Rendered(
        content="één\r\ntwee\ndrie\r".encode(), media_type="text/csv; charset=utf-8", suffix=".csv"
    ),
    "nothing at all": Rendered(content=b"", media_type="text/plain", suffix=".txt"),
    "one without an ending": Rendered(content=b"\x00", media_type="application/octet-stream", suffix=""),
    "an e-invoice in two layers": Rendered(content=b"<Invoice/>", media_type="application/xml", suffix=".ubl.xml"),
    "a large one": Rendered(content=bytes(range(256)) * 8192, media_type="application/pdf", suffix=".pdf"),
}
#: What differs from the PDF, in one way each.
OTHERS = {
    "another byte": attrs.evolve(PDF, content=PDF.content[:-1] + b"\x00"),
    "a byte more": attrs.evolve(PDF, content=PDF.content + b"\x00"),
    "another media type": attrs.evolve(PDF, media_type="application/x-pdf"),
    "another ending": attrs.evolve(PDF, suffix=".PDF"),
}
#: Keys that a careless place would take for one another, or for a way out of it.
KEYS = (
    *("2026-0001", "2026_0001", "2026-0001.pdf", "a", "A", "a.b", "a/b", "a\\b", "../a", "..", ".", "/etc/passwd"),
    *("con", "x" * 200, "x" * 199, "é", "e\u0301", "a b", "%", "'", '"', "a:b", "a-b", "*"),
)


class DocumentStoreContract:
    """Every rule of a document store, one test each."""

    @pytest.fixture
    def new_documents(self) -> Callable[[], DocumentStore]:
        """What makes a document store; each time another one, on the same place."""
        raise NotImplementedError("override the fixture new_documents: return a function that makes yours")

    @pytest.fixture
    def spoil(self) -> Callable[[str], None]:
        """What changes a byte of what is kept under a key, behind the back of the store."""
        raise NotImplementedError("override the fixture spoil: return a function that damages what is kept")

    @pytest.mark.parametrize("document", DOCUMENTS)
    def test_what_is_kept_is_read_back_to_the_byte(
        self, new_documents: Callable[[], DocumentStore], document: str
    ) -> None:
        """Every byte, the media type and the ending of its name."""
        kept = DOCUMENTS[document]
        documents = new_documents()
        documents.keep("k", kept)
        found = documents.fetch("k")
        assert found.content == kept.content, f"every byte is read back: {document}"
        assert type(found.content) is bytes, "bytes are bytes"
        assert (found.media_type, found.suffix) == (kept.media_type, kept.suffix), "and what it is"

    def test_what_one_kept_another_reads(self, new_documents: Callable[[], DocumentStore]) -> None:
        """Whoever opens the place later, or elsewhere, finds what was kept."""
        first, second = new_documents(), new_documents()
        first.keep("k", PDF)
        for documents in (second, new_documents()):
            assert _found(documents, "k", "what is kept stays") == PDF, "what is kept stays"

    def test_the_same_again_changes_nothing(self, new_documents: Callable[[], DocumentStore]) -> None:
        """A delivery that is done again keeps the same bytes again."""
        for documents in (new_documents(), new_documents()):
            _kept(documents, "k", PDF, "the same again is no conflict")
            _kept(documents, "k", PDF, "the same again is no conflict")
        assert new_documents().fetch("k") == PDF, "the same again changes nothing"

    @pytest.mark.parametrize("other", OTHERS)
    def test_another_under_the_same_key_is_refused(
        self, new_documents: Callable[[], DocumentStore], other: str
    ) -> None:
        """What was sent is never another thing afterwards."""
        documents = new_documents()
        documents.keep("k", PDF)
        rule = f"what is kept is never replaced: {other}"
        _refused(lambda: documents.keep("k", OTHERS[other]), Conflict, rule)
        assert documents.fetch("k") == PDF, rule

    def test_what_is_not_there_is_not_found(self, new_documents: Callable[[], DocumentStore]) -> None:
        """A key under which nothing is kept is NotFound."""
        documents = new_documents()
        _refused(lambda: documents.fetch("k"), NotFound, "an unknown key is NotFound")
        documents.keep("k", PDF)
        _refused(lambda: documents.fetch("kk"), NotFound, "an unknown key is NotFound")

    def test_every_key_is_its_own(self, new_documents: Callable[[], DocumentStore]) -> None:
        """Keys are texts: none is a way out, and no two are the same."""
        documents = new_documents()
        for key in KEYS:
            _kept(documents, key, attrs.evolve(PDF, content=key.encode()), "every key is its own")
        for key in KEYS:
            found = _found(documents, key, "every key is its own")
            assert found.content == key.encode(), f"every key is its own: {key[:20]!r}"

    @pytest.mark.parametrize("key", ["", " ", "a\nb", "a\x00b", "\ud800", "x" * 201])
    def test_what_is_no_key_is_refused(self, new_documents: Callable[[], DocumentStore], key: str) -> None:
        """An empty key, or one that no place can hold, is refused in words of this library."""
        documents = new_documents()
        _refused(lambda: documents.keep(key, PDF), BillingError, "what is no key is refused")
        _refused(lambda: documents.fetch(key), BillingError, "what is no key is refused")

    def test_what_was_damaged_is_not_handed_out(
        self, new_documents: Callable[[], DocumentStore], spoil: Callable[[str], None]
    ) -> None:
        """What is no longer what was kept is an AdapterFailure for good, and nobody sends it."""
        new_documents().keep("k", PDF)
        new_documents().keep("other", PDF)
        spoil("k")
        rule = "what was damaged is not handed out"
        failure = _refused(lambda: new_documents().fetch("k"), AdapterFailure, rule)
        assert not getattr(failure, "retryable", True), "trying again does not mend it"
        assert _found(new_documents(), "other", rule) == PDF, "the others are as they were"

    def test_of_several_at_once_one_is_kept_and_the_others_are_told(
        self, new_documents: Callable[[], DocumentStore]
    ) -> None:
        """Two who rendered it differently at the same moment: one is kept, and the other knows."""
        together, outcomes = Barrier(4), dict[int, object]()

        def one(n: int) -> None:
            mine = new_documents()
            together.wait(30)
            try:
                mine.keep("k", attrs.evolve(PDF, content=b"%d" % n))
                outcomes[n] = "kept"
            except Exception as error:  # noqa: BLE001  (whatever it is, it is told below)
                outcomes[n] = error

        threads = [Thread(target=one, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        winners = [n for n, outcome in outcomes.items() if outcome == "kept"]
        told = [outcome for outcome in outcomes.values() if outcome != "kept"]
        assert len(winners) == 1, f"of several at once one is kept, not {len(winners)}"
        assert all(isinstance(outcome, Conflict) for outcome in told), f"the others are told: {told}"
        assert new_documents().fetch("k").content == b"%d" % winners[0], "and it stays the one"


def _kept(documents: DocumentStore, key: str, rendered: Rendered, rule: str) -> None:
    try:
        documents.keep(key, rendered)
    except BillingError as error:
        raise AssertionError(f"{rule}: {error}") from error


def _found(documents: DocumentStore, key: str, rule: str) -> Rendered:
    try:
        return documents.fetch(key)
    except BillingError as error:
        raise AssertionError(f"{rule}: {error}") from error


def _refused(call: Callable[[], object], error: type[BillingError], rule: str) -> BillingError:
    try:
        call()
    except error as refused:
        return refused
    except Exception as other:
        raise AssertionError(f"{rule}: expected {error.__name__}, got {type(other).__name__}: {other}") from other
    raise AssertionError(f"{rule}: expected {error.__name__}, and nothing was refused")
