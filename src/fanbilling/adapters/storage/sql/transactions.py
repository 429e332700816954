"""The host's own transaction, whatever library it was opened with: the store runs its statements in it and is a guest.

A guest never begins, commits or rolls back. Known hosts are SQLAlchemy (a ``Connection``, or a ``Session``), plain
``sqlite3`` and ``psycopg`` connections, and Django; another one implements :class:`Transaction`, a few short methods.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from itertools import count
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import SQLAlchemyError

from ....domain.errors import InvalidSetting, RuleViolation
from .backend import Backend
from .backends import backend_of

_SAVEPOINTS = count(1)


@runtime_checkable
class Transaction(Protocol):
    """Somebody's open transaction."""

    @property
    def backend(self) -> Backend:
        """What kind of database it is in."""

    @property
    def dialect(self) -> Dialect:
        """How statements are written for it, with a place for each value in order."""

    def ask(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement and return its rows."""

    def change(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        """Run a statement once for each row of values; say how many rows it changed."""

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        """Write many new rows the fastest way there is; say no when there is none but the usual one."""

    def savepoint(self) -> AbstractContextManager[None]:
        """Open a part that fails alone."""

    def standing(self) -> object:
        """Return what tells this transaction from the next one, or nothing while none is open."""

    def lost(self) -> bool:
        """Whether the database gave it up, so that nothing more can be kept."""


class AlchemyTransaction:
    """The transaction of a SQLAlchemy connection."""

    def __init__(self, connection: Connection) -> None:
        self.backend = backend_of(connection.dialect.name)
        self.dialect = self.backend.dialect()
        self.connection = connection

    def ask(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        result = self.connection.exec_driver_sql(text, tuple(values))
        rows: Sequence[Sequence[Any]] = result.cursor.fetchall()
        result.close()
        return rows

    def change(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        values: Any = list(rows) if len(rows) > 1 else rows[0]
        return self.connection.exec_driver_sql(text, values).rowcount

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        cursor = self._driver.cursor()
        try:
            return self.backend.copy(cursor, table, columns, rows)
        finally:
            cursor.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        if self.connection.get_transaction() is None:
            self.connection.begin()  # as its first statement would
        self.backend.begin_really(self._driver)
        part = self.connection.begin_nested()
        try:
            yield
        except BaseException:
            with suppress(SQLAlchemyError):  # the database may have given it up; what went wrong first is told
                part.rollback()
            raise
        part.commit()

    def standing(self) -> object:
        return self.connection.get_transaction()

    def lost(self) -> bool:
        if self.connection.closed or self.connection.invalidated:
            return True
        driver = self._driver
        return self.backend.spoilt(driver) or not self.backend.under_way(driver)

    @property
    def _driver(self) -> Any:
        return self.connection.connection.driver_connection


class DriverTransaction:
    """The transaction of a plain ``sqlite3`` or ``psycopg`` connection.

    A driver cannot tell one transaction from the next: make a new store for each.
    """

    def __init__(self, connection: Any, backend: str) -> None:
        self.backend = backend_of(backend)
        self.dialect = self.backend.dialect()
        self._connection = connection
        if self.backend.committing_itself(connection) and not self.backend.under_way(connection):
            raise RuleViolation(
                "the connection commits every statement by itself",
                where="store",
                remedy="open a transaction on it first",
            )

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
        self.backend.begin_really(self._connection)
        name = f"fb_{next(_SAVEPOINTS)}"
        self._run(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            with suppress(Exception):  # the database may have given it up; what went wrong first is told
                self._run(f"ROLLBACK TO SAVEPOINT {name}")
                self._run(f"RELEASE SAVEPOINT {name}")
            raise
        self._run(f"RELEASE SAVEPOINT {name}")

    def standing(self) -> object:
        return self._connection if self.backend.under_way(self._connection) else None

    def lost(self) -> bool:
        return self.backend.spoilt(self._connection) or not self.backend.under_way(self._connection)

    def _run(self, text: str) -> None:
        with self._cursor() as cursor:
            cursor.execute(text)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """Open a cursor that gives rows as tuples, however the host likes them."""
        if self.backend.name == "postgresql":
            from psycopg.rows import tuple_row

            cursor = self._connection.cursor(row_factory=tuple_row)
        else:
            cursor = self._connection.cursor()
            cursor.row_factory = None
        try:
            yield cursor
        finally:
            cursor.close()


def transaction_of(connection: Any) -> Transaction:
    """Return the open transaction of a host's connection.

    Args:
        connection: a SQLAlchemy ``Connection`` or ``Session``, a ``sqlite3`` or ``psycopg`` connection, a connection of
            Django, or anything that is a :class:`Transaction` already.

    Raises:
        InvalidSetting: for anything else.
        RuleViolation: when the connection is outside a transaction, and would commit every statement by itself.
    """
    if isinstance(connection, Connection):
        return AlchemyTransaction(connection)
    if isinstance(connection, Transaction):
        return connection
    family = {cls.__module__.partition(".")[0] for cls in type(connection).__mro__}
    if "sqlalchemy" in family:  # a session of the ORM; what it was told so far has to be there when billing reads
        connection.flush()
        return AlchemyTransaction(connection.connection())
    if "sqlite3" in family:
        return DriverTransaction(connection, "sqlite")
    if "psycopg" in family:
        return DriverTransaction(connection, "postgresql")
    if "django" in family:
        from .django import DjangoTransaction

        return DjangoTransaction(connection)
    raise InvalidSetting(
        f"{type(connection).__name__} is not a connection that is known",
        where="store",
        remedy="give one of SQLAlchemy, sqlite3, psycopg or Django, or a Transaction of your own",
    )
