"""The host's own transaction, whatever library it was opened with: the store runs its statements in it and is a guest.

A guest never begins, commits or rolls back.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Dialect

from .....domain.errors import RuleViolation
from ..databases.backend import Backend


@runtime_checkable
class Transaction(Protocol):
    """Somebody's open transaction.

    For a library of the host's own, write a class with these names; a store takes it in the place of a connection::

        class LayerTransaction:
            def __init__(self, layer):
                self.layer = layer
                self.backend = backend_of("postgresql")  # or "sqlite"
                self.dialect = self.backend.dialect("format")  # places are %s; "qmark" for ?, "numeric_dollar" for $1

            def ask(self, text, values):
                return self.layer.query(text, values)

            def change(self, text, rows):
                return sum(self.layer.execute(text, row) for row in rows)

            def copy(self, table, columns, rows):
                return False

            def savepoint(self):
                return self.layer.savepoint()

            def standing(self):
                return self.layer.current

            def spoilt(self):
                return self.layer.failed

            def lost(self):
                return self.layer.current is None

    Errors pass as they come: those of ``sqlite3`` and ``psycopg`` are understood, also as the cause of others.
    """

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


def autocommit(remedy: str) -> RuleViolation:
    """Say that a connection would commit what billing writes before its host wants it to."""
    return RuleViolation("the connection commits every statement by itself", where="store", remedy=remedy)
