"""The kinds of databases that the books can be kept in."""

from __future__ import annotations

from sqlalchemy import make_url

from ....domain.errors import InvalidSetting
from .backend import Backend
from .postgresql import POSTGRESQL
from .sqlite import SQLITE

_KNOWN: dict[str, Backend] = {backend.name: backend for backend in (SQLITE, POSTGRESQL)}


def backend_of(name: str) -> Backend:
    """Return a kind of database by the name that SQLAlchemy and Django know it by.

    Raises:
        InvalidSetting: for one that this adapter does not know.
    """
    if name not in _KNOWN:
        raise InvalidSetting(
            f"{name} is not supported",
            where="database",
            remedy='use "sqlite:///books.db" or "postgresql://user@host/books"',
        )
    return _KNOWN[name]


def backend_for(url: str) -> Backend:
    """Return the kind of database that a URL names."""
    return backend_of(make_url(url).get_backend_name())
