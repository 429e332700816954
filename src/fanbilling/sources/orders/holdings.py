"""What is on hand of one product in one place, and what a quantity that leaves it costs."""

from __future__ import annotations

from decimal import Decimal

import attrs

from ...domain.exact import EXACT, ZERO, rounded
from ...domain.reasons import Reason


@attrs.frozen(kw_only=True)
class Layer:
    """What is left of what came in at once: quantity and value, and the move that brought it."""

    move: str
    quantity: Decimal
    amount: Decimal


@attrs.frozen(kw_only=True)
class Holding:
    """Quantity and value on hand; the value is carried, never a rounded price.

    Args:
        layers: for first in, first out: what is left of each receipt, the oldest first; they add up to the whole.
    """

    quantity: Decimal = ZERO
    amount: Decimal = ZERO
    layers: tuple[Layer, ...] = ()

    def plus(self, layer: Layer, *, layered: bool) -> Holding:
        """Return what is on hand after something came in."""
        return Holding(
            quantity=EXACT.add(self.quantity, layer.quantity),
            amount=EXACT.add(self.amount, layer.amount),
            layers=(*self.layers, layer) if layered else (),
        )

    def minus(self, quantity: Decimal, amount: Decimal, layers: tuple[Layer, ...] = ()) -> Holding:
        """Return what is on hand after something left."""
        return Holding(
            quantity=EXACT.subtract(self.quantity, quantity),
            amount=EXACT.subtract(self.amount, amount),
            layers=layers,
        )


#: A cost, why, and what is left on hand after it.
Taken = tuple[Decimal, Reason, Holding]


def share(amount: Decimal, part: Decimal, whole: Decimal, decimals: int) -> Decimal:
    """Return a part's share of an amount, rounded once; all of it is all of it."""
    return amount if part == whole else rounded(EXACT.divide(EXACT.multiply(amount, part), whole), decimals)


def at_average(holding: Holding, quantity: Decimal, decimals: int) -> Taken:
    """Take a quantity at the moving average: value × quantity / quantity on hand; the last one takes all that is left.

    Args:
        quantity: no more than there is.
    """
    cost = share(holding.amount, quantity, holding.quantity, decimals)
    inputs = (("quantity", quantity), ("worth", holding.amount), ("on_hand", holding.quantity))
    return cost, Reason("stock.average", cost, inputs), holding.minus(quantity, cost)


def first_in_first_out(holding: Holding, quantity: Decimal, decimals: int) -> Taken:
    """Take a quantity from the oldest layers first; of the last one a share, rounded once.

    Args:
        quantity: no more than there is.
    """
    cost, taken, wanted = ZERO, 0, quantity
    reasons: list[Reason] = []
    layers = list(holding.layers)
    while wanted > 0:
        layer = layers[taken]
        part, amount, reason = _from_layer(layer, wanted, decimals)
        cost, wanted = EXACT.add(cost, amount), EXACT.subtract(wanted, part)
        reasons.append(reason)
        if part == layer.quantity:
            taken += 1
        else:
            layers[taken] = _rest(layer, part, amount)
    reason = Reason("stock.fifo", cost, (("quantity", quantity),), tuple(reasons))
    return cost, reason, holding.minus(quantity, cost, tuple(layers[taken:]))


def back_to_supplier(holding: Holding, quantity: Decimal, price: Decimal, *, receipt: str, decimals: int) -> Taken:
    """Take back what a receipt brought in, at what it cost; never more than the value, and all of it with the last one.

    From layers: what is left of that receipt goes first, then the oldest.

    Args:
        price: what the quantity that goes back was bought for.
    """
    if holding.layers:
        own = [layer for layer in holding.layers if layer.move == receipt]
        others = [layer for layer in holding.layers if layer.move != receipt]
        cost, reason, left = first_in_first_out(attrs.evolve(holding, layers=(*own, *others)), quantity, decimals)
        in_order = {layer.move: place for place, layer in enumerate(holding.layers)}
        return cost, reason, attrs.evolve(left, layers=tuple(sorted(left.layers, key=lambda one: in_order[one.move])))
    cost = holding.amount if quantity == holding.quantity else min(price, holding.amount)
    inputs = (("quantity", quantity), ("price", price), ("worth", holding.amount), ("on_hand", holding.quantity))
    return cost, Reason("stock.sent-back", cost, inputs), holding.minus(quantity, cost)


def _from_layer(layer: Layer, wanted: Decimal, decimals: int) -> tuple[Decimal, Decimal, Reason]:
    part = min(layer.quantity, wanted)
    amount = share(layer.amount, part, layer.quantity, decimals)
    inputs = (("quantity", part), ("worth", layer.amount), ("on_hand", layer.quantity), ("receipt", layer.move))
    return part, amount, Reason("stock.layer", amount, inputs)


def _rest(layer: Layer, part: Decimal, amount: Decimal) -> Layer:
    return Layer(
        move=layer.move, quantity=EXACT.subtract(layer.quantity, part), amount=EXACT.subtract(layer.amount, amount)
    )
