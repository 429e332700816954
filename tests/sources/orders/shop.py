"""A small shop, for the tests of orders: products, prices, clients, and orders in few words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from fanbilling import Address, Administration, Money, Office, Party, Seller
from fanbilling.domain.dated import Dated
from fanbilling.sources.manual import Manual
from fanbilling.sources.orders import (
    Component,
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    Orders,
    PriceRule,
    Product,
    Quotation,
    Return,
    ReturnLine,
    StockMove,
)

SELLER = Seller(name="Handelshuis De Linde B.V.", address=Address(city="Deventer", country="NL"))
PRODUCTS = (
    Product(id="bolt", text="Bolt M8"),
    Product(id="nut", text="Nut M8", method="fifo"),
    Product(
        id="kit",
        text="Bolt with two nuts",
        kind="kit",
        components=(Component(product="bolt"), Component(product="nut", quantity=2)),
    ),
    Product(id="advice", text="Advice", kind="service", unit="HUR"),
    Product(id="sand", text="Sand", stocked=False, unit="KGM"),
)
PRICES = (
    PriceRule(id="bolt-2026", product="bolt", price="12.50", since=date(2026, 1, 1)),
    PriceRule(id="nut-2026", product="nut", price="0.40", since=date(2026, 1, 1)),
    PriceRule(id="kit-2026", product="kit", price="13.00", since=date(2026, 1, 1)),
    PriceRule(id="advice-2026", product="advice", price="95.00", since=date(2026, 1, 1)),
)
CLIENTS = (
    Party(id="acme", name="Acme B.V.", country="NL"),
    Party(id="daughter", name="Daughter B.V.", country="NL", billed_to=Dated(((date(2026, 1, 1), "acme"),))),
    Party(id="zoon", name="Zoon N.V.", country="NL"),
)


def shop(administration="nl"):
    """An office with the desk of orders, and that of loose lines beside it."""
    return Office(administration=Administration(id=administration, seller=SELLER), sources=[Manual(), Orders()])


def day(number, month=3):
    """A day of March 2026."""
    return date(2026, month, number)


def opened(office, store, *, bolts=100, nuts=100):
    """Register everything, and take in bolts at 5.00 and nuts at 0.10."""
    desk = office.desk(Orders)
    for party in CLIENTS:
        office.crm.register(store, party, on=day(1))
    for product in PRODUCTS:
        desk.register(store, product, on=day(1))
    for price in PRICES:
        desk.set_price(store, price, on=day(1))
    moves = [received("bolts", "bolt", bolts, 5 * bolts), received("nuts", "nut", nuts, Decimal(nuts) / 10)]
    desk.book(store, moves, on=day(1))
    return desk


def received(id, product, quantity, amount, on=1):
    """So many for so much, on a day of March."""
    worth = Money.of(f"{Decimal(amount):.2f}", "EUR")
    return StockMove(id=id, kind="receipt", product=product, on=day(on), quantity=Decimal(quantity), amount=worth)


def ordered(id="o1", *lines, client="acme", on=2, **others):
    """An order of a day of March: ten bolts, unless lines are given."""
    return Order(id=id, client=client, on=day(on), lines=lines or (wanted("a", "bolt", 10),), **others)


def wanted(id, product="", quantity=1, **others):
    """A line of an order."""
    return OrderLine(id=id, product=product, quantity=Decimal(quantity), **others)


def brought(id="d1", order="o1", on=3, place="main", **lines):
    """A delivery of so much of each line."""
    given = tuple(DeliveryLine(line=line, quantity=Decimal(quantity)) for line, quantity in lines.items())
    return Delivery(id=id, order=order, on=day(on), lines=given, place=place)


def sent_back(id="r1", delivery="d1", on=4, scrapped=False, reason="broken", **lines):
    """A return of so much of each line."""
    given = tuple(
        ReturnLine(line=line, quantity=Decimal(quantity), scrapped=scrapped) for line, quantity in lines.items()
    )
    return Return(id=id, delivery=delivery, on=day(on), lines=given, reason=reason)


def offered(id="q1", *lines, client="acme", on=1, until=15, **others):
    """A quotation of a day of March until another one: ten bolts, unless lines are given."""
    return Quotation(
        id=id,
        client=client,
        on=day(on),
        valid_until=day(until),
        lines=lines or (wanted("a", "bolt", 10),),
        **others,
    )
