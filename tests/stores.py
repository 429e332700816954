"""The stores that desks, laws and scenarios are tested on, and fresh books on each of them.

One database on a server serves all tests. Tables are made once for each set of kinds of records, lent to one test at a
time, and emptied before they are lent again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from hypothesis import HealthCheck, settings

from fanbilling import Office
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.ports.storage import Store, UnitOfWork
from tests.postgres import dsn, fresh


class Lending:
    """Sets of tables in one database on a server; the server is asked for when somebody wants the first of them."""

    #: Begins the lending, with a server that is there until it ends.
    begin: Callable[[], object]

    def __init__(self) -> None:
        self.free: defaultdict[tuple[type, ...], list[str]] = defaultdict(list)
        self.numbers = count()

    @contextmanager
    def on(self, server: str) -> Iterator[None]:
        """Lend what is on a server."""
        with ExitStack() as self.session:
            self.server = server
            yield

    @cached_property
    def url(self) -> str:
        """The address of the database."""
        self.begin()
        return self.session.enter_context(fresh(self.server))

    @cached_property
    def alias(self) -> str:
        """What Django calls the database."""
        from tests.django_host import database

        return self.session.enter_context(database(self.url))

    @cached_property
    def connection(self) -> psycopg.Connection[Any]:
        """A connection that tidies up; it does not wait for ever for a test that left something open."""
        options = "-c lock_timeout=30s"
        return self.session.enter_context(psycopg.connect(dsn(self.url), autocommit=True, options=options))

    @contextmanager
    def tables(self, records: tuple[type, ...]) -> Iterator[str]:
        """The prefix of empty tables for these kinds of records."""
        free = self.free[records]
        prefix = free.pop() if free else self.made(records)
        yield prefix
        self.empty(prefix)
        free.append(prefix)

    def made(self, records: tuple[type, ...]) -> str:
        prefix = f"t{next(self.numbers)}_"
        books = SqlBooks(self.url, records=records, prefix=prefix)
        books.create()
        books.close()
        return prefix

    def names(self, prefix: str) -> list[str]:
        asked = "select tablename from pg_tables where starts_with(tablename, %s) and tablename <> %s"
        return [name for (name,) in self.connection.execute(asked, (prefix, f"{prefix}schema"))]

    def empty(self, prefix: str) -> None:
        steps = ("alter table {} disable trigger user", "delete from {}", "alter table {} enable trigger user")
        self.connection.execute("; ".join(step.format(name) for name in self.names(prefix) for step in steps))

    def rows(self, prefix: str) -> dict[str, list[Any]]:
        """Every row as it lies in every table, each called as without a prefix of its own."""
        select = "select * from {}"
        return {
            name.replace(prefix, "fb_", 1): self.connection.execute(select.format(name)).fetchall()
            for name in self.names(prefix)
        }


LENDING = Lending()


@contextmanager
def memory(office: Office) -> Iterator[UnitOfWork]:
    """Books in memory."""
    yield MemoryBooks(administration=office.administration.id)


@contextmanager
def sqlite(office: Office) -> Iterator[UnitOfWork]:
    """Books in an SQLite file."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'books.db'}"
        books = SqlBooks(url, administration=office.administration.id, records=office.records)
        yield books
        books.close()


@contextmanager
def postgresql(office: Office) -> Iterator[UnitOfWork]:
    """Books on a server of PostgreSQL."""
    with LENDING.tables(office.records) as prefix:
        books = SqlBooks(LENDING.url, office.administration.id, records=office.records, prefix=prefix)
        try:
            yield books
        finally:
            books.close()


@contextmanager
def django(office: Office) -> Iterator[UnitOfWork]:
    """Books in a database of Django, on a server of PostgreSQL."""
    from fanbilling.adapters.storage.sql.django import DjangoBooks

    with LENDING.tables(office.records) as prefix:
        yield DjangoBooks(office.administration.id, using=LENDING.alias, records=office.records, prefix=prefix)


STORES: dict[str, Callable[[Office], AbstractContextManager[UnitOfWork]]] = {
    "memory": memory,
    "sqlite": sqlite,
    "postgresql": postgresql,
    "django": django,
}
#: Those outside the process: a statement or a commit takes its time there.
FAR = ("sqlite", "postgresql", "django")


def tried(store: str, usual: int | None = None, **others: Any) -> settings:
    """How hard to look on a store: outside the process at a third of the usual examples, unless there is time."""
    usual = usual or settings().max_examples
    third = store in FAR and settings.get_current_profile_name() != "long"
    count = -(-usual // 3) if third else usual
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck), **others)


@contextmanager
def looked_at(store: str) -> Iterator[None]:
    """Look as hard as that, where a contract says itself how it looks."""
    profile = settings.get_current_profile_name()
    settings.register_profile("on a store", tried(store))
    settings.load_profile("on a store")
    try:
        yield
    finally:
        settings.load_profile(profile)


def kept(store: Store, records: Iterable[type], limit: int = 100_000) -> dict[str, Any]:
    """Everything that books hold, part by part."""
    return {
        **{kind.__name__: list(store.find(kind, limit=limit)) for kind in dict.fromkeys(records)},
        "journal": list(store.journal.after(0, limit=limit)),
        "agenda": list(store.agenda.all(limit=limit)),
        "billed": list(store.billed.page(limit=limit)),
        "decisions": list(store.decisions.page(limit=limit)),
        "documents": list(store.documents.page(limit=limit)),
        "sealed": list(store.documents.sealed(limit=limit)),
        "ledger": list(store.ledger.entries(limit=limit)),
        "balances": dict(store.ledger.balances()),
        "counters": {name: last for name, last in store.counters().items() if last},
    }
