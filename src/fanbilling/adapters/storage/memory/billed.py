"""The billed ledger and the decisions in memory: what was asked for, and what we decided about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ....domain.billed import BilledEntry
from ....domain.decisions import Decision
from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.items import ItemKey
from ....domain.ports.sourcing import Window
from .state import Transaction


class MemoryBilled:
    """What issued lines took and gave back."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of(self, windows: Sequence[Window]) -> Sequence[BilledEntry]:
        billed = self._transaction.state.billed
        found = {
            place: entry
            for agreement, since in _earliest(windows).items()
            for place, entry in billed.get(agreement, {}).items()
            if entry.key.filed >= since
        }
        return [found[place] for place in sorted(found)]

    def of_document(self, document: str) -> Sequence[BilledEntry]:
        return sorted(
            (entry for entry in self._all() if entry.document == document),
            key=lambda entry: (entry.line, entry.key, entry.revision),
        )

    def page(
        self, *, client: str | None = None, after: tuple[ItemKey, int] | None = None, limit: int
    ) -> Sequence[BilledEntry]:
        entries = {(entry.key, entry.revision): entry for entry in self._all() if client in (None, entry.client)}
        return [entries[place] for place in sorted(entries) if after is None or place > after][:limit]

    def append(self, entries: Sequence[BilledEntry]) -> None:
        billed = dict(self._transaction.state.billed)
        mine: dict[tuple[str, str], dict[tuple[ItemKey, int], BilledEntry]] = {}
        for entry in entries:
            agreement, place = _agreement(entry.key), (entry.key, entry.revision)
            if agreement not in mine:
                mine[agreement] = dict(billed.get(agreement, {}))
            if place in mine[agreement]:
                raise Conflict(
                    f"revision {entry.revision} is taken: somebody billed it first",
                    where=f"billed {entry.key}",
                    remedy="preview again",
                )
            mine[agreement][place] = entry
        self._transaction.change(billed=billed | mine)

    def _all(self) -> list[BilledEntry]:
        return [entry for entries in self._transaction.state.billed.values() for entry in entries.values()]


class MemoryDecisions:
    """What we decided about what is due."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def of(self, windows: Sequence[Window]) -> Sequence[Decision]:
        earliest = _earliest(windows)
        decisions = self._transaction.state.decisions.values()
        asked = (decision for decision in decisions if _agreement(decision.key) in earliest)
        return [decision for decision in asked if decision.key.filed >= earliest[_agreement(decision.key)]]

    def page(self, *, after: str = "", limit: int) -> Sequence[Decision]:
        decisions = self._transaction.state.decisions
        return [decisions[id] for id in sorted(decisions) if id > after][:limit]

    def get(self, id: str) -> Decision:
        try:
            return self._transaction.state.decisions[id]
        except KeyError:
            raise NotFound("there is none", where=f"decision {id}", remedy="look at the id") from None

    def add(self, decisions: Sequence[Decision]) -> None:
        kept = dict(self._transaction.state.decisions)
        for decision in decisions:
            if decision.id in kept:
                raise Conflict("it exists already", where=f"decision {decision.id}", remedy="use another id")
            kept[decision.id] = decision
        self._transaction.change(decisions=kept)

    def replace(self, before: Decision, after: Decision) -> None:
        if before.id != after.id:
            raise InvalidValue(
                "one decision cannot take the place of another", where=f"decision {before.id}", remedy="withdraw it"
            )
        kept = self._transaction.state.decisions
        if kept.get(before.id) != before:
            raise Conflict("somebody changed it first", where=f"decision {before.id}", remedy="read it again and retry")
        self._transaction.change(decisions={**kept, after.id: after})


def _earliest(windows: Sequence[Window]) -> dict[tuple[str, str], date]:
    """Return from which day on each agreement is asked: windows on one agreement lie inside one another."""
    earliest: dict[tuple[str, str], date] = {}
    for window in windows:
        agreement = (window.source, window.agreement)
        earliest[agreement] = min(earliest.get(agreement, window.since), window.since)
    return earliest


def _agreement(key: ItemKey) -> tuple[str, str]:
    return (key.source, key.agreement)
