"""The transaction of a connection of Django: everything goes through its own cursor.

A second library on the same connection of the driver would end the host's transaction when it lets go of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from ..databases import backend_of
from .transaction import autocommit


class DjangoTransaction:
    """The open ``transaction.atomic()`` of a connection of Django."""

    def __init__(self, connection: Any) -> None:
        self.backend = backend_of(connection.vendor)
        self.dialect = self.backend.dialect("format")
        self._connection = connections[connection.alias]  # of this thread, also when given as ``django.db.connection``
        if not self._connection.in_atomic_block:
            raise autocommit("work inside transaction.atomic()")
        self._block = self._connection.atomic_blocks[-1]

    def ask(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        with self._connection.cursor() as cursor:
            cursor.execute(text, list(values))
            rows: Sequence[Sequence[Any]] = cursor.fetchall()
            return rows

    def change(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        with self._connection.cursor() as cursor:
            if len(rows) > 1:
                cursor.executemany(text, rows)
            else:
                cursor.execute(text, rows[0])
            return int(cursor.rowcount)

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        with self._connection.cursor() as cursor:
            return self.backend.copy(cursor, table, columns, rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with transaction.atomic(using=self._connection.alias):
            yield

    def standing(self) -> object:
        return self._block if self._block in self._connection.atomic_blocks else None

    def spoilt(self) -> bool:
        return bool(self._connection.needs_rollback) or (not self.lost() and self.backend.spoilt(self._driver))

    def lost(self) -> bool:
        return self._driver is None or not self.backend.under_way(self._driver)

    @property
    def _driver(self) -> Any:
        return self._connection.connection
