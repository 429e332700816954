"""Statements in somebody's transaction: many rows at the driver's own speed, and errors in the words of billing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

import attrs
from sqlalchemy import BindParameter, Dialect, Table, bindparam, literal_column
from sqlalchemy.sql import ClauseElement

from ....domain.errors import AdapterFailure, RuleViolation
from . import portable
from .failures import translating
from .hosts.transaction import Transaction

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
        table: where new rows go, when it does nothing but add them.
    """

    statement: ClauseElement
    names: tuple[str, ...]
    table: str = ""

    @classmethod
    def into(cls, table: Table) -> Bulk:
        """Build the statement that adds rows to a table, each a tuple in the order of its columns."""
        names = tuple(column.name for column in table.columns)
        return cls(portable.insert(table).values({name: given(name) for name in names}), names, table.name)


@attrs.frozen(eq=False)
class Written:
    """A statement as a database reads it.

    Args:
        text: with a place for each value.
        names: whose value goes into each place.
        fixed: the values that the statement brought along.
    """

    text: str
    names: tuple[str, ...]
    fixed: dict[str, Any]


@lru_cache(maxsize=2048)
def written(statement: ClauseElement, dialect: Dialect, prefix: str) -> Written:
    """Write a statement in the language of a database, for tables whose names begin with a prefix."""
    compiled = statement.compile(dialect=dialect)
    names = tuple(compiled.positiontup or ())  # type: ignore[attr-defined]
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    return Written(str(compiled).replace("fb_", prefix), names, fixed)


@lru_cache(maxsize=512)
def _order(bulk: Bulk, dialect: Dialect, prefix: str) -> tuple[str, Callable[[Sequence[Any]], Sequence[Any]] | None]:
    """Return the text of a statement, and how to put a row into the order of its places if it is another."""
    text = written(bulk.statement, dialect, prefix)
    wanted = [name.removeprefix("given_") for name in text.names]
    places = [bulk.names.index(name) for name in wanted]
    in_order = places == list(range(len(bulk.names)))
    return text.text, None if in_order or len(places) < 2 else itemgetter(*places)


class Database:
    """The open transaction of a store, for the parts of it: it reads and writes, and never begins or ends.

    It remembers which transaction it is in. When that has ended, or the database gave it up on its own, every call is
    refused: it would otherwise change the books outside any transaction.
    """

    def __init__(self, transaction: Transaction, administration: str, prefix: str) -> None:
        self.administration = administration
        self.transaction = transaction
        self.prefix = prefix
        self._standing = transaction.standing()
        self._lost = False

    def rows(self, statement: ClauseElement, **values: Any) -> Sequence[Any]:
        """Read the rows of this administration."""
        text = written(statement, self.transaction.dialect, self.prefix)
        known = {**text.fixed, "administration": self.administration, **values}
        places = [known[name] for name in text.names]
        filled = [value.isoformat() if type(value) is date else value for value in places]
        with self._open("reading"):
            return self.transaction.ask(text.text, filled)

    def write(self, bulk: Bulk, rows: Sequence[tuple[Any, ...]], where: str) -> int:
        """Run a statement for every row, for all of them or none; say how many rows it changed."""
        if not rows or (len(rows) < 2 and not self.transaction.backend.fragile):
            return self.run(bulk, rows, where)
        with self.savepoint():
            return self.run(bulk, rows, where)

    def run(self, bulk: Bulk, rows: Sequence[tuple[Any, ...]], where: str) -> int:
        """Run a statement for every row, in a savepoint of the caller's."""
        if not rows:
            return 0
        with self._open(where):
            if bulk.table and len(rows) > 1:
                table = bulk.table.replace("fb_", self.prefix, 1)
                if self.transaction.copy(table, bulk.names, rows):
                    return len(rows)
            text, in_order = _order(bulk, self.transaction.dialect, self.prefix)
            return self.transaction.change(text, list(map(in_order, rows)) if in_order else rows)

    def draw(self, bulk: Bulk, row: tuple[Any, ...], where: str) -> Sequence[Any]:
        """Change one row and return what it then holds."""
        text, in_order = _order(bulk, self.transaction.dialect, self.prefix)
        with self._open(where):
            [held] = self.transaction.ask(text, in_order(row) if in_order else row)
            return held

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Open a part of the transaction that fails alone."""
        self.check()
        part = self.transaction.savepoint()
        with self._open("savepoint"):
            part.__enter__()
        try:
            yield
            self.check()
        except BaseException as error:
            part.__exit__(type(error), error, error.__traceback__)
            raise
        with self._open("savepoint"):
            part.__exit__(None, None, None)

    @contextmanager
    def _open(self, where: str) -> Iterator[None]:
        self.check()
        try:
            with translating(where, self.transaction.backend):
                yield
            if self._standing is None:  # a host whose connection begins by itself, with the first statement
                self._standing = self.transaction.standing()
        except AdapterFailure:
            self._lost = self._standing is not None and self.transaction.lost()
            raise

    def check(self) -> None:
        """Refuse to go on without the transaction that this store was opened in.

        Raises:
            RuleViolation: when it has ended.
            AdapterFailure: when the database gave it up, or takes nothing more in the part of it that is open.
        """
        if self._lost:
            raise AdapterFailure(
                "the database gave the transaction up", where="store", remedy="begin again", retryable=True
            )
        if self._standing is not None and self._standing is not self.transaction.standing():
            raise RuleViolation("the transaction has ended", where="store", remedy="open the books again")
        if self.transaction.spoilt():
            raise AdapterFailure(
                "the transaction takes nothing more after an error in it",
                where="store",
                remedy="leave the savepoint that it was in, or begin again",
                retryable=True,
            )


def day(value: Any) -> Any:
    """Return a day that a database gave back, whether it has days or keeps them as text; or nothing."""
    return date.fromisoformat(value) if type(value) is str else value
