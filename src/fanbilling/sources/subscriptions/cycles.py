"""Which periods a line has, under which day each is filed, and when it can be billed.

Periods are counted from the anchor, never from the previous end, so that they tile (law L2): a line that starts on 31
January goes on at 28 February and 31 March. A period is filed under its first day, or under the start of the line when
that falls inside it; neither ever moves, so the key of a period is for ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ...domain.periods import DAY, Period, Recurrence
from .records import Billed, SubscriptionLine


def periods(line: SubscriptionLine, since: date, until: date) -> Iterator[tuple[date, Period]]:
    """Yield (day of filing, whole period) for all that are filed from ``since`` up to and including ``until``."""
    start = line.start
    recurrence = Recurrence(anchor=line.anchor or start, months=line.months)
    n = recurrence.number(max(start, since))
    while True:
        whole = recurrence.period(n)
        filed = max(whole.start, start)
        if filed > until:
            return
        if filed >= since:
            yield filed, whole
        n += 1


def filed_under(line: SubscriptionLine, day: date) -> date:
    """Return under which day the period that holds a day is filed; for a day before the start, the first period's."""
    day = max(day, line.start)
    recurrence = Recurrence(anchor=line.anchor or line.start, months=line.months)
    return max(recurrence.period(recurrence.number(day)).start, line.start)


def in_force(line: SubscriptionLine, filed: date, whole: Period) -> Period | None:
    """Return the days of a period on which the line is supplied, or nothing."""
    end = whole.end if line.end is None or line.end > whole.end else line.end
    if end <= filed:
        return None
    return whole if filed == whole.start and end == whole.end else Period(filed, end)


def bill_on(line: SubscriptionLine, force: Period) -> date:
    """Return the first day on which a period can be billed, from the days on which the line is supplied."""
    return force.start if line.billed is Billed.ADVANCE else force.last_day


def next_period(line: SubscriptionLine, after: date) -> tuple[date, date] | None:
    """Return (day of filing, day it can be billed) of the first period filed later than a day, or nothing."""
    recurrence = Recurrence(anchor=line.anchor or line.start, months=line.months)
    n = recurrence.number(max(after + DAY, line.start))
    whole = recurrence.period(n)
    if max(whole.start, line.start) <= after:
        whole = recurrence.period(n + 1)
    filed = max(whole.start, line.start)
    force = in_force(line, filed, whole)
    return (filed, bill_on(line, force)) if force else None
