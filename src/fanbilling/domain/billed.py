"""The billed ledger: per key, what issued lines took (+) and gave back (−)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .exact import EXACT, ZERO
from .items import ItemKey
from .lots import NOTHING, Lot
from .periods import Period
from .terms import Terms


@attrs.frozen(kw_only=True)
class BilledEntry:
    """What one issued line took from, or gave back to, one key.

    ``(key, revision)`` is unique: it is the lock against billing twice. A reversal names in ``reverses`` the revision
    of the line it gives back, one level deep; reversals are never reversed.

    Args:
        document: the id of the document, and ``line`` the number of the line on it.
        lot: quantity and net amount; both negative (or zero) on a reversal.
        vat: this entry's share of the document's VAT.
        account: the ledger account the net amount was booked on.
    """

    key: ItemKey
    revision: int
    document: str
    line: int
    terms: Terms
    lot: Lot
    vat: Decimal
    on: date
    client: str
    account: str
    text: str
    title: str = ""
    supplied: Period | None = None
    reverses: int | None = None


@attrs.frozen(kw_only=True)
class Part:
    """What a document is to take from, or give back to, one key under one set of terms."""

    key: ItemKey
    revision: int
    terms: Terms
    lot: Lot
    reverses: int | None = None


#: What is billed, per key, in the order of the revisions.
Billed = Mapping[ItemKey, Sequence[BilledEntry]]


def left(entries: Iterable[BilledEntry]) -> dict[int, Lot]:
    """Return, per revision of an issued line, what no reversal has taken yet."""
    lines: dict[int, Lot] = {}
    for entry in entries:
        if entry.reverses is None:
            lines[entry.revision] = entry.lot
        else:
            lines[entry.reverses] += entry.lot
    return lines


def vat_left(entries: Iterable[BilledEntry]) -> dict[int, Decimal]:
    """Return, per revision of an issued line, the VAT that no reversal has taken yet."""
    lines: dict[int, Decimal] = {}
    for entry in entries:
        revision = entry.revision if entry.reverses is None else entry.reverses
        lines[revision] = EXACT.add(lines.get(revision, ZERO), entry.vat)
    return lines


def standing(entries: Sequence[BilledEntry]) -> dict[Terms, Lot]:
    """Return what stands billed per terms, after all reversals."""
    lines = left(entries)
    result: dict[Terms, Lot] = {}
    for entry in entries:
        if entry.reverses is None:
            result[entry.terms] = result.get(entry.terms, NOTHING) + lines[entry.revision]
    return result
