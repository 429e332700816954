"""Stores with one fault each, of the kind that real ones have."""

from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from decimal import Decimal

import attrs

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.adapters.storage.memory.agenda import MemoryAgenda
from fanbilling.adapters.storage.memory.billed import MemoryBilled, MemoryDecisions
from fanbilling.adapters.storage.memory.documents import MemoryDocuments
from fanbilling.adapters.storage.memory.journal import MemoryJournal
from fanbilling.adapters.storage.memory.ledger import MemoryLedger
from fanbilling.adapters.storage.memory.state import State
from fanbilling.domain.agenda import AgendaRow
from fanbilling.domain.chain import chain
from fanbilling.domain.errors import BillingError, Conflict, DateBeforeSeries, InvalidValue, NotFound


def books_with(part, cls):
    """Books whose stores have one faulty part."""

    class Faulty(MemoryStore):
        def __init__(self, administration, transaction):
            super().__init__(administration, transaction)
            setattr(self, part, cls(transaction))

    return books_of(Faulty)


def books_of(cls):
    """Books that open a faulty kind of store."""
    return type("Books", (MemoryBooks,), {"store": cls})


# ------------------------------------------------------------------------------------------------------- transactions


class CommitsDespiteAnError(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        failure = None
        with super().__call__(**who) as store:
            try:
                yield store
            except Exception as error:  # noqa: BLE001 - that is the fault
                failure = error
        if failure:
            raise failure


class ForgetsToCommit(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        before = self._state
        with super().__call__(**who) as store:
            yield store
        self._state = before


class SwallowsTheError(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        with suppress(Exception), super().__call__(**who) as store:
            yield store


class StaysOpen(MemoryBooks):
    """Its stores go on to answer after their transaction, each from what it last saw."""

    @contextmanager
    def __call__(self, **who):
        with super().__call__(**who) as store:
            yield store
        store._transaction._ended = False


class SavepointUndoesNothing(MemoryStore):
    def savepoint(self):
        return nullcontext()


class SavepointSwallowsTheError(MemoryStore):
    @contextmanager
    def savepoint(self):
        with suppress(Exception), super().savepoint():
            yield


class SavepointUndoesTheTransaction(MemoryStore):
    @contextmanager
    def savepoint(self):
        try:
            yield
        except BaseException:
            self._transaction._state = State()
            raise


class OnlyTheOuterSavepointCounts(MemoryStore):
    depth = 0

    @contextmanager
    def savepoint(self):
        self.depth += 1
        try:
            with super().savepoint() if self.depth == 1 else nullcontext():
                yield
        finally:
            self.depth -= 1


class AgendaOutsideTheSavepoint(MemoryStore):
    """Whoever undoes a list of changes may forget one kind of them."""

    @contextmanager
    def savepoint(self):
        try:
            with super().savepoint():
                try:
                    yield
                finally:
                    touched = self._transaction.state.agenda
        except BaseException:
            self._transaction.change(agenda=touched)
            raise


class OneAdministrationForAll(MemoryBooks):
    def __init__(self, administration="nl", shared=None):
        super().__init__(administration)
        self._shared = shared or self

    @contextmanager
    def __call__(self, **who):
        self._state = self._shared._state
        with super().__call__(**who) as store:
            yield store
        self._shared._state = self._state


# ------------------------------------------------------------------------------------------------------------ records


class NothingForMissing(MemoryStore):
    def get(self, kind, id):
        return self.get_many(kind, [id]).get(id)


class KeyErrorForMissing(MemoryStore):
    def get(self, kind, id):
        return self.get_many(kind, [id])[id]


class AddsOverWhatIsThere(MemoryStore):
    def add(self, *records):
        for record in records:
            self._keep(type(record), {**self._kept(type(record)), record.id: record})


class AddsUntilItFails(MemoryStore):
    """It keeps what came before the record that was refused, whatever a savepoint says."""

    def add(self, *records):
        for record in records:
            try:
                super().add(record)
            except Conflict:
                return


class ReplacesWhatItHasNotSeen(MemoryStore):
    def replace(self, before, after):
        if type(before) is type(after) and before.id == after.id:
            before = self.get_many(type(before), [before.id]).get(before.id, before)
        super().replace(before, after)


class FoldsUpperAndLowerCase(MemoryStore):
    def get(self, kind, id):
        folded = {key.casefold(): record for key, record in self._kept(kind).items()}
        if id.casefold() not in folded:
            raise NotFound("there is none")
        return folded[id.casefold()]


class FindsByAnything(MemoryStore):
    def find(self, kind, where=None, **page):
        try:
            return super().find(kind, where, **page)
        except InvalidValue:
            return []


class PageSkipsARow(MemoryStore):
    """Its next page begins after all that are equal to the last one."""

    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        return super().find(kind, where, order_by=order_by, after=after and (after[0], "\U0010ffff"), limit=limit)


class PageRepeatsARow(MemoryStore):
    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        return super().find(kind, where, order_by=order_by, after=after and (after[0], ""), limit=limit)


class LeavesOutWhatIsAbsent(MemoryStore):
    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        found = super().find(kind, where, order_by=order_by, after=after, limit=limit)
        return [record for record in found if getattr(record, order_by) is not None]


# -------------------------------------------------------------------------------------------------- journal and agenda


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


# ------------------------------------------------------------------------------------------------- billed and decided


class BillsTwice(MemoryBilled):
    """Without a unique index the later entry wins."""

    def append(self, entries):
        for entry in entries:
            with suppress(Conflict):
                super().append([entry])


class ForgetsAnEntry(MemoryBilled):
    """It writes in batches, and loses the last one that is not full."""

    def append(self, entries):
        super().append(entries[: len(entries) // 2 * 2] if len(entries) > 2 else entries)


class WindowExcludesItsDay(MemoryBilled):
    def of(self, windows):
        first = {(window.source, window.agreement, window.since) for window in windows}
        return [e for e in super().of(windows) if (e.key.source, e.key.agreement, e.key.filed) not in first]


class WindowsShowTwice(MemoryBilled):
    def of(self, windows):
        return [entry for window in windows for entry in super(WindowsShowTwice, self).of([window])]


class LinesAsText(MemoryBilled):
    def of_document(self, document):
        return sorted(super().of_document(document), key=lambda entry: str(entry.line))


class MoneyLosesItsDecimals(MemoryBilled):
    def append(self, entries):
        lots = [attrs.evolve(entry.lot, amount=Decimal(f"{entry.lot.amount.normalize():f}")) for entry in entries]
        super().append([attrs.evolve(entry, lot=lot) for entry, lot in zip(entries, lots, strict=True)])


class DecisionsById(MemoryDecisions):
    def of(self, windows):
        return sorted(super().of(windows), key=lambda decision: decision.id)


class WithdrawnComesLast(MemoryDecisions):
    """Deleted and inserted again: what was replaced moves to the end."""

    def replace(self, before, after):
        super().replace(before, after)
        kept = dict(self._transaction.state.decisions)
        kept[after.id] = kept.pop(after.id)
        self._transaction.change(decisions=kept)


# -------------------------------------------------------------------------------------------------- documents, ledger


class NumbersNeverComeBack(MemoryDocuments):
    """The counter is kept elsewhere, and what was drawn for a document that failed is lost."""

    drawn: dict[object, int] = {}  # noqa: RUF012 - shared by all, as the fault has it

    def seal(self, documents, pattern):
        sealed = super().seal(documents, pattern)
        lost = NumbersNeverComeBack.drawn
        if sealed and sealed[0].place == 1 and sealed[0].series == "2026":
            lost.clear()
        state = self._transaction.state
        rows, numbers = dict(state.sealed), dict(state.numbers)
        for document in sealed:
            place = max(lost.get(document.series, 0) + 1, document.place)
            lost[document.series] = place
            number = pattern.format(series=document.series, n=place)
            del numbers[document.number]
            numbers[number] = document.id
            rows[document.id] = attrs.evolve(rows[document.id], number=number)
        self._transaction.change(sealed=rows, numbers=numbers)
        return self._numbered_again(sealed)

    def _numbered_again(self, sealed):
        return [self.get(document.id) for document in sealed]


class OneSeriesForAll(MemoryDocuments):
    def seal(self, documents, pattern):
        return super().seal([attrs.evolve(document, series="2026") for document in documents], pattern)


class DatesGoBack(MemoryDocuments):
    def seal(self, documents, pattern):
        try:
            return super().seal(documents, pattern)
        except DateBeforeSeries:
            last = max(row.on for row in self._sealed.values())
            return super().seal([attrs.evolve(document, on=last) for document in documents], pattern)


class LinksStandAlone(MemoryDocuments):
    def sealed(self, **page):
        rows = super().sealed(**page)
        return [attrs.evolve(row, chain=chain("", row.number, row.body)) for row in rows]


class SealsAgain(MemoryDocuments):
    """The same id again is taken for the same document."""

    def seal(self, documents, pattern):
        try:
            return super().seal(documents, pattern)
        except Conflict:
            return list(self.get_many([document.id for document in documents]).values())


class FloatBalances(MemoryLedger):
    def balances(self):
        sums = {}
        for posting, currency in self._postings():
            key = (posting.account, currency)
            sums[key] = sums.get(key, 0.0) + float(posting.amount)
        return sums


class RoundedFloatBalances(FloatBalances):
    """Rounded in the end, so that small books look right."""

    def balances(self):
        return {key: Decimal(f"{amount:.2f}") for key, amount in super().balances().items()}


class PostsAgain(MemoryLedger):
    def post(self, entries):
        for entry in entries:
            with suppress(BillingError):
                super().post([entry])


class OneCurrency(MemoryLedger):
    def open_items(self, account, *, party=None):
        return {
            (who, item, "EUR"): amount for (who, item, _), amount in super().open_items(account, party=party).items()
        }


class SettledStaysOpen(MemoryLedger):
    def open_items(self, account, *, party=None):
        settled = {
            (posting.party, posting.item, currency): Decimal(0)
            for posting, currency in self._postings()
            if posting.account == account and party in (None, posting.party)
        }
        return settled | super().open_items(account, party=party)


class PostingsByAccount(MemoryLedger):
    def post(self, entries):
        super().post([attrs.evolve(e, postings=tuple(sorted(e.postings, key=lambda p: p.account))) for e in entries])
