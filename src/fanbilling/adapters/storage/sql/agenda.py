"""The agenda in a database: whom a run has to ask, found without looking at the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, literal_column, or_, select, tuple_, update

from ....domain.agenda import AT_ONCE, AgendaRow, Touch
from ....domain.errors import NotFound
from . import portable
from .database import ONE, Bulk, Database, day, given
from .tables import DAY, agenda

_C = agenda.c
_AT_ONCE: Any = literal_column(f"'{AT_ONCE.isoformat()}'", DAY)
_MINE = _C.administration == bindparam("administration")
_ROWS = select(*agenda.columns[1:]).where(_MINE)
_IN_ORDER = (_C.source, _C.agreement)

_GET = _ROWS.where(_C.source == bindparam("source"), _C.agreement == bindparam("agreement"))
_ALL = _ROWS.where(tuple_(*_IN_ORDER) > tuple_(bindparam("source"), bindparam("agreement")))
_ALL = _ALL.order_by(*_IN_ORDER).limit(bindparam("limit"))
_OF = {
    (True, True): _ROWS.where(_C.client == bindparam("client"), _C.payer == bindparam("payer")),
    (True, False): _ROWS.where(_C.client == bindparam("client")),
    (False, True): _ROWS.where(_C.payer == bindparam("payer")),
    (False, False): _ROWS,
}

_IS_DUE = _C.ask_on <= bindparam("until", type_=DAY)
_NEXT_PAYERS = (
    select(_C.payer)
    .where(_MINE, _IS_DUE, _C.payer > bindparam("after"))
    .distinct()
    .order_by(_C.payer)
    .limit(bindparam("limit"))
)
_UP_TO = _NEXT_PAYERS.where(_C.payer <= bindparam("last"))
_DUE = {
    of_all: _ROWS.where(_IS_DUE, _C.payer.in_(payers)).order_by(_C.payer, *_IN_ORDER).with_for_update(of=agenda)
    for of_all, payers in ((True, _NEXT_PAYERS), (False, _UP_TO))
}
_NAMED = portable.rows_of("agreements", agenda, *_IN_ORDER)
_HOLD = _ROWS.select_from(_NAMED).order_by(*_IN_ORDER).with_for_update(of=agenda)


def _touch() -> Bulk:
    """The statement of :meth:`AgendaRow.touched`: the earliest of both days, or a first row of version 1."""
    names = ("administration", "source", "agreement", "client", "payer", "since", "ask_on")
    first = portable.insert(agenda).values({name: given(name) for name in names} | {"version": ONE})
    new = first.excluded
    ask_on = case((_C.asked_until >= new.since, _AT_ONCE), else_=new.ask_on)
    return Bulk(
        first.on_conflict_do_update(
            index_elements=["administration", "source", "agreement"],
            set_={
                "client": new.client,
                "payer": new.payer,
                "since": case((new.since < _C.since, new.since), else_=_C.since),
                "ask_on": case((or_(_C.ask_on.is_(None), ask_on < _C.ask_on), ask_on), else_=_C.ask_on),
                "version": _C.version + ONE,
            },
        ),
        names,
    )


def _answered() -> Bulk:
    """The statement of :meth:`AgendaRow.answered`, for a list: its days only if nobody touched the row in between."""
    listed = portable.listed("given_answers", _C.source, _C.agreement, _C.version, _C.since, _C.ask_on, _C.asked_until)
    source, agreement, version, since, ask_on, asked_until = listed
    untouched = _C.version == version
    further = or_(_C.asked_until.is_(None), _C.asked_until < asked_until)
    inside = or_(_C.since <= _C.asked_until, _C.since <= asked_until)
    return Bulk(
        update(agenda)
        .values(
            since=case((untouched, since), else_=_C.since),
            ask_on=case((untouched, ask_on), (inside, _AT_ONCE), else_=_C.ask_on),
            asked_until=case((further, asked_until), else_=_C.asked_until),
        )
        .where(_C.administration == given("administration"), _C.source == source, _C.agreement == agreement),
        ("administration", "answers"),
    )


_TOUCH = _touch()
_ANSWERED = _answered()


class SqlAgenda:
    """Whom to ask, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def touch(self, touches: Sequence[Touch]) -> None:
        mine = self._database.administration
        in_order = sorted(touches, key=lambda touch: (touch.source, touch.agreement))  # as everybody holds them
        rows = [
            (mine, t.source, t.agreement, t.client, t.payer, t.since.isoformat(), t.ask_on.isoformat())
            for t in in_order
        ]
        self._database.write(_TOUCH, rows, "agenda")

    def due(self, until: date, *, after: str = "", last: str | None = None, limit: int) -> Sequence[AgendaRow]:
        ends = {} if last is None else {"last": last}
        found = self._database.rows(_DUE[last is None], until=until, after=after, limit=limit, **ends)
        # In order once more: a row may have got another payer while it was waited for.
        return sorted(map(_row, found), key=lambda row: row.payer)

    def payers(self, until: date, *, after: str = "", limit: int) -> Sequence[str]:
        return [payer for (payer,) in self._database.rows(_NEXT_PAYERS, until=until, after=after, limit=limit)]

    def hold(self, agreements: Sequence[tuple[str, str]]) -> Sequence[AgendaRow]:
        wanted = sorted(set(agreements))  # everybody in the same order: then nobody waits for one who waits for him
        found = self._database.rows(_HOLD, agreements=portable.array(wanted)) if wanted else []
        rows = {(row.source, row.agreement): row for row in map(_row, found)}
        for source, agreement in wanted:
            if (source, agreement) not in rows:
                raise _untouched(source, agreement)
        return [rows[name] for name in agreements]

    def get(self, source: str, agreement: str) -> AgendaRow:
        for row in self._database.rows(_GET, source=source, agreement=agreement):
            return _row(row)
        raise _untouched(source, agreement)

    def of(self, *, client: str | None = None, payer: str | None = None) -> Sequence[AgendaRow]:
        asked = {name: value for name, value in (("client", client), ("payer", payer)) if value is not None}
        statement = _OF[client is not None, payer is not None].order_by(*_IN_ORDER)
        return [_row(row) for row in self._database.rows(statement, **asked)]

    def all(self, *, after: tuple[str, str] = ("", ""), limit: int) -> Sequence[AgendaRow]:
        source, agreement = after
        found = self._database.rows(_ALL, source=source, agreement=agreement, limit=limit)
        return [_row(row) for row in found]

    def answered(self, rows: Sequence[AgendaRow]) -> None:
        once = len({(row.source, row.agreement) for row in rows}) == len(rows)  # a list counts once for each row
        for some in [rows] if once else [[row] for row in rows]:
            if some:
                answers = portable.array(
                    (r.source, r.agreement, r.version, r.since.isoformat(), _written(r.ask_on), _written(r.asked_until))
                    for r in some
                )
                self._database.write(_ANSWERED, [(self._database.administration, answers)], "agenda")


def _untouched(source: str, agreement: str) -> NotFound:
    return NotFound("nobody ever touched it", where=f"agenda {source} {agreement}", remedy="touch it when it is made")


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _row(row: Any) -> AgendaRow:
    source, agreement, client, payer, since, ask_on, asked_until, version = row
    return AgendaRow(
        source=source,
        agreement=agreement,
        client=client,
        payer=payer,
        since=day(since),
        ask_on=day(ask_on),
        asked_until=day(asked_until),
        version=version,
    )
