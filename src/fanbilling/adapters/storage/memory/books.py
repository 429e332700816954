"""Books in memory: one writer at a time, and what fails was never there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock, get_ident
from typing import TYPE_CHECKING

from ....domain.errors import RuleViolation
from ....domain.events import Actor
from .state import State, Transaction
from .store import MemoryStore

SYSTEM = Actor("system")


class MemoryBooks:
    """The books of one administration, for as long as the program runs.

    ``with books(by=Actor("eva")) as store:`` keeps what was done on a clean exit and nothing of it otherwise.
    """

    #: What is opened; a test of the contract puts a faulty one here.
    store: type[MemoryStore] = MemoryStore

    def __init__(self, administration: str = "nl") -> None:
        self.administration = administration
        self._state = State()
        self._lock = Lock()
        self._writer: int | None = None

    @contextmanager
    def __call__(self, *, by: Actor = SYSTEM, at: datetime | None = None) -> Iterator[MemoryStore]:
        """Open a transaction by an actor at a moment: now, unless another is given.

        Raises:
            RuleViolation: when this thread has the books open already; it would wait for itself for ever.
        """
        if self._writer == get_ident():
            raise RuleViolation(
                "the books are open already", where="MemoryBooks", remedy="use the open store, or a savepoint in it"
            )
        with self._lock:
            # Outside the domain a clock may be looked at; only what the host leaves out is filled in from it.
            moment = at or datetime.now(UTC)  # noqa: TID251
            transaction = Transaction(self._state, by, moment)
            self._writer = get_ident()
            try:
                yield self.store(self.administration, transaction)
                self._state = transaction.state
            finally:
                transaction.end()
                self._writer = None


if TYPE_CHECKING:
    from ....domain.ports.storage import UnitOfWork

    _conforms: UnitOfWork = MemoryBooks()
