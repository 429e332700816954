"""One run in a process of its own, so that its peak of memory is its own: prints what it took as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import floor
import world

DAY = world.month_end(world.MONTH)


def peak_mib() -> float:
    """Return the most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # not getrusage here: a child inherits its parent's peak there
        [kib] = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(kib) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def by_hand(path: Path) -> Callable[[], int]:
    """Prepare the floor."""
    database = floor.connected(path)
    return lambda: floor.run(database, DAY, DAY, world.AT.isoformat())


def by_library(path: Path) -> Callable[[], int]:
    """Prepare the public call that every host makes."""
    office, books = world.office(), world.opened(path)
    books.create()

    def run() -> int:
        report = office.billing.run(books, until=DAY, on=DAY, by=world.BY, at=world.AT)
        if report.failures:
            raise SystemExit(f"{len(report.failures)} failures: {report.failures[0]}")
        return report.documents

    return run


def measured(prepare: Callable[[Path], Callable[[], int]], path: Path) -> dict[str, float]:
    """Do the run once and say how long it took and what it held beyond what the imports had."""
    imported = peak_mib()
    run = prepare(path)
    cpu, wall = time.process_time(), time.perf_counter()
    documents = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"documents": documents, "seconds": wall, "cpu": cpu, "peak_mib": peak_mib() - imported}


if __name__ == "__main__":
    who, where = sys.argv[1:]
    print(json.dumps(measured({"floor": by_hand, "library": by_library}[who], Path(where))))
