"""The journal in a database: what happened, numbered in the last step, so that no reader passes over a late one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from ....codec import dump_event, load_event
from ....domain.events import Actor, Event, Recorded
from .counters import draw
from .database import Bulk, Database
from .tables import journal

_C = journal.c
_AFTER = (
    select(_C.position, _C.at, _C.by, _C.kind, _C.body)
    .where(_C.administration == bindparam("administration"), _C.position > bindparam("position"))
    .order_by(_C.position)
    .limit(bindparam("limit"))
)
_AFTER_OF = _AFTER.where(_C.party == bindparam("party"))
_ADD = Bulk.into(journal)


class SqlJournal:
    """What happened, in order, for ever."""

    def __init__(self, database: Database, by: Actor, at: datetime) -> None:
        self._database = database
        self._by = by
        self._at = at

    def append(self, events: Sequence[Event]) -> None:
        if not events:
            return
        mine, at, by = self._database.administration, self._at.isoformat(), self._by.id
        ready = [(at, by, *_described(event)) for event in events]
        with self._database.savepoint():
            first = draw(self._database, "journal", len(ready))
            rows = [(mine, position, *row) for position, row in enumerate(ready, first)]
            self._database.run(_ADD, rows, "journal")

    def after(self, position: int, *, limit: int, party: str | None = None) -> Sequence[Recorded]:
        if party is None:
            found = self._database.rows(_AFTER, position=position, limit=limit)
        else:
            found = self._database.rows(_AFTER_OF, position=position, limit=limit, party=party)
        return [
            Recorded(position=position, at=datetime.fromisoformat(at), by=by, event=load_event(kind, body))
            for position, at, by, kind, body in found
        ]


def _described(event: Event) -> tuple[str, str, str, str]:
    kind, body = dump_event(event)
    return (kind, event.party, event.on.isoformat(), body)
