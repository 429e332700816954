"""Issued documents in a database: the sealed text beside the columns they are found and added up by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import bindparam, select, tuple_

from ....codec import dumps, loads
from ....domain.chain import SealedRow, chain
from ....domain.errors import Conflict, NotFound
from ....domain.invoices import Invoice
from ....domain.numbering import one_series, written
from . import portable
from .counters import draw_numbers, link
from .database import Bulk, Database, day
from .figures import major, minor
from .tables import document as archive

_C = archive.c
_MINE = _C.administration == bindparam("administration")
_ROWS = select(_C.body, _C.number, _C.place).where(_MINE)
_SEALED = select(
    _C.series, _C.place, _C.number, _C.id, _C.on_date, _C.payer, _C.currency, _C.total, _C.body, _C.chain
).where(_MINE)
_IN_ORDER = (_C.series, _C.place)
_AFTER = tuple_(*_IN_ORDER) > tuple_(bindparam("series", type_=_C.series.type), bindparam("place", type_=_C.place.type))

_GET = _ROWS.where(_C.id == bindparam("id"))
_MANY = _ROWS.add_columns(_C.id).select_from(portable.rows_with("ids", archive, _C.id))
_BY_NUMBER = _ROWS.where(_C.number == bindparam("number"))
_PAGE = _ROWS.where(_AFTER).order_by(*_IN_ORDER).limit(bindparam("limit"))
_PAGE_OF = _PAGE.where(_C.payer == bindparam("payer"))
_ARCHIVE = _SEALED.where(_AFTER).order_by(*_IN_ORDER).limit(bindparam("limit"))
_ADD = Bulk.into(archive)


class SqlDocuments:
    """Issued documents: written once, never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seal(self, documents: Sequence[Invoice], pattern: str) -> Sequence[Invoice]:
        if not documents:
            return []
        series, on = one_series([(document.series, document.on) for document in documents])
        ready = [_row(document) for document in documents]  # before the numbers: from then on others wait
        with self._database.savepoint():
            first, head = draw_numbers(self._database, series, len(ready), on)
            numbers = [written(pattern, series, place) for place in range(first, first + len(ready))]
            rows = []
            for place, (number, (id, *columns, body)) in enumerate(zip(numbers, ready, strict=True), first):
                head = chain(head, number, body)
                rows.append((self._database.administration, series, place, id, number, *columns, body, head))
            self._write(rows, numbers)
            link(self._database, series, head)
        return [
            attrs.evolve(document, number=number, place=place)
            for place, (document, number) in enumerate(zip(documents, numbers, strict=True), first)
        ]

    def _write(self, rows: Sequence[tuple[Any, ...]], numbers: Sequence[str]) -> None:
        try:
            self._database.run(_ADD, rows, "documents")
        except Conflict as conflict:
            raise Conflict(
                "a document with one of these ids or numbers exists already",
                where=f"document {numbers[0]}" + (f" to {numbers[-1]}" if len(numbers) > 1 else ""),
                remedy="read it again; let the numbers of two series differ",
            ) from conflict

    def get(self, id: str) -> Invoice:
        for row in self._database.rows(_GET, id=id):
            return _opened(*row)
        raise NotFound("there is none", where=f"document {id}", remedy="look at the id")

    def get_many(self, ids: Iterable[str]) -> dict[str, Invoice]:
        found = self._database.rows(_MANY, ids=portable.array(dict.fromkeys(ids)))
        return {id: _opened(body, number, place) for body, number, place, id in found}

    def by_number(self, number: str) -> Invoice:
        for row in self._database.rows(_BY_NUMBER, number=number):
            return _opened(*row)
        raise NotFound("there is none", where=f"number {number}", remedy="look at the number")

    def page(self, *, payer: str | None = None, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[Invoice]:
        series, place = after
        if payer is None:
            found = self._database.rows(_PAGE, series=series, place=place, limit=limit)
        else:
            found = self._database.rows(_PAGE_OF, series=series, place=place, limit=limit, payer=payer)
        return [_opened(*row) for row in found]

    def sealed(self, *, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[SealedRow]:
        series, place = after
        found = self._database.rows(_ARCHIVE, series=series, place=place, limit=limit)
        return [_sealed(row) for row in found]


def _row(document: Invoice) -> tuple[Any, ...]:
    """Return what is known of a document before its number: its id, its columns, and last its sealed text."""
    totals, currency = document.totals, document.currency
    return (
        document.id,
        document.kind.value,
        document.on.isoformat(),
        document.due.isoformat(),
        document.payer,
        currency,
        minor(totals.taxable, currency),
        minor(totals.tax, currency),
        minor(totals.total, currency),
        minor(totals.payable, currency),
        dumps(document),
    )


def _opened(body: str, number: str, place: int) -> Invoice:
    return attrs.evolve(loads(Invoice, body), number=number, place=place)


def _sealed(row: Any) -> SealedRow:
    series, place, number, id, on, payer, currency, total, body, link = row
    return SealedRow(
        series=series,
        place=place,
        number=number,
        id=id,
        on=day(on),
        payer=payer,
        currency=currency,
        total=major(total, currency),
        body=body,
        chain=link,
    )
