"""Values that hold from a day on, until the next one takes over."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

import attrs

from .errors import InvalidValue, NotFound
from .periods import a_day

T = TypeVar("T")

#: The first day of a history of which nobody knows when it began.
EVER = date(1990, 1, 1)


@attrs.frozen
class Dated(Generic[T]):
    """A value that changes on stated days: a rate, a price, who pays.

    Args:
        steps: pairs of (first day, value), in the order of their days, each day once.

    Raises:
        InvalidValue: when there is no step, or the days are not in order.
    """

    steps: tuple[tuple[date, T], ...]

    def __attrs_post_init__(self) -> None:
        """Refuse steps that are missing or out of order."""
        days = [a_day(day, where="Dated") for day, _ in self.steps]
        if len(days) != 1 and (not days or any(later <= earlier for earlier, later in pairwise(days))):
            raise InvalidValue(
                f"days {', '.join(map(str, days)) or '(none)'} are not in order",
                where="Dated",
                remedy="give each first day once, the earliest first",
            )

    def at(self, day: date) -> T:
        """Return the value that holds on a day.

        Raises:
            NotFound: for a day before the first step.
        """
        for start, value in reversed(self.steps):
            if start <= day:
                return value
        raise NotFound(
            f"nothing holds on {day}", where="Dated", remedy=f"the first value holds from {self.steps[0][0]}"
        )

    def get(self, day: date, default: T) -> T:
        """Return the value that holds on a day, or a default for a day before the first step."""
        return self.at(day) if day >= self.steps[0][0] else default

    def since(self, day: date, value: T) -> Dated[T]:
        """Return the same history with another value from a day on, for good: later steps fall away."""
        kept = tuple(step for step in self.steps if step[0] < day)
        return self if kept and kept[-1][1] == value and len(kept) == len(self.steps) else Dated((*kept, (day, value)))

    def changed(self, day: date, value: T) -> Dated[T]:
        """Return the same history with another value from a day on, up to the next known step."""
        kept = [step for step in self.steps if step[0] != day]
        return Dated(tuple(sorted([*kept, (day, value)], key=lambda step: step[0])))

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which the value changes, the first included."""
        return tuple(day for day, _ in self.steps)
