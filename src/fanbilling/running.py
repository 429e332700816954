"""The run: everyone who is due, a batch of payers at a time, here or by several workers at once.

What is not done stays on the agenda, so running again does the rest, and nothing twice.
"""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from decimal import Decimal
from functools import cached_property, lru_cache

import attrs

from .batches import Batches, Outcome
from .domain.errors import AdapterFailure
from .domain.exact import EXACT, ZERO
from .domain.invoices import Invoice
from .domain.money import Money
from .domain.ports.books import looking
from .domain.reports import Failure, RunReport

#: How many batches the workers are given ahead: enough that none of them waits, few enough to keep in memory.
AHEAD = 32

Watch = Callable[[Sequence[Invoice]], None]


class Work:
    """The batches of a run as workers get them: a process unpacks them once, and keeps its books open between ranges.

    Args:
        batches: whose ranges they bill.
    """

    def __init__(self, batches: Batches) -> None:
        self.batches = batches

    def __call__(self, after: str, last: str, size: int, *, documents: bool) -> Outcome:
        """Bill a range of payers."""
        return self.batches.bill_range(after, last, size, documents=documents)

    def __reduce__(self) -> tuple[object, ...]:
        return _unpacked, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps(self.batches)


@lru_cache(maxsize=1)  # of one run at a time
def _unpacked(packed: bytes) -> Work:
    return Work(pickle.loads(packed))  # noqa: S301 - what an executor hands over it pickles itself


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
        work = Work(self.batches)
        handed: deque[Future[Outcome]] = deque()
        try:
            for after, last in self._ranges():
                handed.append(executor.submit(work, after, last, self.size, documents=documents))
                if len(handed) >= AHEAD:
                    yield handed.popleft().result()
            while handed:
                yield handed.popleft().result()
        except (BrokenExecutor, CancelledError) as error:
            raise AdapterFailure(
                str(error) or "the work was cancelled",
                where="a worker of the run",
                remedy="run again: what was billed stays billed, and the rest follows",
                retryable=True,
            ) from error
        finally:
            for future in handed:  # whoever gives a run up does not want what nobody began yet
                future.cancel()

    def _ranges(self) -> Iterator[tuple[str, str]]:
        """Yield the ends of each range of payers: after whom, and until whom."""
        after = ""
        while payers := self._payers(after):
            yield after, payers[-1]
            after = payers[-1]

    def _payers(self, after: str) -> Sequence[str]:
        with looking(self.batches.books) as store:
            return self.batches.ours(store).agenda.payers(self.batches.until, after=after, limit=self.size)
