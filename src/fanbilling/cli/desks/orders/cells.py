"""What cells of the tables of orders hold besides numbers and words: names within an order, and parts of a product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

from ....domain.vat import Supply, TaxClass
from ....sources.orders import Component, OrderLine
from ...columns import ID, NUMBER, Kind, Wrong
from ...tables import Found, Index, Row, Table

HEAD: Final = "Says the same in every line, or nothing"


def _name(text: str) -> object:
    if re.fullmatch(r"[A-Za-z0-9._-]{1,30}", text):
        return text
    problem = "This is not a short id."
    return Wrong(problem, "Use 1 to 30 letters, digits, dots, dashes or underscores, without a slash.")


NAME: Final = Kind("short id", _name, empty="")
"""An id that becomes a part of a key, beside another one."""


def _parts(text: str) -> object:
    parts: list[Component] = []
    for word in text.split():
        product, colon, quantity = word.rpartition(":")
        number = NUMBER.read(quantity) if colon and quantity else None
        if isinstance(ID.read(product), Wrong) or not isinstance(number, Decimal) or not number:
            return Wrong(f"{word!r} is not a part and how many of it.", "Write FRAME:1 WHEEL:2, with blanks between.")
        parts.append(Component(product=product, quantity=number))
    return tuple(parts)


PARTS: Final = Kind("parts", _parts, empty=())
"""Products and how many of each, as ``FRAME:1 WHEEL:2``."""


def _shares(text: str) -> object:
    shares = [NUMBER.read(word) for word in text.split()]
    wrong = [share for share in shares if isinstance(share, Wrong)]
    return wrong[0] if wrong else tuple(shares)


SHARES: Final = Kind("numbers", _shares, empty=())
"""Numbers with blanks between, one for each part."""


class LineRow(Row, Protocol):
    """The first row of a line of a quotation or an order."""

    @property
    def line(self) -> str:
        """Its id."""

    @property
    def product(self) -> str:
        """The product, or nothing."""

    @property
    def text(self) -> str:
        """What it is, where that is not the text of the product."""

    @property
    def quantity(self) -> Decimal:
        """How many."""

    @property
    def price(self) -> Decimal | None:
        """What one costs; absent: by the price list."""

    @property
    def discount(self) -> Decimal | None:
        """Percentage off the price."""

    @property
    def unit(self) -> str:
        """Its unit code, or nothing."""

    @property
    def tax(self) -> str:
        """Its VAT class, or nothing."""

    @property
    def kind(self) -> str:
        """Goods or services, or nothing."""

    @property
    def billed(self) -> str:
        """When a service is due."""


def line_of(row: LineRow) -> OrderLine:
    """Return the line that a row tells of."""
    return OrderLine(
        id=row.line,
        product=row.product,
        text=row.text,
        quantity=row.quantity,
        price=row.price,
        discount=row.discount or 0,
        unit=row.unit,
        tax_class=TaxClass(row.tax) if row.tax else None,
        supply=Supply(row.kind) if row.kind else None,
        billed=row.billed,
    )


def line_problems(row: LineRow) -> Iterator[tuple[str, Wrong]]:
    """What is wrong with a line that is sold, by itself."""
    if not row.product and not row.text:
        yield "product", Wrong("This does not say what is sold.", "Name a product, or say in text what it is.")
    if not row.product and row.price is None:
        yield "price", Wrong("Without a product there is no price list.", "Write the price of one.")
    if not row.quantity:
        yield "quantity", Wrong("A line of nothing says nothing.", "Write how many.")
    if row.discount is not None and row.discount > 100:
        yield "discount", Wrong("This is more than the price itself.", "Write 0 to 100, such as 2,5.")


def fixed_of_line(row: LineRow, kept: OrderLine) -> dict[str, tuple[object, object]]:
    """Return per column what a first row says of a line, and what the books say."""
    first = kept.corrections[0] if kept.corrections else None
    price, discount = (first.was, first.discount) if first else (kept.price, kept.discount)
    listed = kept.because is not None and kept.because.rule == "price.list"
    return {
        "product": (row.product, kept.product),
        "text": (row.text or kept.text, kept.text),
        "quantity": (row.quantity, kept.quantity),
        "price": (row.price, None if listed and row.price is None else price),
        "discount": (row.discount or Decimal(0), discount),
        "unit": (row.unit or kept.unit, kept.unit),
        "tax": (row.tax or kept.tax_class, kept.tax_class),
        "kind": (row.kind or kept.supply, kept.supply),
        "billed": (row.billed, kept.billed.value),
    }


def one_head(index: Index, table: Table[Any], *, same: Iterable[str], alike: Iterable[str]) -> Found:
    """Lines of one thing agree in what is said of the whole: its client and its day, and when it became known.

    Args:
        same: columns in which every line says the same.
        alike: those in which a line says the same as the first one, or nothing.
    """
    for rows in _firsts(index, table).values():
        head, *others = rows
        for row in others:
            for name in same:
                if getattr(row, name) != getattr(head, name):
                    yield table, row, name, _otherwise(table, head, getattr(head, name))
            for name in alike:
                if getattr(row, name) not in (None, "", getattr(head, name)):
                    yield table, row, name, _otherwise(table, head, getattr(head, name))


def _otherwise(table: Table[Any], head: Row, said: object) -> Wrong:
    what = f"Line {head.row} says {said or 'nothing'} of this {table.key[0]}, which is one thing."
    return Wrong(what, "Say the same, or give it an id of its own.")


def _firsts(index: Index, table: Table[Any]) -> dict[str, list[Any]]:
    """Return the first row of each line, by the thing that it is a line of."""
    firsts: dict[str, list[Any]] = {}
    for row in index.folder.of(table):
        key = table.key_of(row)
        if index.first(table, *key) is row:
            firsts.setdefault(key[0], []).append(row)
    return firsts


def known_on(row: Row, happened: date) -> date:
    """Return the day on which a row became known: the day on which it happened, where it does not say."""
    return row.entered or happened
