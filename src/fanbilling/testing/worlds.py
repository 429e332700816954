"""Stories for sources: commands played one by one in books that forget them, with what the source says in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, cast

import attrs

from ..domain.agenda import Touch
from ..domain.errors import BillingError, RuleViolation
from ..domain.items import BillableItem, ItemKey
from ..domain.ports.sourcing import Ask, Asked, BillingSource, Reading
from ..domain.ports.storage import Store, UnitOfWork

#: One thing that somebody does at a desk of the source, in an open transaction.
Command = Callable[[Store], object]

#: What a source says, by key.
Answer = Mapping[ItemKey, tuple[BillableItem, ...]]

_PAGE = 500


@contextmanager
def forgotten(books: UnitOfWork) -> Iterator[Store]:
    """Open a transaction that always rolls back."""
    over = RuleViolation("the story is over, and the books forget it")
    try:
        with books() as store:
            yield store
            raise over
    except RuleViolation as error:
        if error is not over:
            raise


class OnlyReads:
    """What a source may see of a store, and nothing more."""

    def __init__(self, reading: Reading) -> None:
        self.get = reading.get
        self.get_many = reading.get_many
        self.find = reading.find

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a source only reads its records: it reached for {name!r} of the store")


class Watched:
    """A part of a store with somebody watching: everything is passed on, and touches are remembered."""

    def __init__(self, watched: Any, touches: list[Touch]) -> None:
        self._watched = watched
        self.touches = touches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched, name)

    @property
    def agenda(self) -> Watched:
        """The agenda of a watched store."""
        return Watched(self._watched.agenda, self.touches)

    def touch(self, touches: Sequence[Touch]) -> None:
        """Touch a watched agenda."""
        self.touches.extend(touches)
        self._watched.touch(touches)


@attrs.frozen(kw_only=True)
class Told:
    """What a source says about some agreements, as its records stand."""

    source: BillingSource
    store: Store
    agreements: tuple[str, ...]

    def answer(self, until: date, *, since: date = date.min, only: Iterable[str] | None = None) -> Answer:
        """Ask for everything that is filed from ``since`` on, as far as ``until``."""
        asked = [Asked(agreement=id, since=since) for id in (self.agreements if only is None else only)]
        found: dict[ItemKey, tuple[BillableItem, ...]] = {}
        for item in self.source.items(OnlyReads(self.store), asked, until):
            found[item.key] = (*found.get(item.key, ()), item)
        return dict(sorted(found.items()))

    def next_ask(self, after: date) -> Mapping[str, Ask]:
        """Ask when something new can be due."""
        return self.source.next_ask(OnlyReads(self.store), self.agreements, after)


@attrs.frozen(kw_only=True)
class Step:
    """One command, with the whole answer before and after it, and what it touched."""

    command: Command
    before: Answer
    after: Answer
    touches: tuple[Touch, ...]


def played(source: BillingSource, store: Store, story: Sequence[Command]) -> Told:
    """Play a story, without what is refused."""
    for command in story:
        _tried(store, command)
    return Told(source=source, store=store, agreements=_agreements(source, store))


def steps(source: BillingSource, store: Store, story: Sequence[Command], far: date) -> Iterator[Step]:
    """Play a story, and yield what each command did to the answer; a refused one does nothing."""
    before: Answer = {}
    for command in story:
        touches = _tried(store, command)
        after = Told(source=source, store=store, agreements=_agreements(source, store)).answer(far)
        yield Step(command=command, before=before, after=after, touches=touches)
        before = after


def due(answer: Answer) -> Answer:
    """Leave out what means the same as absence: keys of which nothing is due and nothing is blocked."""
    return {key: items for key, items in answer.items() if any(item.quantity or item.blocked for item in items)}


def _tried(store: Store, command: Command) -> tuple[Touch, ...]:
    touches: list[Touch] = []
    try:
        with store.savepoint():
            command(cast("Store", Watched(store, touches)))
    except BillingError:
        return ()
    return tuple(touches)


def _agreements(source: BillingSource, store: Store) -> tuple[str, ...]:
    """Return every agreement that was touched, and the id of every record: so a touch that was forgotten is seen."""
    found = {agreement for name, agreement in _rows(store) if name == source.name}
    for kind in source.records:
        last: tuple[str, str] | None = None
        page: Sequence[Any]
        while page := store.find(kind, {}, after=last, limit=_PAGE):
            found.update(record.id for record in page)
            last = (page[-1].id, page[-1].id)
    return tuple(sorted(found))


def _rows(store: Store) -> Iterator[tuple[str, str]]:
    last = ("", "")
    while page := store.agenda.all(after=last, limit=_PAGE):
        yield from ((row.source, row.agreement) for row in page)
        last = (page[-1].source, page[-1].agreement)
