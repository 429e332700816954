"""Looking back on all projects: everything that work in progress is computed from, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from ...domain.items import ItemKey
from ...domain.parties import Party
from ...domain.periods import a_day
from ...domain.ports.sourcing import Window
from ...domain.ports.storage import Store
from ...domain.terms import Conditions
from .reading import read
from .records import NAME, Project
from .wip import Facts, WorkInProgress, work_in_progress

PAGE = 200


def in_progress(store: Store, *, first: date, last: date, country: str) -> Iterator[WorkInProgress]:
    """Yield the work in progress of every project, in the order of their ids."""
    a_day(first, where="first")
    a_day(last, where="last")
    after: tuple[str, str] | None = None
    while page := store.find(Project, {}, after=after, limit=PAGE):
        yield from _page(store, page, first, last, country)
        after = page[-1].id, page[-1].id


def _page(store: Store, page: Iterable[Project], first: date, last: date, country: str) -> Iterator[WorkInProgress]:
    projects = list(page)
    booked = read(store, [project.id for project in projects])
    windows = [Window(NAME, project.id, date.min) for project in projects]
    billed, decisions = _by_agreement(store.billed.of(windows)), _by_agreement(store.decisions.of(windows))
    conditions = Conditions(seller=country, parties=_parties(store, projects))
    for project in projects:
        facts = Facts(
            project=project,
            hours=booked.hours.get(project.id, ()),
            expenses=booked.expenses.get(project.id, ()),
            rules=booked.rules_of(project),
            billed=billed.get(project.id, ()),
            decisions=decisions.get(project.id, ()),
        )
        yield work_in_progress(facts, conditions, first=first, last=last)


def _parties(store: Store, projects: Iterable[Project]) -> dict[str, Party]:
    """Return clients and whoever ever paid for them."""
    clients = store.get_many(Party, {project.client for project in projects})
    payers = {payer for party in clients.values() if party.billed_to for _, payer in party.billed_to.steps}
    return clients | store.get_many(Party, payers - clients.keys())


class Keyed(Protocol):
    """Something that is filed under a key."""

    @property
    def key(self) -> ItemKey:
        """The key."""


K = TypeVar("K", bound=Keyed)


def _by_agreement(found: Iterable[K]) -> dict[str, list[K]]:
    grouped: dict[str, list[K]] = defaultdict(list)
    for one in found:
        grouped[one.key.agreement].append(one)
    return grouped
