"""By how many percent a price rises, and which price is in force on a day.

An increase is kept as a percentage and a day, never as the price that came of it. So the price then in force is what it
is a percentage of, also when that price turns out later to have been another one. Each increase is rounded once, half
up, to the cent (a price that is agreed in more decimals keeps as many); the percentage and quotients never are.

On one day a price changes once: a price that is agreed from that very day is the price; else an increase of that day
alone; else the yearly one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

import attrs

from ...domain.dated import Dated
from ...domain.errors import InvalidValue
from ...domain.exact import EXACT, ZERO, exact, rounded
from ...domain.periods import months_after
from ...domain.reasons import Reason
from .records import SubscriptionLine

HUNDRED = Decimal(100)

_NEVER: Mapping[date, Reason] = MappingProxyType({})


@attrs.frozen
class Prices:
    """Which price is in force from which day, and which of them came of an increase.

    Args:
        dated: the prices, up to the day that was asked for.
        rises: why a price is what it is, by its first day, for those that came of an increase.
    """

    dated: Dated[Decimal]
    rises: Mapping[date, Reason] = _NEVER

    def because(self, day: date) -> tuple[Reason, ...]:
        """Return by which increase the price of a day came to be, if it came of one."""
        if not self.rises:
            return ()
        reason = self.rises.get(max(first for first in self.dated.days if first <= day))
        return (reason,) if reason else ()


def prices(line: SubscriptionLine, until: date, places: int) -> Prices:
    """Return the prices of a line up to and including a day, each increase on the price then in force.

    Args:
        places: the decimals of the smallest unit of the currency.
    """
    if line.yearly_increase is None and line.single_increases is None:
        return Prices(line.prices)
    agreed, rising = dict(line.prices.steps), dict(_rising(line, until))
    found: list[tuple[date, Decimal]] = []
    rises: dict[date, Reason] = {}
    price, fine = ZERO, places
    for day in sorted(agreed.keys() | rising.keys()):
        was = price
        if day in agreed:
            price = agreed[day]
            fine = max(places, _decimals(price))
        else:
            price = raised(was, rising[day], fine)
            facts = (("percentage", rising[day]), ("was", was), ("from", day))
            rises[day] = Reason("subscription.raised", price, facts)
        found.append((day, price))
    return Prices(Dated(tuple(found)), rises)


def raised(price: Decimal, percentage: Decimal, places: int) -> Decimal:
    """Return a price that rose by a percentage, rounded half up, once."""
    return rounded(EXACT.divide(EXACT.multiply(price, HUNDRED + percentage), HUNDRED), places)


def yearly(line: SubscriptionLine, until: date) -> Iterator[tuple[date, Decimal]]:
    """Yield (day, percentage) for each year in which the price rises as agreed, up to and including a day."""
    steps = line.yearly_increase.steps if line.yearly_increase else ()
    for (first, percentage), (following, _) in pairwise((*steps, (date.max, ZERO))):
        n = 0
        while percentage and (day := months_after(first, 12 * n)) < following and day <= until:
            yield day, percentage
            n += 1


def _rising(line: SubscriptionLine, until: date) -> Iterator[tuple[date, Decimal]]:
    """Yield every increase; one of a day alone comes after the yearly one, and takes its place."""
    yield from yearly(line, until)
    for day, percentage in line.single_increases.steps if line.single_increases else ():
        if day <= until:
            yield day, percentage


def _decimals(price: Decimal) -> int:
    """Return in how many decimals a price is agreed; zeros at its end say nothing."""
    exponent = EXACT.create_decimal(price).normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


# ------------------------------------------------------------------------------------------------- what can be agreed


def rising_yearly(line: SubscriptionLine, percentage: Decimal | None, *, from_: date) -> SubscriptionLine:
    """Return the line with a price that rises from a day on, and every year after on that day; zero: no longer.

    Args:
        percentage: absent means that nothing was agreed from that very day after all.

    Raises:
        InvalidValue: for a day that is not after the start, for a percentage that is not between 0 and 100, or for a
            line whose price stays as it is agreed.
    """
    if percentage is not None:
        dated = _stepped(line, line.yearly_increase, percentage, from_)
        return checked_increases(attrs.evolve(line, yearly_increase=dated))
    kept = tuple(step for step in line.yearly_increase.steps if step[0] != from_) if line.yearly_increase else ()
    return attrs.evolve(line, yearly_increase=Dated(kept) if kept else None)


def rising_once(line: SubscriptionLine, percentage: Decimal, *, from_: date) -> SubscriptionLine:
    """Return the line with a price that rises on one day; zero takes that back.

    Raises:
        InvalidValue: for a day that is not after the start, or a percentage that is not between 0 and 100.
    """
    return checked_increases(
        attrs.evolve(line, single_increases=_stepped(line, line.single_increases, percentage, from_))
    )


def _stepped(line: SubscriptionLine, dated: Dated[Decimal] | None, percentage: Decimal, day: date) -> Dated[Decimal]:
    number = a_percentage(percentage, where=f"line {line.id}")
    return dated.changed(day, number) if dated else Dated(((day, number),))


def a_percentage(percentage: Decimal, *, where: str) -> Decimal:
    """Return by how many percent a price can rise, or refuse it.

    Raises:
        InexactNumber: for what is not an exact number.
        InvalidValue: below 0 and above 100.
    """
    number = exact(percentage, where=f"increase of {where}")
    if not 0 <= number <= HUNDRED:
        raise InvalidValue(
            f"an increase by {number} percent", where=where, remedy="use 0 to 100; 2.5 is two and a half percent"
        )
    return number


def checked_increases(line: SubscriptionLine) -> SubscriptionLine:
    """Return a line whose increases can be computed.

    Raises:
        InvalidValue: for an increase that is not after the start or not between 0 and 100 percent, or when the price of
            the line stays as it is agreed.
    """
    where = f"line {line.id}"
    for dated in (line.yearly_increase, line.single_increases):
        for day, percentage in dated.steps if dated else ():
            a_percentage(percentage, where=where)
            if day <= line.start:
                raise InvalidValue(
                    f"an increase from {day}", where=where, remedy=f"it starts on {line.start}: give a later day"
                )
    if line.price_fixed and (line.yearly_increase or line.single_increases):
        raise InvalidValue("its price is fixed, and rises", where=where, remedy="agree on one of the two")
    return line
