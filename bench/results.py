"""What was measured, for people and for other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import attrs


@attrs.frozen
class Case:
    """What is measured: a name, how many clients, how many months were billed before, how often, at which desk."""

    name: str
    clients: int
    history: int = 0
    pairs: int = 5
    desk: str = "subscriptions"


@attrs.frozen(kw_only=True)
class Result:
    """What a case came to; processor time beside time on the wall, for it hardly feels what else the machine does.

    Args:
        ratios: of each pair, by the wall; ``ratio`` is their median.
        processor_ratio: of the processor time of our own process.
        whole_ratio: with that of the database server.
    """

    case: Case
    database: str
    per_second: float
    floor_per_second: float
    ratios: Sequence[float]
    processor_ratio: float
    whole_ratio: float
    processor_us: float
    peak_mib: float

    @property
    def ratio(self) -> float:
        """The median of all pairs."""
        return median(self.ratios)

    def row(self) -> dict[str, Any]:
        """Return the result under the names that other programs rely on."""
        return {
            "case": self.case.name,
            "database": self.database,
            "n": self.case.clients,
            "per_second": round(self.per_second),
            "floor_per_second": round(self.floor_per_second),
            "ratio": round(self.ratio, 3),
            "lowest_ratio": round(min(self.ratios), 3),
            "highest_ratio": round(max(self.ratios), 3),
            "processor_ratio": round(self.processor_ratio, 3),
            "whole_processor_ratio": round(self.whole_ratio, 3),
            "peak_mib": round(self.peak_mib, 1),
        }


@attrs.frozen(kw_only=True)
class Scaling:
    """What two worker processes do in the time of one, and what two do that only compute."""

    case: Case
    database: str
    per_second: float
    ratios: Sequence[float]
    computing: Sequence[float]

    def row(self) -> dict[str, Any]:
        """Return it under the names that other programs rely on."""
        return {
            "case": self.case.name,
            "database": self.database,
            "n": self.case.clients,
            "per_second": round(self.per_second),
            "ratio": round(median(self.ratios), 3),
            "lowest_ratio": round(min(self.ratios), 3),
            "highest_ratio": round(max(self.ratios), 3),
            "computing_ratio": round(median(self.computing), 3),
        }


def table(results: Sequence[Result]) -> str:
    """Write the results on one database for people."""
    head = f"{results[0].database:<24}{'clients':>9}{'bills/s':>9}{'floor/s':>9}{'ratio':>7}{'lowest to highest':>19}"
    lines = [f"{head}{'processor: µs':>15}{'ratio':>7}{'+ server':>9}{'peak MiB':>10}"]
    for result in results:
        row = result.row()
        span = f"{row['lowest_ratio']:.2f} to {row['highest_ratio']:.2f}"
        figures = f"{row['n']:>9,}{row['per_second']:>9,}{row['floor_per_second']:>9,}{row['ratio']:>7.2f}{span:>19}"
        processor = f"{result.processor_us:>15.0f}{result.processor_ratio:>7.2f}{result.whole_ratio:>9.2f}"
        lines.append(f"{row['case']:<24}{figures}{processor}{row['peak_mib']:>10.1f}")
    subscribed = [result for result in results if result.case.desk == "subscriptions"]
    return "\n".join([*lines, *_growing(subscribed)])


def _growing(results: Sequence[Result]) -> Iterator[str]:
    """Say what history and size change, where both were measured."""
    if len(results) < 3:
        return
    most, first, later, *large = results
    slower, busier = first.per_second / later.per_second, later.processor_us / first.processor_us
    yield ""
    yield f"after {later.case.history} months a run takes {slower:.2f} times the first (processor: {busier:.2f})"
    for other in large:
        growth = other.peak_mib - most.peak_mib
        yield f"from {most.case.clients:,} to {other.case.clients:,} clients the peak grows by {growth:.1f} MiB"


def others(scaling: Scaling, checks: Sequence[dict[str, Any]], counts: Sequence[int]) -> str:
    """Write for people what was measured without a floor."""
    row = scaling.row()
    span = f"{row['lowest_ratio']:.2f} to {row['highest_ratio']:.2f}"
    lines = [
        f"two workers on {scaling.database}: {row['per_second']:,} bills/s, {row['ratio']:.2f} times one ({span})",
        f"two processes that only compute: {row['computing_ratio']:.2f} times one",
    ]
    for check in checks:
        peaks = f"peak {check['peak_mib']} MiB, of ruined books {check['ruined_peak_mib']} MiB"
        lines.append(f"verify, {check['n']:,} clients: {check['rows']:,} rows, {check['per_second']:,} rows/s, {peaks}")
    lines.append(f"statements per batch: {', '.join(map(str, counts))} (the last finds nobody)")
    return "\n".join(lines)
