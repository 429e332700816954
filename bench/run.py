"""Measure the billing run beside a floor written by hand, and print how near it comes.

    python3 run.py bench            20,000 clients, a company with three years of history, 100,000 clients once
    python3 run.py bench --quick    the same with few clients, to see that it works
    python3 run.py bench --json     one list of {case, n, per_second, floor_per_second, ratio, peak_mib}

Both bill the same clients in a database of their own and have to write the same rows. The machine may be busy, so the
figure to look at is the ratio: floor before and after each run of the library, the median of five such pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import attrs
from checks import checked, must_agree
from statements import counted
from world import AT, BY, MONTH, build, month_end, office, opened

HERE = Path(__file__).resolve().parent
DAY = month_end(MONTH)


@attrs.frozen
class Case:
    """What is measured: a name, how many clients, how many months were billed before (whole years), how often."""

    name: str
    clients: int
    history: int = 0
    pairs: int = 5


@attrs.frozen(kw_only=True)
class Result:
    """What a case came to; processor time beside time on the wall, for it hardly feels what else the machine does."""

    case: Case
    per_second: float
    floor_per_second: float
    ratio: float
    processor_ratio: float
    processor_us: float
    peak_mib: float

    def row(self) -> dict[str, Any]:
        """Return the result under the names that other programs rely on."""
        return {
            "case": self.case.name,
            "n": self.case.clients,
            "per_second": round(self.per_second),
            "floor_per_second": round(self.floor_per_second),
            "ratio": round(self.ratio, 3),
            "peak_mib": round(self.peak_mib, 1),
        }


FULL = (
    Case("first month", 20_000),
    Case("first month, small", 2_000),
    Case("after 36 months, small", 2_000, history=36),
    Case("first month, large", 100_000, pairs=1),
)
QUICK = (
    Case("first month", 600, pairs=2),
    Case("first month, small", 200, pairs=2),
    Case("after 12 months, small", 200, history=12, pairs=2),
    Case("first month, large", 2_000, pairs=1),
)


def measure(case: Case, folder: Path, say: Any) -> Result:
    """Build the world of a case once, and let floor and library take turns on copies of it."""
    say(f"{case.name}: {case.clients:,} clients")
    world = folder / "world.db"
    build(world, case.clients, history=case.history)
    by_hand: list[dict[str, float]] = []
    by_library: list[dict[str, float]] = []
    written: dict[str, dict[str, Any]] = {}
    for turn in range(2 * case.pairs + 1):
        who = "library" if turn % 2 else "floor"
        took = _run(who, world, folder)
        (by_library if turn % 2 else by_hand).append(took)
        if who not in written:
            written[who] = checked(folder / "run.db", case.clients, DAY.isoformat())
    must_agree(written["floor"], written["library"])
    _remove(world)
    return Result(
        case=case,
        per_second=case.clients / median(took["seconds"] for took in by_library),
        floor_per_second=case.clients / median(took["seconds"] for took in by_hand),
        ratio=median(_ratios("seconds", by_hand, by_library)),
        processor_ratio=median(_ratios("cpu", by_hand, by_library)),
        processor_us=median(took["cpu"] for took in by_library) / case.clients * 1e6,
        peak_mib=max(took["peak_mib"] for took in by_library),
    )


def _ratios(what: str, by_hand: Sequence[dict[str, float]], by_library: Sequence[dict[str, float]]) -> Iterator[float]:
    """Compare each run of the library with the floor just before and just after it."""
    for before, took, after in zip(by_hand, by_library, by_hand[1:], strict=False):
        yield (before[what] + after[what]) / 2 / took[what]


def _run(who: str, world: Path, folder: Path) -> dict[str, float]:
    """Bill a copy of the world in a process of its own."""
    books = folder / "run.db"
    _remove(books)
    shutil.copyfile(world, books)
    with books.open("rb+") as copy:
        os.fsync(copy)  # else the first commit pays for writing the copy
    done = subprocess.run(
        [sys.executable, HERE / "worker.py", who, books], stdout=subprocess.PIPE, check=True, text=True
    )
    took: dict[str, float] = json.loads(done.stdout)
    return took


def _remove(books: Path) -> None:
    for end in ("", "-wal", "-shm"):
        books.with_name(books.name + end).unlink(missing_ok=True)


def statements(folder: Path, clients: int) -> list[int]:
    """Return how many statements each transaction of a run makes, the last of which finds nobody."""
    books_file = folder / "counted.db"
    build(books_file, clients)
    books = opened(books_file)
    books.create()
    with counted() as batches:
        office().billing.run(books, until=DAY, on=DAY, by=BY, at=AT)
    books.close()
    return [len(batch) for batch in batches]


def table(results: Sequence[Result], counts: Sequence[int]) -> str:
    """Write the results for people."""
    head = f"{'case':<24}{'clients':>9}{'bills/s':>9}{'floor/s':>9}{'ratio':>7}"
    lines = [f"{head}{'processor: µs':>15}{'ratio':>7}{'peak MiB':>10}"]
    for result in results:
        row = result.row()
        figures = f"{row['n']:>9,}{row['per_second']:>9,}{row['floor_per_second']:>9,}{row['ratio']:>7.2f}"
        processor = f"{result.processor_us:>15.0f}{result.processor_ratio:>7.2f}"
        lines.append(f"{row['case']:<24}{figures}{processor}{row['peak_mib']:>10.1f}")
    most, first, later, large = results
    slower, busier = first.per_second / later.per_second, later.processor_us / first.processor_us
    growth = large.peak_mib - most.peak_mib
    lines += [
        "",
        f"after {later.case.history} months a run takes {slower:.2f} times the first (of processor: {busier:.2f})",
        f"from {most.case.clients:,} to {large.case.clients:,} clients the peak grows by {growth:.1f} MiB",
        f"statements per batch: {', '.join(map(str, counts))} (the last finds nobody)",
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every case and print the results."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one list for programs")
    parser.add_argument("--quick", action="store_true", help="few clients: see that it works")
    options = parser.parse_args(arguments)

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="fanbilling-bench-") as name:
        folder = Path(name)
        results = [measure(case, folder, say) for case in (QUICK if options.quick else FULL)]
        counts = statements(folder, 1200 if options.quick else 2000)
    if options.json:
        print(json.dumps([result.row() for result in results], indent=2))
    else:
        print(table(results, counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
