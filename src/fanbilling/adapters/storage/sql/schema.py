"""The tables in a database: made where they are missing, in the transaction of the host."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from .names import PREFIX
from .tables import described
from .transactions import Transaction, transaction_of

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))",
}


def missing_tables(connection: Any, records: tuple[type, ...] = (), *, prefix: str = PREFIX) -> list[Table]:
    """Return the tables that do not exist yet."""
    transaction = transaction_of(connection)
    there = {name for (name,) in transaction.ask(_THERE[transaction.backend.name], ())}
    return [table for table in described(records) if table.name.replace("fb_", prefix, 1) not in there]


def create_tables(connection: Any, records: tuple[type, ...] = (), *, prefix: str = PREFIX) -> None:
    """Create the tables that do not exist yet, in the transaction of the connection; never commits."""
    transaction = transaction_of(connection)
    with transaction.savepoint():
        missing = missing_tables(transaction, records, prefix=prefix)
        for table in missing:
            _make(transaction, table, prefix)
        transaction.backend.new(transaction.change, missing, prefix)


def _make(transaction: Transaction, table: Table, prefix: str) -> None:
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    steps: list[DDLElement] = [CreateTable(table), *(CreateIndex(index) for index in indexes)]
    for step in steps:
        text = str(step.compile(dialect=transaction.dialect)).replace("fb_", prefix)
        transaction.change(text, [()])
