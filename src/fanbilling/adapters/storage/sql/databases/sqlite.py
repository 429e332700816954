"""SQLite, as the books are kept in it.

Readers never wait for the writer (WAL), a commit is on disk when it returns (``synchronous=FULL``), and a transaction
that is going to write says so at its start, so that two of them queue instead of failing half-way.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Connection, Dialect, Engine, QueuePool, Table, create_engine, event, make_url
from sqlalchemy.dialects.sqlite import pysqlite

from .....domain.errors import RuleViolation
from .backend import Change
from .statistics import expect_many

_LOOKING = {"fanbilling_begin": "BEGIN"}
_SET_UP = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Tidy up after 16 MB: a batch of invoices is a quarter of that, and would otherwise be written twice each time.
    "PRAGMA wal_autocheckpoint=4000",
)
_DUPLICATES = {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_ROWID"}
_FORBIDDEN = "SQLITE_CONSTRAINT_TRIGGER"
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED")
_OLD_WAYS = -1  # of the driver: its isolation level says when it begins by itself


@attrs.frozen
class Sqlite:
    """The database in a file, or in memory."""

    name: str = "sqlite"
    fragile: bool = False

    def dialect(self, style: str = "") -> Dialect:
        return _dialect(style or "qmark")

    def open(self, url: str, *, patience: int) -> Engine:
        address = make_url(url)
        in_memory = address.database in {None, "", ":memory:"}
        engine = create_engine(
            address,
            connect_args={"check_same_thread": False, "timeout": patience},
            # A database in memory lives in one connection: whoever wants it next waits for it.
            poolclass=QueuePool,
            pool_timeout=patience,
            **({"pool_size": 1, "max_overflow": 0} if in_memory else {}),
        )
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return engine

    def look(self, connection: Connection) -> Connection:
        return connection.execution_options(**_LOOKING)

    def new(self, change: Change, tables: Iterable[Table], prefix: str) -> None:
        expect_many(change, tables, prefix)

    def copy(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        return False

    def drives(self, driver: str) -> bool:
        return True

    def cursor(self, driver: Any) -> Any:
        if driver.text_factory is not str:
            raise RuleViolation(
                "the connection makes something else of text", where="store", remedy="leave its text_factory at str"
            )
        cursor = driver.cursor()
        cursor.row_factory = None
        return cursor

    def under_way(self, driver: Any) -> bool:
        try:
            return bool(driver.in_transaction)
        except sqlite3.ProgrammingError:  # it is closed
            return False

    def spoilt(self, driver: Any) -> bool:
        return False

    def committing_itself(self, driver: Any) -> bool:
        autocommit = getattr(driver, "autocommit", _OLD_WAYS)
        return driver.isolation_level is None if autocommit == _OLD_WAYS else bool(autocommit)

    def begin_really(self, driver: Any) -> None:
        """Begin as the driver would at the first change.

        A savepoint before that would be the transaction itself, and its release would commit.
        """
        cursor = driver.cursor()
        cursor.execute("BEGIN")
        cursor.close()

    def is_duplicate(self, error: BaseException) -> bool:
        return getattr(error, "sqlite_errorname", "") in _DUPLICATES

    def is_forbidden(self, error: BaseException) -> bool:
        return getattr(error, "sqlite_errorname", "") == _FORBIDDEN

    def can_pass(self, error: BaseException) -> bool:
        return str(getattr(error, "sqlite_errorname", "")).startswith(_PASSING)

    def is_misfit(self, error: BaseException) -> bool:
        return False


SQLITE = Sqlite()


@lru_cache
def _dialect(style: str) -> Dialect:
    return pysqlite.dialect(paramstyle=style)


def _set_up(driver: Any, _record: object) -> None:
    # The driver begins and commits by rules of its own unless it is told not to; savepoints need it not to.
    driver.isolation_level = None
    _keep_a_log(driver)
    for pragma in _SET_UP:
        driver.execute(pragma).close()


def _keep_a_log(driver: Any) -> None:
    """Switch to the write-ahead log; of several that open a new file at once, SQLite lets none but the first wait."""
    for pause in (*[0.01] * 100, None):
        try:
            driver.execute("PRAGMA journal_mode=WAL").close()
        except sqlite3.OperationalError as error:
            if pause is None or not SQLITE.can_pass(error):
                raise
            time.sleep(pause)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("fanbilling_begin", "BEGIN IMMEDIATE"))
