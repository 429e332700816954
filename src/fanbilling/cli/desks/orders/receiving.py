"""What comes in from suppliers and goes back to them, and what is assembled: receipts.csv and assemblies.csv."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

import attrs

from ....domain.exact import rounded
from ....domain.money import Money, places
from ....sources.orders import Assembly, Component, MoveKind, StockMove
from ...columns import AMOUNT, DAY, ENTERED, ID, NUMBER, TEXT, YES_NO, Later, Problems, Wrong, column
from ...importing import Import
from ...tables import Folder, Found, Index, Table
from .cells import NAME, PARTS, SHARES, known_on
from .delivering import MAIN
from .steps import Step


@attrs.frozen(kw_only=True)
class ReceiptRow:
    """What came in from a supplier, or went back."""

    row: int
    id: str = column(ID, "Id of the receipt", "R-3001", required=True)
    date: dt.date = column(DAY, "Day on which it came in, or went back", "2026-02-04", required=True)
    product: str = column(ID, "The product", "WHEEL-28", required=True, stands_in="products.csv")
    quantity: Decimal = column(NUMBER, "How many", "40", required=True)
    price: Decimal | None = column(NUMBER, "What one costs, without VAT", "7,25")
    total: Decimal | None = column(AMOUNT, "Instead of `price`: what all of it costs", "290,00")
    place: str = column(NAME, f"Where it lies; empty: {MAIN}", "shop")
    returns: str = column(
        ID, "For what goes back to the supplier: the receipt with which it came", "R-3001", stands_in="receipts.csv"
    )
    reference: str = column(TEXT, "The supplier's paper", "Packing slip 88412")
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-04", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if not self.quantity:
            yield "quantity", Wrong("A receipt of nothing says nothing.", "Write how many.")
        if self.returns and (self.price is not None or self.total is not None):
            column = "price" if self.price is not None else "total"
            yield column, Wrong("What goes back is worth what it was bought for.", "Leave this empty.")
        elif not self.returns and self.price is None and self.total is None:
            yield "price", Wrong("This does not say what it cost.", "Fill price or total; 0 when it cost nothing.")
        elif self.price is not None and self.total is not None:
            yield "total", Wrong("Price and total exclude each other.", "Fill one of the two.")
        if self.total is not None and self.total < 0:
            yield "total", Wrong("This amount is negative.", "Write what goes back in a row with returns.")


@attrs.frozen(kw_only=True)
class AssemblyRow:
    """A product that was put together from its parts, or taken apart into them."""

    row: int
    id: str = column(ID, "Id of the assembly", "A-4001", required=True)
    date: dt.date = column(DAY, "Day on which it was done", "2026-02-10", required=True)
    product: str = column(ID, "The product", "BIKE", required=True, stands_in="products.csv")
    quantity: Decimal = column(NUMBER, "How many were made, or taken apart", "5", required=True)
    apart: str = column(YES_NO, "Whether it was taken apart", "no", default="no")
    parts: tuple[Component, ...] = column(
        PARTS, "What went into one, or came out; empty: as products.csv says", "FRAME:1 WHEEL:2"
    )
    added: Decimal | None = column(AMOUNT, "What is added to the cost: labour", "60,00")
    shares: tuple[Decimal, ...] = column(
        SHARES, "Taking apart: how the cost is split over the parts; empty: by what those in stock are worth", "60 20"
    )
    place: str = column(NAME, f"Where it was done; empty: {MAIN}", "shop")
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-10", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if not self.quantity:
            yield "quantity", Wrong("An assembly of nothing says nothing.", "Write how many.")
        if self.added is not None and self.added < 0:
            yield "added", Wrong("This amount is negative.", "Write zero or more.")
        if self.shares and self.apart != "yes":
            yield "shares", Wrong("The cost is split when something is taken apart.", "Leave this empty.")
        if self.shares and not any(self.shares):
            yield "shares", Wrong("There is nothing to split by.", "Write one number above zero.")


RECEIPTS: Final = Table(file="receipts.csv", row=ReceiptRow, counts_from="date")
ASSEMBLIES: Final = Table(file="assemblies.csv", row=AssemblyRow, counts_from="date")


def of_products(index: Index) -> Found:
    """What goes back is of the product and the place of its receipt; parts of an assembly are products."""
    from .products import PRODUCTS

    for row in index.folder.of(RECEIPTS):
        came = index.first(RECEIPTS, row.returns) if row.returns else None
        if came is not None and came.returns:
            yield RECEIPTS, row, "returns", Wrong("That one went back itself.", "Name the receipt.")
        elif came is not None and came.product != row.product:
            yield RECEIPTS, row, "product", Wrong(f"That receipt is of {came.product}.", f"Write {came.product}.")
    for made in index.folder.of(ASSEMBLIES):
        for part in made.parts:
            yield from index.refer(ASSEMBLIES, made, "parts", PRODUCTS, part.product)


def receipts(work: Import, folder: Folder) -> Iterator[Step]:
    """Yield what came in and went back, and is not in the books."""
    rows = folder.of(RECEIPTS)
    kept = work.store.get_many(StockMove, [row.id for row in rows])
    for row in rows:
        move, known = _move(work, row), kept.get(row.id)
        if known is not None:
            work.cannot_change(RECEIPTS, row, _fixed_of_receipt(row, move, known))
            continue
        book = partial(work.office.orders.book, work.store, [move], on=known_on(row, row.date))
        rank = 8 if row.returns else 0
        yield Step(table=RECEIPTS, row=row, known=known_on(row, row.date), on=row.date, rank=rank, do=book)


def _move(work: Import, row: ReceiptRow) -> StockMove:
    currency = work.office.administration.currency
    total = row.total
    if row.price is not None:
        total = rounded(row.price * row.quantity, places(currency))
    return StockMove(
        id=row.id,
        kind=MoveKind.SUPPLIER_RETURN if row.returns else MoveKind.RECEIPT,
        product=row.product,
        place=row.place or MAIN,
        on=row.date,
        quantity=row.quantity,
        amount=None if total is None else Money(total, currency),
        origin=row.returns,
        about=row.reference,
    )


def _fixed_of_receipt(row: ReceiptRow, said: StockMove, kept: StockMove) -> dict[str, tuple[object, object]]:
    money = "price" if row.price is not None else "total"
    amounts = [one.amount.amount if one.amount else None for one in (said, kept)]
    return {
        "product": (said.product, kept.product),
        "date": (said.on, kept.on),
        "quantity": (said.quantity, kept.quantity),
        money: (amounts[0], amounts[1]),
        "place": (said.place, kept.place),
        "returns": (said.origin, kept.origin),
        "reference": (said.about, kept.about),
    }


def assemblies(work: Import, folder: Folder) -> Iterator[Step]:
    """Yield what was put together and taken apart, and is not in the books."""
    rows = folder.of(ASSEMBLIES)
    kept = work.store.get_many(Assembly, [row.id for row in rows])
    desk = work.office.orders
    for row in rows:
        made, known = _assembly(work, row), kept.get(row.id)
        if known is not None:
            work.cannot_change(ASSEMBLIES, row, _fixed_of_assembly(row, made, known))
            continue
        tell = desk.disassemble if row.apart == "yes" else desk.assemble
        do = partial(tell, work.store, made, on=known_on(row, row.date))
        yield Step(table=ASSEMBLIES, row=row, known=known_on(row, row.date), on=row.date, rank=1, do=do)


def _assembly(work: Import, row: AssemblyRow) -> Assembly:
    return Assembly(
        id=row.id,
        product=row.product,
        place=row.place or MAIN,
        on=row.date,
        quantity=row.quantity,
        components=row.parts,
        added=None if row.added is None else Money(row.added, work.office.administration.currency),
        shares=row.shares,
    )


def _fixed_of_assembly(row: AssemblyRow, said: Assembly, kept: Assembly) -> dict[str, tuple[object, object]]:
    return {
        "product": (said.product, kept.product),
        "date": (said.on, kept.on),
        "quantity": (said.quantity, kept.quantity),
        "apart": (row.apart, "yes" if kept.apart else "no"),
        "parts": (said.components, kept.components),
        "added": (said.added, kept.added),
        "shares": (said.shares, kept.shares),
        "place": (said.place, kept.place),
    }
