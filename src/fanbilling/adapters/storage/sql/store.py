"""One open transaction on books in a database: the host's own, or one that the books opened."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from ....domain.events import Actor, acting
from ....domain.kinds import CORE_RECORDS
from .agenda import SqlAgenda
from .billed import SqlBilled
from .counters import standing
from .database import Database
from .decisions import SqlDecisions
from .documents import SqlDocuments
from .hosts import transaction_of
from .journal import SqlJournal
from .ledger import SqlLedger
from .names import PREFIX, a_prefix
from .records import SqlRecords
from .rendered import SqlRendered


class SqlStore(SqlRecords):
    """The books of one administration inside the transaction of a connection.

    The connection is borrowed: the store never begins, commits or rolls back, so billing is kept or undone together
    with whatever else its owner does in the same transaction.
    """

    def __init__(
        self,
        connection: Any,
        *,
        administration: str,
        by: Actor,
        at: datetime,
        records: tuple[type, ...] = (),
        prefix: str = PREFIX,
    ) -> None:
        """Join the transaction of a connection.

        Args:
            connection: of SQLAlchemy (or a session of its ORM), of ``sqlite3``, of ``psycopg``, or of Django; or a
                :class:`~fanbilling.adapters.storage.sql.hosts.transaction.Transaction`.
            by: who does this, and ``at`` at which moment; both are written into the journal.
            records: the kinds of records that the sources keep, besides those that every administration has.
            prefix: what the names of all tables begin with.
        """
        acting(by, at)
        database = Database(transaction_of(connection), administration, a_prefix(prefix))
        super().__init__(database, frozenset((*CORE_RECORDS, *records)))
        self.administration = administration
        self.by, self.at = by, at
        self.journal = SqlJournal(database, by, at)
        self.agenda = SqlAgenda(database)
        self.billed = SqlBilled(database)
        self.decisions = SqlDecisions(database)
        self.documents = SqlDocuments(database)
        self.ledger = SqlLedger(database)
        self.rendered = SqlRendered(database)

    def counters(self) -> Mapping[str, int]:
        return standing(self._database)

    def savepoint(self) -> AbstractContextManager[None]:
        return self._database.savepoint()

    def check(self) -> None:
        """Refuse to go on when the transaction has ended, or the database gave it up on its own."""
        self._database.check()
