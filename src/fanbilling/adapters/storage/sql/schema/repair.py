"""What follows from the tables is put right whenever it differs: indexes, triggers, views."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.schema import CreateIndex

from .catalog import Catalog, expected, found
from .sealing import seal
from .steps import Steps
from .views import make_views


def mend(steps: Steps, tables: Sequence[Table]) -> list[str]:
    """Make what is missing or another one, for these tables and the core; return its names as a check gives them."""
    wanted, there = expected(steps, tables), found(steps)
    differs = [name for name, words in wanted.items() if there.get(name) != words]
    for table in tables:
        _index(steps, table, differs, there)
    if any(name.startswith("trigger ") for name in differs):
        seal(steps)
    if any(name.startswith("view ") for name in differs):
        make_views(steps)
    return [name for name in differs if name.startswith(("index ", "trigger ", "view "))]


def _index(steps: Steps, table: Table, differs: Sequence[str], there: Catalog) -> None:
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        name = steps.named(f"index {index.name}")
        if name in differs:
            if name in there:
                steps.do(f'DROP INDEX "{index.name}"')
            steps.do(CreateIndex(index))
