"""Findings: facts that break a law, in words, and never more of them than somebody can read."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from ..domain.findings import Finding

#: How many findings of one check and one law are told; a ruined database has millions.
LIMIT = 1000


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
