"""A machine that gives one store and the store in memory the same commands, and compares all their answers.

Its world is small on purpose: three cards, three agreements, three documents, two series, two payers. So whatever can
collide does: ids, revisions, numbers, stale replacements, answers that crossed a touch.
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
from ....domain.ports.sourcing import Between, OneOf, Window
from ....domain.ports.storage import Store, UnitOfWork
from .fixtures import Undo
from .kinds import Card, Phase
from .transactions import everything
from .values import MOMENT, PATTERN, billed, booking, changed, decision, invoice, key, registered, touch, window

Command = Callable[[Store], Any]

DAYS = tuple(date(2026, month, 1) for month in (1, 2, 3))
days = st.sampled_from(DAYS)
agreements = st.sampled_from(("a1", "a2", "b"))
payers = st.sampled_from(("acme", "beta"))
documents = st.sampled_from(("d1", "d2", "d3"))
limits = st.integers(1, 3)
keys = st.builds(key, agreements, days, st.sampled_from(("", "f")))
cards = st.builds(
    Card,
    id=st.sampled_from(("c1", "c2", "C3")),
    client=payers,
    phase=st.sampled_from(Phase),
    day=days,
    size=st.integers(-1, 1),
    ended=st.none() | days,
)
amounts = st.sampled_from(("0.10", "-0.10", "0.20"))
touches = st.lists(st.builds(touch, agreements, payers, days, days), max_size=3)
entries = st.lists(st.builds(billed, keys, st.integers(0, 1), document=documents, line=st.integers(1, 3)), max_size=3)
windows = st.lists(st.builds(window, agreements, days), max_size=3)
decisions = st.lists(st.builds(decision, st.sampled_from(("w1", "w2", "w3")), keys, until=st.none() | days), max_size=2)
bookings = st.lists(
    st.builds(booking, st.sampled_from(("b1", "b2", "b3")), amounts, party=payers, item=documents), max_size=2
)
events = st.lists(st.builds(registered, payers) | st.builds(changed, agreements, payers), max_size=3)
conditions: dict[str, st.SearchStrategy[Any]] = {
    "client": payers | st.just(OneOf(("beta", "gamma"))),
    "phase": st.sampled_from(Phase) | st.just(OneOf(tuple(Phase))),
    "day": days | st.builds(Between, st.none() | days, st.none() | days),
    "size": st.integers(-1, 1) | st.just(Between(0)),
    "ended": st.none() | days | st.builds(Between, days),
}


class _Side:
    """One of the two: its books, its open store, and the savepoints it is in."""

    def __init__(self, books: UnitOfWork) -> None:
        self.books = books
        self.levels: list[AbstractContextManager[Any]] = []

    def open(self, by: Actor) -> None:
        self.levels = [self.books(by=by, at=MOMENT)]
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

    def ask(self, command: Command) -> Any:
        """Return the answer, or the kind of the refusal; a refused command leaves only its own savepoint."""
        try:
            with self.store.savepoint():
                answer = command(self.store)
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
        self.model, self.tested = _Side(MemoryBooks()), _Side(type(self).new_books())
        self.rows: list[AgendaRow] = []  # as they were once read

    def both(self, command: Command) -> Any:
        """Give both the same command, compare the answers and return them."""
        expected, found = self.model.ask(command), self.tested.ask(command)
        assert found == expected, f"the store in memory answers {expected!r}, this one {found!r}"
        return expected

    @initialize()
    def begin(self) -> None:
        """Open both."""
        for side in (self.model, self.tested):
            side.open(Actor("eva"))

    @rule(fails=st.booleans(), by=st.sampled_from(("eva", "job")))
    def end_transaction(self, fails: bool, by: str) -> None:  # noqa: FBT001 - drawn by name
        """End the transaction, well or not, and look at the books in the next one."""
        for side in (self.model, self.tested):
            while side.levels:
                side.leave(fails=fails)
            side.open(Actor(by))
        self.both(everything)

    @rule()
    def enter_savepoint(self) -> None:
        """Open a savepoint inside whatever is open."""
        for side in (self.model, self.tested):
            if len(side.levels) < 4:
                side.enter()

    @rule(fails=st.booleans())
    def leave_savepoint(self, fails: bool) -> None:  # noqa: FBT001 - drawn by name
        """End the innermost savepoint, if there is one, and look at what is left."""
        for side in (self.model, self.tested):
            if len(side.levels) > 1:
                side.leave(fails=fails)
        self.both(everything)

    @rule(records=st.lists(cards, max_size=2))
    def add(self, records: list[Card]) -> None:
        """Keep new records."""
        self.both(lambda store: store.add(*records))

    @rule(card=cards, stale=st.booleans())
    def replace(self, card: Card, stale: bool) -> None:  # noqa: FBT001 - drawn by name
        """Replace a record, having seen the latest or not."""
        kept = self.both(lambda store: store.get_many(Card, [card.id])).get(card.id, card)
        before = attrs.evolve(kept, text="never there") if stale else kept
        self.both(lambda store: store.replace(before, card))

    @rule(card=cards)
    def remove(self, card: Card) -> None:
        """Take a record away."""
        self.both(lambda store: store.remove(Card, card.id))

    @rule(
        where=st.fixed_dictionaries({}, optional=conditions), order=st.sampled_from(("id", *conditions)), limit=limits
    )
    def find(self, where: dict[str, Any], order: str, limit: int) -> None:
        """Find records, page after page."""
        after: tuple[Any, str] | None = None

        def page_after(store: Store) -> Sequence[Card]:
            return store.find(Card, where, order_by=order, after=after, limit=limit)

        while page := self.both(page_after):
            after = (getattr(page[-1], order), page[-1].id)

    @rule(happened=events, position=st.integers(0, 4), limit=limits, party=st.none() | payers)
    def write_journal(self, happened: list[Event], position: int, limit: int, party: str | None) -> None:
        """Write what happened and read on from somewhere."""
        self.both(lambda store: store.journal.append(happened))
        self.both(lambda store: store.journal.after(position, limit=limit, party=party))

    @rule(changes=touches)
    def touch(self, changes: list[Touch]) -> None:
        """Touch agreements."""
        self.both(lambda store: store.agenda.touch(changes))

    @rule(
        until=days,
        after=st.sampled_from(("", "acme")),
        limit=limits,
        payer=st.none() | payers,
        client=st.none() | payers,
    )
    def read_agenda(self, until: date, after: str, limit: int, payer: str | None, client: str | None) -> None:
        """See what is due, and remember some rows for an answer later on."""
        self.rows = self.both(lambda store: store.agenda.due(until, after=after, limit=limit))
        self.both(lambda store: store.agenda.of(payer=payer, client=client))

    @rule(since=days, ask_on=st.none() | days, asked=st.none() | days)
    def answer(self, since: date, ask_on: date | None, asked: date | None) -> None:
        """Store an answer for the rows as they were read, touched since then or not."""
        rows = [attrs.evolve(row, since=since, ask_on=ask_on, asked_until=asked) for row in self.rows]
        self.both(lambda store: store.agenda.answered(rows))

    @rule(lines=entries, asked=windows, document=documents)
    def bill(self, lines: list[BilledEntry], asked: list[Window], document: str) -> None:
        """Bill lines and look through windows."""
        self.both(lambda store: store.billed.append(lines))
        self.both(lambda store: store.billed.of(asked))
        self.both(lambda store: store.billed.of_document(document))

    @rule(made=decisions, asked=windows)
    def decide(self, made: list[Decision], asked: list[Window]) -> None:
        """Decide and look through windows."""
        self.both(lambda store: store.decisions.add(made))
        self.both(lambda store: store.decisions.of(asked))

    @rule(id=st.sampled_from(("w1", "w2")), day=days, stale=st.booleans())
    def withdraw(self, id: str, day: date, stale: bool) -> None:  # noqa: FBT001 - drawn by name
        """Withdraw a decision, having seen the latest or not."""
        kept = self.both(lambda store: store.decisions.get(id))
        if isinstance(kept, Decision):
            before = attrs.evolve(kept, reason="never there") if stale else kept
            self.both(lambda store: store.decisions.replace(before, attrs.evolve(kept, withdrawn=day)))

    @rule(
        ids=st.lists(documents, max_size=2), series=st.sampled_from(("2026", "x")), on=days, payer=payers, limit=limits
    )
    def seal(self, ids: list[str], series: str, on: date, payer: str, limit: int) -> None:
        """Seal documents and read them back."""
        sealed = [invoice(id, series=series, on=on, payer=payer) for id in ids]
        self.both(lambda store: store.documents.seal(sealed, PATTERN))
        self.both(lambda store: store.documents.get_many(ids))
        self.both(lambda store: store.documents.by_number(f"{series}-{limit:04}"))
        self.both(lambda store: store.documents.page(payer=payer, after=(series, limit - 1), limit=limit))

    @rule(posted=bookings, party=st.none() | payers)
    def post(self, posted: list[LedgerEntry], party: str | None) -> None:
        """Post entries and see what is open."""
        self.both(lambda store: store.ledger.post(posted))
        self.both(lambda store: store.ledger.open_items("1300", party=party))

    @rule(lines=entries, id=documents, on=days, fails=st.booleans())
    def issue(self, lines: list[BilledEntry], id: str, on: date, fails: bool) -> None:  # noqa: FBT001 - drawn by name
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
        for side in (self.model, self.tested):
            while side.levels:
                side.leave(fails=True)
