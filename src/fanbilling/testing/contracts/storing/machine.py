"""A machine that gives one store and the store in memory the same commands, and compares all their answers.

Its commands come in the small world of :mod:`.collisions`, and several at once: a touch between a reading and its
answer, a booking and its settlement, a document with all that belongs to it. Single commands seldom meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import attrs
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from ....adapters.storage.memory import MemoryBooks
from ....domain.agenda import AgendaRow, Touch
from ....domain.billed import BilledEntry
from ....domain.decisions import Decision
from ....domain.errors import BillingError, Conflict, DateBeforeSeries
from ....domain.events import Actor, Event
from ....domain.ledger import LedgerEntry
from ....domain.ports.sourcing import Between, Window
from ....domain.ports.storage import Store, UnitOfWork
from . import collisions as world
from .fixtures import Undo
from .kinds import Card
from .transactions import everything
from .values import MOMENT, PATTERN, booking, decision, invoice, key, registered

Command = Callable[..., Any]


class _Side:
    """One of the two: its books, its open store, and the savepoints it is in."""

    def __init__(self, books: UnitOfWork) -> None:
        self.books = books
        self.levels: list[AbstractContextManager[Any]] = []

    def open(self, by: str) -> None:
        self.levels = [self.books(by=Actor(by), at=MOMENT)]
        self.store: Store = self.levels[0].__enter__()

    def enter(self) -> None:
        savepoint = self.store.savepoint()
        savepoint.__enter__()
        self.levels.append(savepoint)

    def leave(self, *, fails: bool) -> None:
        level = self.levels.pop()
        if not fails:
            level.__exit__(None, None, None)
        elif level.__exit__(Undo, Undo(), None):
            raise AssertionError("an error passes on: it was swallowed")

    def ask(self, command: Command, *given: Any) -> Any:
        """Return the answer, or the kind of the refusal; a refused command leaves only its own savepoint."""
        answer = None
        try:
            with self.store.savepoint():
                answer = command(self.store, *given)
        except BillingError as error:
            # Two rules may be broken at once; which of them is looked at first is the store's own affair.
            return Conflict if isinstance(error, DateBeforeSeries) else type(error)
        return list(answer) if isinstance(answer, Sequence) else answer


class StoreMachine(RuleBasedStateMachine):
    """Two stores that should be the same: the one under test, and the one in memory."""

    #: Makes fresh books of administration ``"nl"`` to be tested.
    new_books: ClassVar[Callable[[], UnitOfWork]] = MemoryBooks

    def __init__(self) -> None:
        super().__init__()
        self.sides = (_Side(MemoryBooks()), _Side(type(self).new_books()))
        self.rows: list[AgendaRow] = []  # as they were once read

    def both(self, command: Command, *given: Any) -> Any:
        """Give both the same command, compare the answers and return them."""
        expected, found = (side.ask(command, *given) for side in self.sides)
        assert found == expected, f"the store in memory answers {expected!r}, this one {found!r}"
        return expected

    @initialize()
    def begin(self) -> None:
        """Open both."""
        for side in self.sides:
            side.open("eva")

    @rule(fails=world.seldom, by=st.sampled_from(("eva", "job")))
    def end_transaction(self, *, fails: bool, by: str) -> None:
        """End the transaction, well or not, and look at the books in the next one."""
        for side in self.sides:
            while side.levels:
                side.leave(fails=fails)
            side.open(by)
        self.both(everything)

    @rule()
    def enter_savepoint(self) -> None:
        """Open a savepoint inside whatever is open."""
        for side in self.sides:
            if len(side.levels) < 4:
                side.enter()

    @rule(fails=st.booleans())
    def leave_savepoint(self, *, fails: bool) -> None:
        """End the innermost savepoint, if there is one, and look at what is left."""
        for side in self.sides:
            if len(side.levels) > 1:
                side.leave(fails=fails)
        self.both(everything)

    @rule(records=world.cards, where=world.conditions, limit=world.limits)
    def find(self, records: list[Card], where: dict[str, Any], limit: int) -> None:
        """Keep some records beside those that are there, and find them page after page in every order."""
        for record in records:
            self.both(lambda store, new: store.add(new), record)
        for order in ("id", *world.KEYS):
            after = None
            for _ in records:
                page = {"order_by": order, "after": after, "limit": limit}
                found = self.both(lambda store, page: store.find(Card, where, **page), page)
                if not found:
                    break
                after = (getattr(found[-1], order), found[-1].id)

    @rule(records=world.cards, stale=world.seldom, removes=st.booleans())
    def change(self, records: list[Card], *, stale: bool, removes: bool) -> None:
        """Replace records, having seen the latest or not, and take one away."""
        for card in records:
            kept = self.both(lambda store, id: store.get_many(Card, [id]), card.id).get(card.id, card)
            before = attrs.evolve(kept, text="never there") if stale else kept
            self.both(lambda store, old, new: store.replace(old, new), before, card)
        if removes:
            self.both(lambda store: store.remove(Card, records[0].id))
            self.both(lambda store: store.get(Card, records[0].id))

    @rule(happened=world.events, position=st.integers(0, 4), limit=world.limits, party=st.none() | world.payers)
    def write_journal(self, happened: list[Event], position: int, limit: int, party: str | None) -> None:
        """Write what happened and read on from somewhere."""
        self.both(lambda store: store.journal.append(happened))
        self.both(lambda store: store.journal.after(position, limit=limit, party=party))

    @rule(
        touches=world.touches,
        until=world.days,
        after=st.sampled_from(("", "acme")),
        limit=world.limits,
        who=world.payers,
    )
    def touch(self, touches: list[Touch], until: date, after: str, limit: int, who: str) -> None:
        """Touch agreements, and see what is due."""
        self.both(lambda store: store.agenda.touch(touches))
        self.both(lambda store: store.agenda.due(until, after=after, limit=limit))
        self.both(lambda store: store.agenda.of(payer=who))
        self.both(lambda store: store.agenda.of(client=who))

    @rule(
        until=world.days,
        after=st.sampled_from(("", "acme")),
        last=st.none() | world.payers,
        limit=world.limits,
        names=st.lists(world.agreements, max_size=3),
    )
    def hold(self, until: date, after: str, last: str | None, limit: int, names: list[str]) -> None:
        """Name who is due, take a part of them, and hold some rows, there or not."""
        self.both(lambda store: store.agenda.payers(until, after=after, limit=limit))
        self.both(lambda store: store.agenda.due(until, after=after, last=last, limit=limit))
        self.both(lambda store: store.agenda.hold([("testing", name) for name in names]))

    @rule()
    def read_agenda(self) -> None:
        """Remember the agenda as it is, for an answer later on."""
        self.rows = self.both(lambda store: store.agenda.all(limit=9))

    @rule(touches=world.touches, since=world.days, ask_on=st.none() | world.days, asked=world.asked)
    def answer(self, touches: list[Touch], since: date, ask_on: date | None, asked: list[date | None]) -> None:
        """Store answers for the rows as they were once read, touched since then or not."""
        self.both(lambda store: store.agenda.touch(touches))
        for until in asked:
            rows = [attrs.evolve(row, since=since, ask_on=ask_on, asked_until=until) for row in self.rows]
            self.both(lambda store, rows: store.agenda.answered(rows), rows)
        self.both(lambda store: store.agenda.all(limit=9))

    @rule(lines=world.entries, asked=world.windows, document=world.documents)
    def bill(self, lines: list[BilledEntry], asked: list[Window], document: str) -> None:
        """Bill lines and look through windows."""
        self.both(lambda store: store.billed.append(lines))
        self.both(lambda store: store.billed.of(asked))
        self.both(lambda store: store.billed.of_document(document))

    @rule(made=world.decisions, asked=world.windows, day=world.days, stale=world.seldom)
    def decide(self, made: list[Decision], asked: list[Window], day: date, *, stale: bool) -> None:
        """Decide, and withdraw what was decided first, having seen the latest or not."""
        self.both(lambda store: store.decisions.add(made))
        self.both(lambda store: store.decisions.of(asked))
        for kept in self.both(lambda store: store.decisions.of(world.ALL))[:1]:
            before = attrs.evolve(kept, reason="never there") if stale else kept
            after = attrs.evolve(kept, withdrawn=day)
            self.both(lambda store, old, new: store.decisions.replace(old, new), before, after)
        self.both(lambda store: store.decisions.of(world.ALL))

    @rule(ids=world.batches, series=world.series, on=world.days, payer=world.payers, limit=world.limits)
    def seal(self, ids: list[str], series: str, on: date, payer: str, limit: int) -> None:
        """Seal documents and read them back."""
        documents = [invoice(id, series=series, on=on, payer=payer) for id in ids]
        self.both(lambda store: store.documents.seal(documents, PATTERN))
        self.both(lambda store: store.documents.get_many(ids))
        self.both(lambda store: store.documents.by_number(f"{series}-{limit:04}"))
        self.both(lambda store: store.documents.page(payer=payer, after=(series, limit - 1), limit=limit))

    @rule(posted=world.bookings, settled=st.booleans(), party=st.none() | world.payers, until=st.none() | world.days)
    def post(self, posted: list[LedgerEntry], *, settled: bool, party: str | None, until: date | None) -> None:
        """Post entries, perhaps settle them, and see what is open and was open."""
        self.both(lambda store: store.ledger.post(posted))
        if settled:
            self.both(lambda store: store.ledger.post([world.settled(entry) for entry in posted]))
        self.both(lambda store: store.ledger.open_items("1300", party=party, until=until))
        self.both(lambda store: store.ledger.balances(until=until))
        self.both(lambda store: store.ledger.entries(party=party, on=Between(None, until), limit=9))

    @rule(lines=world.entries, id=world.documents, on=world.days, fails=st.booleans())
    def issue(self, lines: list[BilledEntry], id: str, on: date, *, fails: bool) -> None:
        """Issue a document as a run does, everything at once, and perhaps fail at the end."""

        def command(store: Store) -> None:
            store.billed.append([attrs.evolve(line, document=id) for line in lines])
            store.decisions.add([decision(f"of {id}", key("a1"), amount=Decimal("0.10"))])
            [sealed] = store.documents.seal([invoice(id, on=on)], PATTERN)
            store.ledger.post([booking(sealed.id, "51.51", item=sealed.id)])
            store.journal.append([registered(sealed.payer)])
            store.agenda.answered([attrs.evolve(row, ask_on=None, asked_until=on) for row in self.rows])
            if fails:
                raise Conflict("this is where it fails")

        self.both(command)
        self.both(everything)

    def teardown(self) -> None:
        """Leave nothing open, whatever happened."""
        for side in self.sides:
            while side.levels:
                side.leave(fails=True)
