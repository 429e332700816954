"""A batch of payers, billed in one transaction: done whole, done again, or done by halves.

A failed computation sets one payer aside without touching the database. What somebody else's transaction prevented is
tried again a few times; any other failed write rolls the batch back and repeats it by halves (law L19). When the answer
to a commit is lost, the books are asked what became of it, before anything is done twice.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from zlib import crc32

import attrs

from .domain.agenda import AgendaRow
from .domain.drafts import Draft
from .domain.errors import AdapterFailure, BillingError
from .domain.events import Actor
from .domain.exact import EXACT, ZERO
from .domain.invoices import Invoice
from .domain.parties import Party
from .domain.ports.storage import Store, UnitOfWork, ours
from .domain.reports import Failure
from .issuing import Issue, Issuer, corrected_documents
from .reckoning import Facts, Reckoner

#: Milliseconds to wait before each further try.
PAUSES = (20, 100, 500, 2000)


@attrs.frozen(kw_only=True)
class Outcome:
    """What one batch did: the documents, who failed, and the last payer that it looked at.

    Args:
        count: how many documents; it stays when the documents themselves are left behind.
        totals: per currency what they come to.
    """

    count: int = 0
    totals: Mapping[str, Decimal] = attrs.field(factory=dict)
    documents: tuple[Invoice, ...] = ()
    failures: tuple[Failure, ...] = ()
    last: str = ""

    @classmethod
    def of(cls, documents: Sequence[Invoice], failures: Sequence[Failure], last: str) -> Outcome:
        """Count and add up what was issued."""
        totals: dict[str, Decimal] = {}
        for invoice in documents:
            totals[invoice.currency] = EXACT.add(totals.get(invoice.currency, ZERO), invoice.totals.payable)
        return cls(count=len(documents), totals=totals, documents=tuple(documents), failures=tuple(failures), last=last)


@attrs.frozen(kw_only=True)
class Reckoned:
    """What is to be billed to one payer, with everybody whom it concerns, and when to ask again."""

    payer: str
    parties: Mapping[str, Party]
    drafts: tuple[Draft, ...]
    answers: tuple[AgendaRow, ...]


@attrs.frozen(kw_only=True)
class Batches:
    """Bills payers a batch at a time; may be handed to another process, which opens the books itself."""

    reckoner: Reckoner
    issuer: Issuer
    books: UnitOfWork
    until: date
    on: date
    by: Actor
    at: datetime | None

    def bill(self, after: str, size: int, *, last: str | None = None) -> Outcome:
        """Bill the next payers in one transaction; when it cannot be written, each half of them in its own.

        Args:
            last: the last payer to look at; nothing said means everybody.
        """
        payers: list[str] = []
        pauses = iter(PAUSES)
        while True:
            outcome: Outcome | None = None
            try:
                with self._open() as store:
                    rows = self._due(store, after, size, last)
                    payers = list(dict.fromkeys(row.payer for row in rows))
                    outcome = self._bill(store, rows) if rows else Outcome()
            except Exception as error:
                if _can_pass(error):
                    if outcome is not None and (kept := self._kept(outcome)):
                        return kept
                    if _waited(pauses, after):
                        continue
                if not payers:
                    raise
                if len(payers) == 1:
                    return Outcome(failures=(_failure(payers[0], error),), last=payers[0])
                return self._by_halves(after, payers)
            else:
                return outcome

    def _by_halves(self, after: str, payers: Sequence[str]) -> Outcome:
        half = len(payers) // 2
        first = self.bill(after, half, last=payers[-1])
        second = self.bill(first.last or after, len(payers) - half, last=payers[-1])
        return Outcome.of((*first.documents, *second.documents), (*first.failures, *second.failures), payers[-1])

    def bill_range(self, after: str, last: str, size: int, *, documents: bool) -> Outcome:
        """Bill all payers after one and up to another: what a worker is given to do.

        Args:
            documents: whether they are handed back, or only what they come to.
        """
        done = Outcome()
        while (outcome := self.bill(after, size, last=last)).last:
            after = outcome.last
            done = Outcome.of((*done.documents, *outcome.documents), (*done.failures, *outcome.failures), outcome.last)
        return done if documents else attrs.evolve(done, documents=())

    def _open(self) -> AbstractContextManager[Store]:
        return self.books(by=self.by, at=self.at)

    def _due(self, store: Store, after: str, size: int, last: str | None) -> Sequence[AgendaRow]:
        """Return whom to ask next, and hold them."""
        agenda = self.ours(store).agenda
        while True:
            rows = agenda.due(self.until, after=after, last=last, limit=size)
            # While we waited for them, another run may have billed all of these; there may be more behind them.
            more = [] if rows else agenda.payers(self.until, after=after, limit=1)
            if not more or (last is not None and more[0] > last):
                return rows

    def _kept(self, outcome: Outcome) -> Outcome | None:
        """Return the outcome if its transaction was kept after all, although nobody was told so."""
        ids = [document.id for document in outcome.documents]
        if not ids:
            return None
        found = self._found(ids)
        if len(found) < len(ids):
            return None
        return Outcome.of([found[id] for id in ids], outcome.failures, outcome.last)

    def _found(self, ids: Sequence[str]) -> Mapping[str, Invoice]:
        pauses = iter(PAUSES)
        while True:
            try:
                with self._open() as store:
                    return self.ours(store).documents.get_many(ids)
            except AdapterFailure as error:
                if not (_can_pass(error) and _waited(pauses, ids[0])):
                    raise

    def ours(self, store: Store) -> Store:
        """Return a store of our administration, or refuse it (law L20)."""
        return ours(store, self.issuer.administration.id)

    def _bill(self, store: Store, rows: Sequence[AgendaRow]) -> Outcome:
        """Compute every payer, then write everything in a fixed number of statements."""
        payers = [list(mine) for _, mine in groupby(rows, key=lambda row: row.payer)]
        issues: list[Issue] = []
        answers: list[AgendaRow] = []
        failures: list[Failure] = []
        reckoned = self._reckoned(store, payers, failures)
        corrected = corrected_documents(store, [draft for one in reckoned for draft in one.drafts])
        while reckoned:
            one = reckoned.popleft()  # let go of when it has become a document: a batch is kept small
            try:
                prepared = [self.issuer.prepare(draft, one.parties, corrected) for draft in one.drafts]
            except Exception as error:  # noqa: BLE001  (whatever a setting does wrong, the others go on)
                failures.append(_failure(one.payer, error))
            else:
                issues.extend(prepared)
                answers.extend(one.answers)
        store.agenda.answered(answers)  # before the numbers: from then on others wait
        documents = self.issuer.write(store, issues) if issues else []
        return Outcome.of(documents, failures, rows[-1].payer)

    def _reckoned(self, store: Store, payers: Sequence[list[AgendaRow]], failures: list[Failure]) -> deque[Reckoned]:
        """Compute the drafts of every payer; what they were computed from is let go of."""
        reckoned: deque[Reckoned] = deque()
        for mine, facts in self._facts(store, payers, failures):
            payer = mine[0].payer
            try:
                drafts = self.reckoner.drafts(facts, mine, until=self.until, on=self.on)
                answers = tuple([self.reckoner.answered(facts, row, self.until) for row in mine])
            except Exception as error:  # noqa: BLE001  (whatever a source does wrong, the others go on)
                failures.append(_failure(payer, error))
            else:
                parties = facts.conditions.parties
                reckoned.append(Reckoned(payer=payer, parties=parties, drafts=drafts, answers=answers))
        return reckoned

    def _facts(
        self, store: Store, payers: Sequence[list[AgendaRow]], failures: list[Failure]
    ) -> list[tuple[list[AgendaRow], Facts]]:
        """Read the facts of many payers at once; when that fails, of each half, down to the one who is the cause."""
        try:
            facts = self.reckoner.read(store, [row for mine in payers for row in mine], self.until)
        except AdapterFailure:
            raise
        except Exception as error:  # noqa: BLE001  (a source of somebody else's may raise anything)
            if len(payers) == 1:
                failures.append(_failure(payers[0][0].payer, error))
                return []
            half = len(payers) // 2
            return [*self._facts(store, payers[:half], failures), *self._facts(store, payers[half:], failures)]
        return [(mine, facts) for mine in payers]


def _can_pass(error: Exception) -> bool:
    return isinstance(error, AdapterFailure) and error.retryable


def _waited(pauses: Iterator[int], whose: str) -> bool:
    """Wait before another try, a little apart from others who collided; or say that there were enough."""
    if pause := next(pauses, 0):
        time.sleep(pause * (1 + crc32(whose.encode()) % 100 / 100) / 1000)
    return bool(pause)


def _failure(payer: str, error: Exception) -> Failure:
    if isinstance(error, BillingError):
        return Failure(payer=payer, code=error.code, problem=str(error))
    return Failure(payer=payer, code="unexpected", problem=f"{type(error).__name__}: {error}")
