"""The run: everyone who is due, a batch of payers at a time, each batch one transaction.

A failed computation sets one payer aside without touching the database; a failed write rolls the batch back and
repeats it by halves (law L19). What is not done stays on the agenda, so running again does the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

import attrs

from .domain.agenda import AgendaRow
from .domain.drafts import Draft
from .domain.errors import AdapterFailure, BillingError
from .domain.events import Actor
from .domain.exact import EXACT, ZERO
from .domain.invoices import Invoice
from .domain.money import Money
from .domain.parties import Party
from .domain.ports.storage import Store, UnitOfWork, ours
from .domain.reports import Failure, RunReport
from .issuing import Issue, Issuer, corrected_documents
from .reckoning import Facts, Reckoner


@attrs.frozen(kw_only=True)
class Outcome:
    """What one batch did: the documents, who failed, and the last payer that it looked at."""

    documents: tuple[Invoice, ...] = ()
    failures: tuple[Failure, ...] = ()
    last: str = ""


@attrs.frozen(kw_only=True)
class Reckoned:
    """What is to be billed to one payer, with everybody whom it concerns, and when to ask again."""

    payer: str
    parties: Mapping[str, Party]
    drafts: tuple[Draft, ...]
    answers: tuple[AgendaRow, ...]


@attrs.frozen(kw_only=True)
class Run:
    """One run over everyone who is due."""

    reckoner: Reckoner
    issuer: Issuer
    books: UnitOfWork
    until: date
    on: date
    by: Actor
    at: datetime | None

    def __call__(self, *, batch: int, watch: Callable[[Sequence[Invoice]], None] | None) -> RunReport:
        """Bill all payers in batches; hand the documents of each to ``watch`` once they are committed."""
        documents = 0
        totals: dict[str, Decimal] = {}
        failures: list[Failure] = []
        after = ""
        while (outcome := self._batch(after, batch)).last:
            after = outcome.last
            documents += len(outcome.documents)
            failures.extend(outcome.failures)
            for invoice in outcome.documents:
                sofar = totals.get(invoice.currency, ZERO)
                totals[invoice.currency] = EXACT.add(sofar, invoice.totals.payable)
            if watch is not None and outcome.documents:
                watch(outcome.documents)
            del outcome  # or its documents would lie about while the next batch is computed
        return RunReport(
            documents=documents,
            totals=tuple(Money(totals[currency], currency) for currency in sorted(totals)),
            failures=tuple(failures),
        )

    def _batch(self, after: str, size: int) -> Outcome:
        """Bill the next payers in one transaction; when it cannot be written, each half of them in its own."""
        payers: list[str] = []
        try:
            with self.books(by=self.by, at=self.at) as store:
                rows = ours(store, self.issuer.administration.id).agenda.due(self.until, after=after, limit=size)
                payers = list(dict.fromkeys(row.payer for row in rows))
                return self._bill(store, rows) if rows else Outcome()
        except Exception as error:
            if not payers:
                raise
            if len(payers) == 1:
                return Outcome(failures=(_failure(payers[0], error),), last=payers[0])
            first = self._batch(after, len(payers) // 2)
            second = self._batch(first.last or after, len(payers) - len(payers) // 2)
            return Outcome(
                documents=(*first.documents, *second.documents),
                failures=(*first.failures, *second.failures),
                last=second.last or first.last,
            )

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
        documents = self.issuer.write(store, issues) if issues else []
        store.agenda.answered(answers)
        return Outcome(documents=tuple(documents), failures=tuple(failures), last=rows[-1].payer)

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


def _failure(payer: str, error: Exception) -> Failure:
    if isinstance(error, BillingError):
        return Failure(payer=payer, code=error.code, problem=str(error))
    return Failure(payer=payer, code="unexpected", problem=f"{type(error).__name__}: {error}")
