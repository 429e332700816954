"""What books may offer besides a unit of work: each an optional protocol, for whoever looks whether it is there."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable

from ..events import Actor
from .storage import Store, UnitOfWork


@runtime_checkable
class ReadingBooks(Protocol):
    """Books that can also be opened only to look."""

    def reading(self, *, by: Actor = ..., at: datetime | None = None) -> AbstractContextManager[Store]:
        """Open a transaction that sees one moment, waits for nobody, keeps nobody waiting and keeps nothing.

        Whoever reads everything there is opens them so: :func:`~fanbilling.verification.verify` does.
        """


def looking(books: UnitOfWork) -> AbstractContextManager[Store]:
    """Open books only to look, where they know how: then nobody waits for it."""
    return books.reading() if isinstance(books, ReadingBooks) else books()
