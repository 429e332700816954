"""Papers as tables for a spreadsheet: the figures of a report, without its letter head."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ....domain.papers import Paper
from ....domain.ports.delivery import Rendered
from ....domain.reasons import Fact
from ..paper_view import PaperView, paper_view

#: What a spreadsheet would take for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


class CsvPrinter:
    """Prints the tables of a paper as CSV: semicolons, the decimal mark of its language, days as 2026-01-31.

    Tables with the same columns become one, with the title of each row's own table in front where they have titles;
    others follow after an empty line. Totals are left out: a spreadsheet adds up. A text that a spreadsheet would take
    for a formula gets an apostrophe in front of it.
    """

    def print(self, paper: Paper) -> Rendered:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerows(_rows(paper, paper_view(paper)))
        return Rendered(
            content=text.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", suffix=".csv"
        )


def _rows(paper: Paper, shown: PaperView) -> Iterator[list[str]]:
    titled = len(paper.tables) > 1 and any(table.title for table in paper.tables)
    before: tuple[str, ...] = ()
    for table, view in zip(paper.tables, shown.tables, strict=True):
        heads = tuple(column.label for column in view.columns)
        if heads != before:
            if before:
                yield []
            yield [*([""] if titled else []), *heads]
            before = heads
        for row, texts in zip(table.rows, view.rows, strict=True):
            cells = [_cell(cell, text, shown.decimal) for cell, text in zip(row.cells, texts, strict=True)]
            yield [*([_safe(table.title)] if titled else []), *cells]


def _cell(cell: Fact, text: str, decimal: str) -> str:
    """Write a cell for a machine: figures without thousands, days by the standard, texts as they are printed."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", decimal)
    return str(cell) if isinstance(cell, int) else _safe(text)


def _safe(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
