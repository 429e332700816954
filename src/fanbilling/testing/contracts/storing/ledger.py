"""The general ledger: every entry once, every balance exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ....domain.errors import Conflict
from ....domain.ledger import LedgerEntry, Posting
from ....domain.ports.sourcing import Between
from ....domain.ports.storage import UnitOfWork
from ... import strategies
from .fixtures import StoreFixtures, refused, undone
from .values import DAY, booking


class LedgerContract(StoreFixtures):
    """Entries are posted once and add up exactly."""

    def test_an_entry_comes_back_equal(self, books: UnitOfWork) -> None:
        """An entry keeps its postings in the order in which they were given, also two on one account."""
        entry = LedgerEntry(
            id="b1",
            kind="invoice",
            on=DAY,
            currency="EUR",
            postings=(
                Posting(account="8000", amount=Decimal("-0.30")),
                Posting(account="1300", amount=Decimal("0.10"), party="acme", item="d1"),
                Posting(account="1300", amount=Decimal("0.10"), party="acme", item="d1"),
                Posting(account="1300", amount=Decimal("0.10"), party="beta", item="Ünï"),
                Posting(account="1500", amount=Decimal("0.00")),
            ),
        )
        with books() as store:
            store.ledger.post([entry])
        with books() as store:
            [kept] = store.ledger.entries(limit=9)
            assert kept == entry, "the entry comes back equal"
            amounts = [str(posting.amount) for posting in kept.postings]
            assert amounts == ["-0.30", "0.10", "0.10", "0.10", "0.00"], "with the decimals of its currency"

    def test_every_entry_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every entry that can exist can be posted."""

        @given(entries=st.lists(strategies.ledger_entries(), max_size=3, unique_by=lambda entry: entry.id))
        def check(entries: list[LedgerEntry]) -> None:
            with undone(books) as store:
                store.ledger.post(entries)
                found = {entry.id: entry for entry in store.ledger.entries(limit=9)}
                assert found == {entry.id: entry for entry in entries}, "every entry comes back equal"

        check()

    def test_an_entry_is_posted_once(self, books: UnitOfWork) -> None:
        """Posting an id again is a conflict, and nothing of that call is booked."""
        with books() as store:
            store.ledger.post([booking("b1", "10.00")])
        with books() as store:
            with refused(Conflict, "a posted id is a Conflict"), store.savepoint():
                store.ledger.post([booking("b2", "20.00"), booking("b1", "10.00")])
            with refused(Conflict, "an id twice in one call is a Conflict"), store.savepoint():
                store.ledger.post([booking("b3", "5.00"), booking("b3", "5.00")])
            assert store.ledger.balances()["1300", "EUR"] == Decimal("10.00"), "a refused call books nothing"
            assert list(store.ledger.entries(limit=9)) == [booking("b1", "10.00")], "and leaves no entry"

    def test_a_thousand_dimes_are_a_hundred(self, books: UnitOfWork) -> None:
        """A thousand postings of 0.10 come to 100.00: not a hair more or less."""
        with books() as store:
            store.ledger.post([booking(f"b{n}", "0.10", item=f"d{n % 2}") for n in range(1000)])
        with books() as store:
            hundred = {("1300", "EUR"): Decimal("100.00"), ("8000", "EUR"): Decimal("-100.00")}
            assert store.ledger.balances() == hundred, "balances are exact"
            fifty = {("acme", "d0", "EUR"): Decimal("50.00"), ("acme", "d1", "EUR"): Decimal("50.00")}
            assert store.ledger.open_items("1300") == fifty, "open items are exact"
            figures = [*store.ledger.balances().values(), *store.ledger.open_items("1300").values()]
            assert all(isinstance(figure, Decimal) for figure in figures), "every sum is a decimal"

    def test_large_amounts_are_exact(self, books: UnitOfWork) -> None:
        """The largest amounts add up to the cent, where a binary fraction would have lost it."""
        with books() as store:
            store.ledger.post([booking(f"b{n}", "99999999999999.99") for n in range(9)])
            store.ledger.post([booking("c", "0.01")])
            assert store.ledger.balances()["1300", "EUR"] == Decimal("899999999999999.92"), "large sums are exact"

    def test_currencies_are_summed_apart(self, books: UnitOfWork) -> None:
        """Every currency has balances of its own, in its own smallest unit."""
        with books() as store:
            store.ledger.post([booking("e", "0.10"), booking("y", "10", currency="JPY")])
            store.ledger.post([booking("d", "0.001", currency="BHD")])
            balances = {
                currency: amount for (account, currency), amount in store.ledger.balances().items() if account == "1300"
            }
            assert balances == {"EUR": Decimal("0.10"), "JPY": Decimal(10), "BHD": Decimal("0.001")}, "apart and exact"
            open_items = {("acme", "d1", currency) for currency in ("EUR", "JPY", "BHD")}
            assert set(store.ledger.open_items("1300")) == open_items, "an open item is of one currency"

    def test_what_is_settled_is_not_open(self, books: UnitOfWork) -> None:
        """Open items are the balances that are not zero, per party and item; a balance of zero is still a balance."""
        with books() as store:
            store.ledger.post([booking("b1", "10.00"), booking("b2", "5.00", item="d2", party="beta")])
            store.ledger.post([booking("b3", "-4.00"), booking("b4", "-5.00", item="d2", party="beta")])
        with books() as store:
            assert store.ledger.open_items("1300") == {("acme", "d1", "EUR"): Decimal("6.00")}, (
                "what is settled is not open"
            )
            store.ledger.post([booking("b5", "-2.00", item="d3", party="beta")])
            assert store.ledger.open_items("1300", party="beta") == {("beta", "d3", "EUR"): Decimal("-2.00")}, (
                "of one party"
            )
            assert store.ledger.open_items("1300", party="nobody") == {}, "who has nothing open has nothing"
            assert store.ledger.open_items("9999") == {}, "an account without postings has nothing open"
            store.ledger.post([booking("b6", "-4.00", item="d1")])
            level = {("1300", "EUR"): Decimal("0.00"), ("8000", "EUR"): Decimal("0.00")}
            assert store.ledger.balances() == level, "a balance of zero is still a balance"

    def test_pages_of_entries_hold_everything_once(self, books: UnitOfWork) -> None:
        """Page after page every entry comes once, in the order of the ids."""
        with books() as store:
            store.ledger.post([booking(id) for id in ("b", "B", "c", "a", "é")])
            pages: list[str] = []
            after = ""
            while page := store.ledger.entries(after=after, limit=2):
                pages.extend(entry.id for entry in page)
                assert len(pages) < 9, "the pages come to an end"
                after = page[-1].id
            assert pages == ["B", "a", "b", "c", "é"], "every entry once, by id"

    def test_the_entries_on_a_party_come_whole(self, books: UnitOfWork) -> None:
        """What was booked on one party comes page by page, each entry with all its postings."""
        entries = [booking(f"b{n}", party="beta" if n % 3 == 0 else "acme") for n in range(8)]
        with books() as store:
            store.ledger.post(entries)
            first = store.ledger.entries(party="beta", limit=2)
            assert list(first) == [entries[0], entries[3]], "the entries on one party, by id, with all postings"
            rest = store.ledger.entries(party="beta", after="b3", limit=2)
            assert list(rest) == [entries[6]], "the next page goes on after the last one"
            assert list(store.ledger.entries(party="nobody", limit=2)) == [], "on whom nothing is booked has none"
            store.ledger.post([LedgerEntry(id="c", kind="closing", on=DAY, currency="EUR", postings=())])
            assert len(store.ledger.entries(party="", limit=99)) == 8, "revenue concerns nobody: every entry has some"

    def test_the_ledger_is_asked_for_days(self, books: UnitOfWork) -> None:
        """Entries of some days, balances and open items as they were at the end of a day, the day included."""
        first, second, third = (date(2026, month, 15) for month in (1, 2, 3))
        entries = [
            attrs.evolve(booking(id, amount, item=item), on=on)
            for id, amount, item, on in (
                ("b1", "5.00", "d1", first),
                ("b2", "-5.00", "d1", second),
                ("b3", "2.00", "d2", third),
            )
        ]
        with books() as store:
            store.ledger.post(entries)
            for on, expected in (
                (Between(first, second), entries[:2]),
                (Between(second, None), entries[1:]),
                (Between(None, first), entries[:1]),
                (Between(), entries),
            ):
                found = list(store.ledger.entries(on=on, limit=9))
                assert found == expected, "entries of the days asked, ends included"
            assert list(store.ledger.entries(on=Between(second), after="b2", limit=9)) == entries[2:], "page by page"
            assert list(store.ledger.entries(on=Between(first), party="beta", limit=9)) == [], "and of one party"
            for until, total, items in (
                (first, "5.00", {("acme", "d1", "EUR"): Decimal("5.00")}),
                (second, "0.00", {}),
                (third, "2.00", {("acme", "d2", "EUR"): Decimal("2.00")}),
            ):
                balances = {("1300", "EUR"): Decimal(total), ("8000", "EUR"): -Decimal(total)}
                assert store.ledger.balances(until=until) == balances, "balances as they were at the end of a day"
                for party in (None, "acme"):
                    still = store.ledger.open_items("1300", party=party, until=until)
                    assert still == items, "open items as they were at the end of a day"
            assert store.ledger.balances(until=date(2026, 1, 14)) == {}, "before anything was booked there is nothing"

    def test_posting_nothing_is_fine(self, books: UnitOfWork) -> None:
        """No entries are no error, and empty books have no balances."""
        with books() as store:
            store.ledger.post([])
            assert store.ledger.balances() == {}, "empty books have no balances"
