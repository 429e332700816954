"""PostgreSQL, as the books are kept in it: many write at once, and many rows go in by COPY.

Transactions read what is committed by now (``READ COMMITTED``). What they compute with stands still all the same: they
hold the agreements first, and whoever changes what is due has to touch those.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import attrs
from sqlalchemy import Connection, Dialect, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import psycopg as dialects

from .....domain.errors import InvalidSetting, RuleViolation
from .backend import Change

_LOOKING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_DRIVERS = {"psycopg", "psycopg_async"}
_DUPLICATE = "23505"
_FORBIDDEN = "23001"
# Serialisation, deadlock, a lock not granted or an answer not given in time, a spoilt transaction, a server that stops
# or starts, a cut line.
_PASSING = ("40", "55P03", "25P02", "57014", "57P", "53", "08")
_MISFITS = "22"


@attrs.frozen
class Postgresql:
    """The database on a server."""

    name: str = "postgresql"
    fragile: bool = True

    def dialect(self, style: str = "") -> Dialect:
        return _dialect(style or "format")

    def open(self, url: str, *, patience: int) -> Engine:
        try:
            engine = create_engine(
                make_url(url).set(drivername="postgresql+psycopg"),
                connect_args={"client_encoding": "utf8"},  # whatever the database or the surroundings say
                pool_pre_ping=True,
                pool_timeout=patience,
            )
        except ModuleNotFoundError as error:
            raise InvalidSetting(
                "the driver is not installed", where="database", remedy='pip install "fanbilling[postgres]"'
            ) from error

        def set_up(driver: Any, _record: object) -> None:
            with driver.cursor() as cursor:
                cursor.execute(f"SET lock_timeout = {max(1, int(patience * 1000))}")  # with 0 it would never end
            driver.commit()

        event.listen(engine, "connect", set_up)
        return engine

    def look(self, connection: Connection) -> Connection:
        return connection.execution_options(**_LOOKING)

    def new(self, change: Change, tables: Iterable[Table], prefix: str) -> None:
        """Nothing: the database counts its rows by itself."""

    def copy(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        if not hasattr(cursor, "copy"):  # an older driver
            return False
        quoted = ", ".join(f'"{column}"' for column in columns)  # a key may be a word of the language, such as "on"
        with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return True

    def drives(self, driver: str) -> bool:
        return driver in _DRIVERS

    def cursor(self, driver: Any) -> Any:
        from psycopg import Cursor
        from psycopg.rows import tuple_row

        if driver.pgconn.pipeline_status:  # answers come later than they are wanted, and COPY not at all
            raise RuleViolation("the connection is in pipeline mode", where="store", remedy="end the pipeline first")
        if driver.info.encoding == "ascii":  # then it gives bytes, in whatever encoding they were written
            raise RuleViolation(
                "the connection reads no text", where="store", remedy="connect with client_encoding=utf8"
            )
        return Cursor(driver, row_factory=tuple_row)

    def under_way(self, driver: Any) -> bool:
        return not driver.closed and driver.info.transaction_status.name in {"ACTIVE", "INTRANS", "INERROR"}

    def spoilt(self, driver: Any) -> bool:
        return not driver.closed and driver.info.transaction_status.name == "INERROR"

    def committing_itself(self, driver: Any) -> bool:
        return bool(driver.autocommit)

    def begin_really(self, driver: Any) -> None:
        """Nothing: the driver begins with the first statement, whatever it is."""

    def is_duplicate(self, error: BaseException) -> bool:
        return getattr(error, "sqlstate", None) == _DUPLICATE

    def is_forbidden(self, error: BaseException) -> bool:
        return getattr(error, "sqlstate", None) == _FORBIDDEN

    def can_pass(self, error: BaseException) -> bool:
        state = getattr(error, "sqlstate", None)
        # Without a state the server never answered: the line was cut, or could not be opened.
        return type(error).__name__ == "OperationalError" if state is None else state.startswith(_PASSING)

    def is_misfit(self, error: BaseException) -> bool:
        state = getattr(error, "sqlstate", None)
        return type(error).__name__ == "DataError" if state is None else state.startswith(_MISFITS)


POSTGRESQL = Postgresql()


@lru_cache
def _dialect(style: str) -> Dialect:
    return dialects.dialect(paramstyle=style)  # type: ignore[no-untyped-call]
