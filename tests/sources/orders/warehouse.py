"""A small warehouse, for the tests of stock: products, moves in few words, and books on every store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from fanbilling import Money, Party
from fanbilling.sources.orders.assembly import Assembly
from fanbilling.sources.orders.moves import StockCount, StockMove
from fanbilling.sources.orders.products import Component, Product
from fanbilling.sources.orders.stock import STOCK_RECORDS, StockDesk

DESK = StockDesk("nl")
#: As much of an office as books ask for.
WAREHOUSE = SimpleNamespace(administration=SimpleNamespace(id="nl"), records=(Party, *STOCK_RECORDS))
PRODUCTS = (
    Product(id="bolt", text="Bolt"),
    Product(id="nut", text="Nut", method="fifo"),
    Product(id="set", text="Set", components=(Component(product="bolt", quantity=2), Component(product="nut"))),
    Product(id="box", text="Box", method="fifo", components=(Component(product="set", quantity=3),)),
    Product(id="advice", text="Advice", kind="service"),
)


def day(number):
    """A day of January 2026."""
    return date(2026, 1, number)


def euro(amount):
    return Money.of(amount, "EUR")


def move(id, kind, quantity, on, amount=None, *, product="bolt", **others):
    worth = None if amount is None else euro(amount)
    return StockMove(id=id, kind=kind, product=product, on=day(on), quantity=Decimal(quantity), amount=worth, **others)


def received(id, quantity, on, amount, **others):
    return move(id, "receipt", quantity, on, amount, **others)


def issued(id, quantity, on, **others):
    return move(id, "issue", quantity, on, **others)


def assembly(id, product, quantity, on, **others):
    return Assembly(id=id, product=product, quantity=Decimal(quantity), on=day(on), **others)


def count(id, counted, on, **others):
    return StockCount(id=id, product=others.pop("product", "bolt"), counted=Decimal(counted), on=day(on), **others)


def stocked(store):
    """Register the products."""
    for product in PRODUCTS:
        DESK.register(store, product, on=day(1))


def postings(entry):
    return [(posting.account, posting.amount) for posting in entry.postings]


def figures(levels):
    """(product, quantity, value) of each."""
    return [(one.product, one.quantity, one.value.amount) for one in levels]
