"""An exchange folder as a whole: what was known on a day, and whether its files agree with one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, TypeAlias

import attrs

from .columns import Wrong, close_to, shown
from .rows import ClientRow, CreditRow, DecisionRow, LineRow, PaymentRow, SubscriptionRow
from .tables import (
    CLIENTS,
    CREDITS,
    DECISIONS,
    LINES,
    PAYMENTS,
    SUBSCRIPTIONS,
    TABLES,
    BadRow,
    Row,
    Table,
    follows,
    read,
)

REJECTS: Final = "rejects.csv"
"""Written by the command, never read."""

_Found: TypeAlias = Iterator[tuple[Table[Any], Row, str, Wrong]]


@attrs.frozen(kw_only=True)
class Folder:
    """The rows of an exchange folder, in the order in which they became known."""

    clients: tuple[ClientRow, ...] = ()
    subscriptions: tuple[SubscriptionRow, ...] = ()
    lines: tuple[LineRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    credits: tuple[CreditRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()

    def of(self, table: Table[Any]) -> tuple[Any, ...]:
        """The rows of one file."""
        rows: tuple[Any, ...] = getattr(self, table.part)
        return rows

    def known(self, on: date) -> Folder:
        """The folder as it was known on this day."""
        return Folder(**{t.part: tuple(row for row in self.of(t) if _day(row) <= on) for t in TABLES})

    def without(self, keys: Collection[tuple[str, tuple[str, ...]]]) -> Folder:
        """The folder without everything that is said about these things, each named by file and key."""
        return Folder(
            **{t.part: tuple(row for row in self.of(t) if (t.file, t.key_of(row)) not in keys) for t in TABLES}
        )


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
    sheets = {t.part: read(t, files[t.file]) for t in TABLES if t.file in files}
    folder, dangling = checked(Folder(**{part: sheet.rows for part, sheet in sheets.items()}))
    return folder, (*bad, *(row for sheet in sheets.values() for row in sheet.bad), *dangling)


def checked(folder: Folder) -> tuple[Folder, tuple[BadRow, ...]]:
    """Leave out the rows that refer to what is not there, until all that is left agrees."""
    bad: list[BadRow] = []
    while found := [dangling for check in _CHECKS for dangling in check(_Index.of(folder))]:
        bad += (
            _bad(table, row, column, why, str(getattr(row, table.columns[column][0])))
            for table, row, column, why in found
        )
        lines = {(table.file, row.row) for table, row, _, _ in found}
        wrong = {(table.file, table.key_of(row)): row.row for table, row, _, _ in reversed(found)}
        bad += (
            _bad(table, row, table.key[-1], follows(wrong[table.file, table.key_of(row)]))
            for table in TABLES
            for row in folder.of(table)
            if (table.file, table.key_of(row)) in wrong and (table.file, row.row) not in lines
        )
        folder = folder.without(wrong.keys())
    return folder, tuple(sorted(bad, key=lambda b: (b.file, b.line)))


def _bad(table: Table[Any], row: Row, column: str, why: Wrong, value: str = "") -> BadRow:
    return BadRow(file=table.file, line=row.row, column=column, value=shown(value), **attrs.asdict(why))


def _day(row: Row) -> date:
    """The first day on which a run sees this row."""
    return row.entered or date.min


@attrs.frozen
class _Index:
    """The row with which each thing of each file began, by file and key."""

    folder: Folder
    first: Mapping[str, Mapping[tuple[str, ...], Any]]

    @classmethod
    def of(cls, folder: Folder) -> _Index:
        return cls(folder, {t.file: {t.key_of(row): row for row in reversed(folder.of(t))} for t in TABLES})

    def refer(self, table: Table[Any], row: Row, column: str, to: Table[Any], key: tuple[str, ...]) -> _Found:
        """The row refers to what exists, and was known no later than the row itself."""
        target = self.first[to.file].get(key)
        if target is None:
            place = len(key) - 1
            near = {known[place] for known in self.first[to.file] if known[:place] == key[:place]}
            hint = close_to(key[place], near) or "Correct it, or add what is missing there."
            yield table, row, column, Wrong(f"This is not in {to.file}.", hint)
        elif _day(target) > _day(row):
            said = f"{to.file} knows this only from {target.entered}; this row claims to be known before."
            yield table, row, column, Wrong(said, f"Write {target.entered} or later in the column entered.")


def _payers(index: _Index) -> _Found:
    """Who pays for another is a client, and pays for itself."""
    paid_for = {client.id for client in index.folder.clients if client.payer}
    for client in index.folder.clients:
        if client.payer:
            yield from index.refer(CLIENTS, client, "payer", CLIENTS, (client.payer,))
        if client.payer in paid_for:
            why = Wrong("The payer is itself paid for by another client.", "Name the one who pays in the end.")
            yield CLIENTS, client, "payer", why


def _clients(index: _Index) -> _Found:
    """What is sold and what is paid has a client; a subscription has one."""
    for table in (SUBSCRIPTIONS, LINES, PAYMENTS):
        for row in index.folder.of(table):
            if row.client:
                yield from index.refer(table, row, "client", CLIENTS, (row.client,))
    owners: dict[str, str] = {}
    for line in index.folder.subscriptions:
        if (owner := owners.setdefault(line.subscription, line.client)) != line.client:
            why = Wrong(f"This subscription is of client {owner}.", f"Write {owner}, or give it an id of its own.")
            yield SUBSCRIPTIONS, line, "client", why


def _keys(index: _Index) -> _Found:
    """Credits and decisions are about something that exists, under the day it is filed."""
    rows: list[tuple[Table[Any], CreditRow | DecisionRow]] = [(CREDITS, row) for row in index.folder.credits]
    rows += ((DECISIONS, row) for row in index.folder.decisions if row.kind != "withdraw")
    subscriptions = {line.subscription for line in index.folder.subscriptions}
    for table, row in rows:
        if row.source == "manual":
            yield from index.refer(table, row, "agreement", LINES, (row.agreement,))
            line = index.first[LINES.file].get((row.agreement,))
            if line and row.filed != line.date:
                yield table, row, "filed", Wrong("The loose line has another date.", f"Write {line.date}.")
        elif row.agreement not in subscriptions:
            hint = close_to(row.agreement, subscriptions) or "Correct it, or add what is missing there."
            yield table, row, "agreement", Wrong(f"This is not in {SUBSCRIPTIONS.file}.", hint)
        else:
            yield from index.refer(table, row, "fact", SUBSCRIPTIONS, (row.agreement, row.fact))
            line = index.first[SUBSCRIPTIONS.file].get((row.agreement, row.fact))
            if line and row.filed and row.filed < line.start:
                why = Wrong("The line starts later.", f"Write the first day of a cycle, {line.start} or later.")
                yield table, row, "filed", why


def _withdrawals(index: _Index) -> _Found:
    """What is taken back was decided, or held by a credit, and was not itself a taking back."""
    holding = {credit.id for credit in index.folder.credits if credit.then == "hold"}
    for row in index.folder.decisions:
        if row.kind == "withdraw" and row.decision not in holding:
            yield from index.refer(DECISIONS, row, "decision", DECISIONS, (row.decision,))
            taken_back = index.first[DECISIONS.file].get((row.decision,))
            if taken_back and taken_back.kind == "withdraw":
                why = Wrong("This takes a withdrawal back.", "Make the first decision anew, with an id of its own.")
                yield DECISIONS, row, "decision", why


_CHECKS: Final[tuple[Callable[[_Index], _Found], ...]] = (_payers, _clients, _keys, _withdrawals)
