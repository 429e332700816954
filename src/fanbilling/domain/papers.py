"""Papers: what is printed besides bills, such as quotations, confirmations, reports and certificates.

A paper is a value that says everything that is on it, in codes and figures; a renderer puts it into the reader's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from .administrations import Seller
from .errors import InvalidValue
from .invoices import Buyer
from .languages import LANGUAGES
from .money import places
from .periods import a_day
from .reasons import Fact, Reason
from .texts import a_text, an_id


class Figure(StrEnum):
    """How the cells of a column are written; a *word* is a code for which there are words."""

    TEXT = "text"
    WORD = "word"
    DAY = "day"
    NUMBER = "number"
    MONEY = "money"
    PRICE = "price"
    PERCENT = "percent"


@attrs.frozen
class Column:
    """A column of a table: the code of its heading, and how its cells are written."""

    name: str
    figure: Figure = Figure.TEXT


@attrs.frozen(kw_only=True)
class Row:
    """A row of a table, a cell per column; ``because`` says where its figures come from."""

    cells: tuple[Fact, ...]
    because: Reason | None = None


@attrs.frozen(kw_only=True)
class Table:
    """Rows under columns, with their total where they have one.

    Args:
        name: the code of its heading; empty when it has none.
        title: a heading in the client's words (a name, a project), after or in the place of the code.
        sum: the code of what its total is called: ``"total"``, ``"net"`` (without VAT) or ``"gross"`` (with VAT).

    Raises:
        InvalidValue: when a row has more or fewer cells than there are columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    name: str = ""
    title: str = ""
    total: Row | None = None
    sum: str = "total"

    def __attrs_post_init__(self) -> None:
        """Refuse a row that does not fit under the columns."""
        for row in self.all:
            if len(row.cells) != len(self.columns):
                raise InvalidValue(
                    f"{len(row.cells)} cells under {len(self.columns)} columns",
                    where=f"table {self.name}",
                    remedy="give each column its cell; None leaves it empty",
                )

    @property
    def all(self) -> tuple[Row, ...]:
        """All rows, the total last."""
        return (*self.rows, self.total) if self.total else self.rows


@attrs.frozen(kw_only=True)
class Paper:
    """One paper: for whom, about what, with which figures, and why they are what they are.

    Args:
        kind: what it is, as a code for which there are words: ``"quotation"``, ``"hours-report"``, ``"certificate"``.
        number: what it is called by; empty when it has no number.
        language: in which it is written.
        currency: of its amounts.
        addressee: whom it is for; absent on what stays in the house.
        title: what it is about, in the client's words.
        facts: what stands beside the address: pairs of a code and a value.
        paragraphs: what it says besides, in the client's words.
        signatures: the codes of who signs it.

    Raises:
        InvalidValue: when it could not be printed.
    """

    id: str
    kind: str
    on: date
    language: str
    currency: str
    seller: Seller
    number: str = ""
    addressee: Buyer | None = None
    title: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()
    tables: tuple[Table, ...] = ()
    paragraphs: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what no renderer could print."""
        where = f"paper {an_id(self.id, where='paper')}"
        a_day(self.on, where=where)
        places(self.currency)
        if self.language not in LANGUAGES:
            raise InvalidValue(
                f"no papers are written in {self.language!r}", where=where, remedy=f"use one of {', '.join(LANGUAGES)}"
            )
        for text in (self.number, self.title, *self.paragraphs):
            a_text(text, where=where)

    def amounts(self) -> Iterator[tuple[Row, Column, Decimal]]:
        """Yield every amount of money on the paper with its row and column."""
        for table in self.tables:
            for row in table.all:
                for column, cell in zip(table.columns, row.cells, strict=True):
                    if column.figure in (Figure.MONEY, Figure.PRICE) and isinstance(cell, Decimal):
                        yield row, column, cell

    def unexplained(self) -> list[tuple[str, Decimal]]:
        """Return the amounts, with their column, that are not in the reasons of their row: none, in sound papers."""
        return [
            (column.name, amount)
            for row, column, amount in self.amounts()
            if row.because is None or amount not in _told(row.because)
        ]


def _told(because: Reason) -> set[Fact]:
    """Return every figure that a reason tells."""
    return {figure for reason in because.walk() for figure in (reason.value, *(value for _, value in reason.inputs))}
