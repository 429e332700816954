"""What differs from one database to the next, in one place: how it is opened, how it takes lists, what its errors mean.

SQLite, as it is set up here: readers never wait for the writer (WAL), a commit is on disk when it returns
(``synchronous=FULL``), and a transaction that is going to write says so at its start, so that two of them queue instead
of failing half-way.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Engine,
    QueuePool,
    ScalarSelect,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    literal_column,
    make_url,
    select,
    true,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import FromClause, Join

from ....codec import encode
from ....domain.errors import InvalidSetting, InvalidValue

#: The execution options of a connection that is not going to write.
LOOKING = {"fanbilling_begin": "BEGIN"}

_SET_UP = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Tidy up after 16 MB: a batch of invoices is a quarter of that, and would otherwise be written twice each time.
    "PRAGMA wal_autocheckpoint=4000",
)
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")  # as JSON writes it; not a backslash that somebody typed before u0000
_DUPLICATES = {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_ROWID"}
_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED")


def engine_for(url: str, *, patience: int) -> Engine:
    """Open a database; ``patience`` is how many seconds to wait for another's transaction.

    Raises:
        InvalidSetting: for a database that this adapter does not know.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        raise InvalidSetting(
            f"{address.get_backend_name()} is not supported", where="url", remedy='use "sqlite:///books.db"'
        )
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
            if pause is None or not can_pass(error):
                raise
            time.sleep(pause)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("fanbilling_begin", "BEGIN IMMEDIATE"))


def in_transaction(connection: Connection) -> bool:
    """Whether the database itself has a transaction open: after a full disk it may have given it up on its own."""
    return bool(cast("sqlite3.Connection", connection.connection.driver_connection).in_transaction)


def begin_really(connection: Connection) -> None:
    """Begin a transaction that so far is one in name only, before a savepoint is taken in it.

    A host's driver may wait with BEGIN until the first change. A savepoint before it would be the transaction itself,
    and its release would commit.
    """
    if not in_transaction(connection):
        connection.exec_driver_sql("BEGIN")


def is_duplicate(error: BaseException | None) -> bool:
    """Whether a row was refused because its key is taken."""
    return getattr(error, "sqlite_errorname", "") in _DUPLICATES


def can_pass(error: BaseException | None) -> bool:
    """Whether the same may succeed when it is tried again: somebody else was writing."""
    return str(getattr(error, "sqlite_errorname", "")).startswith(_PASSING)


def insert(table: Table) -> sqlite.Insert:
    """Begin an INSERT that can say what to do with a row that is there."""
    return sqlite.insert(table)


def array(values: Iterable[object]) -> str:
    """Write a list as one parameter.

    Raises:
        InvalidValue: for a text with the character NUL, at which the database would cut it off.
    """
    written = encode(list(values))
    if _NUL.search(written):
        raise InvalidValue("a text holds the character NUL", where="storage", remedy="leave it out of ids")
    return written


def among(name: str) -> ScalarSelect[Any]:
    """The values of an array parameter: ``column.in_(among("ids"))``."""
    each = func.json_each(bindparam(name)).table_valued("value")
    return cast("ScalarSelect[Any]", select(each.c.value))


class _InTurn(Join):
    """A join that reads its left side first; left to itself, SQLite would read every row of a table and then look."""

    inherit_cache = True


@compiles(_InTurn)
def _in_turn(join: _InTurn, compiler: Any, **options: Any) -> str:
    options["asfrom"] = True
    return f"{compiler.process(join.left, **options)} CROSS JOIN {compiler.process(join.right, **options)}"


def each_of(asked: FromClause, table: Table) -> FromClause:
    """For each row that is asked, the rows of a table that the conditions then find by its key."""
    return _InTurn(asked, table, true())


def rows_of(name: str, *columns: str) -> tuple[FromClause, Mapping[str, ColumnElement[Any]]]:
    """An array parameter of rows as a table to join with, and its columns by name."""
    each = func.json_each(bindparam(name)).table_valued("value", name="asked")
    places = {
        column: func.json_extract(each.c.value, literal_column(f"'$[{place}]'")) for place, column in enumerate(columns)
    }
    return each, places
