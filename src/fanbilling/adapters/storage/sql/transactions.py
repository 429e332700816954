"""The host's own transaction, whatever library it was opened with: the store runs its statements in it and is a guest.

A guest never begins, commits or rolls back. Known hosts are SQLAlchemy (a ``Connection``, or a ``Session``), plain
``sqlite3`` and ``psycopg`` connections, and Django; another one implements :class:`Transaction`, a few short methods.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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

    def spoilt(self) -> bool:
        """Whether it takes nothing more after an error, until it is rolled back, or the savepoint that it was in."""

    def lost(self) -> bool:
        """Whether the database gave it up by itself: what was done in it is gone, whatever its owner thinks."""


class AlchemyTransaction:
    """The transaction of a SQLAlchemy connection."""

    def __init__(self, connection: Connection) -> None:
        self.backend = backend_of(connection.dialect.name)
        self.dialect = self.backend.dialect()
        self.connection = connection
        if not self.backend.drives(connection.dialect.driver):
            raise InvalidSetting(
                f"{connection.dialect.driver} is not a driver that is known",
                where="store",
                remedy=f"use {self.backend.name}+psycopg",
            )
        if connection.get_transaction() is not None:
            self._refuse_autocommit(connection)

    def ask(self, text: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        result = self._begun().exec_driver_sql(text, tuple(values))
        rows: Sequence[Sequence[Any]] = result.cursor.fetchall()
        result.close()
        return rows

    def change(self, text: str, rows: Sequence[Sequence[Any]]) -> int:
        values: Any = list(rows) if len(rows) > 1 else rows[0]
        return self._begun().exec_driver_sql(text, values).rowcount

    def copy(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        cursor = _wire(self._begun()).cursor()
        try:
            return self.backend.copy(cursor, table, columns, rows)
        finally:
            cursor.close()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        connection = self._begun()
        if not self.backend.under_way(_driver(connection)):
            self.backend.begin_really(_wire(connection))
        part = connection.begin_nested()
        try:
            yield
        except BaseException:
            with suppress(SQLAlchemyError):  # the database may have given it up; what went wrong first is told
                part.rollback()
            raise
        part.commit()

    def standing(self) -> object:
        return self.connection.get_transaction()

    def spoilt(self) -> bool:
        return not self.lost() and self.backend.spoilt(_driver(self.connection))

    def lost(self) -> bool:
        connection = self.connection
        return connection.closed or connection.invalidated or not self.backend.under_way(_driver(connection))

    def _begun(self) -> Connection:
        """Return the connection in its transaction: begun, if need be, as its first statement would."""
        if self.connection.get_transaction() is None:
            self.connection.begin()
            self._refuse_autocommit(self.connection)
        return self.connection

    def _refuse_autocommit(self, connection: Connection) -> None:
        said = connection.get_execution_options().get("isolation_level")
        driver = _driver(connection)
        if said == "AUTOCOMMIT" or (self.backend.committing_itself(driver) and not self.backend.under_way(driver)):
            raise autocommit("connect without AUTOCOMMIT")


class SessionTransaction(AlchemyTransaction):
    """The transaction of a session of SQLAlchemy's ORM.

    The session is asked for its connection each time: it takes a savepoint of the host's when it is asked, not before.
    """

    def __init__(self, session: Any) -> None:
        if session.autoflush:
            session.flush()  # what it was told so far has to be there when billing reads
        self._session = session
        super().__init__(session.connection())

    def standing(self) -> object:
        return self._session.get_transaction()

    def _begun(self) -> Connection:
        connection: Connection = self._session.connection()
        return connection


def _driver(connection: Connection) -> Any:
    """Return the connection of the driver, which knows how things stand; with an asynchronous one that is all."""
    return connection.connection.driver_connection


def _wire(connection: Connection) -> Any:
    """Return what statements can be run on as on any driver: that connection, or what stands for it."""
    return connection.connection.dbapi_connection


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


def autocommit(remedy: str) -> RuleViolation:
    """Say that a connection would commit what billing writes before its host wants it to."""
    return RuleViolation("the connection commits every statement by itself", where="store", remedy=remedy)


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
    named = type(connection).__name__
    if named.startswith("Async"):
        raise InvalidSetting(
            f"{named} cannot be waited for", where="store", remedy="bill in a thread, or in SQLAlchemy's run_sync"
        )
    for library, join in _LIBRARIES.items():
        if library in family and (joined := join(connection)) is not None:
            return joined
    raise InvalidSetting(
        f"{named} is not a connection that is known",
        where="store",
        remedy="give one of SQLAlchemy, sqlite3, psycopg or Django, or a Transaction of your own",
    )


def _of_sqlalchemy(session: Any) -> Transaction | None:
    from sqlalchemy.orm import Session, scoped_session

    if isinstance(session, scoped_session):
        session = session()
    return SessionTransaction(session) if isinstance(session, Session) else None


def _of_django(connection: Any) -> Transaction:
    from .django import DjangoTransaction

    return DjangoTransaction(connection)


_LIBRARIES: dict[str, Callable[[Any], Transaction | None]] = {
    "sqlalchemy": _of_sqlalchemy,
    "sqlite3": lambda connection: DriverTransaction(connection, "sqlite"),
    "psycopg": lambda connection: DriverTransaction(connection, "postgresql"),
    "django": _of_django,
}
