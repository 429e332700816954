"""How records are found by their keys: which ones, in which order, from which one on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from ....domain.errors import InvalidValue
from ....domain.ports.sourcing import Between, OneOf
from ....domain.records import RecordKind

R = TypeVar("R")


def page(
    kind: RecordKind,
    records: Iterable[R],
    where: Mapping[str, Any],
    *,
    order_by: str,
    after: tuple[Any, str] | None,
    limit: int,
) -> list[R]:
    """Return one page of the records that meet all conditions.

    Raises:
        InvalidValue: for a key that the kind did not declare.
    """
    for key in (*where, order_by):
        if key not in ("id", *kind.keys):
            keys = ", ".join(("id", *kind.keys))
            raise InvalidValue(f"it cannot be found by {key!r}", where=kind.name, remedy=f"use one of {keys}")
    last = None if after is None else _place(_plain(after[0]), after[1])
    found = {}
    for record in records:
        values = _values(kind, record)
        place = _place(values[order_by], values["id"])
        if (last is None or place > last) and all(_meets(values[key], test) for key, test in where.items()):
            found[place] = record
    return [found[place] for place in sorted(found)[:limit]]


def _values(kind: RecordKind, record: Any) -> dict[str, Any]:
    return {"id": record.id, **kind.values(record)}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _place(value: Any, id: str) -> tuple[bool, Any, str]:
    """Where a record stands in the order: without a value before those with one, equal ones by id."""
    return (value is not None, value, id)


def _meets(value: Any, test: Any) -> bool:
    if isinstance(test, OneOf):
        return value in [_plain(option) for option in test.values]
    if not isinstance(test, Between):
        return bool(value == _plain(test))
    first, last = _plain(test.first), _plain(test.last)
    return value is not None and (first is None or first <= value) and (last is None or value <= last)
