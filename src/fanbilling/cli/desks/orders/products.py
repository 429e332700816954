"""What is sold and kept in stock, and what it costs: products.csv and prices.csv."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

import attrs

from ....domain.dated import EVER
from ....domain.periods import a_day
from ....domain.vat import TaxClass
from ....sources.orders import Component, PriceRule, Product
from ...columns import DAY, ENTERED, ID, NUMBER, TAX, TEXT, UNIT, YES_NO, Later, Problems, Wrong, choice, column
from ...importing import Import, by_key
from ...tables import Folder, Found, Index, Table
from .cells import PARTS


@attrs.frozen(kw_only=True)
class ProductRow:
    """A product, and its price for everybody from a day."""

    row: int
    product: str = column(ID, "Id of the product", "WHEEL-28", required=True)
    text: str = column(TEXT, "What it is, in the client's words", "Wheel, 28 inch", required=True)
    kind: str = column(
        choice("goods", "service", "kit"),
        "Goods, a service, or a kit: sold as one thing and delivered as its parts",
        "goods",
        default="goods",
        later=Later.FIXED,
    )
    unit: str = column(UNIT, "Unit code: C62 piece, KGM kilogram, MTR metre", "C62", default="C62", later=Later.FIXED)
    tax: str = column(TAX, "VAT class of what is sold", "standard", default="standard")
    stocked: str = column(
        YES_NO, "Whether stock is kept of it; only of goods is", "yes", default="yes", later=Later.FIXED
    )
    method: str = column(
        choice("average", "fifo"),
        "How what leaves is valued: at the moving average, or first in, first out",
        "fifo",
        default="average",
        later=Later.FIXED,
    )
    parts: tuple[Component, ...] = column(
        PARTS, "What one of it is made of: product, colon, how many", "FRAME:1 WHEEL:2"
    )
    price: Decimal | None = column(
        NUMBER, "Price of one for everybody, without VAT; empty: see prices.csv", "12,50", later=Later.OWN
    )
    since: dt.date | None = column(
        DAY, "First day on which this price holds; empty: always", "2026-04-01", later=Later.OWN, name="from"
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-20", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.kind == "kit" and not self.parts:
            yield "parts", Wrong("This kit is made of nothing.", "Write its parts, such as FRAME:1 WHEEL:2.")
        if self.product in {part.product for part in self.parts}:
            yield "parts", Wrong("This product is a part of itself.", "Take it out.")
        if len(self.product) > _LONGEST:
            yield "product", Wrong(f"This id has {len(self.product)} characters.", f"Use {_LONGEST} at most.")
        if self.since and self.price is None:
            yield "price", Wrong("There is a first day, but no price.", "Write the price, or leave from empty.")
        if not first and self.price is not None and not self.since:
            yield "from", Wrong("The price changes; this row does not say from when.", "Fill from.")


_LONGEST: Final = 50


@attrs.frozen(kw_only=True)
class PriceRow:
    """What a product costs one client, or from a quantity, or between two days."""

    row: int
    id: str = column(ID, "Id of the price", "PR-12", required=True)
    product: str = column(ID, "The product", "WHEEL-28", required=True, later=Later.FIXED, stands_in="products.csv")
    client: str = column(
        ID, "For whom it holds; empty: for everybody", "ardent", later=Later.FIXED, stands_in="clients.csv"
    )
    price: Decimal = column(NUMBER, "Price of one, without VAT", "11,75", required=True, later=Later.FIXED)
    from_quantity: Decimal = column(
        NUMBER, "The least quantity of a line for which it holds", "10", default=Decimal(0), later=Later.FIXED
    )
    since: dt.date | None = column(
        DAY, "First day on which it holds; empty: always", "2026-03-01", later=Later.FIXED, name="from"
    )
    until: dt.date | None = column(DAY, "Last day; a later row may end it", "2026-12-31")
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-20", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.since and self.until and self.until < self.since:
            yield "until", Wrong("This price ends before it begins.", f"Write {self.since} or later.")


PRODUCTS: Final = Table(file="products.csv", row=ProductRow, key=("product",), stamp=("from", "entered"))
PRICES: Final = Table(file="prices.csv", row=PriceRow, stamp=("entered",))


def known_parts(index: Index) -> Found:
    """The parts of a product are products, and no product is made of itself."""
    made_of: dict[str, set[str]] = {}
    for row in index.folder.of(PRODUCTS):
        for part in row.parts:
            yield from index.refer(PRODUCTS, row, "parts", PRODUCTS, part.product)
        made_of[row.product] = {part.product for part in row.parts}
        if row.product in _within(made_of, made_of[row.product]):
            yield PRODUCTS, row, "parts", Wrong("This product is made of itself.", "Break the circle of parts.")


def _within(made_of: dict[str, set[str]], parts: set[str]) -> set[str]:
    """Return everything that goes into these parts, themselves included."""
    seen: set[str] = set()
    wave = set(parts)
    while wave:
        seen |= wave
        wave = {part for one in wave for part in made_of.get(one, ())} - seen
    return seen


def import_products(work: Import, folder: Folder) -> None:
    """Register every product after its parts, and change it by each row that says something new; then its prices."""
    rows = folder.of(PRODUCTS)
    kept = dict(work.store.get_many(Product, {row.product for row in rows}))
    groups = by_key(PRODUCTS, rows)
    while groups:
        there = {mine[0].product for mine in groups}
        ready = [mine for mine in groups if not there & {part.product for row in mine for part in row.parts}]
        for mine in ready or groups:
            _register(work, mine, kept)
        groups = [mine for mine in groups if mine not in ready] if ready else []
    _import_listed(work, rows)


def _register(work: Import, rows: list[ProductRow], kept: dict[str, Product]) -> None:
    currency = work.office.administration.currency
    states = [_product(row, currency) for row in rows]
    known = kept.get(rows[0].product)
    to_do = list(zip(rows, states, strict=True))
    if known is not None:
        if work.cannot_change(PRODUCTS, rows[0], _fixed_of_product(rows[0], known)):
            return
        to_do = [] if known == states[-1] else to_do[-1:]
    for row, state in to_do:
        if state != known:
            on = row.entered or row.since or work.on
            register = partial(work.office.orders.register, work.store, state, on=min(on, work.on))
            if not work.carry_out(PRODUCTS, row, register):
                return
            known = state


def _product(row: ProductRow, currency: str) -> Product:
    return Product(
        id=row.product,
        text=row.text,
        unit=row.unit,
        tax_class=TaxClass(row.tax),
        kind=row.kind,
        method=row.method,
        stocked=row.stocked == "yes",
        currency=currency,
        components=row.parts,
    )


def _fixed_of_product(row: ProductRow, known: Product) -> dict[str, tuple[object, object]]:
    return {
        "kind": (row.kind, known.kind.value),
        "unit": (row.unit, known.unit),
        "stocked": (row.stocked, "yes" if known.stocked else "no"),
        "method": (row.method, known.method.value),
    }


def _import_listed(work: Import, rows: tuple[ProductRow, ...]) -> None:
    """Put the prices for everybody on the list."""
    wanted = [(row, _listed(row, row.price, work)) for row in rows if row.price is not None]
    kept = work.store.get_many(PriceRule, {rule.id for _, rule in wanted})
    for row, rule in wanted:
        known = kept.get(rule.id)
        if known is None:
            on = min(row.entered or row.since or work.on, work.on)
            work.carry_out(PRODUCTS, row, partial(work.office.orders.set_price, work.store, rule, on=on))
        else:
            work.cannot_change(PRODUCTS, row, {"price": (rule.price, known.price)})


def _listed(row: ProductRow, price: Decimal, work: Import) -> PriceRule:
    """Return the price of a row; its id says from when it holds and when it became known, so that each is another."""
    days = [day.isoformat() for day in (row.since, row.entered) if day]
    return PriceRule(
        id="/".join([f"list/{row.product}", *days]),
        product=row.product,
        price=price,
        currency=work.office.administration.currency,
        since=row.since or EVER,
        known=row.entered or EVER,
    )


def import_prices(work: Import, folder: Folder) -> None:
    """Put every other price on the list, and end it by each row that says so."""
    rows = folder.of(PRICES)
    kept = work.store.get_many(PriceRule, {row.id for row in rows})
    for mine in by_key(PRICES, rows):
        known = kept.get(mine[0].id)
        if known is not None and work.cannot_change(PRICES, mine[0], _fixed_of_price(mine[0], known)):
            continue
        for row, rule in _new_states(work, mine, known):
            on = min(row.entered or row.since or work.on, work.on)
            if not work.carry_out(PRICES, row, partial(work.office.orders.set_price, work.store, rule, on=on)):
                break


def _new_states(work: Import, rows: list[PriceRow], known: PriceRule | None) -> Iterator[tuple[PriceRow, PriceRule]]:
    """Yield the rows that say something new, each with the price that it leads to."""
    first = rows[0]
    rule = PriceRule(
        id=first.id,
        product=first.product,
        client=first.client,
        price=first.price,
        currency=work.office.administration.currency,
        from_quantity=first.from_quantity,
        since=first.since or EVER,
        until=first.until,
        known=first.entered or EVER,
    )
    if known is not None:
        rule = attrs.evolve(rule, until=rows[-1].until)
        if rule.until != known.until:
            yield rows[-1], rule
        return
    yield first, rule
    for row in rows[1:]:
        yield row, attrs.evolve(rule, until=row.until)


def _fixed_of_price(row: PriceRow, known: PriceRule) -> dict[str, tuple[object, object]]:
    since = None if known.since == a_day(EVER, where="from") else known.since
    return {
        "product": (row.product, known.product),
        "client": (row.client, known.client),
        "price": (row.price, known.price),
        "from_quantity": (row.from_quantity, known.from_quantity),
        "from": (row.since, since),
    }
