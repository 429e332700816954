"""Decisions in a database: in the order in which they were made, found by what they are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from ....codec import dumps, loads
from ....domain.decisions import Decision
from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.ports.sourcing import Window
from . import portable
from .billed import asked
from .counters import draw
from .database import Bulk, Database, given
from .records import exchange
from .tables import decision

_C = decision.c
_MINE = _C.administration == bindparam("administration")
_BODY = select(_C.body).where(_MINE)

_INSIDE = _BODY.select_from(portable.windows_on("windows", decision)).order_by(_C.made)
_GET = _BODY.where(_C.id == bindparam("id"))
_PAGE = _BODY.where(_C.id > bindparam("after")).order_by(_C.id).limit(bindparam("limit"))
_ADD = Bulk.into(decision)
_KEY = {name: given(name) for name in ("source", "agreement", "filed", "fact", "body")}
_REPLACE = Bulk(
    update(decision)
    .values(_KEY)
    .where(_C.administration == given("administration"), _C.id == given("id"), _C.body == given("before")),
    ("administration", "id", *_KEY, "before"),
)


class SqlDecisions:
    """What we decided about what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, windows: Sequence[Window]) -> Sequence[Decision]:
        if not windows:
            return []
        return [loads(Decision, body) for (body,) in self._database.rows(_INSIDE, windows=asked(windows))]

    def page(self, *, after: str = "", limit: int) -> Sequence[Decision]:
        return [loads(Decision, body) for (body,) in self._database.rows(_PAGE, after=after, limit=limit)]

    def get(self, id: str) -> Decision:
        for (body,) in self._database.rows(_GET, id=id):
            return loads(Decision, body)
        raise NotFound("there is none", where=f"decision {id}", remedy="look at the id")

    def add(self, decisions: Sequence[Decision]) -> None:
        if not decisions:
            return
        mine = self._database.administration
        rows = [_row(made) for made in decisions]
        with self._database.savepoint():
            first = draw(self._database, "decisions", len(rows))
            numbered = [(mine, place, *row) for place, row in enumerate(rows, first)]
            try:
                self._database.run(_ADD, numbered, "decisions")
            except Conflict as conflict:
                ids = ", ".join(made.id for made in decisions[:3])
                raise Conflict("it exists already", where=f"decision {ids}", remedy="use another id") from conflict

    def replace(self, before: Decision, after: Decision) -> None:
        where = f"decision {before.id}"
        if before.id != after.id:
            raise InvalidValue("one decision cannot take the place of another", where=where, remedy="withdraw it")
        row = (self._database.administration, *_row(after))
        exchange(
            lambda body: self._database.write(_REPLACE, [(*row, body)], where),
            lambda: self._database.rows(_GET, id=before.id),
            before,
            where=where,
        )


def _row(made: Decision) -> tuple[Any, ...]:
    key = made.key
    return (made.id, key.source, key.agreement, key.filed.isoformat(), key.fact, dumps(made))
