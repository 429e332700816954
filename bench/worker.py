"""One run in a process of its own, so that its peak of memory is its own: prints what it took as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import floor, world
from bench.hands import hand_of
from bench.trades import TRADES

DAY = world.month_end(world.MONTH)
_TICKS = 100  # a second, in the accounts of Linux


def peak_mib() -> float:
    """Return the most memory that this process ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # not getrusage here: a child inherits its parent's peak there
        [kib] = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(kib) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def by_hand(url: str, desk: str) -> Callable[[], int]:
    """Prepare the floor."""
    hand = hand_of(url)
    return lambda: floor.run(hand, TRADES[desk], DAY, DAY, world.AT.isoformat())


def by_library(url: str, _desk: str) -> Callable[[], int]:
    """Prepare the public call that every host makes."""
    office, books = world.office(), world.opened(url)
    books.create()

    def run() -> int:
        report = office.billing.run(books, until=DAY, on=DAY, by=world.BY, at=world.AT)
        if report.failures:
            raise SystemExit(f"{len(report.failures)} failures: {report.failures[0]}")
        return report.documents

    return run


def measured(prepare: Callable[[str, str], Callable[[], int]], url: str, desk: str) -> dict[str, float]:
    """Do the run once and say how long it took, what processors worked for it, and what it held beyond the imports."""
    if not url.startswith("sqlite"):
        import psycopg  # noqa: F401 - it is an import, not what a run holds
    imported = peak_mib()
    run = prepare(url, desk)
    serving = _serving(url)
    server, cpu, wall = _server_seconds(serving), time.process_time(), time.perf_counter()
    documents = run()
    wall, cpu, server = time.perf_counter() - wall, time.process_time() - cpu, _server_seconds(serving) - server
    return {
        "documents": documents,
        "seconds": wall,
        "cpu": cpu,
        "all_cpu": cpu + server,
        "peak_mib": peak_mib() - imported,
    }


def _serving(url: str) -> list[Path]:
    """Return the accounts of the processes that serve us in a database server, where there is one and they are told."""
    if url.startswith("sqlite"):
        return []
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:", 1)) as connection:
        asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        files = [Path(f"/proc/{pid}/stat") for (pid,) in connection.execute(asked)]
    return [file for file in files if file.exists()]


def _server_seconds(serving: list[Path]) -> float:
    fields = [file.read_text().rpartition(")")[2].split() for file in serving]
    return sum(int(user) + int(system) for *_, user, system in (some[:13] for some in fields)) / _TICKS


if __name__ == "__main__":
    who, where, *of = sys.argv[1:]
    which = of[0] if of else "subscriptions"
    print(json.dumps(measured({"floor": by_hand, "library": by_library}[who], where, which)))
