"""The tables of an exchange folder: what a table and its rows are, and the rows of all tables together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Generic, Protocol, TypeAlias, TypeVar

import attrs

from .columns import Column, Problems, Wrong, close_to

REJECTS: Final = "rejects.csv"
"""Written by the command, never read."""


class Row(attrs.AttrsInstance, Protocol):
    """What all rows have in common."""

    @property
    def row(self) -> int:
        """The line of the file."""

    @property
    def entered(self) -> date | None:
        """The day the row became known; None: always known."""

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself; `first` of its id, or a later one."""


R = TypeVar("R", bound=Row)


@attrs.frozen(kw_only=True)
class BadRow:
    """A row that is refused: where it stands, what is wrong, and what would be right."""

    file: str
    line: int
    column: str = ""
    value: str = ""
    problem: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.problem}" + (f' It says "{self.value}".' if self.value else "") + f" {self.expected}"


@attrs.frozen(kw_only=True, eq=False)
class Table(Generic[R]):
    """A file of the folder: its row class, and what tells its rows apart."""

    file: str
    row: type[R]
    key: tuple[str, ...] = ("id",)
    stamp: tuple[str, ...] = ()
    """What must differ between rows of one key. Nothing: a key has one row."""
    counts_from: str = ""
    """The field with the day on which a row happened: a run on an earlier day does not see it."""

    columns: dict[str, tuple[str, Column]] = attrs.field(init=False, repr=False)
    """Field and description of each column, by its name in the file."""

    @columns.default
    def _described(self) -> dict[str, tuple[str, Column]]:
        described = {f.name: f.metadata["column"] for f in attrs.fields(self.row) if "column" in f.metadata}
        return {about.name or field: (field, about) for field, about in described.items()}

    def key_of(self, row: R) -> tuple[str, ...]:
        """What names the thing this row is about."""
        return tuple(getattr(row, name) for name in self.key)

    def knows(self, row: R, on: date) -> bool:
        """Whether a run on this day sees the row."""
        happened: date = getattr(row, self.counts_from) if self.counts_from else date.min
        return max(_entered(row), happened) <= on


Thing: TypeAlias = tuple[Table[Any], tuple[str, ...]]
"""What rows are about: a table and a key."""


def _filled(rows: Mapping[Table[Any], Iterable[Any]]) -> dict[Table[Any], tuple[Any, ...]]:
    whole = {table: tuple(mine) for table, mine in rows.items()}
    return {table: mine for table, mine in whole.items() if mine}


@attrs.frozen
class Folder:
    """The rows of an exchange folder, per table, in the order in which they became known."""

    rows: Mapping[Table[Any], tuple[Any, ...]] = attrs.field(factory=dict, converter=_filled)

    def of(self, table: Table[R]) -> tuple[R, ...]:
        """The rows of one table."""
        return self.rows.get(table, ())

    def known(self, on: date) -> Folder:
        """The folder as it was known on this day."""
        return Folder({table: [row for row in rows if table.knows(row, on)] for table, rows in self.rows.items()})

    def without(self, things: Collection[Thing]) -> Folder:
        """The folder without everything that is said about these things."""
        return Folder(
            {
                table: [row for row in rows if (table, table.key_of(row)) not in things]
                for table, rows in self.rows.items()
            }
        )


Found: TypeAlias = Iterator[tuple[Table[Any], Row, str, Wrong]]
"""Rows that do not agree with others: table, row, column, and what is wrong there."""


@attrs.frozen
class Index:
    """What there is in a folder: the row with which each thing began, by table and by key or beginning of a key."""

    folder: Folder
    began: Mapping[Table[Any], Mapping[tuple[str, ...], Any]]

    @classmethod
    def of(cls, folder: Folder) -> Index:
        """Look through a folder."""
        began: dict[Table[Any], dict[tuple[str, ...], Any]] = {}
        for table, rows in folder.rows.items():
            mine = began.setdefault(table, {})
            for row in rows:
                key = table.key_of(row)
                for length in range(1, len(key) + 1):
                    mine.setdefault(key[:length], row)
        return cls(folder, began)

    def first(self, table: Table[R], *key: str) -> R | None:
        """The row with which a thing began, or nothing; the beginning of a key is enough, such as an order's id."""
        row: R | None = self.began.get(table, {}).get(key)
        return row

    def refer(self, table: Table[Any], row: Row, column: str, to: Table[Any], *key: str) -> Found:
        """The row refers to what exists, and was known no later than the row itself."""
        target = self.first(to, *key)
        if target is None:
            near = {known[-1] for known in self.began.get(to, {}) if known[:-1] == key[:-1]}
            hint = close_to(key[-1], near) or "Correct it, or add what is missing there."
            yield table, row, column, Wrong(f"This is not in {to.file}.", hint)
        elif _entered(target) > _entered(row):
            said = f"{to.file} knows this only from {target.entered}; this row claims to be known before."
            yield table, row, column, Wrong(said, f"Write {target.entered} or later in the column entered.")


def follows(line: int) -> Wrong:
    """A row cannot be better than the row of the same id that it builds on."""
    return Wrong(f"Line {line} is about the same thing, and is wrong.", "Put that row right first.")


def _entered(row: Row) -> date:
    """The first day on which a row is known."""
    return row.entered or date.min
