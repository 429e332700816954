"""Counters: the last step of a transaction draws places from one row each, and holds that row until the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, or_, select, update

from ....domain.numbering import check_date
from . import portable
from .database import Bulk, Database, day, given
from .tables import counter

_C = counter.c
_NAMES = ("administration", "name", "value", "last_date", "head")


def _draw() -> Bulk:
    first = portable.insert(counter).values({name: given(name) for name in _NAMES})
    new = first.excluded
    later = or_(_C.last_date.is_(None), _C.last_date < new.last_date)
    return Bulk(
        first.on_conflict_do_update(
            index_elements=["administration", "name"],
            set_={
                "value": _C.value + new.value,
                "last_date": case((later, new.last_date), else_=_C.last_date),
            },
        ).returning(_C.value, _C.last_date, _C.head),
        _NAMES,
    )


_DRAW = _draw()
_LINK = Bulk(
    update(counter)
    .values(head=given("head"))
    .where(_C.administration == given("administration"), _C.name == given("name")),
    ("administration", "name", "head"),
)


_ALL = select(_C.name, _C.value).where(_C.administration == bindparam("administration"), _C.name != "decisions")


def standing(database: Database) -> dict[str, int]:
    """Return where each numbering stands."""
    return dict(database.rows(_ALL))


def draw(database: Database, name: str, count: int) -> int:
    """Draw the next places of a counter and return the first of them."""
    row: Sequence[Any] = database.draw(_DRAW, (database.administration, name, count, None, ""), name)
    return int(row[0]) - count + 1


def draw_numbers(database: Database, series: str, count: int, on: date) -> tuple[int, str]:
    """Draw the next places in a series for documents of one date; return the first, and the link before it.

    Raises:
        DateBeforeSeries: when the last document of the series has a later date.
    """
    wanted = (database.administration, _of(series), count, on.isoformat(), "")
    value, last, head = database.draw(_DRAW, wanted, f"series {series}")
    check_date(series, on, day(last))
    return int(value) - count + 1, str(head)


def link(database: Database, series: str, head: str) -> None:
    """Remember the link of the last document of a series, in a savepoint of the caller's: the next is chained to it."""
    database.run(_LINK, [(database.administration, _of(series), head)], f"series {series}")


def _of(series: str) -> str:
    return f"series:{series}"
