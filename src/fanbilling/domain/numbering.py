"""Numbers of documents: per series 1..n, without a gap, never used again, dates never going back (law L3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .errors import DateBeforeSeries, InvalidSetting, InvalidValue


def series_of(pattern: str, on: date) -> str:
    """Return the name of the series of a document with this date: ``"{year}"`` gives ``2026``.

    Raises:
        InvalidSetting: when the pattern asks for something that a date does not have.
    """
    return _written(pattern, year=on.year, month=f"{on.month:02}")


def written(pattern: str, series: str, n: int) -> str:
    """Return the number as it is printed: ``"{series}-{n:04}"`` gives ``2026-0001``.

    Raises:
        InvalidSetting: when the pattern asks for something else than the series and the place in it.
    """
    return _written(pattern, series=series, n=n)


def _written(pattern: str, **values: object) -> str:
    try:
        return pattern.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        names = ", ".join("{" + name + "}" for name in values)
        raise InvalidSetting(f"{pattern!r} cannot be filled in", where="numbering", remedy=f"use {names}") from error


def one_series(places: Sequence[tuple[str, date]]) -> tuple[str, date]:
    """Return the series and the date that documents have in common, for they are numbered together.

    Raises:
        InvalidValue: when they are of several.
    """
    if len(set(places)) != 1:
        raise InvalidValue(
            "they are of several series or dates", where="documents", remedy="seal those of one series and date at once"
        )
    return places[0]


def check_date(series: str, on: date, last: date | None) -> None:
    """Refuse a document that is dated before the last one of its series.

    Raises:
        DateBeforeSeries: naming both dates.
    """
    if last is not None and on < last:
        raise DateBeforeSeries(
            f"the last document is of {last}", where=f"series {series}, {on}", remedy=f"date it {last} or later"
        )
