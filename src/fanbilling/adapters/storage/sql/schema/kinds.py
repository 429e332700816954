"""The tables of the kinds of records: made, and given the keys that were declared since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table, bindparam, select, tuple_, update
from sqlalchemy.schema import CreateColumn

from .....codec import loads
from .....domain.errors import InvalidValue, NewerSchema
from .....domain.records import RecordKind
from ..database import Bulk, given
from ..finding import text
from ..tables import key_column, record_table
from .catalog import Catalog
from .steps import Steps

_PAGE = 500


def settle(steps: Steps, kind: RecordKind, there: Catalog) -> list[str]:
    """Give the table of a kind the keys that it lacks; return the columns that are new.

    Raises:
        NewerSchema: when it has a key that the kind does not declare.
        InvalidValue: when a record in it cannot be read.
    """
    table = record_table(kind)
    name = steps.named(table.name)
    columns = [column for column in table.columns if f"column {name}.{column.name}" not in there]
    refuse_other_keys(kind, [key for key in _columns(name, there) if key not in table.columns])
    for column in columns:
        steps.do(f'ALTER TABLE "{table.name}" ADD COLUMN {steps.written(CreateColumn(column))}')
    if columns:
        _fill(steps, kind, table, columns)
    return [f"{name}.{column.name}" for column in columns]


def refuse_other_keys(kind: RecordKind, keys: Sequence[str]) -> None:
    """Refuse a table with keys that this program does not know: it would leave them empty.

    Raises:
        NewerSchema: when there are any.
    """
    if keys:
        raise NewerSchema(
            f"it is kept with the key {', '.join(keys)}, which this program does not know",
            where=f"record {kind.name}",
            remedy="use the newer version of the program; where the key was given up, remove_key takes it away",
        )


def drop_key(steps: Steps, kind: RecordKind, key: str, there: Catalog) -> bool:
    """Take a key away from the table of a kind that no longer declares it; say whether it was there.

    Raises:
        InvalidValue: when the kind still declares it, or it is no key at all.
    """
    table, column = record_table(kind), key_column(key)
    if column in table.columns:
        raise InvalidValue("it is still declared", where=f"{kind.name}.{key}", remedy="take it out of keys first")
    if f"column {steps.named(table.name)}.{column}" not in there:
        return False
    steps.do(f'DROP INDEX IF EXISTS "{table.name}_{key}"')
    steps.do(f'ALTER TABLE "{table.name}" DROP COLUMN "{column}"')
    return True


def _columns(table: str, there: Catalog) -> Iterator[str]:
    before = f"column {table}."
    return (name.removeprefix(before) for name in there if name.startswith(before))


def _fill(steps: Steps, kind: RecordKind, table: Table, columns: Sequence[Column[Any]]) -> None:
    """Fill new columns from the records themselves, page by page."""
    c = table.c
    places = (c.administration, c.id)
    after = tuple_(*places) > tuple_(bindparam("after_administration"), bindparam("after_id"))
    page = select(*places, c.body).where(after).order_by(*places).limit(bindparam("limit"))
    names = [column.name for column in columns]
    change = Bulk(
        update(table)
        .values({name: given(name) for name in names})
        .where(c.administration == given("administration"), c.id == given("id")),
        ("administration", "id", *names),
    )
    last = ("", "")
    while rows := steps.database.rows(page, after_administration=last[0], after_id=last[1], limit=_PAGE):
        steps.database.run(
            change, [(whose, id, *_values(kind, names, id, body)) for whose, id, body in rows], table.name
        )
        last = rows[-1][:2]


def _values(kind: RecordKind, names: Sequence[str], id: str, body: str) -> list[Any]:
    try:
        values = {key_column(key): value for key, value in kind.values(loads(kind.cls, body)).items()}
    except Exception as error:
        raise InvalidValue(
            f"it cannot be read: {error}", where=f"{kind.name} {id}", remedy="give a new field a default, or correct it"
        ) from error
    return [text(values[name]) for name in names]
