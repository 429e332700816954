"""Documents: numbered without a gap, dated without going back, chained, and never changed."""

from __future__ import annotations

import attrs
from hypothesis import given

from ....codec import dumps, loads
from ....domain.chain import chain
from ....domain.errors import Conflict, DateBeforeSeries, InvalidValue, NotFound
from ....domain.invoices import Invoice
from ....domain.ports.storage import Store, UnitOfWork
from ... import strategies
from .fixtures import StoreFixtures, refused, undone
from .values import DAY, LATER, PATTERN, invoice, line


def numbers(store: Store) -> list[str]:
    """Return the numbers of all documents in the order of the archive."""
    return [document.number for document in store.documents.page(limit=100)]


class DocumentsContract(StoreFixtures):
    """Documents are sealed once, under the next numbers of their series."""

    def test_numbers_follow_each_other_in_the_order_given(self, books: UnitOfWork) -> None:
        """The documents of a series are numbered 1, 2, 3 as they are given, also over several seals."""
        with books() as store:
            first = store.documents.seal([invoice("z"), invoice("a")], PATTERN)
            again = store.documents.seal([invoice("m")], PATTERN)
        with books() as store:
            last = store.documents.seal([invoice("b")], PATTERN)
            given = [(document.id, document.number, document.place) for document in (*first, *again, *last)]
            expected = [("z", "2026-0001", 1), ("a", "2026-0002", 2), ("m", "2026-0003", 3), ("b", "2026-0004", 4)]
            assert given == expected, "numbers 1..n, in the order given"
            kept = [(found.id, found.number, found.place) for found in store.documents.page(limit=9)]
            assert kept == expected, "and so they are kept"

    def test_series_are_numbered_apart(self, books: UnitOfWork) -> None:
        """Every series begins at 1 and does not care for the others."""
        with books() as store:
            store.documents.seal([invoice("a", series="2026")], PATTERN)
            store.documents.seal([invoice("b", series="2025"), invoice("c", series="2025")], PATTERN)
            store.documents.seal([invoice("d", series="2026")], PATTERN)
            assert numbers(store) == ["2025-0001", "2025-0002", "2026-0001", "2026-0002"], (
                "series are numbered apart, each 1..n"
            )

    def test_a_number_follows_its_pattern(self, books: UnitOfWork) -> None:
        """The number is written as the pattern says, from the series and the place in it."""
        with books() as store:
            [sealed] = store.documents.seal([invoice("a", series="Ünï")], "INV/{series}/{n}")
            assert sealed.number == "INV/Ünï/1", "the pattern is filled in"
            assert store.documents.by_number("INV/Ünï/1") == sealed, "and found by"

    def test_dates_never_go_back_along_the_numbers(self, books: UnitOfWork) -> None:
        """A document dated before the last one of its series is refused; on the same day it is not."""
        with books() as store:
            store.documents.seal([invoice("a", on=LATER)], PATTERN)
        with books() as store:
            with refused(DateBeforeSeries, "an earlier date than the last is refused"), store.savepoint():
                store.documents.seal([invoice("b", on=DAY)], PATTERN)
            store.documents.seal([invoice("c", on=DAY, series="other")], PATTERN)
            store.documents.seal([invoice("d", on=LATER)], PATTERN)
            assert numbers(store) == ["2026-0001", "2026-0002", "other-0001"], "a refused document takes no number"

    def test_a_document_is_sealed_once(self, books: UnitOfWork) -> None:
        """A document whose id exists is a conflict, and no number is used up."""
        with books() as store:
            store.documents.seal([invoice("a")], PATTERN)
        with books() as store:
            with refused(Conflict, "a taken id is a Conflict"), store.savepoint():
                store.documents.seal([invoice("b"), invoice("a", name="Other")], PATTERN)
            with refused(Conflict, "a taken id is a Conflict, also in another series"), store.savepoint():
                store.documents.seal([invoice("a", series="other")], PATTERN)
            with refused(Conflict, "an id twice in one call is a Conflict"), store.savepoint():
                store.documents.seal([invoice("c"), invoice("c")], PATTERN)
            store.documents.seal([invoice("d")], PATTERN)
            kept = [(found.id, found.number) for found in store.documents.page(limit=9)]
            assert kept == [("a", "2026-0001"), ("d", "2026-0002")], "a refused seal leaves no document and no gap"

    def test_a_number_is_given_once(self, books: UnitOfWork) -> None:
        """Two series whose patterns come to the same number are a conflict: a number names one document."""
        with books() as store:
            store.documents.seal([invoice("a", series="one")], "{n}")
            with refused(Conflict, "a taken number is a Conflict"), store.savepoint():
                store.documents.seal([invoice("b", series="two")], "{n}")
            assert store.documents.by_number("1").id == "a", "the number stays with its document"

    def test_one_series_and_one_date_at_once(self, books: UnitOfWork) -> None:
        """Documents of two series or two dates are not sealed together."""
        with books() as store:
            with refused(InvalidValue, "two series are refused"), store.savepoint():
                store.documents.seal([invoice("a"), invoice("b", series="other")], PATTERN)
            with refused(InvalidValue, "two dates are refused"), store.savepoint():
                store.documents.seal([invoice("a", on=DAY), invoice("b", on=LATER)], PATTERN)
            assert numbers(store) == [], "a refused seal leaves nothing"

    def test_what_is_sealed_comes_back(self, books: UnitOfWork) -> None:
        """A document is read as it was sealed, with its number and its place, however it is asked for."""
        with books() as store:
            [sealed] = store.documents.seal([invoice("a")], PATTERN)
            assert sealed == attrs.evolve(invoice("a"), number="2026-0001", place=1), "only number and place are added"
        with books() as store:
            assert store.documents.get("a") == sealed, "by id"
            assert store.documents.by_number("2026-0001") == sealed, "by number"
            assert store.documents.get_many(["nothing", "a"]) == {"a": sealed}, "by several ids, those that exist"
            assert list(store.documents.page(limit=9)) == [sealed], "on a page"
            assert store.documents.get_many([]) == {}, "of no ids no documents"

    def test_every_document_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every document that can exist can be sealed."""

        @given(document=strategies.invoices())
        def check(document: Invoice) -> None:
            with undone(books) as store:
                store.documents.seal([document], "{n}")
                found = store.documents.get(document.id)
                assert found == attrs.evolve(document, number="1", place=1), "every document comes back equal"

        check()

    def test_a_missing_document_is_not_found(self, books: UnitOfWork) -> None:
        """A document that is not there is an error, never nothing."""
        with books() as store:
            with refused(NotFound, "a missing id is NotFound"):
                store.documents.get("a")
            with refused(NotFound, "a missing number is NotFound"):
                store.documents.by_number("2026-0001")

    def test_sealing_nothing_takes_no_number(self, books: UnitOfWork) -> None:
        """No documents are no error and use up no number."""
        with books() as store:
            assert list(store.documents.seal([], PATTERN)) == [], "of nothing nothing is sealed"
            store.documents.seal([invoice("a")], PATTERN)
            assert numbers(store) == ["2026-0001"], "and no number is used up"

    def test_the_archive_recomputes(self, books: UnitOfWork) -> None:
        """The sealed text is the document, and every link follows from the one before it, per series."""
        with books() as store:
            store.documents.seal([invoice("z"), invoice("a", name="Ünïcode '\"\\ B.V.", payer="beta")], PATTERN)
            store.documents.seal([invoice("b", series="other")], PATTERN)
        with books() as store:
            store.documents.seal([invoice("c", on=LATER, lines=(line(1, "No\nlicence", "-0.10", "-0.02"),))], PATTERN)
            rows = store.documents.sealed(limit=9)
            places = [(row.series, row.place) for row in rows]
            assert places == [("2026", 1), ("2026", 2), ("2026", 3), ("other", 1)], "every document has its row"
            links = {"2026": "", "other": ""}
            for row in rows:
                document = store.documents.get(row.id)
                assert row.body == dumps(document), "the sealed text is canonical"
                opened = attrs.evolve(loads(Invoice, row.body), number=row.number, place=row.place)
                assert opened == document, "the sealed text is the document"
                facts = (document.number, document.on, document.payer, document.currency, document.totals.total)
                assert (row.number, row.on, row.payer, row.currency, row.total) == facts, (
                    "the row says what the text says"
                )
                links[row.series] = chain(links[row.series], row.number, row.body)
                assert row.chain == links[row.series], "the link follows from the one before"

    def test_pages_of_documents_hold_everything_once(self, books: UnitOfWork) -> None:
        """Page after page every document comes once, in the order of series and place."""
        with books() as store:
            for series in ("b", "a", "B"):
                store.documents.seal([invoice(f"{series}{n}", series=series) for n in range(3)], PATTERN)
            pages: list[str] = []
            sealed: list[str] = []
            after = ("", 0)
            while page := store.documents.page(after=after, limit=2):
                rows = store.documents.sealed(after=after, limit=2)
                pages.extend(document.id for document in page)
                sealed.extend(row.id for row in rows)
                assert len(pages) < 12, "the pages come to an end"
                after = (page[-1].series, page[-1].place)
            assert pages == ["B0", "B1", "B2", "a0", "a1", "a2", "b0", "b1", "b2"], "every document once"
            assert sealed == pages, "and in the archive the same"

    def test_a_payer_sees_its_own_documents(self, books: UnitOfWork) -> None:
        """A page of one payer holds nobody else's documents."""
        with books() as store:
            store.documents.seal([invoice(f"d{n}", payer=("acme", "beta")[n % 2]) for n in range(5)], PATTERN)
            mine = [document.id for document in store.documents.page(payer="acme", limit=9)]
            assert mine == ["d0", "d2", "d4"], "only those of the payer"
            rest = [document.id for document in store.documents.page(payer="acme", after=("2026", 1), limit=1)]
            assert rest == ["d2"], "page by page"
