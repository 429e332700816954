"""What the files of projects have to agree in, and how other files name what is due of a project."""

from __future__ import annotations

from typing import Any, Final

from ...columns import Wrong
from ...tables import Found, Index, Table
from ..files import Names
from .rows import EXPENSES, FIXED_PRICE, HOURS, INSTALLMENTS, PROJECTS

FACT: Final = "`hours:` or `expense:` with its id, `installment:` with its id, or `progress`"
PROGRESS: Final = "progress"


def agreeing(index: Index) -> Found:
    """Instalments are of a fixed price, agreed together with it unless they are extra work."""
    for row in index.folder.of(INSTALLMENTS):
        project, began = index.first(PROJECTS, row.project), index.first(INSTALLMENTS, row.project, row.id)
        if project is None:
            continue
        if project.kind != FIXED_PRICE:
            why = Wrong("This project has no fixed price.", f"Write {FIXED_PRICE} in projects.csv, or leave this out.")
            yield INSTALLMENTS, row, "project", why
        elif row is began and row.extra != "yes" and row.entered != project.entered:
            known = project.entered or "nothing"
            why = Wrong("The instalments are agreed with the price itself.", f"Write {known}, or yes in extra.")
            yield INSTALLMENTS, row, "entered", why


def named(index: Index, table: Table[Any], row: Names) -> Found:
    """A row names something of a project that there is, and the day under which that is filed."""
    if index.first(PROJECTS, row.agreement) is None:
        yield from index.refer(table, row, "agreement", PROJECTS, row.agreement)
        return
    kind, _, id = row.fact.partition(":")
    if kind == "installment" and id:
        yield from index.refer(table, row, "fact", INSTALLMENTS, row.agreement, id)
        one: Any = index.first(INSTALLMENTS, row.agreement, id)
    elif kind in _ENTRIES and id:
        yield from index.refer(table, row, "fact", _ENTRIES[kind], id)
        one = index.first(_ENTRIES[kind], id)
    else:
        if row.fact != PROGRESS:
            why = Wrong("This is nothing of a project.", f"Write {FACT.replace('`', '')}, such as hours:h1.")
            yield table, row, "fact", why
        return
    if one and one.project != row.agreement:
        yield table, row, "agreement", Wrong("This is of another project.", f"Write {one.project}.")
    elif one and row.filed != one.date:
        yield table, row, "filed", Wrong("It is filed under another day.", f"Write {one.date}.")


_ENTRIES: Final[dict[str, Table[Any]]] = {"hours": HOURS, "expense": EXPENSES}
