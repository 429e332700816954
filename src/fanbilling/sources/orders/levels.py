"""How much there is, or was, and what it is worth: on any day, and as it was known on any day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from ...domain.exact import EXACT, ZERO
from ...domain.money import Money
from ...domain.ports.sourcing import Between, Reading
from .moves import StockEntry, StockMove
from .tracing import every, every_of


@attrs.frozen(kw_only=True)
class StockLevel:
    """Quantity and value of a product in a place."""

    product: str
    place: str
    quantity: Decimal
    value: Money


def levels(
    reading: Reading, *, on: date | None = None, known: date | None = None, product: str = "", place: str = ""
) -> tuple[StockLevel, ...]:
    """Return what there was of each product in each place at the end of a day, in their order.

    The same question has the same answer for ever: what came in late shows from the day on which it became known.

    Args:
        on: at the end of this day; absent means after all moves.
        known: as it was known on this day; absent means with everything that is known by now.
        product, place: only this one; empty means each.
    """
    where: dict[str, Any] = {key: name for key, name in (("product", product), ("place", place)) if name}
    where |= {key: Between(None, day) for key, day in (("on", on), ("known", known)) if day is not None}
    sums: dict[tuple[str, str], tuple[Decimal, Money]] = {}
    for entry in every(reading, StockEntry, where):
        account = entry.product, entry.place
        quantity, amount = sums.get(account, (ZERO, Money.zero(entry.amount.currency)))
        sums[account] = EXACT.add(quantity, entry.quantity), amount + entry.amount
    return tuple(
        StockLevel(product=product, place=place, quantity=quantity, value=value)
        for (product, place), (quantity, value) in sorted(sums.items())
    )


def corrections(reading: Reading, cause: str) -> tuple[StockEntry, ...]:
    """Return what a move that came in late changed: which moves, by how much, and why, in the order of the moves."""
    found = every(reading, StockEntry, {"cause": cause}) if cause else ()
    return tuple(sorted(found, key=lambda entry: (entry.on, entry.move)))


def costs(reading: Reading, moves: Sequence[str]) -> dict[str, Money]:
    """Return what each of these moves costs by now, corrections included: above zero, whichever way it went."""
    sums: dict[str, Money] = {}
    for entry in every_of(reading, StockEntry, "move", moves):
        sums[entry.move] = sums.get(entry.move, Money.zero(entry.amount.currency)) + entry.amount
    return {move: abs(amount) for move, amount in sums.items()}


def moves_about(reading: Reading, paper: str) -> tuple[StockMove, ...]:
    """Return the moves that stem from a paper (a delivery, an assembly), in the order in which they happened."""
    return tuple(sorted(every(reading, StockMove, {"about": paper}), key=lambda move: move.order))
