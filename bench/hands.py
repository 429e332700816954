"""How the floor speaks to each database: by its driver, the quickest way that the driver has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Protocol

Row = Sequence[Any]

_DRAWN = """
    INSERT INTO fb_counter VALUES ('nl', ?, ?, ?, '') ON CONFLICT (administration, name)
    DO UPDATE SET value = fb_counter.value + excluded.value, last_date = excluded.last_date RETURNING value, head
"""
_LINKED = "UPDATE fb_counter SET head = ? WHERE administration = 'nl' AND name = ?"
_ANSWERED = """
    UPDATE fb_agenda SET since = ?, ask_on = ?, asked_until = ?
    WHERE administration = 'nl' AND source = ? AND agreement = ? AND version = ?
"""
_ALL_ANSWERED = """
    UPDATE fb_agenda a SET since = n.since, ask_on = n.ask_on, asked_until = n.asked_until
    FROM unnest(%s::date[], %s::date[], %s::date[], %s::text[], %s::bigint[])
        AS n (since, ask_on, asked_until, agreement, version)
    WHERE a.administration = 'nl' AND a.source = %s AND a.agreement = n.agreement
        AND a.version = n.version
"""


class Hand(Protocol):
    """What the floor asks of a database."""

    def begin(self) -> None:
        """Begin a transaction."""

    def commit(self) -> None:
        """Keep it: it is on disk when this returns."""

    def read(self, query: str, values: Row) -> Sequence[Row]:
        """Return what a query finds."""

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows to a table."""

    def answer(self, source: str, rows: Sequence[Row]) -> None:
        """Write when to ask the agreements of a source again."""

    def draw(self, name: str, count: int, on: str | None) -> tuple[int, str]:
        """Draw places of a counter; return the last of them and the link of the chain."""

    def link(self, name: str, head: str) -> None:
        """Write the last link of the chain."""


class SqliteHand:
    """SQLite as the library opens it: every commit is on disk when it returns."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=FULL")

    def begin(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._database.execute("COMMIT")

    def read(self, query: str, values: Row) -> Sequence[Row]:
        return self._database.execute(query, values).fetchall()

    def add(self, table: str, rows: Sequence[Row]) -> None:
        self._database.executemany(f"INSERT INTO fb_{table} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    def answer(self, source: str, rows: Sequence[Row]) -> None:
        self._database.executemany(_ANSWERED, [(*row[:3], source, *row[3:]) for row in rows])

    def draw(self, name: str, count: int, on: str | None) -> tuple[int, str]:
        return self._database.execute(_DRAWN, (name, count, on)).fetchone()

    def link(self, name: str, head: str) -> None:
        self._database.execute(_LINKED, (head, name))


class PostgresqlHand:
    """PostgreSQL: new rows by COPY, answers in one statement for all."""

    def __init__(self, dsn: str) -> None:
        import psycopg  # not where books are in a file: what is imported is looked through by the collector

        self._connection = psycopg.connect(dsn)
        self._cursor = self._connection.cursor()

    def begin(self) -> None:
        """Nothing: the driver begins with the first statement."""

    def commit(self) -> None:
        self._connection.commit()

    def read(self, query: str, values: Row) -> Sequence[Row]:
        return self._cursor.execute(_placed(query), values).fetchall()

    def add(self, table: str, rows: Sequence[Row]) -> None:
        with self._cursor.copy(f"COPY fb_{table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def answer(self, source: str, rows: Sequence[Row]) -> None:
        self._cursor.execute(_ALL_ANSWERED, [*(list(column) for column in zip(*rows, strict=True)), source])

    def draw(self, name: str, count: int, on: str | None) -> tuple[int, str]:
        return self._cursor.execute(_placed(_DRAWN), (name, count, on)).fetchone()

    def link(self, name: str, head: str) -> None:
        self._cursor.execute(_placed(_LINKED), (head, name))


def _placed(statement: str) -> str:
    return statement.replace("?", "%s")


def hand_of(url: str) -> Hand:
    """Return the hand for a database, as SQLAlchemy writes its address."""
    if url.startswith("sqlite:///"):
        return SqliteHand(url.removeprefix("sqlite:///"))
    return PostgresqlHand(url.replace("postgresql+psycopg:", "postgresql:", 1))
