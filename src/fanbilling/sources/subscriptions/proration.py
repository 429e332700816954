"""How much of a period is due, and at which price: by actual days.

One unit on one day is one unit-day. A whole period of 31 days at 100.00 is 31 unit-days at 100.00 per 31, three seats
are 93; from the 16th it is 16 unit-days, which makes 51.61. So a part is never a rounded fraction of an amount: the
price carries the division, and it is rounded once, when the amount is made.

The days of the *whole* period divide, also when the line starts or ends inside it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from ...domain.dated import Dated
from ...domain.exact import EXACT, ZERO
from ...domain.periods import DAY, Period
from ...domain.reasons import Reason
from .increases import prices as in_force
from .records import SubscriptionLine

#: Days on which one quantity and one price hold: (those days, unit-days, price of a whole period, why).
Share = tuple[Period | None, Decimal, Decimal, Reason]


def shares(line: SubscriptionLine, whole: Period, force: Period, places: int) -> list[Share]:
    """Return what is due of a period, cut where price or quantity changes; a step to the same figure cuts nothing.

    Args:
        line: what was agreed.
        whole: the period, from one anchor day to the next.
        force: the days of it on which the line is supplied.
        places: the decimals of the smallest unit of the currency.
    """
    prices, quantities = in_force(line, force.last_day, places), line.quantities
    cuts = (*_changes(prices.dated), *_changes(quantities))
    found: list[Share] = []
    for period in force.cut(cuts) if cuts else (force,):
        quantity, price = quantities.at(period.start), prices.dated.at(period.start)
        unit_days = EXACT.multiply(quantity, Decimal(period.days))
        facts = (*_days(period.start, period.end, whole.days), ("quantity", quantity), ("price", price))
        because: tuple[Reason, ...] = ()
        if cuts:
            because = prices.because(period.start) or _changed("price", prices.dated, period)
            because = (*because, *_changed("quantity", quantities, period))
        if period.end == line.end and period.end < whole.end:
            because = (*because, why_ended(line))
        found.append((period, unit_days, price, Reason("subscription.period", unit_days, facts, because)))
    return found


@lru_cache(maxsize=8192)
def _days(start: date, end: date, of: int) -> tuple[tuple[str, date | int], ...]:
    """Return what is told about days; clients share their periods, so each is told once."""
    return ("start", start), ("last_day", end - DAY), ("days", (end - start).days), ("of", of)


def nothing(line: SubscriptionLine, filed: date, places: int) -> Share:
    """Return that nothing is due of a period, because the line ended before it."""
    return None, ZERO, in_force(line, filed, places).dated.at(filed), why_ended(line)


def _changes(figures: Dated[Decimal]) -> list[date]:
    """Return the days on which a figure becomes another one."""
    return [day for (_, before), (day, after) in pairwise(figures.steps) if before != after]


def _changed(what: str, figures: Dated[Decimal], period: Period) -> tuple[Reason, ...]:
    """Say that a figure became another one on the first day of a period, if it did."""
    for (_, before), (day, after) in pairwise(figures.steps):
        if day == period.start and before != after:
            return (Reason("subscription.changed", after, (("what", what), ("from", day), ("was", before))),)
    return ()


def why_ended(line: SubscriptionLine) -> Reason:
    """Say what the last day of a line was, and why."""
    last_day = line.end - DAY if line.end else None
    return Reason("subscription.ended", last_day, (("why", line.ended_because),))
