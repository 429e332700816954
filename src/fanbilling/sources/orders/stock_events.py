"""What happened to the stock, for the journal; it concerns products, and no client's file."""

from __future__ import annotations

from decimal import Decimal

import attrs

from ...domain.events import Event, event


@event("product.registered")
@attrs.frozen(kw_only=True)
class ProductRegistered(Event):
    """A product was entered or changed."""

    product: str


@event("stock.moved")
@attrs.frozen(kw_only=True)
class StockMoved(Event):
    """A quantity of a product came into stock or left it; ``amount`` is at cost, below zero for what left."""

    move: str
    product: str
    place: str
    kind: str
    quantity: Decimal
    amount: Decimal
    currency: str


@event("stock.corrected")
@attrs.frozen(kw_only=True)
class StockCorrected(Event):
    """A move that came in late changed what later moves cost; ``moves`` are those, and the stock entries say how."""

    cause: str
    moves: tuple[str, ...]


@event("stock.counted")
@attrs.frozen(kw_only=True)
class StockCounted(Event):
    """Somebody counted what there is of a product; ``difference`` is above zero when there was more."""

    count: str
    product: str
    place: str
    difference: Decimal
