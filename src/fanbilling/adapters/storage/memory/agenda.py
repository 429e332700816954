"""The agenda in memory: one row per agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ....domain.agenda import AgendaRow, Touch
from ....domain.errors import NotFound
from .state import Transaction


class MemoryAgenda:
    """Whom to ask, and when."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def touch(self, touches: Sequence[Touch]) -> None:
        rows = dict(self._rows)
        for touch in touches:
            key = (touch.source, touch.agreement)
            row = rows.get(key)
            rows[key] = row.touched(touch) if row else _first(touch)
        self._transaction.change(agenda=rows)

    def due(self, until: date, *, after: str = "", last: str | None = None, limit: int) -> Sequence[AgendaRow]:
        payers = {payer for payer in self.payers(until, after=after, limit=limit) if last is None or payer <= last}
        due = [row for row in self._sorted() if _is_due(row, until) and row.payer in payers]
        return sorted(due, key=lambda row: row.payer)

    def payers(self, until: date, *, after: str = "", limit: int) -> Sequence[str]:
        return sorted({row.payer for row in self._rows.values() if _is_due(row, until) and row.payer > after})[:limit]

    def hold(self, agreements: Sequence[tuple[str, str]]) -> Sequence[AgendaRow]:
        return [self.get(source, agreement) for source, agreement in agreements]

    def get(self, source: str, agreement: str) -> AgendaRow:
        try:
            return self._rows[source, agreement]
        except KeyError:
            raise NotFound(
                "nobody ever touched it", where=f"agenda {source} {agreement}", remedy="touch it when it is made"
            ) from None

    def of(self, *, client: str | None = None, payer: str | None = None) -> Sequence[AgendaRow]:
        return [row for row in self._sorted() if client in (None, row.client) and payer in (None, row.payer)]

    def all(self, *, after: tuple[str, str] = ("", ""), limit: int) -> Sequence[AgendaRow]:
        return [row for row in self._sorted() if (row.source, row.agreement) > after][:limit]

    def answered(self, rows: Sequence[AgendaRow]) -> None:
        kept = dict(self._rows)
        for row in rows:
            key = (row.source, row.agreement)
            if key in kept:
                kept[key] = kept[key].answered(row)
        self._transaction.change(agenda=kept)

    @property
    def _rows(self) -> Mapping[tuple[str, str], AgendaRow]:
        return self._transaction.state.agenda

    def _sorted(self) -> list[AgendaRow]:
        return [row for _, row in sorted(self._rows.items(), key=lambda pair: pair[0])]


def _is_due(row: AgendaRow, until: date) -> bool:
    return row.ask_on is not None and row.ask_on <= until


def _first(touch: Touch) -> AgendaRow:
    return AgendaRow(
        source=touch.source,
        agreement=touch.agreement,
        client=touch.client,
        payer=touch.payer,
        since=touch.since,
        ask_on=touch.ask_on,
        version=1,
    )
