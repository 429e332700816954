"""What a run reports: how much was issued, and what failed and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from .decisions import Decision
from .items import ItemKey
from .lots import Lot
from .money import Money
from .reasons import Reason


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


@attrs.frozen(kw_only=True)
class Unbilled:
    """Something due that is not on a bill, how much of it, and why."""

    payer: str
    key: ItemKey
    text: str
    quantity: Decimal
    because: Reason


@attrs.frozen(kw_only=True)
class Drift:
    """A difference between what is owed and what is billed that no agenda row announces."""

    payer: str
    key: ItemKey
    lot: Lot


def unbilled_reason(*, blocked: Reason | None, bill_on: date, until: date, holds: tuple[Decision, ...]) -> Reason:
    """Say why something due is not billed: it is blocked, it may only be billed later, it is held, or it is ready."""
    if blocked is not None:
        return Reason("unbilled.blocked", None, (), (blocked,))
    if bill_on > until:
        return Reason("unbilled.later", None, (("bill_on", bill_on),))
    if holds:
        hold = holds[0]
        return Reason("unbilled.held", None, (("decision", hold.id), ("reason", hold.reason), ("until", hold.until)))
    return Reason("unbilled.ready", None, (("until", until),))
