"""The general ledger in a database: a row per posting, in whole cents, so that the database adds up exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from ....domain.errors import Conflict
from ....domain.ledger import LedgerEntry, Posting
from ....domain.ports.sourcing import Between
from .database import Bulk, Database, day
from .figures import major, minor
from .tables import posting

_C = posting.c
_MINE = _C.administration == bindparam("administration")
# An entry without postings is kept as line 0, so that its id stays taken; it adds nothing up.
_BOOKED = (_MINE, _C.line > 0)

_NEXT = select(_C.entry).where(_MINE, _C.entry > bindparam("after")).distinct().order_by(_C.entry)
_NEXT = _NEXT.limit(bindparam("limit"))
# Said twice, and once in so many words: otherwise the index that leaves nobody out cannot be used.
_ON_PARTY = (_C.party == bindparam("party"), _C.party != literal_column("''"))
_ENTRIES = (
    select(_C.entry, _C.kind, _C.on_date, _C.currency, _C.line, _C.account, _C.amount, _C.party, _C.item)
    .where(_MINE)
    .order_by(_C.entry, _C.line)
)
_OF_DAYS = (_C.on_date >= bindparam("first"), _C.on_date <= bindparam("last"))
_PAGE = {
    (party, days): _ENTRIES.where(_C.entry.in_(_NEXT.where(*on_party, *(_OF_DAYS if days else ()))))
    for party, on_party in ((None, ()), (True, _ON_PARTY), (False, (_C.party == "", _C.line > 0)))
    for days in (False, True)
}
_TOTAL = func.sum(_C.amount)
_BALANCES = select(_C.account, _C.currency, _TOTAL).where(*_BOOKED).group_by(_C.account, _C.currency)
_OPEN = (
    select(_C.party, _C.item, _C.currency, _TOTAL)
    .where(*_BOOKED, _C.account == bindparam("account"))
    .group_by(_C.party, _C.item, _C.currency)
    .having(_TOTAL != 0)
)
_OPEN_OF_NOBODY = _OPEN.where(_C.party == "")
_OPEN_OF = _OPEN.where(*_ON_PARTY)
_UNTIL = {
    statement: statement.where(_C.on_date <= bindparam("until"))
    for statement in (_BALANCES, _OPEN, _OPEN_OF, _OPEN_OF_NOBODY)
}
_ADD = Bulk.into(posting)


class SqlLedger:
    """Balanced entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def post(self, entries: Sequence[LedgerEntry]) -> None:
        mine = self._database.administration
        rows = [row for entry in entries for row in _rows(mine, entry)]
        try:
            self._database.write(_ADD, rows, "ledger")
        except Conflict as conflict:
            ids = ", ".join(entry.id for entry in entries[:3])
            raise Conflict("it was posted already", where=f"entry {ids}", remedy="use another id") from conflict

    def entries(
        self, *, party: str | None = None, on: Between | None = None, after: str = "", limit: int
    ) -> Sequence[LedgerEntry]:
        asked: dict[str, Any] = {"party": party} if party else {}
        if on is not None:
            asked |= {"first": on.first or date.min, "last": on.last or date.max}
        statement = _PAGE[None if party is None else bool(party), on is not None]
        found = self._database.rows(statement, after=after, limit=limit, **asked)
        return [_entry(head, rows) for head, rows in groupby(found, key=lambda row: row[:4])]

    def balances(self, *, until: date | None = None) -> dict[tuple[str, str], Decimal]:
        found = self._until(until, _BALANCES)
        return {(account, currency): major(int(total), currency) for account, currency, total in found}

    def open_items(
        self, account: str, *, party: str | None = None, until: date | None = None
    ) -> dict[tuple[str, str, str], Decimal]:
        if party is None:
            found = self._until(until, _OPEN, account=account)
        elif party:
            found = self._until(until, _OPEN_OF, account=account, party=party)
        else:
            found = self._until(until, _OPEN_OF_NOBODY, account=account)
        return {(party, item, currency): major(int(total), currency) for party, item, currency, total in found}

    def _until(self, until: date | None, statement: Select[Any], **asked: Any) -> Sequence[Any]:
        """Ask how it is, or how it was at the end of a day."""
        if until is None:
            return self._database.rows(statement, **asked)
        return self._database.rows(_UNTIL[statement], until=until, **asked)


def _rows(administration: str, entry: LedgerEntry) -> list[tuple[Any, ...]]:
    currency = entry.currency
    head = (administration, entry.id)
    about = (entry.kind, entry.on.isoformat(), currency)
    if not entry.postings:
        return [(*head, 0, *about, "", 0, "", "")]
    return [
        (*head, line, *about, part.account, minor(part.amount, currency), part.party, part.item)
        for line, part in enumerate(entry.postings, 1)
    ]


def _entry(head: Sequence[Any], rows: Iterator[Any]) -> LedgerEntry:
    id, kind, on, currency = head
    postings = tuple(
        Posting(account=account, amount=major(amount, currency), party=party, item=item)
        for *_, line, account, amount, party, item in rows
        if line
    )
    return LedgerEntry(id=id, kind=kind, on=day(on), currency=currency, postings=postings)
