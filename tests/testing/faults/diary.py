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


class DropsAJournalRow(MemoryJournal):
    """It writes in batches, and loses the last one that is not full."""

    def append(self, events):
        super().append(events[: len(events) // 2 * 2] if len(events) > 2 else events)


class JournalSkipsARowBetweenPages(MemoryJournal):
    def after(self, position, *, limit, party=None):
        return super().after(position + 1 if position else 0, limit=limit, party=party)


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
    def due(self, until, *, after="", last=None, limit):
        return super().due(until, after=after, last=last, limit=limit)[:limit]


class AsksWhatHasNoDay(MemoryAgenda):
    def due(self, until, *, after="", last=None, limit):
        kept = dict(self._rows)
        always = {key: attrs.evolve(row, ask_on=row.ask_on or date.min) for key, row in kept.items()}
        self._transaction.change(agenda=always)
        found = super().due(until, after=after, last=last, limit=limit)
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


class PartWithoutItsLast(MemoryAgenda):
    """A part of the payers ends before its last one, as a range does."""

    def due(self, until, *, after="", last=None, limit):
        found = super().due(until, after=after, last=last, limit=limit)
        return [row for row in found if row.payer != last]


class PartGoesOnToTheEnd(MemoryAgenda):
    def due(self, until, *, after="", last=None, limit):
        return super().due(until, after=after, limit=limit)


class PayersByName(MemoryAgenda):
    """In the order of a language, as a database that is set to one sorts."""

    def payers(self, until, *, after="", limit):
        found = super().payers(until, after="", limit=10**6)
        return sorted((payer for payer in found if payer > after), key=str.casefold)[:limit]


class PayersWithNothingDue(MemoryAgenda):
    def payers(self, until, *, after="", limit):
        return sorted({row.payer for row in self._rows.values() if row.payer > after})[:limit]


class PayersPerRow(MemoryAgenda):
    """Without DISTINCT a payer comes once for each row."""

    def payers(self, until, *, after="", limit):
        rows = (row for row in self._rows.values() if row.ask_on and row.ask_on <= until)
        return sorted(row.payer for row in rows if row.payer > after)[:limit]


class PayersFromTheLastOn(MemoryAgenda):
    """Its next page begins with the payer that it should go on after."""

    def payers(self, until, *, after="", limit):
        last = [after] if after in super().payers(until, limit=10**6) else []
        return [*last, *super().payers(until, after=after, limit=limit)][:limit]


class HoldsInOrderOfKeys(MemoryAgenda):
    """Locks are best taken in one order; the answer has another."""

    def hold(self, agreements):
        return super().hold(sorted(agreements))


class HoldsEachOnce(MemoryAgenda):
    def hold(self, agreements):
        return super().hold(list(dict.fromkeys(agreements)))


class HoldsWhatIsThere(MemoryAgenda):
    """Rows that are not there are left out, as a query does."""

    def hold(self, agreements):
        return [self._rows[key] for key in agreements if key in self._rows]
