"""The run: everyone who is due, a batch of payers at a time, each batch one transaction.

A failed computation sets one payer aside without touching the database; a failed write rolls the batch back and
repeats it by halves (law L19). What is not done stays on the agenda, so running again does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import groupby

import attrs

from .domain.agenda import AgendaRow
from .domain.errors import AdapterFailure, BillingError, Conflict
from .domain.events import Actor
from .domain.invoices import Invoice
from .domain.money import Money
from .domain.ports.storage import Store, UnitOfWork
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
        totals: dict[str, Money] = {}
        failures: list[Failure] = []
        after = ""
        while (outcome := self._batch(after, batch)).last:
            after = outcome.last
            documents += len(outcome.documents)
            failures.extend(outcome.failures)
            for invoice in outcome.documents:
                totals[invoice.currency] = totals.get(invoice.currency, Money.zero(invoice.currency)) + invoice.payable
            if watch is not None and outcome.documents:
                watch(outcome.documents)
        return RunReport(
            documents=documents, totals=tuple(totals[currency] for currency in sorted(totals)), failures=tuple(failures)
        )

    def _batch(self, after: str, size: int) -> Outcome:
        """Bill the next payers in one transaction; when it cannot be written, fewer of them."""
        try:
            with self.books(by=self.by, at=self.at) as store:
                rows = store.agenda.due(self.until, after=after, limit=size)
                return self._bill(store, rows) if rows else Outcome()
        except (Conflict, AdapterFailure) as error:
            if size > 1:
                return self._batch(after, size // 2)
            failed = _first_due(self.books, self.by, self.until, after)
            return Outcome(failures=(_failure(failed, error),), last=failed) if failed else Outcome()

    def _bill(self, store: Store, rows: Sequence[AgendaRow]) -> Outcome:
        """Compute every payer, then write everything in a fixed number of statements."""
        payers = [list(mine) for _, mine in groupby(rows, key=lambda row: row.payer)]
        issues: list[Issue] = []
        answers: list[AgendaRow] = []
        failures: list[Failure] = []
        for mine, facts in self._facts(store, payers, failures):
            try:
                drafts = self.reckoner.drafts(facts, mine, until=self.until, on=self.on)
                corrected = corrected_documents(store, drafts)
                prepared = [self.issuer.prepare(draft, facts.conditions.parties, corrected) for draft in drafts]
                following = [self.reckoner.answered(facts, row, self.until) for row in mine]
            except Exception as error:  # noqa: BLE001  (whatever a source or a setting does wrong, the others go on)
                failures.append(_failure(mine[0].payer, error))
            else:
                issues.extend(prepared)
                answers.extend(following)
        documents = self.issuer.write(store, issues) if issues else []
        store.agenda.answered(answers)
        return Outcome(documents=tuple(documents), failures=tuple(failures), last=rows[-1].payer)

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


def _first_due(books: UnitOfWork, by: Actor, until: date, after: str) -> str:
    """Return the next payer who is due, to name the one whose bill cannot be written."""
    with books(by=by) as store:
        rows = store.agenda.due(until, after=after, limit=1)
        return rows[0].payer if rows else ""


def _failure(payer: str, error: Exception) -> Failure:
    if isinstance(error, BillingError):
        return Failure(payer=payer, code=error.code, problem=str(error))
    return Failure(payer=payer, code="unexpected", problem=f"{type(error).__name__}: {error}")
