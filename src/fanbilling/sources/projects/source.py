"""What is due of projects: one key per entry of hours or expenses, per instalment and per statement of progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from ...domain.findings import Finding
from ...domain.items import BillableItem
from ...domain.ports.sourcing import Ask, Asked, Reading
from ...domain.ports.storage import Store
from .auditing import audited
from .desk import ProjectsDesk
from .due import of_expense, of_hours, of_price
from .entries import Expense, TimeEntry
from .estimates import Estimate
from .rates import RateRule
from .reading import Booked, read
from .records import NAME, Project


@attrs.frozen
class Projects:
    """Says what is due of projects: approved hours and expenses, instalments, progress.

    Everything that is filed from ``since`` on is in the answer, also what may be billed only later. What is not
    approved, or has no rate, is blocked; hours that nobody ever pays for are there with a quantity of zero and why.
    """

    @property
    def name(self) -> str:
        return NAME

    @property
    def records(self) -> tuple[type, ...]:
        return (Project, TimeEntry, Expense, RateRule, Estimate)

    @property
    def desk(self) -> ProjectsDesk:
        """Where projects are started, hours booked, rates set and estimates made."""
        return ProjectsDesk()

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> Iterator[BillableItem]:
        since = min((one.since for one in asked), default=date.min)
        booked = read(reading, [one.agreement for one in asked], since)
        for one in asked:
            project = booked.projects.get(one.agreement)
            if project is not None:
                for item in _items(booked, project):
                    if item.key.filed >= one.since:
                        yield item

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        return {}  # all that is kept is in every answer: something new comes only by a command, and that touches

    def audit(self, store: Store) -> Iterable[Finding]:
        """Return what breaks law L6: what is booked is open, billed or written off, in hours and in money."""
        return audited(store)


def _items(booked: Booked, project: Project) -> Iterator[BillableItem]:
    for entry in booked.hours.get(project.id, ()):
        yield of_hours(project, entry, booked.rules_of(project, entry.employee))
    for expense in booked.expenses.get(project.id, ()):
        yield of_expense(project, expense)
    yield from of_price(project)
