"""What stock is worth and what left it cost: moves folded one by one, in the order in which they happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import attrs

from ...domain.errors import InvalidValue, NotEnoughStock
from ...domain.exact import EXACT, ZERO, exactly
from ...domain.money import Money, places
from ...domain.reasons import Reason
from .holdings import Holding, Layer, Taken, at_average, back_to_supplier, first_in_first_out, share
from .moves import RETURNS, MoveKind, Portion, StockMove
from .products import Method, to_method


@attrs.frozen(kw_only=True)
class Cost:
    """What a move did to the value on hand: above zero for what came in, below zero for what left."""

    move: str
    quantity: Decimal
    amount: Money
    because: Reason


@attrs.frozen(kw_only=True)
class Valuation:
    """What is on hand of a product after its moves, and what each of them cost.

    Args:
        costs: of every move, in the order in which they happened.
    """

    quantity: Decimal
    value: Money
    costs: tuple[Cost, ...]

    def cost(self, move: str) -> Money:
        """Return what one move cost: above zero, whether it came in or left.

        Raises:
            InvalidValue: when it is not among the moves.
        """
        for one in self.costs:
            if one.move == move:
                return abs(one.amount)
        raise InvalidValue("it is not among the moves", where=f"move {move}", remedy="give that move as well")

    @property
    def issues(self) -> tuple[Cost, ...]:
        """What left, with its cost."""
        return tuple(one for one in self.costs if one.quantity < 0)


@attrs.frozen
class Way:
    """How a product is valued: by which method, in which currency."""

    method: Method
    currency: str


@attrs.frozen
class Replayed:
    """What each move cost (below zero for what left) with its reason, and what is on hand after them all."""

    costs: Mapping[str, tuple[Decimal, Reason]]
    holdings: Mapping[tuple[str, str], Holding]


@exactly
def value(moves: Iterable[StockMove], *, method: Method | str) -> Valuation:
    """Value the stock of one product: quantity, value, and the cost of everything that left.

    Receipts = issues + what is on hand, in quantity and in value; without quantity there is no value (law L8). What
    comes back from a client is worth what it left at; give its issue too. What comes from an assembly without the
    moves of its parts is worth its ``amount``.

    Args:
        moves: in any order; each place is valued by itself.
        method: moving average, or first in, first out.

    Raises:
        InvalidValue: when they are of several products, more comes back than left, or nobody knows what it is worth.
        ForeignCurrency: when they are in several currencies.
        NotEnoughStock: when more leaves than is there, on any day.
    """
    given = _in_order(moves)
    currency = next((move.amount.currency for move in given if move.amount is not None), "EUR")
    Money.total((move.amount for move in given if move.amount is not None), currency)
    if len({move.product for move in given}) > 1:
        raise InvalidValue("the moves of several products", where="moves", remedy="value one product at a time")
    way = Way(to_method(method), currency)
    done = replay(given, {move.product: way for move in given})
    costs = []
    for move in given:
        amount, because = done.costs[move.id]
        costs.append(Cost(move=move.id, quantity=move.signed, amount=Money(amount, currency), because=because))
    return Valuation(
        quantity=sum((holding.quantity for holding in done.holdings.values()), ZERO),
        value=Money(sum((holding.amount for holding in done.holdings.values()), ZERO), currency),
        costs=tuple(costs),
    )


@exactly
def replay(
    moves: Iterable[StockMove],
    ways: Mapping[str, Way],
    *,
    holdings: Mapping[tuple[str, str], Holding] | None = None,
    origins: Mapping[str, Decimal] | None = None,
) -> Replayed:
    """Fold moves, in the order given, into what is on hand.

    Args:
        ways: how each product is valued.
        holdings: what was on hand before them; nothing when nothing is said.
        origins: what earlier moves cost of which something comes back, or is assembled.

    Raises:
        NotEnoughStock: when more leaves than is there.
        InvalidValue: when nobody knows what comes in is worth.
    """
    held = dict(holdings or {})
    known = dict(origins or {})
    costs: dict[str, tuple[Decimal, Reason]] = {}
    for move in moves:
        way, before = ways[move.product], held.get(move.account, Holding())
        if move.kind.comes_in:
            amount, because = _worth(move, known, places(way.currency))
            layer = Layer(move=move.id, quantity=move.quantity, amount=amount)
            held[move.account] = before.plus(layer, layered=way.method is Method.FIFO)
            costs[move.id] = amount, because
        else:
            amount, because, held[move.account] = _taken(move, before, known, way)
            costs[move.id] = EXACT.minus(amount), because
        _remember(move, amount, known)
    return Replayed(costs, held)


def _worth(move: StockMove, origins: Mapping[str, Decimal], decimals: int) -> tuple[Decimal, Reason]:
    """Return what came in is worth: what was paid, or its portion of what it comes from."""
    if move.portion is not None and move.origin in origins:
        amount = portion_of(origins[move.origin], move.portion, decimals)
        rule = "stock.returned" if move.kind is MoveKind.CUSTOMER_RETURN else "stock.assembled"
        quantity, whole = EXACT.subtract(move.portion.end, move.portion.start), move.portion.of
        inputs = (("cost", origins[move.origin]), ("quantity", quantity), ("of", whole), ("move", move.origin))
        return amount, Reason(rule, amount, inputs)
    if move.amount is None:
        raise InvalidValue(
            "nobody knows what it is worth", where=f"move {move.id}", remedy=f"give the moves of {move.origin} as well"
        )
    return move.amount.amount, Reason(f"stock.{move.kind}", move.amount.amount, (("quantity", move.quantity),))


def _taken(move: StockMove, before: Holding, origins: Mapping[str, Decimal], way: Way) -> Taken:
    """Return the cost of what leaves, and what stays; refuse what is not there."""
    if move.quantity > before.quantity:
        raise NotEnoughStock(
            f"on {move.on} there are {before.quantity:f} on hand and {move.quantity:f} are wanted",
            where=f"product {move.product} at {move.place}, move {move.id}",
            remedy="write down first what came in, or take less",
        )
    decimals = places(way.currency)
    if move.kind is MoveKind.SUPPLIER_RETURN and move.portion is not None and move.origin in origins:
        price = portion_of(origins[move.origin], move.portion, decimals)
        return back_to_supplier(before, move.quantity, price, receipt=move.origin, decimals=decimals)
    take = first_in_first_out if way.method is Method.FIFO else at_average
    return take(before, move.quantity, decimals)


def _remember(move: StockMove, amount: Decimal, origins: dict[str, Decimal]) -> None:
    """Keep what may come back of a move, or what an assembly costs so far."""
    if move.kind in (MoveKind.RECEIPT, MoveKind.ISSUE):
        origins[move.id] = amount
    elif move.kind is MoveKind.ASSEMBLY_OUT:
        added = ZERO if move.amount is None else move.amount.amount
        origins[move.origin] = EXACT.add(EXACT.add(origins.get(move.origin, ZERO), amount), added)


@exactly
def portion_of(amount: Decimal, portion: Portion, decimals: int) -> Decimal:
    """Return a portion's share of an amount; portions that follow each other add up to it."""
    until, before = (share(amount, point, portion.of, decimals) for point in (portion.end, portion.start))
    return EXACT.subtract(until, before)


def _in_order(moves: Iterable[StockMove]) -> list[StockMove]:
    """Return moves in the order in which they happened, each return with its portion of what it takes back."""
    given = sorted(moves, key=lambda move: move.order)
    wholes = {move.id: move.quantity for move in given}
    gone: dict[str, Decimal] = {}
    result = []
    for move in given:
        portion = move.portion
        if portion is None and move.origin in wholes and move.kind in RETURNS:
            start = gone.get(move.origin, ZERO)
            gone[move.origin] = end = EXACT.add(start, move.quantity)
            portion = Portion(start=start, end=end, of=wholes[move.origin])
        result.append(attrs.evolve(move, portion=portion))
    return result
