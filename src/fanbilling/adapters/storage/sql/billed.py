"""The billed ledger in a database: every field in a column, so that it is the line table of reports as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from ....domain.billed import BilledEntry
from ....domain.errors import Conflict
from ....domain.items import ItemKey, Price
from ....domain.lots import Lot
from ....domain.periods import Period
from ....domain.ports.sourcing import Window
from ....domain.terms import Terms
from ....domain.vat import Tax
from . import portable
from .database import Bulk, Database, day
from .figures import major, minor
from .tables import billed

_C = billed.c
_MINE = _C.administration == bindparam("administration")
_ROWS = select(*billed.columns[1:]).where(_MINE)
_PLACE = (_C.source, _C.agreement, _C.filed, _C.fact, _C.revision)

_INSIDE = _ROWS.select_from(portable.windows_on("windows", billed)).order_by(*_PLACE)
_OF_DOCUMENT = _ROWS.where(_C.document == bindparam("document")).order_by(_C.line, *_PLACE)
_PAGE = (
    _ROWS.where(tuple_(*_PLACE) > tuple_(*(bindparam(f"after_{column.name}", type_=column.type) for column in _PLACE)))
    .order_by(*_PLACE)
    .limit(bindparam("limit"))
)
_PAGE_OF = _PAGE.where(_C.client == bindparam("client"))  # without an index, which every bill would pay for
_BEFORE_ALL = (ItemKey("", "", date.min, ""), -1)
_ADD = Bulk.into(billed)


class SqlBilled:
    """What issued lines took and gave back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, windows: Sequence[Window]) -> Sequence[BilledEntry]:
        if not windows:
            return []
        return [_entry(row) for row in self._database.rows(_INSIDE, windows=asked(windows))]

    def of_document(self, document: str) -> Sequence[BilledEntry]:
        return [_entry(row) for row in self._database.rows(_OF_DOCUMENT, document=document)]

    def page(
        self, *, client: str | None = None, after: tuple[ItemKey, int] | None = None, limit: int
    ) -> Sequence[BilledEntry]:
        key, revision = after or _BEFORE_ALL
        found = self._database.rows(
            _PAGE if client is None else _PAGE_OF,
            **({} if client is None else {"client": client}),
            after_source=key.source,
            after_agreement=key.agreement,
            after_filed=key.filed,
            after_fact=key.fact,
            after_revision=revision,
            limit=limit,
        )
        return [_entry(row) for row in found]

    def append(self, entries: Sequence[BilledEntry]) -> None:
        mine = self._database.administration
        try:
            self._database.write(_ADD, [_row(mine, entry) for entry in entries], "billed")
        except Conflict as conflict:
            raise Conflict(
                "a revision is taken: somebody billed it first", where=self._taken(entries), remedy="preview again"
            ) from conflict

    def _taken(self, entries: Sequence[BilledEntry]) -> str:
        """Say which of the entries are there already."""
        keys = [entry.key for entry in entries]
        there = {
            (entry.key, entry.revision)
            for entry in self.of([Window(key.source, key.agreement, key.filed) for key in keys])
        }
        taken = sorted({entry.key for entry in entries if (entry.key, entry.revision) in there})
        return ", ".join(f"billed {key}" for key in taken[:3]) or "billed, twice in one call"


def asked(windows: Sequence[Window]) -> str:
    """Write windows as one parameter; two on one agreement lie inside one another, and count once."""
    earliest: dict[tuple[str, str], date] = {}
    for window in windows:
        agreement = (window.source, window.agreement)
        since = earliest.get(agreement)
        if since is None or window.since < since:
            earliest[agreement] = window.since
    return portable.array((*agreement, since.isoformat()) for agreement, since in earliest.items())


@lru_cache(maxsize=4096)
def _terms(columns: tuple[str, ...]) -> Terms:
    payer, currency, category, rate, price, per, unit, kind = columns
    return Terms(payer, currency, Tax(category, Decimal(rate)), Price(Decimal(price), Decimal(per), unit), kind)


def _row(administration: str, entry: BilledEntry) -> tuple[Any, ...]:
    key, terms, lot, supplied = entry.key, entry.terms, entry.lot, entry.supplied
    currency, price = terms.currency, terms.price
    return (
        administration,
        key.source,
        key.agreement,
        key.filed.isoformat(),
        key.fact,
        entry.revision,
        entry.document,
        entry.line,
        terms.payer,
        currency,
        terms.tax.category,
        f"{terms.tax.rate:f}",
        f"{price.amount:f}",
        f"{price.per:f}",
        price.unit,
        terms.document,
        f"{lot.quantity:f}",
        minor(lot.amount, currency),
        minor(entry.vat, currency),
        entry.on.isoformat(),
        entry.client,
        entry.account,
        entry.text,
        entry.title,
        None if supplied is None else supplied.start.isoformat(),
        None if supplied is None else supplied.end.isoformat(),
        entry.reverses,
    )


def _entry(row: Any) -> BilledEntry:
    source, agreement, filed, fact, revision, document, line = row[:7]
    terms = _terms(tuple(row[7:15]))
    quantity, amount, vat, on, client, account, text, title, start, end, reverses = row[15:]
    currency = terms.currency
    return BilledEntry(
        key=ItemKey(source, agreement, day(filed), fact),
        revision=revision,
        document=document,
        line=line,
        terms=terms,
        lot=Lot(Decimal(quantity), major(amount, currency)),
        vat=major(vat, currency),
        on=day(on),
        client=client,
        account=account,
        text=text,
        title=title,
        supplied=None if start is None else Period(day(start), day(end)),
        reverses=reverses,
    )
