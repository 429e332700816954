"""The steps of a change to the tables: each a statement in the host's transaction, all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy.schema import CreateTable
from sqlalchemy.sql import ClauseElement

from .....domain.errors import AdapterFailure
from ..database import Database
from ..failures import translating
from ..hosts import transaction_of
from ..tables import versions

_WHERE = "the tables of the books"
#: Every upgrade of one database waits for this lock; it goes with the transaction. The number means nothing else.
_IN_TURN = "SELECT pg_advisory_xact_lock(7324117902553180)"


class Steps:
    """Statements that change the tables. Names in them begin with ``fb_``, and there is never a per cent sign."""

    def __init__(self, connection: Any, prefix: str) -> None:
        self.transaction = transaction_of(connection)
        self.prefix = prefix
        self.database = Database(self.transaction, "", prefix)

    @property
    def backend(self) -> str:
        """The name of the database."""
        return self.transaction.backend.name

    def named(self, text: str) -> str:
        """Return a text with the names of these tables in it."""
        return text.replace("fb_", self.prefix)

    def ask(self, text: str) -> Sequence[Sequence[Any]]:
        """Return the rows of a question."""
        with translating(_WHERE, self.transaction.backend):
            return self.transaction.ask(self.named(text), ())

    def do(self, step: str | ClauseElement) -> None:
        """Take a step."""
        text = step if isinstance(step, str) else self.written(step)
        with translating(_WHERE, self.transaction.backend):
            self.transaction.change(self.named(text), [()])

    def written(self, step: ClauseElement) -> str:
        """Return a definition in the words of the database."""
        return str(step.compile(dialect=self.transaction.dialect)).strip()

    def whole(self) -> AbstractContextManager[None]:
        """Take the following steps all, or none of them."""
        return self.database.savepoint()

    def in_turn(self) -> None:
        """Wait until nobody else changes the tables, before the first look; then the table of versions is there.

        SQLite lets wait only who begins with a change: who has read before may have read what is old by then.
        """
        if self.backend == "postgresql":
            self.ask(_IN_TURN)
            [[found]] = self.ask("SELECT to_regclass('fb_schema')")
            if found:  # perhaps in another schema than where new tables go, or by an owner who alone may make any
                return
        else:
            try:
                self.do("UPDATE fb_schema SET version = version WHERE 1 = 0")
            except AdapterFailure as failure:
                if failure.retryable:
                    raise
        self.do(CreateTable(versions, if_not_exists=True))
