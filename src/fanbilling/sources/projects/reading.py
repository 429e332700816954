"""Reading the records of projects: a constant number of questions for any number of projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import attrs

from ...domain.ports.sourcing import Between, OneOf, Reading
from .entries import Expense, TimeEntry
from .rates import RateRule
from .records import Project

R = TypeVar("R")

PAGE = 1000


@attrs.frozen(kw_only=True)
class Booked:
    """Everything that is kept of some projects: by the id of the project, rules of all of them together.

    Args:
        rules: those that may concern them, in every currency, by the employee that they name.
    """

    projects: Mapping[str, Project]
    hours: Mapping[str, Sequence[TimeEntry]]
    expenses: Mapping[str, Sequence[Expense]]
    rules: Mapping[str, Sequence[RateRule]]

    def rules_of(self, project: Project, employee: str | None = None) -> list[RateRule]:
        """Return the rules in the currency of a project that may concern it, or what one employee does there."""
        named = self.rules if employee is None else {"", employee}
        return [
            rule
            for one in named
            for rule in self.rules.get(one, ())
            if rule.currency == project.currency
            and rule.project in ("", project.id)
            and rule.client in ("", project.client)
        ]


def every(reading: Reading, kind: type[R], where: Mapping[str, Any]) -> Iterator[R]:
    """Yield the records of a kind that meet all conditions, a page at a time, in the order of their ids."""
    after: tuple[str, str] | None = None
    while page := reading.find(kind, where, after=after, limit=PAGE):
        yield from page
        last: Any = page[-1]
        after = last.id, last.id
        if len(page) < PAGE:
            return


def read(reading: Reading, ids: Iterable[str], since: date = date.min) -> Booked:
    """Return what is kept of projects, with what was booked on a day or later."""
    projects = reading.get_many(Project, ids)
    if not projects:
        return Booked(projects={}, hours={}, expenses={}, rules={})
    where: dict[str, Any] = {"project": OneOf(tuple(sorted(projects)))}
    if since > date.min:
        where["on"] = Between(since)
    return Booked(
        projects=projects,
        hours=_by_project(every(reading, TimeEntry, where)),
        expenses=_by_project(every(reading, Expense, where)),
        rules=_rules(reading, projects.values()),
    )


def _rules(reading: Reading, projects: Collection[Project]) -> dict[str, list[RateRule]]:
    paid = [project for project in projects if project.by_hours]
    found: dict[str, list[RateRule]] = defaultdict(list)
    if not paid:
        return found
    where = {
        "project": OneOf(("", *sorted(project.id for project in paid))),
        "client": OneOf(("", *sorted({project.client for project in paid}))),
    }
    for rule in every(reading, RateRule, where):
        found[rule.employee].append(rule)
    return found


E = TypeVar("E", TimeEntry, Expense)


def _by_project(entries: Iterable[E]) -> dict[str, list[E]]:
    found: dict[str, list[E]] = defaultdict(list)
    for entry in entries:
        found[entry.project].append(entry)
    return found
