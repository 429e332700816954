"""One open transaction on books in memory: records by id and by key, and the way to everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from ....domain.errors import Conflict, InvalidValue, NotFound
from ....domain.records import kind_of
from .agenda import MemoryAgenda
from .billed import MemoryBilled, MemoryDecisions
from .documents import MemoryDocuments
from .finding import page
from .journal import MemoryJournal
from .ledger import MemoryLedger
from .state import Transaction

R = TypeVar("R")


class MemoryStore:
    """One open transaction; what it writes is seen by others when whoever opened it ends it well."""

    def __init__(self, administration: str, transaction: Transaction) -> None:
        self.administration = administration
        self.by, self.at = transaction.by, transaction.at
        self._transaction = transaction
        self.journal = MemoryJournal(transaction)
        self.agenda = MemoryAgenda(transaction)
        self.billed = MemoryBilled(transaction)
        self.decisions = MemoryDecisions(transaction)
        self.documents = MemoryDocuments(transaction)
        self.ledger = MemoryLedger(transaction)

    def counters(self) -> Mapping[str, int]:
        state = self._transaction.state
        return {"journal": len(state.journal)} | {f"series:{name}": len(ids) for name, ids in state.series.items()}

    def savepoint(self) -> AbstractContextManager[None]:
        return self._transaction.savepoint()

    def get(self, kind: type[R], id: str) -> R:
        try:
            return self._kept(kind)[id]
        except KeyError:
            raise _missing(kind, id) from None

    def get_many(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        kept = self._kept(kind)
        return {id: kept[id] for id in ids if id in kept}

    def find(
        self,
        kind: type[R],
        where: Mapping[str, Any] | None = None,
        *,
        order_by: str = "id",
        after: tuple[Any, str] | None = None,
        limit: int = 1000,
    ) -> Sequence[R]:
        kept = self._kept(kind).values()
        return page(kind_of(kind), kept, where or {}, order_by=order_by, after=after, limit=limit)

    def hold(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        return self.get_many(kind, ids)  # one transaction at a time: nobody else is there

    def add(self, *records: Any) -> None:
        with self.savepoint():  # all of them or none
            for record in records:
                kept = self._kept(type(record))
                if record.id in kept:
                    raise Conflict(
                        "it exists already",
                        where=_name(type(record), record.id),
                        remedy="replace it, or use another id",
                    )
                self._keep(type(record), {**kept, record.id: record})

    def replace(self, before: Any, after: Any) -> None:
        kind = type(before)
        if type(after) is not kind or after.id != before.id:
            raise InvalidValue(
                "one record cannot take the place of another",
                where=_name(kind, before.id),
                remedy="remove it and add one",
            )
        kept = self._kept(kind)
        if kept.get(before.id) != before:
            raise Conflict("somebody changed it first", where=_name(kind, before.id), remedy="read it again and retry")
        self._keep(kind, {**kept, after.id: after})

    def remove(self, kind: type, id: str) -> None:
        kept: Mapping[str, Any] = self._kept(kind)
        if id not in kept:
            raise _missing(kind, id)
        self._keep(kind, {key: record for key, record in kept.items() if key != id})

    def _kept(self, kind: type[R]) -> Mapping[str, R]:
        return self._transaction.state.records.get(kind_of(kind).cls, {})

    def _keep(self, kind: type, kept: Mapping[str, Any]) -> None:
        self._transaction.change(records={**self._transaction.state.records, kind: kept})


def _name(kind: type, id: str) -> str:
    return f"{kind_of(kind).name} {id}"


def _missing(kind: type, id: str) -> NotFound:
    return NotFound("there is none", where=_name(kind, id), remedy="look at the id, or add it first")
