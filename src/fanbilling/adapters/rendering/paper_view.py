"""The view of a paper: every text that is printed, made once, so that paper, screen and plain text say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ...domain.papers import Column, Figure, Paper, Row, Table
from ...domain.reasons import Fact as Told
from .letterhead import Fact, Sender, sender, window
from .plain import one_line
from .words import Words, words

_FIGURES = frozenset({Figure.NUMBER, Figure.MONEY, Figure.PRICE, Figure.PERCENT})


@attrs.frozen(kw_only=True)
class ColumnView:
    """A column: its heading, its place in a row, whether figures stand in it, and whether it takes the room left."""

    label: str
    place: int
    figure: bool
    wide: bool


@attrs.frozen(kw_only=True)
class TableView:
    """A table as texts; ``total`` is empty when there is none."""

    title: str
    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]

    @property
    def all(self) -> tuple[tuple[str, ...], ...]:
        """All rows, the total last."""
        return (*self.rows, self.total) if self.total else self.rows


@attrs.frozen(kw_only=True)
class PaperView:
    """A paper as texts, in the order in which it is read.

    Args:
        name: what it is, in one word: *Quotation*.
        title: what it is with its number.
        concerns: what it is about, in the client's words.
        window: the lines of the address window; empty on what stays in the house.
        before, after: what is said in front of and behind the addressee's name, on papers that say it about somebody.
        decimal: the decimal mark, for layouts that align figures on it.
        page: *page {page} of {pages}*, for layouts that have pages.
    """

    language: str
    name: str
    title: str
    concerns: str
    sender: Sender
    window: tuple[str, ...]
    before: str
    after: str
    facts: tuple[Fact, ...]
    tables: tuple[TableView, ...]
    paragraphs: tuple[str, ...]
    signatures: tuple[str, ...]
    decimal: str
    page: str


def paper_view(paper: Paper) -> PaperView:
    """Put a paper into texts, in its own language; a code for which there is no word is shown as it is."""
    book = words(paper.language)
    name = _word(book, "paper", paper.kind)
    towards = paper.addressee.address if paper.addressee else paper.seller.address
    return PaperView(
        language=paper.language,
        name=name,
        title=f"{name} {one_line(paper.number)}".strip(),
        concerns=one_line(paper.title),
        sender=sender(paper.seller, towards, book),
        window=window(paper.addressee, paper.seller.address, book) if paper.addressee else (),
        before=book.labels.get(f"before-{paper.kind}", ""),
        after=book.labels.get(f"after-{paper.kind}", ""),
        facts=tuple(
            Fact(_word(book, "fact", code), _fact(value, book))
            for code, value in (("date", paper.on), *paper.facts)
            if value not in (None, "")
        ),
        tables=tuple(_table(table, paper, book) for table in paper.tables),
        paragraphs=paper.paragraphs,
        signatures=tuple(_word(book, "sign", code) for code in paper.signatures),
        decimal=book.figures.amount(Decimal(0))[1],
        page=book["page"],
    )


def _word(book: Words, area: str, code: str) -> str:
    """Return the word for a code, or the code itself with its hyphens taken out."""
    return book.labels.get(f"{area}-{code}") or code.replace("-", " ").capitalize()


def _table(table: Table, paper: Paper, book: Words) -> TableView:
    name = _word(book, "table", table.name) if table.name else ""
    texts = [place for place, column in enumerate(table.columns) if column.figure is Figure.TEXT]
    widest = max(texts, key=lambda place: _length(table, place), default=-1)
    return TableView(
        title=" · ".join(filter(None, (name, one_line(table.title)))),
        columns=tuple(
            ColumnView(
                label=_word(book, "column", column.name),
                place=place,
                figure=place > 0 and column.figure in _FIGURES,
                wide=place == widest,
            )
            for place, column in enumerate(table.columns)
        ),
        rows=tuple(_row(row, table, paper, book) for row in table.rows),
        total=_total(table.total, table, paper, book) if table.total else (),
    )


def _total(row: Row, table: Table, paper: Paper, book: Words) -> tuple[str, ...]:
    """Write a total; its name stands in the first column, where nothing else does."""
    cells = _row(row, table, paper, book)
    return cells if row.cells[0] is not None else (_word(book, "sum", table.sum), *cells[1:])


def _length(table: Table, place: int) -> int:
    return max((len(str(row.cells[place] or "")) for row in table.all), default=0)


def _row(row: Row, table: Table, paper: Paper, book: Words) -> tuple[str, ...]:
    return tuple(_cell(cell, column, paper, book) for cell, column in zip(row.cells, table.columns, strict=True))


def _cell(cell: Told, column: Column, paper: Paper, book: Words) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return book.figures.short(cell)
    if column.figure is Figure.WORD:
        return _word(book, "word", str(cell))
    if not isinstance(cell, Decimal | int) or column.figure is Figure.TEXT:
        return str(cell)
    return _number(Decimal(cell), column.figure, paper, book)


def _number(number: Decimal, figure: Figure, paper: Paper, book: Words) -> str:
    if figure in (Figure.MONEY, Figure.PRICE):
        return book.figures.amount(number, paper.currency)
    return book.figures.percent(number) if figure is Figure.PERCENT else book.figures.number(number)


def _fact(value: Told, book: Words) -> str:
    """Write what stands beside the address: a day in full, a figure as it is, a text on one line."""
    if isinstance(value, date):
        return book.figures.day(value)
    if isinstance(value, Decimal | int):
        return book.figures.number(Decimal(value))
    return one_line(book.labels.get(f"word-{value}") or str(value))
