"""Documents as plain text: for a terminal, for a mail, and for who reads with their ears."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from ....domain.invoices import Invoice
from ....domain.papers import Paper
from ....domain.ports.delivery import Rendered
from ..letterhead import Fact
from ..paper_view import PaperView, TableView, paper_view
from ..sections import Line
from ..view import View, view

_WIDTH = 84
_GAP = "  "
_LEAST = 26  # a description narrower than this reads like a list of words


class TextRenderer:
    """Renders a document as plain text in UTF-8, in columns that stay in line in any fixed-width font."""

    def render(self, document: Invoice) -> Rendered:
        text = "\n".join(line.rstrip() for line in _page(view(document))) + "\n"
        return Rendered(content=text.encode(), media_type="text/plain; charset=utf-8", suffix=".txt")


class TextPrinter:
    """Prints quotations, reports and certificates as plain text in UTF-8."""

    def print(self, paper: Paper) -> Rendered:
        text = "\n".join(line.rstrip() for line in _paper(paper_view(paper))) + "\n"
        return Rendered(content=text.encode(), media_type="text/plain; charset=utf-8", suffix=".txt")


def _paper(shown: PaperView) -> Iterator[str]:
    yield shown.sender.name
    yield " · ".join((*shown.sender.address, *shown.sender.contact))
    yield ""
    if shown.window:
        yield from shown.window
        yield ""
    yield shown.title.upper()
    if shown.concerns:
        yield from textwrap.wrap(shown.concerns, _WIDTH)
    yield ""
    yield from _pairs(shown.facts)
    for table in shown.tables:
        yield ""
        yield from _columns(table)
    for paragraph in shown.paragraphs:
        yield ""
        yield from (piece for line in paragraph.split("\n") for piece in textwrap.wrap(line, _WIDTH) or [""])
    if shown.signatures:
        yield ""
        yield "    ".join(f"{name}: {'_' * 24}" for name in shown.signatures)


def _columns(table: TableView) -> Iterator[str]:
    """Draw a table; the widest text wraps where the others leave it no room."""
    if table.title:
        yield table.title
    heads = [column.label for column in table.columns]
    widths = [max(map(len, cells)) for cells in zip(heads, *table.all, strict=True)]
    wide = next((column.place for column in table.columns if column.wide), None)
    if wide is not None:
        others = sum(widths) - widths[wide] + len(_GAP) * (len(widths) - 1)
        widths[wide] = min(widths[wide], max(_LEAST, _WIDTH - others))
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    yield from _drawn(heads, table, widths)
    yield rule
    for row in table.rows:
        yield from _drawn(row, table, widths)
    yield rule
    if table.total:
        yield from _drawn(table.total, table, widths)


def _drawn(cells: Sequence[str], table: TableView, widths: Sequence[int]) -> Iterator[str]:
    pieces = [
        [piece for line in cell.split("\n") for piece in textwrap.wrap(line, width) or [""]] if cell else [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for line in range(max(map(len, pieces))):
        texts = [piece[line] if line < len(piece) else "" for piece in pieces]
        yield _GAP.join(
            f"{text:>{width}}" if column.figure else f"{text:<{width}}"
            for text, width, column in zip(texts, widths, table.columns, strict=True)
        )


def _page(shown: View) -> Iterator[str]:
    yield shown.sender.name
    yield " · ".join((*shown.sender.address, *shown.sender.contact))
    yield ""
    yield from shown.window
    yield ""
    yield shown.title.upper()
    if shown.concerns:
        yield from textwrap.wrap(shown.concerns, _WIDTH)
    yield ""
    yield from _pairs(shown.facts)
    yield ""
    yield from _table(shown)
    yield ""
    yield from _foot(shown)
    yield ""
    yield from textwrap.wrap(shown.payment.sentence, _WIDTH)
    yield from _pairs(shown.payment.facts)
    for note in shown.notes:
        yield ""
        yield from textwrap.wrap(note, _WIDTH)
    yield ""
    yield from textwrap.wrap(" · ".join(f"{fact.label} {fact.value}" for fact in shown.sender.legal), _WIDTH)


def _pairs(facts: Sequence[Fact]) -> Iterator[str]:
    width = max((len(fact.label) for fact in facts), default=0)
    for fact in facts:
        yield f"{fact.label:<{width}}{_GAP}{fact.value}"


def _table(shown: View) -> Iterator[str]:
    """Draw the lines; the figures' columns are as wide as their widest figure, and the description has the rest."""
    cells = [_cells(line) for section in shown.sections for line in section.lines]
    heads = shown.columns[1:]
    widths = [max(len(text) for text in column) for column in zip(heads, *cells, strict=True)]
    first = max(_LEAST, _WIDTH - sum(widths) - len(_GAP) * len(widths))
    rule = "─" * (first + sum(widths) + len(_GAP) * len(widths))
    yield _row(shown.columns[0], heads, first, widths)
    yield rule
    for section in shown.sections:
        if section.title:
            yield from textwrap.wrap(" · ".join(part for part in (section.title, section.period) if part), _WIDTH)
        for line in section.lines:
            texts = _described(line, first)
            yield _row(texts[0], _cells(line), first, widths)
            yield from texts[1:]
        if section.subtotal:
            yield _row(section.label, ("", "", "", section.subtotal), first, widths)
            yield ""
    yield rule


def _cells(line: Line) -> tuple[str, ...]:
    return f"{line.quantity} {line.unit}".strip(), f"{line.price} {line.per}".strip(), line.vat, line.net


def _described(line: Line, width: int) -> list[str]:
    texts = [*line.text.split("\n"), *(f"  {text}" for text in (line.period, line.note) if text)]
    return [piece for text in texts for piece in textwrap.wrap(text, width, subsequent_indent="  ")] or [""]


def _row(text: str, cells: Sequence[str], first: int, widths: Sequence[int]) -> str:
    figures = "".join(f"{_GAP}{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{text:<{first}}{figures}"


def _foot(shown: View) -> Iterator[str]:
    rows = [(shown.net.label, shown.net.value)]
    rows += [(f"{row.label} {shown.over} {row.base}", row.vat) for row in shown.taxes]
    rows.append((shown.payable.label, shown.payable.value))
    width = max(len(label) for label, _ in rows)
    figure = max(len(value) for _, value in rows)
    for place, (label, value) in enumerate(rows):
        if place == len(rows) - 1:
            yield "─" * (width + len(_GAP) + figure)
        yield f"{label:<{width}}{_GAP}{value:>{figure}}"
