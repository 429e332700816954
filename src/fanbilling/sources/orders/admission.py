"""Which moves are taken in: new ones, that fit their product, what they take back, and each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import Conflict, ForeignCurrency, NotFound, RuleViolation
from ...domain.exact import EXACT, ZERO
from ...domain.parties import Party
from ...domain.ports.sourcing import Reading
from .moves import RETURNS, MoveKind, Portion, StockBalance, StockMove
from .products import Product
from .tracing import every_of

#: What a return takes back.
_TAKES_BACK = {MoveKind.CUSTOMER_RETURN: MoveKind.ISSUE, MoveKind.SUPPLIER_RETURN: MoveKind.RECEIPT}


def new_ones(reading: Reading, moves: Sequence[StockMove]) -> list[StockMove]:
    """Return the moves that are not kept yet, the earliest day first; those of one day in the order given.

    Raises:
        Conflict: when an id stands for another move, or twice among these.
    """
    known = reading.get_many(StockMove, [move.id for move in moves])
    seen: set[str] = set()
    for move in moves:
        if move.id in seen or (move.id in known and as_said(known[move.id]) != as_said(move)):
            raise Conflict("it stands for another move", where=f"move {move.id}", remedy="use a new id")
        seen.add(move.id)
    return sorted((move for move in moves if move.id not in known), key=lambda move: move.on)


def as_said(move: StockMove) -> StockMove:
    """Return a move as somebody said it, without what the desk gave it."""
    portion = move.portion if move.kind is MoveKind.ASSEMBLY_IN else None
    return attrs.evolve(move, sequence=0, portion=portion, known=None)


def refuse_strangers(reading: Reading, moves: Sequence[StockMove], products: Mapping[str, Product]) -> None:
    """Refuse moves of products that are not kept in stock, in another currency, or with somebody unknown.

    Raises:
        NotFound: when a product or a party is not registered.
        RuleViolation: when a product is not kept in stock.
        ForeignCurrency: when an amount is not in the currency of its product.
    """
    for move in moves:
        product = products.get(move.product)
        if product is None:
            raise NotFound("there is none", where=f"product {move.product}", remedy="register the product first")
        if not product.in_stock:
            raise RuleViolation(
                "no stock is kept of it", where=f"product {product.id}", remedy="move its parts, if any"
            )
        if move.amount is not None and move.amount.currency != product.currency:
            raise ForeignCurrency(
                f"{move.amount} for a product that is valued in {product.currency}",
                where=f"move {move.id}",
                remedy="convert it first, at a stated rate",
            )
    parties = {move.party for move in moves if move.party}
    if missing := sorted(parties - reading.get_many(Party, parties).keys()):
        raise NotFound("there is none", where=f"party {missing[0]}", remedy="register who it is")


def placed(
    reading: Reading, moves: Sequence[StockMove], balances: Iterable[StockBalance], *, on: date
) -> list[StockMove]:
    """Return moves after all that they follow: with their sequence, their portions, and the day they became known.

    Raises:
        NotFound: when what they take back is not there.
        RuleViolation: when they take back another thing, before it happened, or more than is left of it.
    """
    wanted = {move.origin for move in moves if move.kind in RETURNS}
    origins = reading.get_many(StockMove, wanted) if wanted else {}
    gone: dict[str, Decimal] = {}
    for earlier in every_of(reading, StockMove, "origin", wanted):
        gone[earlier.origin] = EXACT.add(gone.get(earlier.origin, ZERO), earlier.quantity)
    last = max([*(one.sequence for one in balances), *(one.sequence for one in origins.values())], default=0)
    result = []
    for sequence, move in enumerate(moves, last + 1):
        portion = move.portion
        if move.kind in RETURNS:
            start = gone.get(move.origin, ZERO)
            gone[move.origin] = EXACT.add(start, move.quantity)
            portion = _taken_back(move, origins.get(move.origin), start)
        origins[move.id] = attrs.evolve(move, sequence=sequence, portion=portion, known=max(on, move.on))
        result.append(origins[move.id])
    return result


def _taken_back(move: StockMove, origin: StockMove | None, start: Decimal) -> Portion:
    where = f"move {move.id}"
    if origin is None:
        raise NotFound(f"there is no move {move.origin!r}", where=where, remedy="name the move that it takes back")
    if origin.kind is not _TAKES_BACK[move.kind] or origin.product != move.product or origin.on > move.on:
        raise RuleViolation(
            f"it cannot take back {origin.kind} {origin.id} of {origin.product} on {origin.on}",
            where=where,
            remedy=f"name an earlier {_TAKES_BACK[move.kind]} of {move.product}",
        )
    end = EXACT.add(start, move.quantity)
    if end > origin.quantity:
        raise RuleViolation(
            f"{EXACT.subtract(origin.quantity, start):f} of {origin.id} can come back, not {move.quantity:f}",
            where=where,
            remedy="take back no more than is left of it",
        )
    return Portion(start=start, end=end, of=origin.quantity)
