"""The reference page of the exchange folder, as far as it follows from the columns and from the desks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .columns import Column, Later
from .desks import DESKS
from .rows import TABLES
from .tables import Table


def described(page: str) -> str:
    """Return the reference page, with what stands between its marks written anew."""
    for table in TABLES:
        page = _between(page, f"columns of {table.file}", f"end of {table.file}", _columns(table))
    return _between(page, "what is due", "end of what is due", _due())


def _between(page: str, begin: str, end: str, rows: Iterable[tuple[str, ...]]) -> str:
    """Write a table between two marks; a page without them stays as it is."""
    start, stop = f"<!-- {begin} -->", f"<!-- {end} -->"
    before, found, rest = page.partition(start)
    _, closed, after = rest.partition(stop)
    if not found or not closed:
        return page
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    text = "\n".join([head, "|" + "---|" * (head.count(" | ") + 1), *body])
    return f"{before}{start}\n\n{text}\n\n{stop}{after}"


def _columns(table: Table[Any]) -> Iterable[tuple[str, ...]]:
    yield "column", "holds", "needed", "meaning", "example"
    for name, (_, about) in table.columns.items():
        yield f"`{name}`", about.kind.name, _need(about), about.meaning, _code(about.example)


def _need(about: Column) -> str:
    later = {Later.REPLACES: "", Later.FIXED: "; cannot change", Later.OWN: ""}[about.later]
    return ("yes" if about.required else f"no: {about.default}" if about.default is not None else "no") + later


def _due() -> Iterable[tuple[str, ...]]:
    yield "`source`", "`agreement`", "`fact`", "`filed`"
    for desk in DESKS:
        yield f"`{desk.name}`", f"Id of the {desk.due.agreement}", desk.due.fact or "stays empty", desk.due.filed


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
