"""Findings: facts that break a law, in words, and never more of them than somebody can read."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs

#: How many findings of one check and one law are told; a ruined database has millions.
LIMIT = 1000


@attrs.frozen(kw_only=True)
class Finding:
    """A fact that breaks a law: which law, where, what was expected, and what was found."""

    law: str
    where: str
    expected: str
    found: str


@attrs.define
class Findings:
    """What was found: the first thousand of each check and law, and how many there were."""

    told: list[Finding] = attrs.Factory(list)
    counts: dict[tuple[str, str], int] = attrs.Factory(dict)

    def extend(self, check: str, found: Iterable[Finding]) -> None:
        """Add what a check finds."""
        for finding in found:
            count = self.counts[check, finding.law] = self.counts.get((check, finding.law), 0) + 1
            if count <= LIMIT:
                self.told.append(finding)

    def all(self) -> list[Finding]:
        """Return the findings, and last how many were left out."""
        more = [
            Finding(law=law, where=f"{check}, after the first {LIMIT}", expected="nothing more", found=f"{rest} more")
            for (check, law), count in self.counts.items()
            if (rest := count - LIMIT) > 0
        ]
        return self.told + more


def differs(law: str, where: str, expected: object, found: object) -> Finding:
    """Say that two figures which should be equal are not."""
    return Finding(law=law, where=where, expected=_written(expected), found=_written(found))


def _written(figure: object) -> str:
    if isinstance(figure, Fraction):
        whole, rest = divmod(round(abs(figure) * 10_000), 10_000)
        return f"{'-' if figure < 0 else ''}{whole}.{rest:04}".rstrip("0").rstrip(".")
    return ", ".join(map(_written, figure)) if isinstance(figure, (list, tuple)) else str(figure)
