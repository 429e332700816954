"""Measure how fast `verify` reads the books, and that its memory does not grow with them, sound or ruined.

    python -m bench.verifying 20000 100000

For each number of clients: one month billed, every tenth client has paid, and `verify` in a process of its own.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from bench.worker import by_library, peak_mib
from bench.world import AT, BY, MONTH, build, month_end, office, opened
from fanbilling import Money, Payment, verify

TABLES = ("document", "billed", "posting", "journal", "receivables_payment", "receivables_allocation")
CHUNK = 500
ROOT = Path(__file__).resolve().parents[1]


@attrs.frozen(kw_only=True)
class Verified:
    """What verifying the books of some clients took; ``ruined_peak_mib`` with every billed amount a cent wrong."""

    clients: int
    rows: int
    per_second: float
    peak_mib: float
    ruined_peak_mib: float

    def row(self) -> dict[str, Any]:
        """Return it under the names that other programs rely on."""
        return {
            "case": "verify",
            "n": self.clients,
            "rows": self.rows,
            "per_second": round(self.per_second),
            "peak_mib": round(self.peak_mib, 1),
            "ruined_peak_mib": round(self.ruined_peak_mib, 1),
        }


def verified(clients: int, folder: Path) -> Verified:
    """Build the books of some clients, and verify them, first sound and then ruined."""
    path = folder / f"verify-{clients}.db"
    build(path, clients)
    by_library(f"sqlite:///{path}")()
    _pay(path, range(0, clients, 10))
    rows = _rows(path)
    sound = _in_a_process_of_its_own(path)
    if sound["findings"]:
        raise SystemExit(f"sound books have {sound['findings']} findings")
    _ruin(path)
    ruined = _in_a_process_of_its_own(path)
    if not ruined["findings"]:
        raise SystemExit("ruined books have no findings")
    for file in folder.glob(f"{path.name}*"):
        file.unlink()
    return Verified(
        clients=clients,
        rows=rows,
        per_second=rows / sound["seconds"],
        peak_mib=sound["peak_mib"],
        ruined_peak_mib=ruined["peak_mib"],
    )


def _pay(path: Path, clients: range) -> None:
    """Let some clients pay 10.00 on account of what they owe."""
    books, desk = opened(path), office().receivables
    for some in _chunks(clients):
        with books(by=BY, at=AT) as store:
            for number in some:
                payer = f"c{number:06}"
                paid = Payment(id=f"p{number:06}", payer=payer, on=month_end(MONTH), amount=Money.of(10, "EUR"))
                desk.receive(store, paid)
    books.close()


def _chunks(numbers: range) -> Iterator[range]:
    return (numbers[first : first + CHUNK] for first in range(0, len(numbers), CHUNK))


def _rows(path: Path) -> int:
    database = sqlite3.connect(path)
    try:
        return sum(database.execute(f"SELECT count(*) FROM fb_{table}").fetchone()[0] for table in TABLES)
    finally:
        database.close()


def _ruin(path: Path) -> None:
    database = sqlite3.connect(path)
    with database:
        database.execute("DROP TRIGGER fb_billed_no_update")
        database.execute("UPDATE fb_billed SET amount = amount + 1")
    database.close()


def _in_a_process_of_its_own(path: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.verifying", path], stdout=subprocess.PIPE, check=True, text=True
    )
    took: dict[str, float] = json.loads(done.stdout)
    return took


def _measured(path: Path) -> dict[str, float]:
    """Verify the books, and say how long it took and what it held beyond what the imports had."""
    books = opened(path)
    books.create()
    imported, start = peak_mib(), time.perf_counter()
    findings = verify(books)
    seconds = time.perf_counter() - start
    return {"findings": len(findings), "seconds": seconds, "peak_mib": peak_mib() - imported}


def main(arguments: Sequence[str]) -> int:
    """Measure for each number of clients and print a table; a path instead measures those books here."""
    if len(arguments) == 1 and not arguments[0].isdigit():
        print(json.dumps(_measured(Path(arguments[0]))))
        return 0
    print(f"{'clients':>9}{'rows':>12}{'rows/s':>9}{'peak MiB':>10}{'ruined':>9}")
    with tempfile.TemporaryDirectory(prefix="fanbilling-verify-") as name:
        for clients in map(int, arguments):
            row = verified(clients, Path(name)).row()
            figures = f"{row['n']:>9,}{row['rows']:>12,}{row['per_second']:>9,}"
            print(f"{figures}{row['peak_mib']:>10.1f}{row['ruined_peak_mib']:>9.1f}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
