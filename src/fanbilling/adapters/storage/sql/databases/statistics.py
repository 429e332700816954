"""What the database is told to expect: few administrations, and very many rows in each.

Every index begins with the administration. SQLite cannot know that this says next to nothing about a row, takes it for
as good as a key, and then reads all rows of an administration where an index would name the few that are asked. So the
statistics that it would otherwise collect from the rows are written down when a table is made; ``ANALYZE`` replaces
them with those of the rows whenever its owner likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Table

from .backend import Change

_ROWS = 1_000_000


def expect_many(change: Change, tables: Iterable[Table], prefix: str) -> None:
    """Write down, for tables that are new or have a new index, how many rows each index leaves."""
    rows = (row for table in tables for row in _expected(table))
    for number, (table, index, left) in enumerate(rows):
        if not number:
            change(f"ANALYZE {prefix}counter", [()])  # any analysis makes the table of statistics
        # Written out, not as values: each host's driver has another mark for the place of a value.
        names = f"'{table}', '{index}', '{left}'".replace("fb_", prefix)
        known = f"SELECT 1 FROM sqlite_stat1 WHERE idx = '{index}'".replace("fb_", prefix)  # noqa: S608
        change(f"INSERT INTO sqlite_stat1 (tbl, idx, stat) SELECT {names} WHERE NOT EXISTS ({known})", [()])
    change("ANALYZE sqlite_schema", [()])  # this connection reads them at once, others on opening


def _expected(table: Table) -> Iterator[tuple[str, str, str]]:
    with_rowid = table.dialect_options["sqlite"]["with_rowid"]
    key = f"sqlite_autoindex_{table.name}_1" if with_rowid else table.name
    yield table.name, key, _left(len(table.primary_key.columns), unique=True)
    for index in table.indexes:
        yield table.name, str(index.name), _left(len(index.columns), unique=bool(index.unique))


def _left(columns: int, *, unique: bool) -> str:
    """Return the rows of a table, and how many are left after each column of an index."""
    left = [_ROWS, *(max(2, 1024 >> 3 * place) for place in range(1, columns))]
    if unique:
        left[-1] = 1
    return " ".join(map(str, (_ROWS, *left))) + " noskipscan"  # nobody asks without the administration
