"""Faults of the journal and the agenda."""

from datetime import date

import attrs

from fanbilling.adapters.storage.memory.agenda import MemoryAgenda
from fanbilling.adapters.storage.memory.journal import MemoryJournal
from fanbilling.domain.agenda import AgendaRow


class JournalByParty(MemoryJournal):
    def after(self, position, *, limit, party=None):
        found = super().after(position, limit=limit, party=party)
        return sorted(found, key=lambda row: row.event.party)


class PositionsNeverComeBack(MemoryJournal):
    """A sequence of the database: it does not roll back."""

    drawn: dict[object, int] = {}  # noqa: RUF012 - shared by all, as the fault has it

    def append(self, events):
        before = self._transaction.state.journal
        super().append(events)
        after = self._transaction.state.journal
        first = max(PositionsNeverComeBack.drawn.get("last", 0) if before else 0, len(before))
        fresh = [attrs.evolve(row, position=first + n) for n, row in enumerate(after[len(before) :], 1)]
        PositionsNeverComeBack.drawn["last"] = first + len(fresh)
        self._transaction.change(journal=(*before, *fresh))


class TouchMakesItLater(MemoryAgenda):
    def touch(self, touches):
        rows = dict(self._rows)
        super().touch(touches)
        for touch in touches:
            rows[touch.source, touch.agreement] = attrs.evolve(
                self.get(touch.source, touch.agreement), since=touch.since, ask_on=touch.ask_on
            )
        self._transaction.change(agenda=rows)


class PageCutsAPayer(MemoryAgenda):
    def due(self, until, *, after="", limit):
        return super().due(until, after=after, limit=limit)[:limit]


class AsksWhatHasNoDay(MemoryAgenda):
    def due(self, until, *, after="", limit):
        kept = dict(self._rows)
        always = {key: attrs.evolve(row, ask_on=row.ask_on or date.min) for key, row in kept.items()}
        self._transaction.change(agenda=always)
        found = super().due(until, after=after, limit=limit)
        self._transaction.change(agenda=kept)
        return [kept[row.source, row.agreement] for row in found]


class AnswerUndoesATouch(MemoryAgenda):
    def answered(self, rows):
        now = {(row.source, row.agreement): row.version for row in self._rows.values()}
        super().answered([attrs.evolve(row, version=now.get((row.source, row.agreement), 0)) for row in rows])


class AnswerIsForgottenAfterATouch(MemoryAgenda):
    def answered(self, rows):
        now = {(row.source, row.agreement): row.version for row in self._rows.values()}
        super().answered([row for row in rows if now.get((row.source, row.agreement)) == row.version])


class AskedUntilFalls(MemoryAgenda):
    def answered(self, rows):
        super().answered(rows)
        kept = dict(self._rows)
        for row in rows:
            if (row.source, row.agreement) in kept:
                kept[row.source, row.agreement] = attrs.evolve(
                    kept[row.source, row.agreement], asked_until=row.asked_until
                )
        self._transaction.change(agenda=kept)


class AnswerMakesARow(MemoryAgenda):
    def answered(self, rows: list[AgendaRow]):
        mine = {(row.source, row.agreement): row for row in rows}
        self._transaction.change(agenda={**mine, **self._rows})
        super().answered(rows)
