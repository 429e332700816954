"""SQLAlchemy as the host: billing joins the transaction of its connection, or of a session of its ORM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from .....domain.errors import InvalidSetting
from ..databases import backend_of
from .transaction import autocommit


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
