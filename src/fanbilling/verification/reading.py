"""Reading everything that is kept, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from ..domain.billed import BilledEntry
from ..domain.chain import SealedRow
from ..domain.events import Recorded
from ..domain.ledger import LedgerEntry
from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store

R = TypeVar("R", Payment, Allocation)

PAGE = 1000


def sealed_rows(store: Store) -> Iterator[SealedRow]:
    """Yield all documents as they lie in the archive, by series and place."""
    after = ("", 0)
    while page := store.documents.sealed(after=after, limit=PAGE):
        yield from page
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


def records(store: Store, kind: type[R]) -> Iterator[R]:
    """Yield all records of a kind, by id."""
    after = None
    while page := store.find(kind, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id
