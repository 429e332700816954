"""Which statements a run makes, transaction by transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def counted() -> Iterator[list[list[str]]]:
    """Collect what every engine is told to do: a list per transaction, without the savepoints around it."""
    batches: list[list[str]] = []

    def told(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN"):
            batches.append([])
        elif batches and not statement.startswith(_AROUND):
            batches[-1].append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", told)
    try:
        yield batches
    finally:
        event.remove(Engine, "before_cursor_execute", told)
