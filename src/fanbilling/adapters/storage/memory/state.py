"""All that the books hold at one moment, and the transaction that moves from one moment to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import attrs

from ....domain.agenda import AgendaRow
from ....domain.billed import BilledEntry
from ....domain.chain import SealedRow
from ....domain.decisions import Decision
from ....domain.errors import RuleViolation
from ....domain.events import Actor, Recorded, acting
from ....domain.items import ItemKey
from ....domain.ledger import LedgerEntry


@attrs.frozen(kw_only=True)
class State:
    """The books at one moment, as one value that never changes.

    A write makes the next value beside it and shares whatever stayed the same, so to undo anything is to go back to an
    earlier value: nothing can be forgotten on the way.

    Args:
        records: per kind, by id.
        journal: position 1 first.
        agenda: by (source, agreement).
        billed: per (source, agreement), by (key, revision).
        decisions: by id, in the order in which they were made.
        sealed: documents by id.
        numbers: the id of the document with a number.
        series: per series the ids of its documents, place 1 first.
        ledger: entries by id.
    """

    records: Mapping[type, Mapping[str, Any]] = attrs.field(factory=dict)
    journal: tuple[Recorded, ...] = ()
    agenda: Mapping[tuple[str, str], AgendaRow] = attrs.field(factory=dict)
    billed: Mapping[tuple[str, str], Mapping[tuple[ItemKey, int], BilledEntry]] = attrs.field(factory=dict)
    decisions: Mapping[str, Decision] = attrs.field(factory=dict)
    sealed: Mapping[str, SealedRow] = attrs.field(factory=dict)
    numbers: Mapping[str, str] = attrs.field(factory=dict)
    series: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    ledger: Mapping[str, LedgerEntry] = attrs.field(factory=dict)


class Transaction:
    """Work in progress on the books: what it sees now, who does it and at which moment."""

    def __init__(self, state: State, by: Actor, at: datetime) -> None:
        acting(by, at)
        self.by = by
        self.at = at
        self._state = state
        self._ended = False

    @property
    def state(self) -> State:
        """The books as this transaction sees them.

        Raises:
            RuleViolation: when it has ended.
        """
        if self._ended:
            raise RuleViolation("the transaction has ended", where="store", remedy="open the books again")
        return self._state

    def change(self, **parts: Any) -> None:
        """Go on with other values for some parts of the books."""
        self._state = attrs.evolve(self.state, **parts)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Go back to the books as they are now when what follows fails."""
        before = self.state
        try:
            yield
        except BaseException:
            self._state = before
            raise

    def end(self) -> State:
        """Refuse whatever comes after this, and return the books as they were left."""
        state, self._ended = self.state, True
        return state
