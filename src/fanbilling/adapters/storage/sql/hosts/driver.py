"""A plain connection of ``sqlite3`` or ``psycopg`` as the host: billing joins the transaction that is open on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

from ..databases import backend_of
from .transaction import autocommit

_SAVEPOINTS = count(1)


class DriverTransaction:
    """The transaction of a plain ``sqlite3`` or ``psycopg`` connection.

    A driver cannot tell one transaction from the next: make a new store for each.
    """

    def __init__(self, connection: Any, backend: str) -> None:
        self.backend = backend_of(backend)
        self.dialect = self.backend.dialect()
        self._connection = connection
        if self.backend.committing_itself(connection) and not self.backend.under_way(connection):
            raise autocommit("open a transaction on it first")

    def ask(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        with self._cursor() as cursor:
            cursor.execute(text, tuple(values))
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows

    def change(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        with self._cursor() as cursor:
            if len(rows) > 1:
                cursor.executemany(text, rows)
            else:
                cursor.execute(text, rows[0])
            return int(cursor.rowcount)

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        with self._cursor() as cursor:
            return self.backend.copy(cursor, table, columns, rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        if not self.backend.under_way(self._connection):
            self.backend.begin_really(self._connection)
        name = f"fb_{next(_SAVEPOINTS)}"
        self._run(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the database may have given it up; what went wrong first is told
                if self.backend.under_way(self._connection):
                    self._run(f"ROLLBACK TO SAVEPOINT {name}")
                    self._run(f"RELEASE SAVEPOINT {name}")
            raise
        self._run(f"RELEASE SAVEPOINT {name}")

    def standing(self) -> object:
        return self._connection if self.backend.under_way(self._connection) else None

    def spoilt(self) -> bool:
        return self.backend.spoilt(self._connection)

    def lost(self) -> bool:
        return not self.backend.under_way(self._connection)

    def _run(self, text: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(text)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """Open a cursor that reads and gives rows in the usual way, however the host likes it."""
        cursor = self.backend.cursor(self._connection)
        try:
            yield cursor
        finally:
            cursor.close()
