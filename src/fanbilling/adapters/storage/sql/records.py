"""Records in a database: whole as text, found by their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import attrs
from sqlalchemy import Select, Table, bindparam, delete, select, update

from ....codec import dumps, loads
from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.records import RecordKind, kind_of
from . import portable
from .database import Bulk, Database, given
from .finding import asked, question, text
from .tables import record_table

R = TypeVar("R")


@attrs.frozen(kw_only=True, eq=False)
class Drawer:
    """Where the records of one kind lie: their table, and the statements that read and write it."""

    kind: RecordKind
    table: Table
    one: Select[Any]
    many: Select[Any]
    hold: Select[Any]
    add: Bulk
    replace: Bulk
    remove: Bulk

    def row(self, administration: str, record: Any) -> tuple[Any, ...]:
        """Return a record as the row that is kept."""
        keys = (text(value) for value in self.kind.values(record).values())
        return (administration, record.id, *keys, dumps(record))


@lru_cache(maxsize=256)
def _drawer(kind: RecordKind) -> Drawer:
    table = record_table(kind)
    mine = table.c.administration == bindparam("administration")
    this = (table.c.administration == given("administration"), table.c.id == given("id"))
    columns = tuple(column.name for column in table.columns)
    many = select(table.c.id, table.c.body).select_from(portable.rows_with("ids", table, table.c.id))
    changed = {name: given(name) for name in columns[2:]}
    return Drawer(
        kind=kind,
        table=table,
        one=select(table.c.body).where(mine, table.c.id == bindparam("id")),
        many=many,
        hold=many.order_by(table.c.id).with_for_update(of=table),  # everybody in the same order
        add=Bulk.into(table),
        replace=Bulk(update(table).values(changed).where(*this, table.c.body == given("before")), (*columns, "before")),
        remove=Bulk(delete(table).where(*this), ("administration", "id")),
    )


class SqlRecords:
    """Records by id and by their declared keys."""

    def __init__(self, database: Database, kinds: frozenset[type]) -> None:
        self._database = database
        self._kinds = kinds

    def get(self, kind: type[R], id: str) -> R:
        found = self._database.rows(self._of(kind).one, id=id)
        if not found:
            raise _missing(kind, id)
        return loads(kind, found[0][0])

    def get_many(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        wanted = portable.array(dict.fromkeys(ids))
        return {id: loads(kind, body) for id, body in self._database.rows(self._of(kind).many, ids=wanted)}

    def hold(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        wanted = portable.array(dict.fromkeys(ids))
        return {id: loads(kind, body) for id, body in self._database.rows(self._of(kind).hold, ids=wanted)}

    def find(
        self,
        kind: type[R],
        where: Mapping[str, Any] | None = None,
        *,
        order_by: str = "id",
        after: tuple[Any, str] | None = None,
        limit: int = 1000,
    ) -> Sequence[R]:
        shape, values = asked(where or {}, order_by, after, limit)
        found = self._database.rows(question(self._of(kind).kind, shape), **values)
        return [loads(kind, body) for (body,) in found]

    def add(self, *records: Any) -> None:
        kinds: dict[type, list[Any]] = {}
        for record in records:
            kinds.setdefault(type(record), []).append(record)
        if len(kinds) > 1:
            with self._database.savepoint():
                for some in kinds.values():
                    self._add(some)
        elif records:
            self._add(records)

    def _add(self, records: Sequence[Any]) -> None:
        drawer = self._of(type(records[0]))
        rows = [drawer.row(self._database.administration, record) for record in records]
        try:
            self._database.write(drawer.add, rows, _name(type(records[0]), records[0].id))
        except Conflict as conflict:
            raise Conflict(
                "it exists already",
                where=self._taken(drawer, records),
                remedy="replace it, or use another id",
            ) from conflict

    def _taken(self, drawer: Drawer, records: Sequence[Any]) -> str:
        """Say which of the records could not be added; of many, the first."""
        found = self._database.rows(drawer.many, ids=portable.array(dict.fromkeys(record.id for record in records)))
        return ", ".join(_name(drawer.kind.cls, id) for id, _ in found[:3]) or f"{drawer.kind.name}, twice in one call"

    def replace(self, before: Any, after: Any) -> None:
        kind = type(before)
        if type(after) is not kind or after.id != before.id:
            raise InvalidValue(
                "one record cannot take the place of another",
                where=_name(kind, before.id),
                remedy="remove it and add one",
            )
        drawer = self._of(kind)
        row = drawer.row(self._database.administration, after)
        exchange(
            lambda body: self._database.write(drawer.replace, [(*row, body)], _name(kind, before.id)),
            lambda: self._database.rows(drawer.one, id=before.id),
            before,
            where=_name(kind, before.id),
        )

    def remove(self, kind: type, id: str) -> None:
        if not self._database.write(self._of(kind).remove, [(self._database.administration, id)], _name(kind, id)):
            raise _missing(kind, id)

    def _of(self, kind: type) -> Drawer:
        found = kind_of(kind)
        if found.cls not in self._kinds:
            raise InvalidValue(
                "these books do not keep it", where=found.name, remedy=f"open them with records=({kind.__name__}, …)"
            )
        return _drawer(found)


def exchange(
    change: Callable[[str], int], kept: Callable[[], Sequence[Sequence[Any]]], before: Any, *, where: str
) -> None:
    """Change what is kept, if it still is ``before``: written the same, or at least saying the same (1.0 and 1.00).

    Raises:
        Conflict: when it is not, or nothing is kept.
    """
    if change(dumps(before)):
        return
    body = next((row[0] for row in kept()), None)
    if body is None or loads(type(before), body) != before or not change(body):
        raise Conflict("somebody changed it first", where=where, remedy="read it again and retry")


def _name(kind: type, id: str) -> str:
    return f"{kind_of(kind).name} {id}"


def _missing(kind: type, id: str) -> NotFound:
    return NotFound("there is none", where=_name(kind, id), remedy="look at the id, or add it first")
