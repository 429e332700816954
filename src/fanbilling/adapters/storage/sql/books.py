"""Books in a database: whole transactions, each by somebody at a moment, kept or never there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock, get_ident
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from ....domain.errors import RuleViolation
from ....domain.events import Actor
from .databases import backend_for
from .failures import translating
from .names import PREFIX, a_prefix
from .schema import Difference, Upgraded, check, is_ready, upgrade, version
from .store import SqlStore

SYSTEM = Actor("system")


class SqlBooks:
    """The books of one administration in a database.

    ``with books(by=Actor("eva")) as store:`` keeps what was done on a clean exit and nothing of it otherwise. Tables
    that are missing are made when the books are first opened; older ones are refused until somebody upgrades them.
    Another process may be handed a copy: it opens the database itself.
    """

    def __init__(
        self,
        url: str,
        administration: str = "nl",
        *,
        records: tuple[type, ...] = (),
        patience: int = 30,
        prefix: str = PREFIX,
    ) -> None:
        """Name the database; nothing is opened yet.

        Args:
            url: ``sqlite:///books.db``, ``sqlite://`` for books in memory, or ``postgresql://user@host/books``.
            records: the kinds of records that the sources keep.
            patience: how many seconds to wait while another writes.
            prefix: what the names of all tables begin with.

        Raises:
            InvalidSetting: for a database that this adapter does not know, or a prefix that is none.
        """
        self.backend = backend_for(url)
        self.prefix = a_prefix(prefix)
        self.url = url
        self.administration = administration
        self.records = records
        self.patience = patience
        self._lock = Lock()
        self._engine: Engine | None = None
        self._inherited: Engine | None = None
        self._process = 0
        self._writers: set[tuple[int, int]] = set()

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.url, self.administration, self.records, self.patience, self.prefix)

    @contextmanager
    def __call__(self, *, by: Actor = SYSTEM, at: datetime | None = None) -> Iterator[SqlStore]:
        """Open a transaction by an actor at a moment: now, unless another is given.

        Raises:
            RuleViolation: when this thread has the books open already; it would wait for itself.
            AdapterFailure: when another was writing for longer than the patience of these books.
        """
        with self._alone(), self._connected() as connection:
            with self._translating("opening the books"):
                transaction = connection.begin()
            try:
                store = self._store(connection, by, at)
                yield store
                store.check()
            except BaseException:
                with suppress(SQLAlchemyError):  # what went wrong first is told
                    transaction.rollback()
                raise
            with self._translating("closing the books"):
                transaction.commit()

    @contextmanager
    def reading(self, *, by: Actor = SYSTEM, at: datetime | None = None) -> Iterator[SqlStore]:
        """Open a transaction that only looks: it waits for nobody, sees one moment, and keeps nothing."""
        with self._connected() as connection:
            self.backend.look(connection)
            with self._translating("opening the books"):
                transaction = connection.begin()
            try:
                yield self._store(connection, by, at)
            finally:
                with self._translating("closing the books"):
                    transaction.rollback()

    def create(self) -> None:
        """Create the tables that do not exist yet.

        Raises:
            OutdatedSchema: when the tables are older than this program; :meth:`upgrade` is a step of its own.
            NewerSchema: when they are newer.
        """
        with self._translating("opening the books"):
            self._opened()

    def upgrade(self) -> Upgraded:
        """Bring the tables up to date, as :func:`~fanbilling.adapters.storage.sql.upgrade` does, and commit."""
        with self._apart("upgrading the books") as engine, engine.begin() as connection:
            return upgrade(connection, self.records, prefix=self.prefix)

    def version(self) -> int:
        """Return the number of the schema that stands in the database; 0 when there is none."""
        with self._looking() as connection:
            return version(connection, prefix=self.prefix)

    def check(self) -> list[Difference]:
        """Compare the tables in the database with what this program expects."""
        with self._looking() as connection:
            return check(connection, self.records, prefix=self.prefix)

    def close(self) -> None:
        """Let go of the database; the books can be opened again."""
        with self._lock:
            if self._engine is not None and self._process == os.getpid():
                self._engine.dispose()
                self._engine = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        me = (os.getpid(), get_ident())
        if me in self._writers:
            raise RuleViolation(
                "the books are open already", where="SqlBooks", remedy="use the open store, or a savepoint in it"
            )
        self._writers.add(me)
        try:
            yield
        finally:
            self._writers.discard(me)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._translating("opening the books"):
            connection = self._opened().connect()
        try:
            yield connection
        finally:
            connection.close()

    def _opened(self) -> Engine:
        """Return the engine of this process, with the tables there."""
        with self._lock:
            if self._engine is None or self._process != os.getpid():
                # After a fork the parent's connections are not to be touched, not even closed.
                self._inherited = self._engine
                self._engine, self._process = self._prepared(), os.getpid()
            return self._engine

    def _prepared(self) -> Engine:
        engine = self.backend.open(self.url, patience=self.patience)
        try:
            with engine.connect() as connection, self.backend.look(connection).begin():
                ready = is_ready(connection, self.records, prefix=self.prefix)
            if not ready:  # only then is it a write, which would wait for whoever is writing
                with engine.begin() as connection:
                    upgrade(connection, self.records, prefix=self.prefix)
        except BaseException:
            engine.dispose()
            raise
        return engine

    @contextmanager
    def _apart(self, where: str) -> Iterator[Engine]:
        """Open the database whatever stands in it, beside the connections of these books."""
        with self._translating(where):
            engine = self.backend.open(self.url, patience=self.patience)
            try:
                yield engine
            finally:
                engine.dispose()

    @contextmanager
    def _looking(self) -> Iterator[Connection]:
        with (
            self._apart("opening the books") as engine,
            engine.connect() as connection,
            self.backend.look(connection).begin(),
        ):
            yield connection

    def _translating(self, where: str) -> AbstractContextManager[None]:
        return translating(where, self.backend)

    def _store(self, connection: Connection, by: Actor, at: datetime | None) -> SqlStore:
        # Outside the domain a clock may be looked at; only what the host leaves out is filled in from it.
        moment = at or datetime.now(UTC)  # noqa: TID251
        return SqlStore(
            connection,
            administration=self.administration,
            by=by,
            at=moment,
            records=self.records,
            prefix=self.prefix,
        )


def _again(url: str, administration: str, records: tuple[type, ...], patience: int, prefix: str) -> SqlBooks:
    return SqlBooks(url, administration, records=records, patience=patience, prefix=prefix)


if TYPE_CHECKING:
    from ....domain.ports.storage import UnitOfWork

    _conforms: UnitOfWork = SqlBooks("sqlite://")
