"""Periods of whole days, and the days on which a thing recurs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Self

import attrs
from dateutil.relativedelta import relativedelta

from .errors import InvalidValue

DAY = timedelta(days=1)


def a_day(day: date, *, where: str) -> date:
    """Return the day, or refuse what is not one: a text, a moment.

    Raises:
        InvalidValue: for anything but a plain date.
    """
    if type(day) is not date:
        raise InvalidValue(
            f"{day!r} is a {type(day).__name__}, not a day", where=where, remedy="write date(2026, 1, 31)"
        )
    return day


@attrs.frozen(order=True)
class Period:
    """A number of whole days: from ``start``, up to but not including ``end``.

    On paper the last day is printed (:attr:`last_day`), because that is how people read a period.

    Raises:
        InvalidValue: when the period holds no day.
    """

    start: date
    end: date

    def __attrs_post_init__(self) -> None:
        """Refuse a period without a day."""
        if self.end <= self.start:
            raise InvalidValue(
                f"a period from {self.start} up to {self.end} holds no day",
                where="Period",
                remedy="let the end be after the start",
            )

    @classmethod
    def through(cls, first: date, last: date) -> Self:
        """Build a period from its first and its last day, both included."""
        return cls(first, last + DAY)

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - DAY

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlap(self, other: Period) -> Period | None:
        """Return the days that both periods hold, or nothing."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def cut(self, days: Iterator[date] | tuple[date, ...]) -> tuple[Period, ...]:
        """Cut the period at the given days; a day outside it cuts nothing."""
        edges = [self.start, *sorted({day for day in days if self.start < day < self.end}), self.end]
        return tuple(Period(start, end) for start, end in pairwise(edges))

    def __str__(self) -> str:
        return f"{self.start}..{self.last_day}"


@lru_cache(maxsize=8192)
def months_after(anchor: date, months: int) -> date:
    """Return the day that lies a number of months after an anchor, or the last day of that month.

    Counted from the anchor, never from the previous day: from 31 January that gives 28 February, then 31 March.
    """
    return anchor + relativedelta(months=months)


@attrs.frozen(kw_only=True)
class Recurrence:
    """Periods of a number of months that follow each other from an anchor day.

    Period ``n`` runs from *anchor + n cycles* up to *anchor + (n + 1) cycles*, so periods tile: no day is in two of
    them and none is left out (law L2).
    """

    anchor: date
    months: int

    def __attrs_post_init__(self) -> None:
        """Refuse a cycle that does not move forward."""
        if isinstance(self.months, bool) or not 1 <= self.months <= 1200:
            raise InvalidValue(
                f"a cycle of {self.months} months", where="Recurrence", remedy="use 1 for monthly, 12 for yearly"
            )

    def period(self, n: int) -> Period:
        """Return the n-th period; the one that starts on the anchor is number 0."""
        return Period(months_after(self.anchor, n * self.months), months_after(self.anchor, (n + 1) * self.months))

    def number(self, day: date) -> int:
        """Return the number of the period that holds a day."""
        apart = (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        n = apart // self.months
        if months_after(self.anchor, n * self.months) > day:
            return n - 1
        return n

    def periods(self, since: date, until: date) -> Iterator[Period]:
        """Yield the periods that start on or after ``since`` and on or before ``until``, both included."""
        n = self.number(since)
        period = self.period(n)
        if period.start < since:
            n, period = n + 1, self.period(n + 1)
        while period.start <= until:
            yield period
            n, period = n + 1, self.period(n + 1)
