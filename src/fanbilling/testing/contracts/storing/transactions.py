"""Transactions: a whole effect or none, in every part of the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from ....domain.agenda import AgendaRow
from ....domain.errors import BillingError, NotFound
from ....domain.events import Actor
from ....domain.ports.storage import Store, UnitOfWork
from .fixtures import StoreFixtures, Undo, failing, refused, undone
from .kinds import Card, Label
from .values import DAY, LATER, MOMENT, PATTERN, billed, booking, decision, invoice, key, registered, touch, window


def everything(store: Store) -> dict[str, Any]:
    """Return all that the small books of a test hold, part by part."""
    return {
        "records": [*store.find(Card), *store.find(Label)],
        "journal": [row.event for row in store.journal.after(0, limit=100)],
        "positions": [row.position for row in store.journal.after(0, limit=100)],
        "agenda": list(store.agenda.all(limit=100)),
        "billed": list(store.billed.page(limit=100)),
        "decisions": list(store.decisions.page(limit=100)),
        "documents": list(store.documents.sealed(limit=100)),
        "ledger": list(store.ledger.entries(limit=100)),
        "balances": store.ledger.balances(),
        "counters": counted(store),
    }


def counted(store: Store) -> dict[str, int]:
    """Return where the journal and every series stand; what else a store numbers for itself is its own affair."""
    counters = store.counters().items()
    return {name: last for name, last in counters if last and (name == "journal" or name.startswith("series:"))}


def begin(store: Store) -> None:
    """Write one of everything."""
    store.add(Card(id="kept"), Card(id="changing"), Card(id="going"))
    store.journal.append([registered("kept")])
    store.agenda.touch([touch("kept")])
    store.billed.append([billed(key("kept"))])
    store.decisions.add([decision("kept")])
    store.documents.seal([invoice("kept")], PATTERN)
    store.ledger.post([booking("kept")])


def _answer(store: Store) -> None:
    row: AgendaRow = store.agenda.get("testing", "kept")
    store.agenda.answered([attrs.evolve(row, since=LATER, ask_on=None, asked_until=LATER)])


def _withdraw(store: Store) -> None:
    store.decisions.replace(decision("kept"), decision("kept", withdrawn=LATER))


#: Every way in which a store changes, on top of what :func:`begin` wrote.
CHANGES: dict[str, Callable[[Store], object]] = {
    "a record is added": lambda store: store.add(Card(id="new"), Label(id="new")),
    "a record is replaced": lambda store: store.replace(Card(id="changing"), Card(id="changing", client="beta")),
    "a record is removed": lambda store: store.remove(Card, "going"),
    "an event is written": lambda store: store.journal.append([registered("new")]),
    "an agreement is touched": lambda store: store.agenda.touch(
        [touch("new"), touch("kept", "beta", DAY.replace(day=1))]
    ),
    "an answer is stored": _answer,
    "a line is billed": lambda store: store.billed.append([billed(key("new")), billed(key("kept"), 1)]),
    "a decision is made": lambda store: store.decisions.add([decision("new")]),
    "a decision is withdrawn": _withdraw,
    "a document is sealed": lambda store: store.documents.seal([invoice("new", on=LATER)], PATTERN),
    "an entry is posted": lambda store: store.ledger.post([booking("new")]),
}
each_change = pytest.mark.parametrize("change", CHANGES)


class TransactionsContract(StoreFixtures):
    """What is done in one transaction is done as a whole or not at all."""

    @each_change
    def test_a_clean_exit_keeps_what_was_done(self, books: UnitOfWork, change: str) -> None:
        """Whatever a transaction wrote is there in the next one."""
        with books() as store:
            begin(store)
            before = everything(store)
            CHANGES[change](store)
            after = everything(store)
            assert after != before, f"a transaction sees that {change}"
        with books() as store:
            assert everything(store) == after, f"after a clean exit it stays so that {change}"

    @each_change
    def test_an_error_undoes_what_was_done(self, books: UnitOfWork, change: str) -> None:
        """When a transaction fails, nothing of it is there in the next one."""
        with books() as store:
            begin(store)
            before = everything(store)
        with failing(), books() as store:
            CHANGES[change](store)
            raise Undo
        with books() as store:
            assert everything(store) == before, f"after an error it never was that {change}"
            CHANGES[change](store)  # and it can still be done: nothing was left behind

    @each_change
    def test_a_savepoint_undoes_its_own_part(self, books: UnitOfWork, change: str) -> None:
        """An error inside a savepoint undoes what was done inside, and nothing else."""
        with books() as store:
            begin(store)
            store.add(Card(id="before"))
            before = everything(store)
            with failing(), store.savepoint():
                CHANGES[change](store)
                raise Undo
            assert everything(store) == before, f"after an error in a savepoint it never was that {change}"
            CHANGES[change](store)
            after = everything(store)
        with books() as store:
            assert everything(store) == after, "the rest of the transaction is kept"

    @each_change
    def test_a_savepoint_without_an_error_keeps_its_part(self, books: UnitOfWork, change: str) -> None:
        """A savepoint that ends well is as if it had not been there."""
        with books() as store:
            begin(store)
            before = everything(store)
            with store.savepoint():
                CHANGES[change](store)
                after = everything(store)
            assert everything(store) == after != before, f"after a savepoint it stays so that {change}"
        with books() as store:
            assert everything(store) == after, "also after the commit"

    def test_savepoints_lie_inside_one_another(self, books: UnitOfWork) -> None:
        """An inner savepoint fails alone; an outer one takes the inner ones with it, also those that ended well."""
        with books() as store:
            store.add(Card(id="1"))
            with store.savepoint():
                store.add(Card(id="2"))
                with failing(), store.savepoint():
                    store.add(Card(id="3"))
                    raise Undo
                store.add(Card(id="4"))
            with failing(), store.savepoint():
                store.add(Card(id="5"))
                with store.savepoint():
                    store.add(Card(id="6"))
                raise Undo
            store.add(Card(id="7"))
        with books() as store:
            assert [card.id for card in store.find(Card)] == ["1", "2", "4", "7"], (
                "savepoints lie inside one another: each fails with its own part"
            )

    def test_a_transaction_undoes_its_savepoints(self, books: UnitOfWork) -> None:
        """When the transaction fails, what its savepoints kept goes with it."""
        with failing(), books() as store:
            with store.savepoint():
                begin(store)
            raise Undo
        with books() as store:
            assert not any(everything(store).values()), "nothing of a failed transaction is left"

    def test_numbers_and_positions_of_what_failed_are_given_again(self, books: UnitOfWork) -> None:
        """Numbers and positions that were drawn in what failed go to who comes next: there is never a gap."""
        with books() as store:
            store.documents.seal([invoice("a")], PATTERN)
            store.journal.append([registered("a")])
            with failing(), store.savepoint():
                store.documents.seal([invoice("b"), invoice("c")], PATTERN)
                store.documents.seal([invoice("d", series="other")], PATTERN)
                store.journal.append([registered("b"), registered("c")])
                raise Undo
            store.documents.seal([invoice("e")], PATTERN)
            store.journal.append([registered("e")])
        with failing(), books() as store:
            store.documents.seal([invoice("f", on=LATER)], PATTERN)
            store.journal.append([registered("f")])
            raise Undo
        with books() as store:
            store.documents.seal([invoice("g")], PATTERN)
            store.documents.seal([invoice("h", series="other")], PATTERN)
            store.journal.append([registered("g")])
            numbers = [(document.id, document.number) for document in store.documents.page(limit=9)]
            expected = [("a", "2026-0001"), ("e", "2026-0002"), ("g", "2026-0003"), ("h", "other-0001")]
            assert numbers == expected, "no number is lost and none is given twice"
            positions = [(row.position, row.event.party) for row in store.journal.after(0, limit=9)]
            assert positions == [(1, "a"), (2, "e"), (3, "g")], "no position is lost and none is given twice"

    def test_counters_say_where_each_numbering_stands(self, books: UnitOfWork) -> None:
        """The last position of the journal and the last place of every series, as this transaction sees them."""
        with books() as store:
            assert counted(store) == {}, "counters begin at nothing"
            store.documents.seal([invoice("a"), invoice("b")], PATTERN)
            store.journal.append([registered("a")])
            drawn = {"journal": 1, "series:2026": 2}
            assert counted(store) == drawn, "counters say what this transaction drew"
        with books() as store:
            assert counted(store) == drawn, "and what earlier ones drew"
            with failing(), store.savepoint():
                store.documents.seal([invoice("c")], PATTERN)
                store.documents.seal([invoice("d", series="other")], PATTERN)
                store.journal.append([registered("c"), registered("d")])
                more = {"journal": 3, "series:2026": 3, "series:other": 1}
                assert counted(store) == more, "each series has a counter of its own"
                raise Undo
            assert counted(store) == drawn, "counters go back with a savepoint"
        with undone(books) as store:
            store.documents.seal([invoice("e")], PATTERN)
        with books() as store:
            assert counted(store) == drawn, "counters go back with a transaction"

    def test_an_error_passes_on(self, books: UnitOfWork) -> None:
        """The error that ends a savepoint or a transaction is what the caller sees."""
        error, caught = Undo("mine"), None
        try:
            with books() as store, store.savepoint():
                raise error
        except Undo as passed_on:
            caught = passed_on
        assert caught is error, "the error passes on: the caller sees its own"

    def test_a_store_is_useless_after_its_transaction(self, books: UnitOfWork) -> None:
        """Once its transaction has ended, well or not, a store refuses every call."""
        with books() as kept:
            begin(kept)
        with failing(), books() as lost:
            raise Undo
        calls: list[Callable[[Store], object]] = [
            *CHANGES.values(),
            lambda store: store.get(Card, "kept"),
            lambda store: store.find(Card),
            lambda store: store.journal.after(0, limit=1),
            lambda store: store.agenda.due(DAY, limit=1),
            lambda store: store.agenda.payers(DAY, limit=1),
            lambda store: store.agenda.hold([("testing", "kept")]),
            lambda store: store.counters(),
            lambda store: store.billed.of([window("kept")]),
            lambda store: store.decisions.get("kept"),
            lambda store: store.documents.get("kept"),
            lambda store: store.ledger.balances(),
            lambda store: store.savepoint().__enter__(),
        ]
        for store in (kept, lost):
            for call in calls:
                with refused(BillingError, "an ended transaction refuses every call"):
                    call(store)
        with books() as store:
            assert list(store.find(Card, {"id": "new"})) == [], "and nothing of it was done"

    def test_a_store_says_whose_books_these_are(self, books: UnitOfWork) -> None:
        """A store names its administration."""
        with books() as store:
            assert store.administration == "nl", "the administration is nl"

    def test_a_store_says_who_works_in_it_and_when(self, books: UnitOfWork) -> None:
        """A store names the actor and the moment that it was opened with."""
        with books(by=Actor("eva"), at=MOMENT) as store:
            assert store.by == Actor("eva"), "the actor is the one that it was opened by"
            assert store.at == MOMENT, "the moment is the one that it was opened at"

    def test_another_administration_sees_nothing(self, books: UnitOfWork, neighbour: UnitOfWork | None) -> None:
        """What belongs to one administration is never seen from another, nor in its way (law L20)."""
        if neighbour is None:
            pytest.skip("these books hold one administration")
        with books() as store:
            begin(store)
            mine = everything(store)
        with neighbour() as store:
            assert store.administration != "nl", "the neighbour is another administration"
            assert not any(everything(store).values()), "nothing of one administration is seen from another"
            with refused(NotFound, "nothing of another administration is found by id"):
                store.documents.get("kept")
            found = [*store.billed.of_document("kept"), *store.billed.of([window("kept")])]
            assert found == [], "nothing of another administration is found by document or window"
            begin(store)
            theirs = everything(store)
            assert [row.number for row in store.documents.sealed(limit=9)] == ["2026-0001"], "with numbers of its own"
            assert theirs["positions"] == [1], "and positions of its own"
            assert theirs["counters"] == {"journal": 1, "series:2026": 1}, "counters count one administration"
        with books() as store:
            assert everything(store) == mine, "and the first one is as it was"
