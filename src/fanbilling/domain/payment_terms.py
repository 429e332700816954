"""Payment terms: when a document is due."""

from __future__ import annotations

from datetime import date, timedelta

from .periods import months_after


def due_date(on: date, *, days: int, end_of_month: bool = False) -> date:
    """Return the last day on which a document of this date can be paid in time.

    Args:
        on: the date on the document.
        days: days after that date, or after the end of its month.
        end_of_month: count from the last day of the month of ``on``.
    """
    start = months_after(on.replace(day=1), 1) - timedelta(days=1) if end_of_month else on
    return start + timedelta(days=days)
