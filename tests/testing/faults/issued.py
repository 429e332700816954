"""Faults of what was billed, decided, issued and booked."""

from contextlib import suppress
from decimal import Decimal

import attrs

from fanbilling.adapters.storage.memory.billed import MemoryBilled, MemoryDecisions
from fanbilling.adapters.storage.memory.documents import MemoryDocuments
from fanbilling.adapters.storage.memory.ledger import MemoryLedger
from fanbilling.domain.chain import chain
from fanbilling.domain.errors import BillingError, Conflict, DateBeforeSeries


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
    def balances(self, *, until=None):
        sums = {}
        for posting, currency in self._postings(until):
            key = (posting.account, currency)
            sums[key] = sums.get(key, 0.0) + float(posting.amount)
        return sums


class RoundedFloatBalances(FloatBalances):
    """Rounded in the end, so that small books look right."""

    def balances(self, **asked):
        return {key: Decimal(f"{amount:.2f}") for key, amount in super().balances(**asked).items()}


class PostsAgain(MemoryLedger):
    def post(self, entries):
        for entry in entries:
            with suppress(BillingError):
                super().post([entry])


class OneCurrency(MemoryLedger):
    def open_items(self, account, *, party=None, until=None):
        return {
            (who, item, "EUR"): amount
            for (who, item, _), amount in super().open_items(account, party=party, until=until).items()
        }


class SettledStaysOpen(MemoryLedger):
    def open_items(self, account, *, party=None, until=None):
        settled = {
            (posting.party, posting.item, currency): Decimal(0)
            for posting, currency in self._postings(until)
            if posting.account == account and party in (None, posting.party)
        }
        return settled | super().open_items(account, party=party, until=until)


class PostingsByAccount(MemoryLedger):
    def post(self, entries):
        super().post([attrs.evolve(e, postings=tuple(sorted(e.postings, key=lambda p: p.account))) for e in entries])
