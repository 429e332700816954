"""Reading everything that is kept, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from ..domain.billed import BilledEntry
from ..domain.chain import SealedRow
from ..domain.events import Recorded
from ..domain.ledger import LedgerEntry
from ..domain.messages import Message
from ..domain.notices import PlannedNotice
from ..domain.opening import BilledBefore, OldInvoice
from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store

R = TypeVar("R", Payment, Allocation, OldInvoice, BilledBefore, Message, PlannedNotice)

PAGE = 1000


def sealed_pages(store: Store) -> Iterator[Sequence[SealedRow]]:
    """Yield all documents as they lie in the archive, by series and place, in pages."""
    after = ("", 0)
    while page := store.documents.sealed(after=after, limit=PAGE):
        yield page
        after = page[-1].series, page[-1].place


def billed_entries(store: Store) -> Iterator[BilledEntry]:
    """Yield all billed entries, by key and revision."""
    after = None
    while page := store.billed.page(after=after, limit=PAGE):
        yield from page
        after = page[-1].key, page[-1].revision


def ledger_entries(store: Store) -> Iterator[LedgerEntry]:
    """Yield all ledger entries, by id."""
    after = ""
    while page := store.ledger.entries(after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def journal(store: Store) -> Iterator[Recorded]:
    """Yield everything that happened, in order."""
    position = 0
    while page := store.journal.after(position, limit=PAGE):
        yield from page
        position = page[-1].position


def records(
    store: Store, kind: type[R], where: Mapping[str, Any] | None = None, *, order_by: str = "id"
) -> Iterator[R]:
    """Yield the records of a kind that meet all conditions, by one of their keys."""
    after = None
    while page := store.find(kind, where or {}, order_by=order_by, after=after, limit=PAGE):
        yield from page
        after = getattr(page[-1], order_by), page[-1].id
