"""Where books are kept while they are measured: a world that is filled once, and a fresh copy of it for every run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from tests.postgres import dsn, throw_away

#: As an owner would run it: every commit is on disk when it returns. It tidies up between runs, and not during one.
SETTINGS = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}


_DATABASES = ("fanbilling_bench_world", "fanbilling_bench_run")


class Place(Protocol):
    """A database in which a world can be filled and copied."""

    name: str
    world: str

    def begin(self) -> None:
        """Make room for a new world."""

    def fill(self) -> None:
        """Say that the world is complete."""

    def copied(self) -> str:
        """Return the address of a fresh copy of the world, on disk, in place of the last one."""

    def clear(self) -> None:
        """Remove the world and its copy."""


class Files:
    """SQLite, in a folder."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._world, self._copy = folder / "world.db", folder / "run.db"
        self.world = f"sqlite:///{self._world}"

    def begin(self) -> None:
        self.clear()

    def fill(self) -> None:
        """Nothing: the books were closed, and lie in one file."""

    def copied(self) -> str:
        _remove(self._copy)
        shutil.copyfile(self._world, self._copy)
        with self._copy.open("rb+") as copy:
            os.fsync(copy)  # else the first commit pays for writing the copy
        return f"sqlite:///{self._copy}"

    def clear(self) -> None:
        _remove(self._world)
        _remove(self._copy)


class Server:
    """PostgreSQL: a database for the world, and one for its copy."""

    name = "PostgreSQL"

    def __init__(self, url: str) -> None:
        self.world, self._copy = (
            make_url(url).set(database=name).render_as_string(hide_password=False) for name in _DATABASES
        )
        self._server = dsn(url)

    def begin(self) -> None:
        self.clear()
        self._tell(f"CREATE DATABASE {_DATABASES[0]}")

    def fill(self) -> None:
        with psycopg.connect(dsn(self.world), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")  # as the server does by itself, given a minute

    def copied(self) -> str:
        world, run = _DATABASES
        self._tell(
            f"DROP DATABASE IF EXISTS {run} WITH (FORCE)", f"CREATE DATABASE {run} TEMPLATE {world}", "CHECKPOINT"
        )
        return self._copy

    def clear(self) -> None:
        self._tell(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in _DATABASES))

    def _tell(self, *statements: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def server() -> Iterator[Server]:
    """Start a PostgreSQL that keeps what it commits, for as long as it is measured."""
    with throw_away(**SETTINGS) as running:
        yield Server(running.url)


def _remove(books: Path) -> None:
    for end in ("", "-wal", "-shm"):
        books.with_name(books.name + end).unlink(missing_ok=True)
