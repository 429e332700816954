"""The journal in memory: what happened, numbered as it came."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from ....domain.events import Event, Recorded, name_of
from .state import Transaction


class MemoryJournal:
    """What happened, in order, for ever."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def append(self, events: Sequence[Event]) -> None:
        transaction = self._transaction
        journal = transaction.state.journal
        for event in events:
            name_of(type(event))  # an event without a stable name could not be read back
        written = (
            Recorded(position=position, at=transaction.at, by=transaction.by.id, event=event)
            for position, event in enumerate(events, len(journal) + 1)
        )
        transaction.change(journal=(*journal, *written))

    def after(self, position: int, *, limit: int, party: str | None = None) -> Sequence[Recorded]:
        later = islice(self._transaction.state.journal, position, None)
        return list(islice((row for row in later if party is None or row.event.party == party), limit))
