"""Measure the billing run beside a floor written by hand, and print how near it comes.

    python3 run.py bench            20,000 clients, a company with three years of history, 100,000 clients once
    python3 run.py bench --quick    the same with few clients, to see that it works
    python3 run.py bench --only projects    the cases of one desk: subscriptions, projects, orders, courses
    python3 run.py bench --json     one list of {case, database, n, per_second, floor_per_second, ratio, peak_mib}

Both bill the same clients in a database of their own, on SQLite and on a PostgreSQL that is started for it, and have to
write the same rows. The machine may be busy, so the figure to look at is the ratio: floor before and after each run of
the library, the median of five such pairs. Then two worker processes against one, and `verify`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import attrs

from bench.checks import checked, must_agree
from bench.places import Files, Place, server
from bench.results import Case, Result, Scaling, others, table
from bench.statements import counted
from bench.trades import TRADES
from bench.verifying import verified
from bench.world import AT, BY, MONTH, build, month_end, office, opened

ROOT = Path(__file__).resolve().parents[1]
DAY = month_end(MONTH)
Say = Callable[[str], None]


@attrs.frozen
class Plan:
    """Everything that is measured."""

    sqlite: Sequence[Case]
    postgresql: Sequence[Case]
    workers: Case
    verified: Sequence[int]
    counted: int


FULL = Plan(
    sqlite=(
        Case("first month", 20_000),
        Case("first month, small", 2_000),
        Case("after 36 months, small", 2_000, history=36),
        Case("first month, large", 100_000, pairs=1),
        Case("projects", 2_000, desk="projects"),
        Case("orders", 2_000, desk="orders"),
        Case("courses", 2_000, desk="courses"),
    ),
    postgresql=(
        Case("first month", 20_000),
        Case("first month, small", 2_000),
        Case("after 36 months, small", 2_000, history=36),
    ),
    workers=Case("two workers", 20_000),
    verified=(20_000, 100_000),
    counted=2_000,
)
QUICK = Plan(
    sqlite=(
        Case("first month", 600, pairs=1),
        Case("first month, small", 50, pairs=1),
        Case("after 12 months, small", 50, history=12, pairs=1),
        Case("first month, large", 1_200, pairs=1),
        *(Case(desk, 50, desk=desk, pairs=1) for desk in ("projects", "orders", "courses")),
    ),
    postgresql=(
        Case("first month", 600, pairs=1),
        Case("first month, small", 50, pairs=1),
        Case("after 12 months, small", 50, history=12, pairs=1),
    ),
    workers=Case("two workers", 1_200, pairs=1),
    verified=(200,),
    counted=600,
)


def measure(case: Case, place: Place, say: Say) -> Result:
    """Build the world of a case once, and let floor and library take turns on copies of it."""
    say(f"{place.name}, {case.name}: {case.clients:,} clients")
    place.begin()
    build(place.world, case.clients, history=case.history, desk=case.desk)
    place.fill()
    by_hand: list[dict[str, float]] = []
    by_library: list[dict[str, float]] = []
    written: dict[str, dict[str, Any]] = {}
    for turn in range(2 * case.pairs + 1):
        who = "library" if turn % 2 else "floor"
        books = place.copied()
        (by_library if turn % 2 else by_hand).append(_told("bench.worker", who, books, case.desk))
        if who not in written:
            written[who] = checked(books, case.clients, DAY.isoformat())
    must_agree(written["floor"], written["library"])
    place.clear()
    return Result(
        case=case,
        database=place.name,
        per_second=case.clients / median(took["seconds"] for took in by_library),
        floor_per_second=case.clients / median(took["seconds"] for took in by_hand),
        ratios=list(_ratios("seconds", by_hand, by_library)),
        processor_ratio=median(_ratios("cpu", by_hand, by_library)),
        whole_ratio=median(_ratios("all_cpu", by_hand, by_library)),
        processor_us=median(took["cpu"] for took in by_library) / case.clients * 1e6,
        peak_mib=max(took["peak_mib"] for took in by_library),
    )


def scale(case: Case, place: Place, say: Say) -> Scaling:
    """Bill the same world with one worker process and with two, in turn."""
    say(f"{place.name}, {case.name}: {case.clients:,} clients")
    place.begin()
    build(place.world, case.clients)
    place.fill()
    took: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    computing = []
    for turn in range(2 * case.pairs + 1):
        processes = 2 if turn % 2 else 1
        books = place.copied()
        took[processes].append(_told("bench.workers", "billed", processes, books))
        checked(books, case.clients, DAY.isoformat())
        if turn % 2:
            alone, beside = (_told("bench.workers", "computed", some)["seconds"] for some in (1, 2))
            computing.append(2 * alone / beside)
    place.clear()
    return Scaling(
        case=case,
        database=place.name,
        per_second=case.clients / median(two["seconds"] for two in took[2]),
        ratios=list(_ratios("seconds", took[1], took[2])),
        computing=computing,
    )


def _ratios(what: str, by_hand: Sequence[dict[str, float]], by_library: Sequence[dict[str, float]]) -> Iterator[float]:
    """Compare each run with the ones just before and just after it."""
    for before, took, after in zip(by_hand, by_library, by_hand[1:], strict=False):
        yield (before[what] + after[what]) / 2 / took[what]


def _told(module: str, *arguments: object) -> dict[str, float]:
    """Let a process of its own do something, and tell what it took."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT)
    took: dict[str, float] = json.loads(done.stdout)
    return took


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


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure every case and print the results."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one list for programs")
    parser.add_argument("--quick", action="store_true", help="few clients: see that it works")
    parser.add_argument("--only", choices=sorted(TRADES), help="measure the cases of one desk, on SQLite")
    options = parser.parse_args(arguments)
    plan = QUICK if options.quick else FULL

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="fanbilling-bench-") as name:
        folder = Path(name)
        if options.only:
            cases = [case for case in plan.sqlite if case.desk == options.only]
            print(table([measure(case, Files(folder), say) for case in cases]))
            return 0
        on_sqlite = [measure(case, Files(folder), say) for case in plan.sqlite]
        with server() as place:
            on_postgresql = [measure(case, place, say) for case in plan.postgresql]
            scaling = scale(plan.workers, place, say)
        checks = [verified(clients, folder).row() for clients in plan.verified]
        counts = statements(folder, plan.counted)
    if options.json:
        rows = [result.row() for result in (*on_sqlite, *on_postgresql, scaling)]
        print(json.dumps([*rows, *checks], indent=2))
    else:
        print("\n\n".join([table(on_sqlite), table(on_postgresql), others(scaling, checks, counts)]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
