"""Work in progress: what was done and not billed, from one day to another, in hours and in money (law L6).

*opening + booked + revalued − billed − written off = closing*, at sales value. A day knows only what was known at its
end: hours that were booked later are not in it, nor is a rate that was agreed later. What is booked at first counts as
*booked*, at what it was worth when it became known; whatever changes in it later (corrected hours, another rate) is
*revalued*. So the movements of two months add up to those of both together.

What is not approved counts: it was worked. Hours without a rate count as hours, and are worth nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from ...domain.billed import BilledEntry
from ...domain.decisions import Decision
from ...domain.equation import owed
from ...domain.items import BillableItem, ItemKey
from ...domain.lots import NOTHING, Lot
from ...domain.money import places
from ...domain.periods import DAY
from ...domain.reasons import Reason
from ...domain.terms import Conditions
from .due import of_expense, of_hours, of_price
from .entries import Expense, TimeEntry, as_known
from .rates import RateRule
from .records import Instalment, Progress, Project


@attrs.frozen(kw_only=True)
class Facts:
    """Everything that is kept of one project.

    Args:
        rules: those in its currency that may concern it, also those that were taken back.
    """

    project: Project
    hours: Sequence[TimeEntry] = ()
    expenses: Sequence[Expense] = ()
    rules: Sequence[RateRule] = ()
    billed: Sequence[BilledEntry] = ()
    decisions: Sequence[Decision] = ()


@attrs.frozen(kw_only=True)
class RollForward:
    """How work in progress went from one day to another; each a quantity of hours with its money, or all money.

    ``hours`` of a lot are hours only; its amount is the money of everything: hours, expenses and the fixed price.
    """

    opening: Lot
    booked: Lot
    revalued: Lot
    billed: Lot
    written_off: Lot

    @property
    def closing(self) -> Lot:
        """What is left at the end: done, and neither billed nor given up."""
        return self.opening + self.booked + self.revalued - self.billed - self.written_off

    @property
    def moved(self) -> bool:
        """Whether there is anything to tell."""
        return any((self.opening, self.booked, self.revalued, self.billed, self.written_off))


@attrs.frozen(kw_only=True)
class WorkInProgress:
    """The work in progress of one project over some days."""

    project: str
    client: str
    title: str
    currency: str
    first: date
    last: date
    figures: RollForward

    @property
    def because(self) -> Reason:
        """Every figure of it, in money and in hours."""
        figures = self.figures
        names = ("opening", "booked", "revalued", "billed", "written_off", "closing")
        lots: Mapping[str, Lot] = {name: getattr(figures, name) for name in names}
        money = Reason("wip.money", figures.closing.amount, tuple((name, lots[name].amount) for name in names[:-1]))
        hours = Reason("wip.hours", figures.closing.quantity, tuple((name, lots[name].quantity) for name in names[:-1]))
        facts = (("project", self.project), ("first", self.first), ("last", self.last))
        return Reason("wip.project", figures.closing.amount, facts, (money, hours))


def work_in_progress(facts: Facts, conditions: Conditions, *, first: date, last: date) -> WorkInProgress:
    """Return how the work in progress of a project went from the first day up to and including the last."""
    before = first - DAY
    worth_before, worth_after = _worth(facts, before), _worth(facts, last)
    was, now = _standing(facts, worth_before, conditions, before), _standing(facts, worth_after, conditions, last)
    booked = _sum(_first_worth(facts, first, last))
    project = facts.project
    return WorkInProgress(
        project=project.id,
        client=project.client,
        title=project.title,
        currency=project.currency,
        first=first,
        last=last,
        figures=RollForward(
            opening=was.due - was.written_off - was.billed,
            booked=booked,
            revalued=now.due - was.due - booked,
            billed=now.billed - was.billed,
            written_off=now.written_off - was.written_off,
        ),
    )


@attrs.frozen(kw_only=True)
class Standing:
    """All that was done, billed and given up until the end of a day."""

    due: Lot
    billed: Lot
    written_off: Lot


def _standing(facts: Facts, items: Sequence[BillableItem], conditions: Conditions, day: date) -> Standing:
    decisions = [
        attrs.evolve(decision, withdrawn=None)
        for decision in facts.decisions
        if decision.on <= day and (decision.withdrawn is None or decision.withdrawn > day)
    ]
    due, owes = _total(items, (), conditions), _total(items, decisions, conditions)
    billed = _sum((entry.key, entry.lot) for entry in facts.billed if entry.on <= day)
    return Standing(due=due, billed=billed, written_off=due - owes)


def _total(items: Sequence[BillableItem], decisions: Sequence[Decision], conditions: Conditions) -> Lot:
    lots, _ = owed(items, decisions, conditions, date.max)
    return _sum((key, lot) for key, mine in lots.items() for lot in mine.values())


def _worth(facts: Facts, day: date) -> list[BillableItem]:
    """Return everything that was known of a project at the end of a day, approved or not."""
    rules = _rules(facts, day)
    project = facts.project
    hours = [of_hours(project, entry, rules) for one in facts.hours if (entry := as_known(one, day))]
    expenses = [of_expense(project, spent) for one in facts.expenses if (spent := as_known(one, day))]
    return [attrs.evolve(item, blocked=None) for item in (*hours, *expenses, *_price(project, day))]


def _price(project: Project, day: date) -> Iterator[BillableItem]:
    """Yield what was known at the end of a day of instalments that were planned, and of progress that was stated."""
    later = {f"installment:{one.id}" for one in project.plan if _began(one) > day}
    said = tuple(one for one in project.progress if _began(one) <= day)
    return (item for item in of_price(attrs.evolve(project, progress=said)) if item.key.fact not in later)


def _first_worth(facts: Facts, first: date, last: date) -> Iterator[tuple[ItemKey, Lot]]:
    """Yield what each thing was worth at the end of the day on which it became known, of those between two days."""
    for one in facts.hours:
        day = max(one.on, one.history[0].on)
        if first <= day <= last and (entry := as_known(one, day)):
            yield _lot(of_hours(facts.project, entry, _rules(facts, day)))
    for cost in facts.expenses:
        day = max(cost.on, cost.history[0].on)
        if first <= day <= last and (spent := as_known(cost, day)):
            yield _lot(of_expense(facts.project, spent))
    known: set[ItemKey] = set()
    days = {*map(_began, facts.project.plan), *map(_began, facts.project.progress)}
    for day in sorted(days):
        for item in _price(facts.project, day):
            if item.key not in known and first <= day <= last:
                yield _lot(item)
            known.add(item.key)


def _began(one: Instalment | Progress) -> date:
    """Return from which day on something counts: planned or stated, and known."""
    return max(one.on, one.known or one.on)


def _lot(item: BillableItem) -> tuple[ItemKey, Lot]:
    return item.key, Lot(item.quantity, item.price.total(item.quantity, places(item.currency)))


def _rules(facts: Facts, day: date) -> list[RateRule]:
    return [rule for one in facts.rules if (rule := one.as_known(day))]


def _sum(lots: Iterable[tuple[ItemKey, Lot]]) -> Lot:
    """Add up: hours are those of entries of hours, money is that of everything."""
    total = NOTHING
    for key, lot in lots:
        total += lot if key.fact.startswith("hours:") else Lot(NOTHING.quantity, lot.amount)
    return total
