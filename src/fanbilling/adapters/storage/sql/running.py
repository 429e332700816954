"""Statements in somebody's transaction: many rows at the driver's own speed, and errors in the words of billing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from operator import itemgetter
from typing import Any

import attrs
from sqlalchemy import BindParameter, Connection, Dialect, Executable, Table, bindparam, literal_column
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql import ClauseElement

from ....domain.errors import AdapterFailure, Conflict, InvalidValue, RuleViolation
from . import dialect

ONE: Any = literal_column("1")


def given(name: str) -> BindParameter[Any]:
    """A place in a bulk statement that each row fills."""
    return bindparam(f"given_{name}")


@attrs.frozen(eq=False)
class Bulk:
    """One statement for many rows: compiled once, then handed to the driver with plain tuples.

    Args:
        statement: an INSERT, UPDATE or DELETE whose every parameter is :func:`given`.
        names: what the places in each row are, in order.
    """

    statement: ClauseElement
    names: tuple[str, ...]

    @classmethod
    def into(cls, table: Table) -> Bulk:
        """Build the statement that adds rows to a table, each a tuple in the order of its columns."""
        names = tuple(column.name for column in table.columns)
        return cls(dialect.insert(table).values({name: given(name) for name in names}), names)


@lru_cache(maxsize=512)
def _compiled(bulk: Bulk, how: Dialect) -> tuple[str, Callable[[tuple[Any, ...]], tuple[Any, ...]] | None]:
    """Return the text of a statement, and how to put a row into the order of its parameters if it is another."""
    compiled = bulk.statement.compile(dialect=how)
    wanted = [name.removeprefix("given_") for name in compiled.positiontup or ()]  # type: ignore[attr-defined]
    places = [bulk.names.index(name) for name in wanted]
    in_order = places == list(range(len(bulk.names)))
    return str(compiled), None if in_order or len(places) < 2 else itemgetter(*places)


@contextmanager
def translating(where: str) -> Iterator[None]:
    """Say in the words of billing what a database did not do.

    Raises:
        Conflict: when a key is taken.
        AdapterFailure: for everything else that a database refuses; it knows whether trying again can help.
    """
    try:
        yield
    except IntegrityError as error:
        if dialect.is_duplicate(error.orig):
            raise Conflict("it is taken", where=where, remedy="read again: somebody wrote it first") from error
        raise AdapterFailure(str(error.orig), where=where) from error
    except PoolTimeout as error:
        raise AdapterFailure("no connection came free", where=where, remedy="try again", retryable=True) from error
    except DBAPIError as error:
        raise AdapterFailure(str(error.orig), where=where, retryable=dialect.can_pass(error.orig)) from error
    except SQLAlchemyError as error:
        raise AdapterFailure(str(error), where=where) from error
    except (OverflowError, UnicodeEncodeError) as error:
        raise InvalidValue(str(error), where=where, remedy="use whole characters and smaller numbers") from error


class Database:
    """The open transaction of a store, for the parts of it: it reads and writes, and never begins or ends.

    It remembers which transaction it is in. When that has ended, or the database gave it up on its own, every call is
    refused: it would otherwise change the books outside any transaction.
    """

    def __init__(self, connection: Connection, administration: str) -> None:
        self.administration = administration
        self._connection = connection
        self._transaction = connection.get_transaction()
        self._lost = False

    def rows(self, statement: Executable, **values: Any) -> Sequence[Any]:
        """Read the rows of this administration."""
        with self._open("reading"):
            return self._connection.execute(statement, {"administration": self.administration, **values}).all()

    def write(self, bulk: Bulk, rows: Sequence[tuple[Any, ...]], where: str) -> int:
        """Run a statement for every row, for all of them or none; say how many rows it changed."""
        if len(rows) < 2:
            return self.run(bulk, rows, where)
        with self.savepoint():
            return self.run(bulk, rows, where)

    def run(self, bulk: Bulk, rows: Sequence[tuple[Any, ...]], where: str) -> int:
        """Run a statement for every row, in a savepoint of the caller's."""
        if not rows:
            return 0
        with self._open(where):
            return int(self._execute(bulk, rows).rowcount)

    def draw(self, bulk: Bulk, row: tuple[Any, ...], where: str) -> Sequence[Any]:
        """Change one row and return what it then holds."""
        with self._open(where):
            held: Sequence[Any] = self._execute(bulk, [row]).one()
            return held

    def _execute(self, bulk: Bulk, rows: Sequence[tuple[Any, ...]]) -> Any:
        text, in_order = _compiled(bulk, self._connection.dialect)
        filled = list(map(in_order, rows)) if in_order else list(rows)
        return self._connection.exec_driver_sql(text, filled if len(filled) > 1 else filled[0])

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Open a part of the transaction that fails alone."""
        with self._open("savepoint"):
            dialect.begin_really(self._connection)
            part = self._connection.begin_nested()
        try:
            yield
        except BaseException:
            with suppress(SQLAlchemyError):  # the database may have given it up; what went wrong first is told
                part.rollback()
            raise
        with self._open("savepoint"):
            part.commit()

    @contextmanager
    def _open(self, where: str) -> Iterator[None]:
        self.check()
        try:
            with translating(where):
                yield
            if self._transaction is None:  # a host whose connection begins by itself, with the first statement
                self._transaction = self._connection.get_transaction()
        except AdapterFailure:
            self._lost = not self._connection.closed and not dialect.in_transaction(self._connection)
            raise

    def check(self) -> None:
        """Refuse to go on without the transaction that this store was opened in.

        Raises:
            RuleViolation: when it has ended.
            AdapterFailure: when the database gave it up.
        """
        if self._lost:
            raise AdapterFailure(
                "the database gave the transaction up", where="store", remedy="begin again", retryable=True
            )
        if self._transaction is not None and self._transaction is not self._connection.get_transaction():
            raise RuleViolation("the transaction has ended", where="store", remedy="open the books again")
