"""Lots: a quantity together with its money."""

from __future__ import annotations

from decimal import Decimal

import attrs

from .exact import EXACT, ZERO, rounded
from .money import places


@attrs.frozen
class Lot:
    """A quantity and the amount that goes with it; lots add, subtract and can be shared out."""

    quantity: Decimal
    amount: Decimal

    def __add__(self, other: Lot) -> Lot:
        return Lot(EXACT.add(self.quantity, other.quantity), EXACT.add(self.amount, other.amount))

    def __sub__(self, other: Lot) -> Lot:
        return Lot(EXACT.subtract(self.quantity, other.quantity), EXACT.subtract(self.amount, other.amount))

    def __neg__(self) -> Lot:
        return Lot(EXACT.minus(self.quantity), EXACT.minus(self.amount))

    def __bool__(self) -> bool:
        return bool(self.quantity) or bool(self.amount)

    def share(self, quantity: Decimal, currency: str) -> Lot:
        """Return a part of this lot: the whole when the quantity is all of it, else its amount is rounded."""
        if quantity == self.quantity:
            return self
        amount = EXACT.divide(EXACT.multiply(self.amount, quantity), self.quantity)
        return Lot(quantity, rounded(amount, places(currency)))


NOTHING = Lot(ZERO, ZERO)
