"""Somebody who means to: the triggers that seal the books are dropped, and everything can be changed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fanbilling.adapters.storage.sql.schema.sealing import unseal
from fanbilling.adapters.storage.sql.schema.steps import Steps
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.office import joined


class _Undo(Exception):
    pass


@contextmanager
def damaged(books: Any, *statements: str) -> Iterator[UnitOfWork]:
    """Books in a database to which something was done, until it is undone; every statement hits something."""
    with suppress(_Undo), books() as store:
        steps = Steps(store._database.transaction, books.prefix)
        unseal(steps)
        changed = [steps.transaction.change(steps.named(statement), [()]) for statement in statements]
        assert 0 not in changed, "the damage hit nothing"
        yield joined(store)
        raise _Undo
