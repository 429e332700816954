"""The libraries whose transactions billing can join.

Known are SQLAlchemy (a ``Connection``, or a ``Session``), plain ``sqlite3`` and ``psycopg`` connections, and Django;
another one implements :class:`~fanbilling.adapters.storage.sql.hosts.transaction.Transaction`, a few short methods.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from .....domain.errors import InvalidSetting
from .alchemy import AlchemyTransaction, SessionTransaction
from .driver import DriverTransaction
from .transaction import Transaction


def transaction_of(connection: Any) -> Transaction:
    """Return the open transaction of a host's connection.

    Args:
        connection: a SQLAlchemy ``Connection`` or ``Session``, a ``sqlite3`` or ``psycopg`` connection, a connection of
            Django, or anything that is a :class:`Transaction` already.

    Raises:
        InvalidSetting: for anything else.
        RuleViolation: when the connection is outside a transaction, and would commit every statement by itself.
    """
    if isinstance(connection, Connection):
        return AlchemyTransaction(connection)
    if isinstance(connection, Transaction):
        return connection
    family = {cls.__module__.partition(".")[0] for cls in type(connection).__mro__}
    named = type(connection).__name__
    if named.startswith("Async"):
        raise InvalidSetting(
            f"{named} cannot be waited for", where="store", remedy="bill in a thread, or in SQLAlchemy's run_sync"
        )
    for library, join in _LIBRARIES.items():
        if library in family and (joined := join(connection)) is not None:
            return joined
    raise InvalidSetting(
        f"{named} is not a connection that is known",
        where="store",
        remedy="give one of SQLAlchemy, sqlite3, psycopg or Django, or a Transaction of your own",
    )


def _of_sqlalchemy(session: Any) -> Transaction | None:
    from sqlalchemy.orm import Session, scoped_session

    if isinstance(session, scoped_session):
        session = session()
    return SessionTransaction(session) if isinstance(session, Session) else None


def _of_django(connection: Any) -> Transaction:
    from .django import DjangoTransaction

    return DjangoTransaction(connection)


_LIBRARIES: dict[str, Callable[[Any], Transaction | None]] = {
    "sqlalchemy": _of_sqlalchemy,
    "sqlite3": lambda connection: DriverTransaction(connection, "sqlite"),
    "psycopg": lambda connection: DriverTransaction(connection, "postgresql"),
    "django": _of_django,
}
