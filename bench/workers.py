"""One worker process against two on the same run, and how far the machine lets two processes compute at once.

Prints what each took as JSON. The pool is warm before the clock starts: its processes run and have imported all.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from bench import world
from fanbilling.adapters.storage.memory import MemoryBooks

DAY = world.month_end(world.MONTH)
COMPUTED = 1000
_together: Barrier


def billed(url: str, processes: int) -> float:
    """Bill everybody with some worker processes; return how long it took."""
    office, books = world.office(), world.opened(url)
    books.create()
    with _pool(processes) as pool:
        start = time.perf_counter()
        report = office.billing.run(books, until=DAY, on=DAY, by=world.BY, at=world.AT, executor=pool)
        seconds = time.perf_counter() - start
    if report.failures:
        raise SystemExit(f"{len(report.failures)} failures: {report.failures[0]}")
    return seconds


def computed(processes: int) -> float:
    """Bill a world that is kept in memory, the same in every process at once; return how long the slowest took."""
    with _pool(processes) as pool:
        return max(pool.map(_compute, range(processes)))


def _pool(processes: int) -> ProcessPoolExecutor:
    context = get_context("spawn")
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(context.Barrier(processes),)
    )
    list(pool.map(_wait, range(processes)))
    return pool


def _begin(together: Barrier) -> None:
    global _together  # noqa: PLW0603 - what a process of a pool is born with
    _together = together


def _wait(_: int) -> None:
    world.office()
    _together.wait(60)


def _compute(_: int) -> float:
    office = world.office()
    books = MemoryBooks("nl")
    world.fill(books, COMPUTED)
    _together.wait(60)
    start = time.perf_counter()
    office.billing.run(books, until=DAY, on=DAY, by=world.BY, at=world.AT)
    return time.perf_counter() - start


if __name__ == "__main__":
    what, processes, *where = sys.argv[1:]
    calls: dict[str, Callable[[], float]] = {
        "billed": lambda: billed(where[0], int(processes)),
        "computed": lambda: computed(int(processes)),
    }
    print(json.dumps({"seconds": calls[what]()}))
