"""The kinds of databases that the books can be kept in."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from .....domain.errors import InvalidSetting
from .backend import Backend
from .postgresql import POSTGRESQL
from .sqlite import SQLITE

_EXAMPLES = 'use "sqlite:///books.db" or "postgresql://user@host/books"'
_KNOWN: dict[str, Backend] = {backend.name: backend for backend in (SQLITE, POSTGRESQL)}


def backend_of(name: str) -> Backend:
    """Return a kind of database by the name that SQLAlchemy and Django know it by.

    Raises:
        InvalidSetting: for one that this adapter does not know.
    """
    if name not in _KNOWN:
        raise InvalidSetting(f"{name} is not supported", where="database", remedy=_EXAMPLES)
    return _KNOWN[name]


def backend_for(url: str) -> Backend:
    """Return the kind of database that a URL names.

    Raises:
        InvalidSetting: for one that this adapter does not know, or a text that is no URL.
    """
    try:
        name = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        # It is not repeated, and what could not be read is not told: there may be a password in it.
        raise InvalidSetting("this is no address of a database", where="database", remedy=_EXAMPLES) from None
    return backend_of(name)
