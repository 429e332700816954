"""The billed ledger and the decisions: nothing twice, nothing forgotten, in a fixed order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ....domain.billed import BilledEntry
from ....domain.decisions import Decision, DecisionKind
from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.lots import Lot
from ....domain.ports.storage import UnitOfWork
from ....domain.terms import Terms
from ... import strategies
from .fixtures import StoreFixtures, refused, undone
from .values import DAY, LATER, TERMS, billed, decision, key, window

#: From one source, in the order of key and revision: the first and third of one agreement, the others beside it.
ENTRIES = (
    billed(key("a", date(2026, 1, 1)), 0, document="d1", line=3),
    billed(key("a", date(2026, 1, 1)), 1, document="d2", line=1, lot=Lot(Decimal(-16), Decimal("-51.61")), reverses=0),
    billed(key("a", date(2026, 1, 2)), 0, document="d1", line=1),
    billed(key("a", date(2026, 1, 2), "f"), 0, document="d1", line=2),
    billed(key("b", date(2026, 1, 1)), 0, document="d2", line=2),
    billed(key("a", date(2026, 1, 1), source="testing2"), 0, document="d1", line=10),
)


class BilledContract(StoreFixtures):
    """What was billed is kept per key and revision."""

    def test_a_billed_entry_comes_back_equal(self, books: UnitOfWork) -> None:
        """Whatever an entry holds comes back as it was."""
        entries = [
            billed(key("a"), 0),
            billed(key("a"), 1, lot=Lot(Decimal("-0.3333333333"), Decimal("-0.10")), vat=Decimal("-0.02"), reverses=0),
            billed(key("b"), 0, supplied=None, title="Ünïcode", text="", terms=attrs.evolve(TERMS, document="claim")),
        ]
        with books() as store:
            store.billed.append(entries)
        with books() as store:
            assert list(store.billed.of([window("a"), window("b")])) == entries, "every entry comes back equal"

    def test_every_billed_entry_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every entry that can exist can be kept."""
        unique = st.lists(strategies.billed_entries(), max_size=3, unique_by=lambda entry: (entry.key, entry.revision))

        @given(entries=unique)
        def check(entries: list[BilledEntry]) -> None:
            with undone(books) as store:
                store.billed.append(entries)
                expected = sorted(entries, key=lambda entry: (entry.key, entry.revision))
                assert list(store.billed.page(limit=9)) == expected, "every entry comes back equal"

        check()

    def test_billed_money_keeps_its_decimals(self, books: UnitOfWork) -> None:
        """Net and VAT have the decimals of their currency: 0.10 euro, 10 yen, 0.100 dinar."""
        figures = {"EUR": "0.10", "JPY": "10", "BHD": "0.100"}
        with books() as store:
            for currency, figure in figures.items():
                terms = Terms("acme", currency, TERMS.tax, TERMS.price)
                lot = Lot(Decimal(1), Decimal(figure))
                store.billed.append([billed(key(currency), 0, terms=terms, lot=lot, vat=Decimal(figure))])
        with books() as store:
            for currency, figure in figures.items():
                [entry] = store.billed.of([window(currency)])
                assert str(entry.lot.amount) == figure, f"the net amount in {currency} keeps its decimals"
                assert str(entry.vat) == figure, f"the VAT in {currency} keeps its decimals"

    def test_a_revision_is_taken_once(self, books: UnitOfWork) -> None:
        """A second entry with the same key and revision is a conflict: somebody billed it first."""
        with books() as store:
            store.billed.append([billed(key("a"), 0)])
        with books() as store:
            with refused(Conflict, "a taken (key, revision) is a Conflict"), store.savepoint():
                store.billed.append([billed(key("b"), 0), billed(key("a"), 0, document="d2"), billed(key("c"), 0)])
            found = store.billed.of([window("a"), window("b"), window("c")])
            assert list(found) == [billed(key("a"), 0)], "a refused append writes nothing"

    def test_a_revision_is_taken_once_in_one_call(self, books: UnitOfWork) -> None:
        """Two entries with the same key and revision in one call are a conflict."""
        with books() as store:
            with refused(Conflict, "a (key, revision) twice in one call is a Conflict"), store.savepoint():
                store.billed.append([billed(key("a"), 0), billed(key("b"), 0), billed(key("a"), 0)])
            assert list(store.billed.page(limit=9)) == [], "a refused append writes nothing"

    def test_a_window_holds_what_is_filed_from_its_day_on(self, books: UnitOfWork) -> None:
        """A window on an agreement shows what is filed on its first day or later, of that source, nothing else."""
        with books() as store:
            store.billed.append(ENTRIES[::-1])
        with books() as store:
            assert list(store.billed.of([window("a")])) == list(ENTRIES[:4]), "all of an agreement, by key and revision"
            assert list(store.billed.of([window("a", date(2026, 1, 2))])) == list(ENTRIES[2:4]), (
                "a window begins with its day: the day is included"
            )
            assert list(store.billed.of([window("a", date(2026, 1, 3))])) == [], "nothing before the day"
            overlapping = [window("b"), window("a", date(2026, 1, 2)), window("a", date(2026, 1, 1)), window("b")]
            assert list(store.billed.of(overlapping)) == list(ENTRIES[:5]), "windows that overlap show nothing twice"

    def test_thousands_of_windows_at_once(self, books: UnitOfWork) -> None:
        """A run asks for many agreements in one go."""
        entries = [billed(key(f"a{n:04}"), 0, line=n) for n in range(1500)]
        with books() as store:
            store.billed.append(entries)
            windows = [window(f"a{n:04}") for n in range(1499)]
            assert list(store.billed.of(windows)) == entries[:1499], "all of them, and no other"

    def test_a_documents_entries_come_in_the_order_of_its_lines(self, books: UnitOfWork) -> None:
        """The entries of a document are in the order in which they are printed."""
        with books() as store:
            store.billed.append(ENTRIES)
            lines = [(entry.document, entry.line) for entry in store.billed.of_document("d1")]
            assert lines == [("d1", 1), ("d1", 2), ("d1", 3), ("d1", 10)], (
                "entries come in the order of their lines, as numbers"
            )
            assert list(store.billed.of_document("nothing")) == [], "a document without entries has none"

    def test_pages_of_billed_entries_hold_everything_once(self, books: UnitOfWork) -> None:
        """Page after page every entry comes once, in the order of key and revision."""
        with books() as store:
            store.billed.append(ENTRIES[::-1])
            pages: list[BilledEntry] = []
            after = None
            while page := store.billed.page(after=after, limit=2):
                assert len(page) <= 2, "a page holds no more than was asked"
                pages.extend(page)
                assert len(pages) < 9, "the pages come to an end"
                after = (page[-1].key, page[-1].revision)
            assert pages == list(ENTRIES), "every entry once, by key and revision"

    def test_the_entries_of_a_client_come_from_every_agreement(self, books: UnitOfWork) -> None:
        """What was billed for one client comes page by page, whoever's agreement it stands under."""
        entries = [billed(key(f"a{n}"), 0, client="beta" if n % 3 == 0 else "acme") for n in range(8)]
        with books() as store:
            store.billed.append(entries)
            first = store.billed.page(client="beta", limit=2)
            assert list(first) == [entries[0], entries[3]], "the entries of one client, by key"
            rest = store.billed.page(client="beta", after=(first[-1].key, 0), limit=2)
            assert list(rest) == [entries[6]], "the next page goes on after the last one"
            assert list(store.billed.page(client="nobody", limit=2)) == [], "who was billed nothing has none"

    def test_billing_nothing_is_fine(self, books: UnitOfWork) -> None:
        """No entries and no windows are no error."""
        with books() as store:
            store.billed.append([])
            assert list(store.billed.of([])) == [], "no windows show nothing"


class DecisionsContract(StoreFixtures):
    """Decisions are kept in the order in which they were made."""

    def test_every_decision_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every decision that can exist can be kept."""

        @given(decisions=st.lists(strategies.decisions(), max_size=3, unique_by=lambda decision: decision.id))
        def check(decisions: list[Decision]) -> None:
            with undone(books) as store:
                store.decisions.add(decisions)
                for decision in decisions:
                    assert store.decisions.get(decision.id) == decision, "every decision comes back equal"

        check()

    def test_decisions_come_in_the_order_in_which_they_were_made(self, books: UnitOfWork) -> None:
        """Neither id nor day decides the order, but who came first; a withdrawal does not change it."""
        made = [
            decision("z", key("a", LATER), on=LATER, terms=TERMS, quantity=Decimal("0.5")),
            decision("b", key("b", DAY), kind=DecisionKind.CONCEDED, amount=Decimal("0.10")),
            decision("a", key("a", DAY), kind=DecisionKind.HELD, until=LATER),
            decision("c", key("a", DAY, source="testing2")),
        ]
        with books() as store:
            store.decisions.add(made[:2])
        with books() as store:
            store.decisions.add(made[2:])
            assert list(store.decisions.of([window("a"), window("b")])) == made[:3], (
                "decisions come in the order in which they were made"
            )
            store.decisions.replace(made[0], attrs.evolve(made[0], withdrawn=LATER))
        with books() as store:
            ids = [found.id for found in store.decisions.of([window("b"), window("a"), window("a", LATER)])]
            assert ids == ["z", "b", "a"], "decisions stay in the order made, also after one was withdrawn, each once"
            assert [found.id for found in store.decisions.of([window("a", LATER)])] == ["z"], "from the day on"
            assert list(store.decisions.of([])) == [], "no windows show nothing"

    def test_a_missing_decision_is_not_found(self, books: UnitOfWork) -> None:
        """A decision that is not there is an error, never nothing."""
        with books() as store, refused(NotFound, "a missing decision is NotFound"):
            store.decisions.get("w1")

    def test_a_decision_is_made_once(self, books: UnitOfWork) -> None:
        """A second decision with the same id is a conflict, and nothing of that call is kept."""
        with books() as store:
            store.decisions.add([])
            store.decisions.add([decision("w1")])
            with refused(Conflict, "a decision's id is taken once"), store.savepoint():
                store.decisions.add([decision("w2"), decision("w1", reason="other")])
            with refused(Conflict, "also within one call"), store.savepoint():
                store.decisions.add([decision("w3"), decision("w3")])
            assert list(store.decisions.page(limit=9)) == [decision("w1")], "a refused call writes nothing"

    def test_who_has_not_seen_the_latest_decides_nothing(self, books: UnitOfWork) -> None:
        """Replacing a decision that somebody else changed first is a conflict."""
        made, withdrawn = decision("w1"), decision("w1", withdrawn=LATER)
        with books() as store:
            store.decisions.add([made])
            store.decisions.replace(made, withdrawn)
        with books() as store:
            assert store.decisions.get("w1") == withdrawn, "the withdrawal is kept"
            with refused(Conflict, "a stale replacement is a Conflict"), store.savepoint():
                store.decisions.replace(made, decision("w1", withdrawn=DAY))
            with refused(Conflict, "replacing a missing decision is a Conflict"), store.savepoint():
                store.decisions.replace(decision("w2"), decision("w2", withdrawn=DAY))
            with refused(InvalidValue, "a decision takes only its own place"), store.savepoint():
                store.decisions.replace(withdrawn, decision("w2"))
            assert list(store.decisions.page(limit=9)) == [withdrawn], "a refused replacement changes nothing"

    def test_pages_of_decisions_hold_everything_once(self, books: UnitOfWork) -> None:
        """Page after page every decision comes once, in the order of the ids."""
        with books() as store:
            store.decisions.add([decision(id) for id in ("b", "B", "c", "a", "é")])
            pages: list[str] = []
            after = ""
            while page := store.decisions.page(after=after, limit=2):
                pages.extend(found.id for found in page)
                assert len(pages) < 9, "the pages come to an end"
                after = page[-1].id
            assert pages == ["B", "a", "b", "c", "é"], "every decision once, by id"
