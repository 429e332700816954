"""Programs with orders of their own, each of which opens its transactions in the way of its library."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import psycopg
from django.db import connections, transaction
from psycopg.rows import dict_row
from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, event, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import Session, registry

from fanbilling.adapters.storage.sql import SqlStore
from fanbilling.adapters.storage.sql.databases import backend_of
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts.storing.kinds import KINDS
from tests.django_host import database
from tests.postgres import dsn

T = TypeVar("T")
Work = Callable[[Any], T]
AT = datetime(2026, 3, 1, tzinfo=UTC)


class Host:
    """A program with a table of orders, whose transactions billing joins."""

    def __init__(self, url: str, number: int) -> None:
        self.url = url
        self.orders = f"orders_{number}"
        self.prefix = f"t{number}_"

    def do(self, work: Work[T]) -> T:
        """Do a piece of work in a transaction, kept when it ends well and otherwise undone."""
        raise NotImplementedError

    def loose(self) -> AbstractContextManager[Any] | None:
        """A connection that commits every statement by itself, where there is one."""
        return None

    def part(self, connection: Any) -> AbstractContextManager[object]:
        """The host's own savepoint."""
        raise NotImplementedError

    def say(self, connection: Any, statement: str) -> Any:
        """Run a statement of the host's."""
        raise NotImplementedError

    def order(self, connection: Any, id: str) -> None:
        self.say(connection, f"INSERT INTO {self.orders} VALUES ('{id}')")

    def ordered(self, connection: Any) -> list[str]:
        """The ids of its orders, read in the way that the host reads."""
        rows = self.say(connection, f"SELECT id FROM {self.orders} ORDER BY id").fetchall()
        return [row["id"] if isinstance(row, dict) else row[0] for row in rows]

    def guest(self, connection: Any) -> SqlStore:
        return SqlStore(connection, administration="nl", by=Actor("eva"), at=AT, records=KINDS, prefix=self.prefix)

    def close(self) -> None:
        """End the program."""


class CoreHost(Host):
    """SQLAlchemy Core, with an engine as SQLAlchemy makes it."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(url, number)
        self.engine = self.made(url)

    def made(self, url: str) -> Engine:
        return create_engine(make_url(url))

    def do(self, work: Work[T]) -> T:
        with self.engine.begin() as connection:
            return work(connection)

    @contextmanager
    def loose(self) -> Iterator[Any]:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection

    def part(self, connection: Any) -> AbstractContextManager[object]:
        return connection.begin_nested()

    def say(self, connection: Any, statement: str) -> Any:
        return connection.execute(text(statement))

    def close(self) -> None:
        self.engine.dispose()


class ListeningHost(CoreHost):
    """SQLAlchemy Core on SQLite, with the listeners that its documentation advises."""

    def made(self, url: str) -> Engine:
        engine = create_engine(url)
        event.listen(engine, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine


class OrmHost(CoreHost):
    """A session of SQLAlchemy's ORM: what it was told waits until it is flushed."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(url, number)
        self.Order = type("Order", (), {})
        table = Table(self.orders, MetaData(), Column("id", String, primary_key=True))
        registry().map_imperatively(self.Order, table)

    def do(self, work: Work[T]) -> T:
        with Session(self.engine) as session, session.begin():
            return work(session)

    @contextmanager
    def loose(self) -> Iterator[Any]:
        with Session(self.engine.execution_options(isolation_level="AUTOCOMMIT")) as session:
            yield session

    def order(self, connection: Any, id: str) -> None:
        order = self.Order()
        order.id = id
        connection.add(order)

    def ordered(self, connection: Any) -> list[str]:
        return sorted(order.id for order in connection.query(self.Order))


class SqliteHost(Host):
    """A plain connection of the standard library."""

    def __init__(self, url: str, number: int, *, level: str | None = "", begin: str = "", **options: Any) -> None:
        super().__init__(url, number)
        self.begin = begin
        self.open = partial(sqlite3.connect, make_url(url).database, isolation_level=level, **options)

    def do(self, work: Work[T]) -> T:
        with closing(self.open()) as connection:
            connection.row_factory = sqlite3.Row
            with connection:
                if self.begin:
                    connection.execute(self.begin)
                return work(connection)

    def loose(self) -> AbstractContextManager[Any] | None:
        return closing(self.open(isolation_level=None)) if self.begin else None

    @contextmanager
    def part(self, connection: Any) -> Iterator[object]:
        connection.execute("SAVEPOINT host")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK TO host")
            raise
        finally:
            connection.execute("RELEASE host")

    def say(self, connection: Any, statement: str) -> Any:
        return connection.execute(statement)


class PsycopgHost(Host):
    """A plain connection of psycopg."""

    def __init__(self, url: str, number: int, *, threshold: int | None = 5, **options: Any) -> None:
        super().__init__(url, number)
        self.threshold = threshold
        self.open = partial(psycopg.connect, dsn(url), **options)

    def do(self, work: Work[T]) -> T:
        with self.open() as connection:
            connection.prepare_threshold = self.threshold
            with connection.transaction() if connection.autocommit else nullcontext():
                return work(connection)

    def loose(self) -> AbstractContextManager[Any] | None:
        return self.open(autocommit=True)

    def part(self, connection: Any) -> AbstractContextManager[object]:
        return connection.transaction()

    def say(self, connection: Any, statement: str) -> Any:
        return connection.execute(statement)


class DjangoHost(Host):
    """A database of Django, which is not the default one."""

    def __init__(self, url: str, number: int, *, debug: bool = False, nested: bool = False, **options: Any) -> None:
        super().__init__(url, number)
        self.database = database(url, **options)
        self.alias = self.database.__enter__()
        self.nested = nested
        connections[self.alias].force_debug_cursor = debug

    def do(self, work: Work[T]) -> T:
        with transaction.atomic(using=self.alias, durable=True), self.inner():
            return work(connections[self.alias])

    def inner(self) -> AbstractContextManager[object]:
        return transaction.atomic(using=self.alias, savepoint=False) if self.nested else nullcontext()

    def loose(self) -> AbstractContextManager[Any] | None:
        return nullcontext(connections[self.alias])

    def part(self, connection: Any) -> AbstractContextManager[object]:
        return transaction.atomic(using=self.alias)

    def say(self, connection: Any, statement: str) -> Any:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor

    def close(self) -> None:
        self.database.__exit__(None, None, None)


class ThreadHost(CoreHost):
    """A program of coroutines that hands a whole transaction to a thread."""

    def do(self, work: Work[T]) -> T:
        return asyncio.run(asyncio.to_thread(super().do, work))


class AsyncHost(Host):
    """A program of coroutines on an asynchronous engine of SQLAlchemy."""

    def do(self, work: Work[T]) -> T:
        async def main() -> T:
            engine = create_async_engine(self.address)
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(work)
            finally:
                await engine.dispose()

        return asyncio.run(main())

    @property
    def address(self) -> Any:
        driver = {"sqlite": "sqlite+aiosqlite"}.get(make_url(self.url).get_backend_name(), "postgresql+psycopg_async")
        return make_url(self.url).set(drivername=driver)

    def part(self, connection: Any) -> AbstractContextManager[object]:
        return connection.begin_nested()

    def say(self, connection: Any, statement: str) -> Any:
        return connection.execute(text(statement))


class Layer:
    """A library that nobody knows, with names of its own for everything."""

    def __init__(self, driver: Any, name: str) -> None:
        self.driver, self.name = driver, name
        self.current: object = object()

    def query(self, statement: str, values: Any = ()) -> list[Any]:
        cursor = self.driver.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def execute(self, statement: str, values: Any) -> int:
        return self.driver.execute(statement, values).rowcount

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self.query("SAVEPOINT layer")
        try:
            yield
        except BaseException:
            self.query("ROLLBACK TO SAVEPOINT layer")
            raise
        finally:
            self.query("RELEASE SAVEPOINT layer")

    @property
    def failed(self) -> bool:
        return self.name == "postgresql" and self.driver.info.transaction_status.name == "INERROR"


class LayerTransaction:
    """What its user writes, as the documentation of a transaction says."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.backend = backend_of(layer.name)
        self.dialect = self.backend.dialect("qmark" if layer.name == "sqlite" else "format")

    def ask(self, text: str, values: Any) -> Any:
        return self.layer.query(text, values)

    def change(self, text: str, rows: Any) -> int:
        return sum(self.layer.execute(text, row) for row in rows)

    def copy(self, table: str, columns: Any, rows: Any) -> bool:
        return False

    def savepoint(self) -> AbstractContextManager[None]:
        return self.layer.savepoint()

    def standing(self) -> object:
        return self.layer.current

    def spoilt(self) -> bool:
        return self.layer.failed

    def lost(self) -> bool:
        return self.layer.current is None


class LayerHost(Host):
    """A program on a library of its own."""

    def do(self, work: Work[T]) -> T:
        name = make_url(self.url).get_backend_name()
        if name == "sqlite":
            driver: Any = sqlite3.connect(make_url(self.url).database or "", isolation_level=None)
            driver.execute("BEGIN")
        else:
            driver = psycopg.connect(dsn(self.url))
        layer = Layer(driver, name)
        with closing(driver), driver:
            try:
                return work(LayerTransaction(layer))
            finally:
                layer.current = None

    def part(self, connection: Any) -> AbstractContextManager[object]:
        return connection.layer.savepoint()

    def say(self, connection: Any, statement: str) -> Any:
        return connection.layer.driver.execute(statement)


TYPES = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES

ON_SQLITE: dict[str, Callable[[str, int], Host]] = {
    "core": CoreHost,
    "core with listeners": ListeningHost,
    "orm": OrmHost,
    "sqlite3": SqliteHost,
    "sqlite3 deferred": partial(SqliteHost, level="DEFERRED", detect_types=TYPES),
    "sqlite3 immediate": partial(SqliteHost, level="IMMEDIATE", cached_statements=0),
    "sqlite3 begun": partial(SqliteHost, level=None, begin="BEGIN"),
    "django": DjangoHost,
    "django logged": partial(DjangoHost, debug=True, nested=True, transaction_mode="IMMEDIATE"),
    "thread": ThreadHost,
    "async": AsyncHost,
    "a library of its own": LayerHost,
}
ON_POSTGRESQL: dict[str, Callable[[str, int], Host]] = {
    "core": CoreHost,
    "orm": OrmHost,
    "psycopg": PsycopgHost,
    "psycopg committing": partial(PsycopgHost, autocommit=True, row_factory=dict_row),
    "psycopg prepared": partial(PsycopgHost, threshold=0),
    "psycopg unprepared": partial(PsycopgHost, threshold=None, cursor_factory=psycopg.ClientCursor),
    "psycopg raw": partial(PsycopgHost, cursor_factory=psycopg.RawCursor),
    "django": DjangoHost,
    "django logged": partial(DjangoHost, debug=True, nested=True),
    "django binding on the server": partial(DjangoHost, server_side_binding=True),
    "thread": ThreadHost,
    "async": AsyncHost,
    "a library of its own": LayerHost,
}
