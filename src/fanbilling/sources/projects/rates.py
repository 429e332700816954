"""What an hour costs: rules by employee, project, client and activity, and which of them wins, with the proof.

A rule applies when everything it names agrees, on the day on which was worked. Of those that apply wins:

1. the one that names most: three of employee, project, client and activity before two;
2. of those that name as many: project before employee, employee before client, client before activity;
3. of those that name the same: the one that holds from the latest day;
4. of those from one day: the one that became known last.

So another price from a day on is one more rule, and nothing has to be ended for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import attrs

from ...domain.errors import InvalidValue
from ...domain.items import Price
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.reasons import Reason
from ...domain.records import record
from ...domain.texts import a_text, an_id

#: What a rule may name, the strongest first.
CRITERIA = ("project", "employee", "client", "activity")


@record("projects.rate", keys=("client", "project", "employee", "activity", "since"), party="client")
@attrs.frozen(kw_only=True)
class RateRule:
    """What an hour costs, excluding VAT, wherever everything that the rule names agrees.

    Args:
        price: per hour (unit ``HUR``).
        employee, project, client, activity: for whom, on what, for which client, doing what; empty means any.
        since: the first day worked for which it holds.
        until: the last day worked for which it holds; absent means no end.
        known: the day on which it was agreed, and ``withdrawn`` the one on which it was taken back; the desk fills
            them in.

    Raises:
        InvalidValue: when it could not be kept, or holds on no day.
    """

    id: str
    price: Price
    employee: str = ""
    project: str = ""
    client: str = ""
    activity: str = ""
    since: date
    until: date | None = None
    currency: str = "EUR"
    known: date | None = None
    withdrawn: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a rule that could not be kept, or that never holds."""
        where = f"rate {an_id(self.id, where='rate')}"
        for text in (self.employee, self.project, self.client, self.activity):
            a_text(text, where=where)
        for day in (self.since, self.until, self.known, self.withdrawn):
            if day is not None:
                a_day(day, where=where)
        if self.until is not None and self.until < self.since:
            raise InvalidValue(f"it ends before {self.since}", where=where, remedy="let it end later")
        if not isinstance(self.price, Price):
            raise InvalidValue(f"a price of {self.price!r}", where=where, remedy='write Price.of("95.00", unit="HUR")')
        places(self.currency)

    @property
    def criteria(self) -> tuple[bool, ...]:
        """What it names, the strongest first."""
        return bool(self.project), bool(self.employee), bool(self.client), bool(self.activity)

    @property
    def strength(self) -> tuple[int, tuple[bool, ...], date, date]:
        """What decides between rules that apply: the greatest wins."""
        return sum(self.criteria), self.criteria, self.since, self.known or date.min

    def holds(self, day: date) -> bool:
        """Whether it holds for what was worked on a day, and was not taken back."""
        return self.withdrawn is None and self.since <= day and (self.until is None or day <= self.until)

    def concerns(self, entry: Rated) -> bool:
        """Whether everything that it names agrees."""
        return (
            self.project in ("", entry.project)
            and self.employee in ("", entry.employee)
            and self.client in ("", entry.client)
            and self.activity in ("", entry.activity)
        )

    def as_known(self, day: date) -> RateRule | None:
        """Return the rule as it was known at the end of a day, or nothing."""
        if self.known is not None and self.known > day:
            return None
        if self.withdrawn is not None and self.withdrawn > day:
            return attrs.evolve(self, withdrawn=None)
        return self


class Rated(Protocol):
    """What a rate is looked for: the work of an employee on a project, for a client, on a day."""

    @property
    def project(self) -> str:
        """On which project."""

    @property
    def employee(self) -> str:
        """By whom."""

    @property
    def client(self) -> str:
        """For whom."""

    @property
    def activity(self) -> str:
        """Doing what."""

    @property
    def on(self) -> date:
        """On which day."""


@attrs.frozen(kw_only=True)
class Rate:
    """What an hour costs, and why.

    Args:
        price: per hour; absent when no rule applies.
        rule: the id of the rule that won.
        because: which rule won, with those that lost below it; or what was looked for.
    """

    price: Price | None
    rule: str
    because: Reason


def resolve_rate(rules: Iterable[RateRule], entry: Rated) -> Rate:
    """Return what an hour of an entry costs: the rule that wins, and those that apply as well and lose.

    The order of the rules does not matter. Should two that apply agree in everything, which a desk refuses, the one
    with the lower id wins.
    """
    found = sorted((rule for rule in rules if rule.holds(entry.on) and rule.concerns(entry)), key=lambda rule: rule.id)
    if not found:
        return Rate(price=None, rule="", because=_nothing(entry))
    won, *others = sorted(found, key=lambda rule: rule.strength, reverse=True)
    facts = (("rule", won.id), *((name, getattr(won, name)) for name in CRITERIA), ("since", won.since))
    lost = tuple(
        Reason("rate.lost", rule.price.amount, (("rule", rule.id), ("why", _why(rule, won)))) for rule in others
    )
    return Rate(price=won.price, rule=won.id, because=Reason("rate.won", won.price.amount, facts, lost))


def _why(lost: RateRule, won: RateRule) -> str:
    """Say by what a rule lost, as a word."""
    if sum(lost.criteria) < sum(won.criteria):
        return "names-less"
    if lost.criteria != won.criteria:
        return "names-weaker"
    return "older" if lost.since < won.since else "known-earlier"


def _nothing(entry: Rated) -> Reason:
    facts = (*((name, getattr(entry, name)) for name in CRITERIA), ("on", entry.on))
    return Reason("rate.none", None, facts)
