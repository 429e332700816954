"""Leakage: what is due and not on a bill, how much of it, and why; and what drifted without anybody noticing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import Billed
from .decisions import Decision
from .equation import to_bill
from .exact import ZERO
from .items import BillableItem, ItemKey
from .lots import NOTHING, Lot
from .reasons import Reason
from .terms import Conditions


@attrs.frozen(kw_only=True)
class Unbilled:
    """Something due that is not on a bill: how much of it, in quantity and in money, and why.

    What cannot be priced yet because it is blocked has its quantity only.
    """

    payer: str
    key: ItemKey
    text: str
    quantity: Decimal
    amount: Decimal
    because: Reason


@attrs.frozen(kw_only=True)
class Drift:
    """A difference between what is owed and what is billed that no agenda row announces."""

    payer: str
    key: ItemKey
    lot: Lot


def unbilled(
    items: Sequence[BillableItem], decisions: Sequence[Decision], billed: Billed, conditions: Conditions, until: date
) -> Iterator[Unbilled]:
    """Yield what a run until a day leaves unbilled, and what it would bill, each with the reason.

    Computed by the equation itself: what it would ask if nothing were held and every day had come.
    """
    released = [decision for decision in decisions if not decision.holds(until)]
    open_lots: dict[tuple[ItemKey, str], Lot] = {}
    for part in to_bill(items, released, billed, conditions, date.max):
        if part.reverses is None:
            place = part.key, part.terms.payer
            open_lots[place] = open_lots.get(place, NOTHING) + part.lot
    facts: dict[ItemKey, BillableItem] = {}
    for item in items:
        facts.setdefault(item.key, item)
        if item.blocked is not None:
            payer = conditions.payer(item) if item.payer or item.client else ""  # nobody is known to pay for it yet
            yield _left(item, payer, Lot(item.quantity, ZERO), _blocked(item.blocked))
    for (key, payer), lot in open_lots.items():
        item = facts[key]
        later = not billed.get(key) and item.bill_on > until
        holds = [d for d in decisions if d.key == key and d.withdrawn is None and d.holds(until)]
        yield _left(item, payer, lot, _reason(item, holds, until, later=later))


def failed(payer: str, key: ItemKey, problem: str) -> Unbilled:
    """Say that nothing can be billed of an agreement, because it cannot be computed."""
    because = Reason("unbilled.failed", None, (("problem", problem),))
    return Unbilled(payer=payer, key=key, text="", quantity=ZERO, amount=ZERO, because=because)


def _left(item: BillableItem, payer: str, lot: Lot, because: Reason) -> Unbilled:
    return Unbilled(
        payer=payer, key=item.key, text=item.text, quantity=lot.quantity, amount=lot.amount, because=because
    )


def _blocked(because: Reason) -> Reason:
    return Reason("unbilled.blocked", None, (), (because,))


def _reason(item: BillableItem, holds: Sequence[Decision], until: date, *, later: bool) -> Reason:
    """Say why it is not billed: held and until when, not before a day, or ready for a run until this day."""
    if holds:
        hold = holds[0]
        facts = (("decision", hold.id), ("quantity", hold.quantity), ("reason", hold.reason), ("until", hold.until))
        return Reason("unbilled.held", None, facts)
    if later:
        return Reason("unbilled.later", None, (("bill_on", item.bill_on),))
    return Reason("unbilled.ready", None, (("until", until),))
