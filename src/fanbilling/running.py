"""The run: everyone who is due, a batch of payers at a time, here or by several workers at once.

What is not done stays on the agenda, so running again does the rest, and nothing twice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from decimal import Decimal

import attrs

from .batches import Batches, Outcome
from .domain.exact import EXACT, ZERO
from .domain.invoices import Invoice
from .domain.money import Money
from .domain.ports.books import ReadingBooks
from .domain.reports import Failure, RunReport

#: How many batches the workers are given ahead: enough that none of them waits, few enough to keep in memory.
AHEAD = 32

Watch = Callable[[Sequence[Invoice]], None]


@attrs.frozen(kw_only=True)
class Run:
    """One run over everyone who is due."""

    batches: Batches
    size: int

    def __call__(self, *, watch: Watch | None, executor: Executor | None) -> RunReport:
        """Bill all payers; hand the documents of each batch to ``watch`` once they are committed."""
        documents = 0
        totals: dict[str, Decimal] = {}
        failures: list[Failure] = []
        for outcome in self._alone() if executor is None else self._together(executor, documents=watch is not None):
            documents += outcome.count
            failures.extend(outcome.failures)
            for currency, total in outcome.totals.items():
                totals[currency] = EXACT.add(totals.get(currency, ZERO), total)
            if watch is not None and outcome.documents:
                watch(outcome.documents)
        return RunReport(
            documents=documents,
            totals=tuple(Money(totals[currency], currency) for currency in sorted(totals)),
            failures=tuple(failures),
        )

    def _alone(self) -> Iterator[Outcome]:
        after = ""
        while (outcome := self.batches.bill(after, self.size)).last:
            after = outcome.last
            yield outcome
            del outcome  # or its documents would lie about while the next batch is computed

    def _together(self, executor: Executor, *, documents: bool) -> Iterator[Outcome]:
        """Hand a range of payers to each worker; the outcomes come in the order of the payers."""
        handed: deque[Future[Outcome]] = deque()
        for after, last in self._ranges():
            handed.append(executor.submit(self.batches.bill_range, after, last, self.size, documents=documents))
            if len(handed) >= AHEAD:
                yield handed.popleft().result()
        while handed:
            yield handed.popleft().result()

    def _ranges(self) -> Iterator[tuple[str, str]]:
        """Yield the ends of each range of payers: after whom, and until whom."""
        after = ""
        while payers := self._payers(after):
            yield after, payers[-1]
            after = payers[-1]

    def _payers(self, after: str) -> Sequence[str]:
        books = self.batches.books
        with books.reading() if isinstance(books, ReadingBooks) else books() as store:
            return self.batches.ours(store).agenda.payers(self.batches.until, after=after, limit=self.size)
