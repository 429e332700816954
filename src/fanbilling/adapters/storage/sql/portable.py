"""What is written differently from one database to the next: lists as one value, and rows that may be there already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Select, Table, Text, and_, bindparam, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.selectable import FromClause, Join, TableValuedAlias
from sqlalchemy.types import TypeEngine

from ....codec import encode
from ....domain.errors import InvalidValue

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; not a backslash that somebody typed before u0000


def insert(table: Table) -> postgresql.Insert:
    """Begin an INSERT that can say what to do with a row that is there; the other databases write it the same way."""
    return postgresql.insert(table)


def array(values: Iterable[object]) -> str:
    """Write a list as one value.

    Raises:
        InvalidValue: for a text with the character NUL, at which a database would cut it off.
    """
    written = encode(list(values))
    if _NUL.search(written):
        raise InvalidValue("a text holds the character NUL", where="storage", remedy="leave it out of ids")
    return written


class _Each(FunctionElement[Any]):
    """The elements of an array, a row each."""

    inherit_cache = True
    name = "each"


@compiles(_Each)
def _each_in_sqlite(each: _Each, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(each.clauses, **options)})"


@compiles(_Each, "postgresql")
def _each_in_postgresql(each: _Each, compiler: Any, **options: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(each.clauses, **options)} AS json))"


class _Part(ColumnElement[Any]):
    """One value of an element: all of it, or what stands in one place of it."""

    inherit_cache = False

    def __init__(self, element: ColumnElement[Any], place: int | None, type_: TypeEngine[Any]) -> None:
        self.element = element
        self.place = place
        self.type = type_

    @property
    def _from_objects(self) -> list[FromClause]:
        return self.element._from_objects  # noqa: SLF001 - an UPDATE asks where its values come from


@compiles(_Part)
def _part_in_sqlite(part: _Part, compiler: Any, **options: Any) -> str:
    element: str = compiler.process(part.element, **options)
    return element if part.place is None else f"json_extract({element}, '$[{part.place}]')"


@compiles(_Part, "postgresql")
def _part_in_postgresql(part: _Part, compiler: Any, **options: Any) -> str:
    element = compiler.process(part.element, **options)
    text = f"({element} #>> '{{}}')" if part.place is None else f"({element} ->> {part.place})"
    return (
        text if isinstance(part.type, Text) else f"CAST({text} AS {compiler.dialect.type_compiler.process(part.type)})"
    )


def _elements(name: str, alias: str) -> TableValuedAlias:
    return _Each(bindparam(name, type_=Text())).table_valued("value", name=alias)


def among(name: str, column: ColumnElement[Any]) -> Select[Any]:
    """The values of an array for comparison with a column: ``column.in_(among("ids", column))``."""
    # As a select of its own: in the words of a text it would be taken for a single value.
    each = _elements(name, "one_of")
    return select(_Part(each.c.value, None, column.type)).select_from(each)


class _InTurn(Join):
    """A join that looks up each row of its left side on its right, by a key.

    A planner that knows nothing of a table yet, or takes the administration for a key, would read every row there is.
    """

    inherit_cache = True


@compiles(_InTurn, "sqlite")
def _in_turn_in_sqlite(join: _InTurn, compiler: Any, **options: Any) -> str:
    options["asfrom"] = True
    left, right = compiler.process(join.left, **options), compiler.process(join.right, **options)
    options["asfrom"] = False
    return f"{left} CROSS JOIN {right} ON {compiler.process(join.onclause, **options)}"


@compiles(_InTurn, "postgresql")
def _in_turn_in_postgresql(join: _InTurn, compiler: Any, **options: Any) -> str:
    options["asfrom"] = True
    left, right = compiler.process(join.left, **options), compiler.process(join.right, **options)
    options["asfrom"] = False
    same = compiler.process(join.onclause, **options)
    # OFFSET keeps the planner from making one join of it again.
    return f"{left} CROSS JOIN LATERAL (SELECT * FROM {right} WHERE {same} OFFSET 0) AS {right}"  # noqa: S608 - texts of the compiler


def _looked_up(table: Table, each: FromClause, *same: ColumnElement[bool]) -> FromClause:
    return _InTurn(each, table, and_(table.c.administration == bindparam("administration"), *same))


def rows_with(name: str, table: Table, column: Column[Any]) -> FromClause:
    """For each value of an array, the rows of a table that have it in a column: a table to select from."""
    each = _elements(name, "asked")
    return _looked_up(table, each, column == _Part(each.c.value, None, column.type))


def rows_of(name: str, table: Table, *columns: Column[Any]) -> FromClause:
    """For each row of an array, the rows of a table in which these columns have its values."""
    each = _elements(name, "asked")
    return _looked_up(
        table, each, *(column == _Part(each.c.value, place, column.type) for place, column in enumerate(columns))
    )


def windows_on(name: str, table: Table) -> FromClause:
    """For each window of an array, the rows of a table with keys that lie in it."""
    each = _elements(name, "asked")
    source, agreement, since = (
        _Part(each.c.value, place, table.c[column].type)
        for place, column in enumerate(("source", "agreement", "filed"))
    )
    return _looked_up(table, each, table.c.source == source, table.c.agreement == agreement, table.c.filed >= since)


def listed(name: str, *columns: Column[Any]) -> tuple[ColumnElement[Any], ...]:
    """The values of each row of an array, of the kinds of these columns: for an UPDATE that takes them from there."""
    each = _elements(name, "listed")
    return tuple(_Part(each.c.value, place, column.type) for place, column in enumerate(columns))
