"""Issued documents in memory: kept as their sealed text, chained per series, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import attrs

from ....codec import dumps, loads
from ....domain.chain import SealedRow, chain
from ....domain.errors import Conflict, NotFound
from ....domain.invoices import Invoice
from ....domain.numbering import check_date, one_series, written
from .state import Transaction


class MemoryDocuments:
    """Issued documents: written once, never changed."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def seal(self, documents: Sequence[Invoice], pattern: str) -> Sequence[Invoice]:
        if not documents:
            return []
        series, on = one_series([(document.series, document.on) for document in documents])
        state = self._transaction.state
        before = state.series.get(series, ())
        last = state.sealed[before[-1]] if before else None
        check_date(series, on, last.on if last else None)
        sealed, numbers = dict(state.sealed), dict(state.numbers)
        link = last.chain if last else ""
        for place, document in enumerate(documents, len(before) + 1):
            row = _row(document, place, written(pattern, series, place), link)
            if row.id in sealed or row.number in numbers:
                raise Conflict(
                    f"a document with its id, or with number {row.number}, exists already",
                    where=f"document {row.id}",
                    remedy="read it again; let the numbers of two series differ",
                )
            sealed[row.id], numbers[row.number], link = row, row.id, row.chain
        places = (*before, *(document.id for document in documents))
        self._transaction.change(sealed=sealed, numbers=numbers, series={**state.series, series: places})
        return [_numbered(document, sealed[document.id]) for document in documents]

    def get(self, id: str) -> Invoice:
        if id not in self._sealed:
            raise NotFound("there is none", where=f"document {id}", remedy="look at the id")
        return _opened(self._sealed[id])

    def get_many(self, ids: Iterable[str]) -> dict[str, Invoice]:
        return {id: _opened(self._sealed[id]) for id in ids if id in self._sealed}

    def by_number(self, number: str) -> Invoice:
        numbers = self._transaction.state.numbers
        if number not in numbers:
            raise NotFound("there is none", where=f"number {number}", remedy="look at the number")
        return _opened(self._sealed[numbers[number]])

    def page(self, *, payer: str | None = None, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[Invoice]:
        rows = (row for row in self._after(after) if payer in (None, row.payer))
        return [_opened(row) for row in islice(rows, limit)]

    def sealed(self, *, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[SealedRow]:
        return list(islice(self._after(after), limit))

    @property
    def _sealed(self) -> Mapping[str, SealedRow]:
        return self._transaction.state.sealed

    def _after(self, after: tuple[str, int]) -> Iterator[SealedRow]:
        series, place = after
        for name, ids in sorted(self._transaction.state.series.items()):
            if name >= series:
                yield from (self._sealed[id] for id in ids[place if name == series else 0 :])


def _row(document: Invoice, place: int, number: str, previous: str) -> SealedRow:
    body = dumps(document)
    return SealedRow(
        series=document.series,
        place=place,
        number=number,
        id=document.id,
        on=document.on,
        payer=document.payer,
        currency=document.currency,
        total=document.totals.total,
        body=body,
        chain=chain(previous, number, body),
    )


def _numbered(document: Invoice, row: SealedRow) -> Invoice:
    return attrs.evolve(document, number=row.number, place=row.place)


def _opened(row: SealedRow) -> Invoice:
    return _numbered(loads(Invoice, row.body), row)
