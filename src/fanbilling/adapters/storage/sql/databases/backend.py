"""What differs between databases: how they are opened, what their errors mean, how many rows go in at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Engine, Table

#: Runs a statement once for each row of values.
Change = Callable[[str, Sequence[Sequence[Any]]], int]


class Backend(Protocol):
    """A kind of database."""

    @property
    def name(self) -> str:
        """What SQLAlchemy calls it."""

    @property
    def fragile(self) -> bool:
        """Whether one refused statement spoils the whole transaction, unless a savepoint was taken before it."""

    def dialect(self, style: str = "") -> Dialect:
        """Return how statements are written for it: with the places for values of its driver, or of another style."""

    def open(self, url: str, *, patience: int) -> Engine:
        """Open a database; ``patience`` is how many seconds to wait for another's transaction."""

    def look(self, connection: Connection) -> Connection:
        """Say that a connection is not going to write, and wants to see one moment."""

    def new(self, change: Change, tables: Iterable[Table], prefix: str) -> None:
        """Do what is to be done for tables that were just made."""

    def copy(self, cursor: Any, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bool:
        """Write many rows the fastest way there is, or say that there is none but the usual one."""

    def drives(self, driver: str) -> bool:
        """Whether a driver, as SQLAlchemy calls it, speaks as this adapter expects."""

    def cursor(self, driver: Any) -> Any:
        """Return a cursor of a plain connection: with the usual places for values, and rows that are tuples."""

    def under_way(self, driver: Any) -> bool:
        """Whether the database has a transaction open on a connection of its driver."""

    def spoilt(self, driver: Any) -> bool:
        """Whether the open transaction can only be rolled back, or a savepoint in it."""

    def committing_itself(self, driver: Any) -> bool:
        """Whether a connection outside a transaction commits every statement by itself."""

    def begin_really(self, driver: Any) -> None:
        """Begin a transaction that is not under way yet, before a savepoint is taken in it."""

    def is_duplicate(self, error: BaseException) -> bool:
        """Whether a row was refused because its key is taken."""

    def is_forbidden(self, error: BaseException) -> bool:
        """Whether a trigger refused to change what is sealed."""

    def can_pass(self, error: BaseException) -> bool:
        """Whether the same may succeed when it is tried again: somebody else was writing, or the line was cut."""

    def is_misfit(self, error: BaseException) -> bool:
        """Whether a value was refused that no column of that type can hold."""
