"""Which periods a line has, under which day each is filed, and when it can be billed.

Periods are counted from the anchor, never from the previous end, so that they tile (law L2): a line that starts on 31
January goes on at 28 February and 31 March. A period is filed under its first day, or under the start of the line when
that falls inside it; neither ever moves, so the key of a period is for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from ...domain.periods import DAY, Period, Recurrence
from .records import SubscriptionLine, Timing


def periods(line: SubscriptionLine, since: date, until: date) -> Iterator[tuple[date, Period]]:
    """Yield (day of filing, whole period) for all that are filed from ``since`` up to and including ``until``."""
    start, anchor, months = line.start, line.anchor or line.start, line.months
    n = number(anchor, months, max(start, since))
    while True:
        whole = period(anchor, months, n)
        filed = max(whole.start, start)
        if filed > until:
            return
        if filed >= since:
            yield filed, whole
        n += 1


@lru_cache(maxsize=8192)
def period(anchor: date, months: int, n: int) -> Period:
    """Return the n-th period from an anchor; clients share their periods, so each is made once."""
    return Recurrence(anchor=anchor, months=months).period(n)


@lru_cache(maxsize=8192)
def number(anchor: date, months: int, day: date) -> int:
    """Return the number of the period that holds a day."""
    return Recurrence(anchor=anchor, months=months).number(day)


def filed_under(line: SubscriptionLine, day: date) -> date:
    """Return under which day the period is filed that holds a day from the start of the line on."""
    anchor, months = line.anchor or line.start, line.months
    return max(period(anchor, months, number(anchor, months, day)).start, line.start)


def in_force(line: SubscriptionLine, filed: date, whole: Period) -> Period | None:
    """Return the days of a period on which the line is supplied, or nothing."""
    end = whole.end if line.end is None or line.end > whole.end else line.end
    if end <= filed:
        return None
    return whole if filed == whole.start and end == whole.end else Period(filed, end)


def bill_on(line: SubscriptionLine, force: Period) -> date:
    """Return the first day on which a period can be billed, from the days on which the line is supplied."""
    return force.start if line.timing is Timing.ADVANCE else force.last_day


def next_period(line: SubscriptionLine, after: date) -> tuple[date, date] | None:
    """Return (day of filing, day it can be billed) of the first period filed later than a day, or nothing."""
    filed, whole = next(periods(line, after + DAY, date.max))
    force = in_force(line, filed, whole)
    return (filed, bill_on(line, force)) if force else None
