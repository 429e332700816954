"""On plain connections, with the unit of work that a host writes for itself, books keep the contract of a store."""

import sqlite3
from collections.abc import Callable
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count

import attrs
import psycopg
import pytest

from fanbilling.adapters.storage.sql import SqlStore, upgrade
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts import StoreContract
from fanbilling.testing.contracts.storing.kinds import KINDS
from tests.postgres import dsn

NUMBERS = count()


@attrs.frozen
class SqliteBooks:
    """As the how-to writes it, for a file."""

    place: str
    prefix: str
    administration: str = "nl"

    @contextmanager
    def transaction(self):
        with closing(sqlite3.connect(self.place, isolation_level=None, timeout=30)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def __call__(self, *, by=Actor("system"), at=None):
        with self.transaction() as connection:
            yield joined(self, connection, by, at)


@attrs.frozen
class PsycopgBooks:
    """As the how-to writes it, for a server."""

    place: str
    prefix: str
    administration: str = "nl"

    def transaction(self):
        return psycopg.connect(self.place)

    @contextmanager
    def __call__(self, *, by=Actor("system"), at=None):
        with self.transaction() as connection:
            yield joined(self, connection, by, at)


def joined(books, connection, by, at):
    """The store of some books on a connection."""
    return SqlStore(
        connection,
        administration=books.administration,
        by=by,
        at=at or datetime.now(UTC),  # noqa: TID251 - a host has a clock
        records=KINDS,
        prefix=books.prefix,
    )


class OnAConnection(StoreContract):
    programs = 40  # the statements are those of the other stores

    @pytest.fixture
    def new_books(self, kept) -> Callable[[], SqliteBooks | PsycopgBooks]:
        def new() -> SqliteBooks | PsycopgBooks:
            books = attrs.evolve(kept, prefix=f"t{next(NUMBERS)}_")
            with books.transaction() as connection:
                upgrade(connection, KINDS, prefix=books.prefix)
            return books

        return new

    @pytest.fixture
    def neighbour(self, books) -> SqliteBooks | PsycopgBooks:
        return attrs.evolve(books, administration="be")


class TestOnSqlite3(OnAConnection):
    @pytest.fixture
    def kept(self, tmp_path) -> SqliteBooks:
        return SqliteBooks(f"{tmp_path}/books.db", "")


class TestOnPsycopg(OnAConnection):
    @pytest.fixture
    def kept(self, shared_pg_url) -> PsycopgBooks:
        return PsycopgBooks(dsn(shared_pg_url), "")
