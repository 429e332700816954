"""Books in a database of Django: billing joins its transactions, through its own connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connections, transaction

from ....domain.errors import OutdatedSchema
from ....domain.events import Actor
from .databases import backend_of
from .failures import translating
from .names import PREFIX
from .schema import is_ready
from .store import SqlStore


class DjangoBooks:
    """The books of one administration in a database of Django: each opening is a ``transaction.atomic()``.

    Opened inside one of the host's own, it is a part of that: nothing is definite before the host's block ends well.
    """

    def __init__(
        self,
        administration: str = "nl",
        *,
        using: str = "default",
        records: tuple[type, ...] = (),
        prefix: str = PREFIX,
    ) -> None:
        """Name the database as in ``DATABASES``; nothing is opened yet.

        Args:
            records: the kinds of records that the sources keep.
            prefix: what the names of all tables begin with.
        """
        self.administration = administration
        self.using = using
        self.records = records
        self.prefix = prefix
        self._looked = False

    @contextmanager
    def __call__(self, *, by: Actor = Actor("system"), at: datetime | None = None) -> Iterator[SqlStore]:
        """Open a transaction by an actor at a moment: now, unless another is given.

        Raises:
            OutdatedSchema: when a migration is missing: the tables are not there, or older than this program.
            NewerSchema: when they are newer.
        """
        with self._atomic() as connection:
            self._look(connection)
            yield self._store(connection, by, at)

    @contextmanager
    def reading(self, *, by: Actor = Actor("system"), at: datetime | None = None) -> Iterator[SqlStore]:
        """Open a transaction that only looks, sees one moment, and keeps nothing.

        Inside a transaction of the host's own, it sees what that one sees.
        """
        outermost = not connections[self.using].in_atomic_block
        with self._atomic() as connection:
            if outermost and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            self._look(connection)
            try:
                yield self._store(connection, by, at)
            finally:
                transaction.set_rollback(True, using=self.using)

    def _store(self, connection: Any, by: Actor, at: datetime | None) -> SqlStore:
        return SqlStore(
            connection,
            administration=self.administration,
            by=by,
            at=at or datetime.now(UTC),  # noqa: TID251
            records=self.records,
            prefix=self.prefix,
        )

    def _look(self, connection: Any) -> None:
        """Look once whether the tables are those of this program: without one, a server gives the transaction up."""
        if not self._looked:
            if not is_ready(connection, self.records, prefix=self.prefix):
                raise OutdatedSchema(
                    "there is no table for some kind of record, or none at all",
                    where="the tables of the books",
                    remedy="call upgrade(schema_editor.connection, office.records) in a migration",
                )
            self._looked = True

    @contextmanager
    def _atomic(self) -> Iterator[Any]:
        """Open a block, and tell in the words of billing when the database does not begin or keep it."""
        connection = connections[self.using]
        backend = backend_of(connection.vendor)
        block = transaction.atomic(using=self.using)
        with translating("opening the books", backend):
            block.__enter__()
        try:
            yield connection
        except BaseException as error:
            block.__exit__(type(error), error, error.__traceback__)
            raise
        with translating("closing the books", backend):
            block.__exit__(None, None, None)
