"""Raising many lines at once by one percentage: what rises, and what is left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import attrs

from ...domain.money import places
from ...domain.periods import DAY
from ...domain.ports.sourcing import Reading
from ...domain.reasons import Reason
from .increases import prices, rising_once, yearly
from .proration import why_ended
from .records import Subscription, SubscriptionLine

#: How many subscriptions are read at a time.
PAGE = 500


@attrs.frozen(kw_only=True)
class PriceIncrease:
    """A line whose price rises.

    Args:
        was: the price of the day before, for a whole period.
        price: the price from the day of the increase on.
        because: by how many percent, and since when.
    """

    subscription: str
    line: str
    was: Decimal
    price: Decimal
    because: Reason


@attrs.frozen(kw_only=True)
class LeftOut:
    """A line whose price an increase leaves as it is, and why."""

    subscription: str
    line: str
    because: Reason


@attrs.frozen(kw_only=True)
class IncreaseReport:
    """What came of raising many lines at once, in the order of the ids of subscriptions and of their lines."""

    increased: tuple[PriceIncrease, ...]
    left_out: tuple[LeftOut, ...]


def every_subscription(reading: Reading) -> list[str]:
    """Return the ids of all subscriptions, in their order."""
    ids: list[str] = []
    while page := reading.find(Subscription, {}, after=(ids[-1], ids[-1]) if ids else None, limit=PAGE):
        ids.extend(one.id for one in page)
    return ids


def pages(ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield ids page by page, each once, in their order."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), PAGE):
        yield ordered[start : start + PAGE]


def raise_lines(
    subscription: Subscription, percentage: Decimal, *, from_: date
) -> tuple[Subscription, list[PriceIncrease | LeftOut]]:
    """Return a subscription with each of its lines raised or left as it is, and what to report of each."""
    cents = places(subscription.currency)
    lines: list[SubscriptionLine] = []
    found: list[PriceIncrease | LeftOut] = []
    for line in subscription.lines:
        why = next(_left_out(line, percentage, from_), None)
        if why is not None:
            lines.append(line)
            found.append(LeftOut(subscription=subscription.id, line=line.id, because=why))
            continue
        risen = rising_once(line, percentage, from_=from_)
        lines.append(risen)
        [because] = prices(risen, from_, cents).because(from_)
        was = prices(risen, from_ - DAY, cents).dated.at(from_ - DAY)
        price = prices(risen, from_, cents).dated.at(from_)
        found.append(PriceIncrease(subscription=subscription.id, line=line.id, was=was, price=price, because=because))
    return attrs.evolve(subscription, lines=tuple(lines)), found


def _left_out(line: SubscriptionLine, percentage: Decimal, day: date) -> Iterator[Reason]:
    """Yield why the price of a line does not rise on a day; nothing when it does."""
    if line.price_fixed:
        yield Reason("increase.price-fixed")
    if line.end is not None and line.end <= day:
        yield why_ended(line)
    if line.start >= day:
        yield Reason("increase.starts-later", line.start)
    for first, price in line.prices.steps:
        if first == day:
            yield Reason("increase.price-agreed", price)
    for rises_on, as_agreed in yearly(line, day):
        if rises_on == day:
            yield Reason("increase.yearly", as_agreed)
    if not percentage and (line.single_increases is None or day not in line.single_increases.days):
        yield Reason("increase.none")
