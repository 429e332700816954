"""Django without a project: its databases are named by the tests that want one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import count

import django
from django.conf import settings
from django.db import connections
from sqlalchemy import make_url

ALIASES = count()


def set_up() -> None:
    """Begin Django, once in a process."""
    if not settings.configured:
        settings.configure(DATABASES={}, INSTALLED_APPS=[], USE_TZ=True)
        django.setup()


def described(url: str, **options: object) -> dict[str, object]:
    """A database as ``DATABASES`` in a settings file names it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": address.database, "OPTIONS": options}
    host = address.query.get("host", address.host or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.database,
        "USER": address.username or "",
        "PASSWORD": address.password or "",
        "HOST": host,
        "PORT": str(address.port or ""),
        "OPTIONS": options,
    }


@contextlib.contextmanager
def database(url: str, **options: object) -> Iterator[str]:
    """An alias for a database, forgotten afterwards."""
    set_up()
    alias = f"database_{next(ALIASES)}"
    connections.settings[alias] = {}
    connections.settings = connections.configure_settings({**connections.settings, alias: described(url, **options)})
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.settings[alias]
