"""Questions for records by their keys: written once for each shape of conditions, and asked with other values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import ColumnElement, Select, Table, bindparam, or_, select, tuple_

from ....domain.errors import InvalidValue
from ....domain.ports.sourcing import Between, OneOf
from ....domain.records import RecordKind
from . import portable
from .tables import key_column, record_table


@attrs.frozen(kw_only=True)
class Shape:
    """What a question asks, without the values that it asks for.

    Args:
        conditions: keys, each with how it is compared.
        order_by: the key that the answer is in the order of.
        beyond: whether it goes on after an earlier page: not, after a value, or after an absent one.
    """

    conditions: tuple[tuple[str, str], ...]
    order_by: str
    beyond: str = ""


def asked(
    where: Mapping[str, Any], order_by: str, after: tuple[Any, str] | None, limit: int
) -> tuple[Shape, dict[str, Any]]:
    """Take a question apart into its shape and its values."""
    conditions: list[tuple[str, str]] = []
    values: dict[str, Any] = {"limit": limit}
    for key, wanted in where.items():
        how, given = _meant(wanted)
        conditions.append((key, how))
        values.update({f"{key}_{part}": value for part, value in given.items()})
    beyond = ""
    if after is not None:
        last, values["last_id"] = plain(after[0]), after[1]
        beyond = "an absent one" if last is None and order_by != "id" else "a value"
        if beyond == "a value":
            values["last"] = last
    return Shape(conditions=tuple(conditions), order_by=order_by, beyond=beyond), values


def _meant(wanted: Any) -> tuple[str, dict[str, Any]]:
    """Return how a key is compared, and with what; a list of many is one value."""
    if isinstance(wanted, OneOf):
        options = [plain(option) for option in wanted.values]
        listed = portable.array(text(option) for option in options if option is not None)
        return "one of or absent" if None in options else "one of", {"one_of": listed}
    if isinstance(wanted, Between):
        ends = {"first": plain(wanted.first), "last": plain(wanted.last)}
        given = {end: value for end, value in ends.items() if value is not None}
        return " and ".join(given) or "present", given
    value = plain(wanted)
    return ("absent", {}) if value is None else ("is", {"is": value})


@lru_cache(maxsize=1024)
def question(kind: RecordKind, shape: Shape) -> Select[Any]:
    """Write a question of a shape to the table of a kind of record."""
    table = record_table(kind)
    order = column(kind, table, shape.order_by)
    statement = select(table.c.body).where(table.c.administration == bindparam("administration"))
    for key, how in shape.conditions:
        statement = statement.where(*_condition(column(kind, table, key), key, how))
    if shape.beyond:
        statement = statement.where(_beyond(order, table.c.id, shape.beyond))
    in_order = [order] if order is table.c.id else [order.nulls_first(), table.c.id]
    return statement.order_by(*in_order).limit(bindparam("limit"))


def column(kind: RecordKind, table: Table, key: str) -> ColumnElement[Any]:
    """Return the column of a key.

    Raises:
        InvalidValue: for a key that the kind did not declare.
    """
    if key not in ("id", *kind.keys):
        keys = ", ".join(("id", *kind.keys))
        raise InvalidValue(f"it cannot be found by {key!r}", where=kind.name, remedy=f"use one of {keys}")
    return table.c[key_column(key)]


def _condition(key: ColumnElement[Any], name: str, how: str) -> list[ColumnElement[bool]]:
    def given(part: str) -> ColumnElement[Any]:
        return bindparam(f"{name}_{part}", type_=key.type)

    match how:
        case "is":
            return [key == given("is")]
        case "absent":
            return [key.is_(None)]
        case "present":
            return [key.is_not(None)]
        case "one of":
            return [key.in_(portable.among(f"{name}_one_of", key))]
        case "one of or absent":
            return [or_(key.in_(portable.among(f"{name}_one_of", key)), key.is_(None))]
    return [key >= given(end) if end == "first" else key <= given(end) for end in how.split(" and ")]


def _beyond(order: ColumnElement[Any], id: ColumnElement[Any], beyond: str) -> ColumnElement[bool]:
    """Return the condition that a record comes after the last one of a page; absent values come first."""
    last_id = bindparam("last_id", type_=id.type)
    if order is id:
        return id > last_id
    if beyond == "an absent one":
        return or_(order.is_not(None), id > last_id)
    return tuple_(order, id) > tuple_(bindparam("last", type_=order.type), last_id)


def plain(value: Any) -> Any:
    """Return a value as a key holds it."""
    return value.value if isinstance(value, Enum) else value


def text(value: Any) -> Any:
    """Return a key as it is handed to a driver: days as text, which every database takes."""
    return value.isoformat() if isinstance(value, date) else value
