"""An exchange folder as a whole: its files are read, and checked for what they say about one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from .columns import Wrong, close_to, shown
from .desks import BY_SOURCE, DESKS
from .reading import read
from .rows import CLIENTS, CREDITS, DECISIONS, TABLES
from .tables import REJECTS, BadRow, Folder, Found, Index, Row, Table, follows


def read_folder(files: Mapping[str, bytes]) -> tuple[Folder, tuple[BadRow, ...]]:
    """Read all files, by name, and check what they say about one another. An absent file is an empty one.

    The folder holds the good rows only, and no row that builds on a bad one.
    """
    names = {table.file for table in TABLES}
    bad = [
        BadRow(
            file=shown(name),
            line=1,
            problem="This file has no place in an exchange folder.",
            expected=close_to(name, names) or f"The files are {', '.join(sorted(names))}.",
        )
        for name in sorted(files)
        if name.lower().endswith(".csv") and name not in names | {REJECTS}
    ]
    sheets = {table: read(table, files[table.file]) for table in TABLES if table.file in files}
    folder, dangling = checked(Folder({table: sheet.rows for table, sheet in sheets.items()}))
    return folder, (*bad, *(row for sheet in sheets.values() for row in sheet.bad), *dangling)


def checked(folder: Folder) -> tuple[Folder, tuple[BadRow, ...]]:
    """Leave out the rows that refer to what is not there, until all that is left agrees."""
    bad: list[BadRow] = []
    while found := _found(folder):
        bad += (
            _bad(table, row, column, why, str(getattr(row, table.columns[column][0])))
            for table, row, column, why in found
        )
        lines = {(table, row.row) for table, row, _, _ in found}
        wrong = {(table, table.key_of(row)): row.row for table, row, _, _ in reversed(found)}
        bad += (
            _bad(table, row, table.key[-1], follows(wrong[table, table.key_of(row)]))
            for table, rows in folder.rows.items()
            for row in rows
            if (table, table.key_of(row)) in wrong and (table, row.row) not in lines
        )
        folder = folder.without(wrong.keys())
    return folder, tuple(sorted(bad, key=lambda b: (b.file, b.line)))


def _found(folder: Folder) -> list[tuple[Table[Any], Row, str, Wrong]]:
    index = Index.of(folder)
    return [dangling for check in _CHECKS for dangling in check(index)]


def _bad(table: Table[Any], row: Row, column: str, why: Wrong, value: str = "") -> BadRow:
    return BadRow(file=table.file, line=row.row, column=column, value=shown(value), **attrs.asdict(why))


def _ids(index: Index) -> Found:
    """The id of something else stands in the file of those."""
    for table, rows in index.folder.rows.items():
        for name, (field, about) in table.columns.items():
            if about.stands_in:
                for row in rows:
                    if id := getattr(row, field):
                        yield from index.refer(table, row, name, _BY_FILE[about.stands_in], id)


def _payers(index: Index) -> Found:
    """Who pays for another pays for itself."""
    clients = index.folder.of(CLIENTS)
    paid_for = {client.id for client in clients if client.payer}
    for client in clients:
        if client.payer in paid_for:
            why = Wrong("The payer is itself paid for by another client.", "Name the one who pays in the end.")
            yield CLIENTS, client, "payer", why


def _due(index: Index) -> Found:
    """Credits and decisions are about something that exists, under the day it is filed."""
    for credit in index.folder.of(CREDITS):
        yield from BY_SOURCE[credit.source].due.check(index, CREDITS, credit)
    for decision in index.folder.of(DECISIONS):
        if decision.kind != "withdraw":
            yield from BY_SOURCE[decision.source].due.check(index, DECISIONS, decision)


def _withdrawals(index: Index) -> Found:
    """What is taken back was decided, or held by a credit, and was not itself a taking back."""
    holding = {credit.id for credit in index.folder.of(CREDITS) if credit.then == "hold"}
    for row in index.folder.of(DECISIONS):
        if row.kind == "withdraw" and row.decision not in holding:
            yield from index.refer(DECISIONS, row, "decision", DECISIONS, row.decision)
            taken_back = index.first(DECISIONS, row.decision)
            if taken_back and taken_back.kind == "withdraw":
                why = Wrong("This takes a withdrawal back.", "Make the first decision anew, with an id of its own.")
                yield DECISIONS, row, "decision", why


_BY_FILE: Final = {table.file: table for table in TABLES}
_CHECKS: Final[tuple[Callable[[Index], Found], ...]] = (
    _ids,
    _payers,
    *(desk.check for desk in DESKS),
    _due,
    _withdrawals,
)
