"""The general ledger in memory: entries as they were posted; every balance is added up from them when asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from ....domain.errors import Conflict
from ....domain.exact import ZERO, exactly
from ....domain.ledger import LedgerEntry, Posting
from ....domain.ports.sourcing import Between
from .state import Transaction

K = TypeVar("K")


class MemoryLedger:
    """Balanced entries."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def post(self, entries: Sequence[LedgerEntry]) -> None:
        ledger = dict(self._transaction.state.ledger)
        for entry in entries:
            if entry.id in ledger:
                raise Conflict("it was posted already", where=f"entry {entry.id}", remedy="use another id")
            ledger[entry.id] = entry
        self._transaction.change(ledger=ledger)

    def entries(
        self, *, party: str | None = None, on: Between | None = None, after: str = "", limit: int
    ) -> Sequence[LedgerEntry]:
        ledger = self._transaction.state.ledger
        following = (ledger[id] for id in sorted(ledger) if id > after)
        mine = (entry for entry in following if party is None or party in {part.party for part in entry.postings})
        first, last = (on.first, on.last) if on else (None, None)
        days = (entry for entry in mine if (first or date.min) <= entry.on <= (last or date.max))
        return list(islice(days, limit))

    @exactly
    def balances(self, *, until: date | None = None) -> dict[tuple[str, str], Decimal]:
        sums: dict[tuple[str, str], Decimal] = {}
        for posting, currency in self._postings(until):
            key = (posting.account, currency)
            sums[key] = sums.get(key, ZERO) + posting.amount
        return sums

    @exactly
    def open_items(
        self, account: str, *, party: str | None = None, until: date | None = None
    ) -> dict[tuple[str, str, str], Decimal]:
        sums: dict[tuple[str, str, str], Decimal] = {}
        for posting, currency in self._postings(until):
            if posting.account == account and party in (None, posting.party):
                key = (posting.party, posting.item, currency)
                sums[key] = sums.get(key, ZERO) + posting.amount
        return {key: amount for key, amount in sums.items() if amount}

    def _postings(self, until: date | None) -> Iterator[tuple[Posting, str]]:
        for entry in self._transaction.state.ledger.values():
            if until is None or entry.on <= until:
                for posting in entry.postings:
                    yield posting, entry.currency
