"""What can be agreed about a line later on, and from which period that changes what is due.

Every amendment is a function from a line to a line; what it changes is read off the two, so no amendment can forget
to say from when a run has to look again (law S4).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ...domain.dated import Dated
from ...domain.errors import InvalidValue
from ...domain.exact import exact
from ...domain.money import places
from ...domain.periods import DAY, Recurrence
from .cycles import filed_under
from .increases import checked_increases
from .records import Subscription, SubscriptionLine


def priced(line: SubscriptionLine, price: Decimal, *, from_: date) -> SubscriptionLine:
    """Return the line with another price from a day on, up to the next agreed price.

    Raises:
        InvalidValue: for a day before the start, or a price below zero.
    """
    return attrs.evolve(line, prices=_stepped(line, line.prices, price, from_, "price"))


def counted(line: SubscriptionLine, quantity: Decimal, *, from_: date) -> SubscriptionLine:
    """Return the line with another quantity from a day on, up to the next agreed quantity; zero is a pause.

    Raises:
        InvalidValue: for a day before the start, or a quantity below zero.
    """
    return attrs.evolve(line, quantities=_stepped(line, line.quantities, quantity, from_, "quantity"))


def ended(line: SubscriptionLine, last_day: date, *, reason: str) -> SubscriptionLine:
    """Return the line with a last day, in the place of one agreed before; a day before the start: it never began."""
    return attrs.evolve(line, end=max(line.start, last_day + DAY), ended_because=reason)


def resumed(line: SubscriptionLine) -> SubscriptionLine:
    """Return the line without an end, as if none had been agreed."""
    return attrs.evolve(line, end=None, ended_because="")


def changed_from(before: SubscriptionLine, after: SubscriptionLine) -> date | None:
    """Return under which day the first period is filed whose answer differs, or nothing when the lines are the same."""
    if before == after:
        return None
    days = _differing(before.prices, after.prices) | _differing(before.quantities, after.quantities)
    days |= _differing(before.yearly_increase, after.yearly_increase)
    days |= _differing(before.single_increases, after.single_increases)
    if (before.end, before.ended_because) != (after.end, after.ended_because):
        days |= {line.end for line in (before, after) if line.end is not None}
    return filed_under(after, min(days, default=after.start))


def _differing(before: Dated[Decimal] | None, after: Dated[Decimal] | None) -> set[date]:
    """Return the days on which two histories say something else."""
    return {day for day, _ in set(before.steps if before else ()) ^ set(after.steps if after else ())}


def _stepped(line: SubscriptionLine, dated: Dated[Decimal], figure: Decimal, day: date, what: str) -> Dated[Decimal]:
    where = f"line {line.id}"
    if day < line.start:
        raise InvalidValue(
            f"a {what} from {day}", where=where, remedy=f"it starts on {line.start}: give that day or a later one"
        )
    return dated.changed(day, _figure(figure, what, where))


def _figure(figure: Decimal, what: str, where: str) -> Decimal:
    number = exact(figure, where=f"{what} of {where}")
    if number < 0:
        raise InvalidValue(f"a {what} of {figure}", where=where, remedy="use zero or more")
    return number


def checked(subscription: Subscription) -> Subscription:
    """Return a subscription that can be billed.

    Raises:
        InvalidValue: when an id, a text or all lines are missing, an id stands for two lines, the currency is none, or
            a line is impossible.
    """
    where = f"subscription {subscription.id}"
    if not (subscription.id and subscription.client and subscription.lines):
        raise InvalidValue("it needs an id, a client and a line", where=where, remedy="fill in all three")
    ids = [line.id for line in subscription.lines]
    if len(set(ids)) < len(ids):
        raise InvalidValue(f"lines {', '.join(ids)} share an id", where=where, remedy="give each line an id of its own")
    places(subscription.currency)
    for line in subscription.lines:
        checked_line(line)
    return subscription


def checked_line(line: SubscriptionLine) -> SubscriptionLine:
    """Return a line that can be billed.

    Raises:
        InvalidValue: when id or text is missing, the period holds no month, nothing holds on the first day, a figure
            is below zero, an increase cannot be computed, or the end lies before the start.
    """
    where = f"line {line.id}"
    if not (line.id and line.text.strip()):
        raise InvalidValue("it needs an id and a text", where=where, remedy="fill in both")
    Recurrence(anchor=line.start, months=line.months)
    for what, dated in (("price", line.prices), ("quantity", line.quantities)):
        if dated.steps[0][0] > line.start:
            raise InvalidValue(f"no {what} holds on {line.start}", where=where, remedy="give one from the first day on")
        for _, figure in dated.steps:
            _figure(figure, what, where)
    if line.end is not None and line.end < line.start:
        raise InvalidValue(f"it ends before it starts on {line.start}", where=where, remedy="let it end later")
    return checked_increases(line)
