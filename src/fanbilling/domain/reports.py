"""What a run reports: how much was issued, and what failed and why."""

from __future__ import annotations

import attrs

from .money import Money


@attrs.frozen(kw_only=True)
class Failure:
    """One payer for whom nothing could be done, with the stable code and the words of the reason."""

    payer: str
    code: str
    problem: str


@attrs.frozen(kw_only=True)
class RunReport:
    """What a run did, in figures; the documents themselves are handed to ``watch`` as they are issued."""

    documents: int
    totals: tuple[Money, ...]
    failures: tuple[Failure, ...]
