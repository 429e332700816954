"""What only one kind of host can do to its guest, and how the guest bears it or says no."""

import asyncio
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from threading import Thread
from types import SimpleNamespace

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError as DatabaseErrorOfTheDriver
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from fanbilling.adapters.storage.sql import SqlBooks, upgrade
from fanbilling.adapters.storage.sql.databases.sqlite import SQLITE
from fanbilling.adapters.storage.sql.django import DjangoBooks
from fanbilling.adapters.storage.sql.hosts import transaction_of
from fanbilling.domain.errors import (
    AdapterFailure,
    BillingError,
    Conflict,
    InvalidSetting,
    OutdatedSchema,
    RuleViolation,
)
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.testing.contracts.storing.fixtures import Undo, failing
from fanbilling.testing.contracts.storing.kinds import KINDS, Card
from fanbilling.testing.contracts.storing.values import touch
from tests.django_host import database, described
from tests.postgres import dsn

from .hosts import DjangoHost, OrmHost, PsycopgHost, SqliteHost


def opened(host):
    """The host, with its own table and those of billing."""
    host.do(lambda connection: host.say(connection, f"CREATE TABLE {host.orders} (id TEXT PRIMARY KEY)"))
    host.do(lambda connection: upgrade(connection, KINDS, prefix=host.prefix))
    return host


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/host.db"
    return request.getfixturevalue("pg_url")


@pytest.fixture
def orm(url):
    host = opened(OrmHost(url, 1))
    yield host
    host.close()


@pytest.fixture
def django(url):
    host = opened(DjangoHost(url, 1, **({"transaction_mode": "IMMEDIATE"} if url.startswith("sqlite") else {})))
    yield host
    host.close()


# ----------------------------------------------------------------------------------------------------- SQLAlchemy's ORM


def test_what_a_session_was_told_is_there_before_billing_reads(orm):
    with Session(orm.engine) as session, session.begin():
        orm.order(session, "o1")
        transaction = transaction_of(session)
        assert transaction.ask(f"SELECT id FROM {orm.orders}", ()) == [("o1",)]


def test_a_session_that_does_not_flush_by_itself_is_not_flushed(orm):
    with Session(orm.engine) as session, session.begin(), session.no_autoflush:
        orm.order(session, "o1")
        orm.guest(session).add(Card(id="c1"), Card(id="c2"))
        assert session.new


def test_a_session_goes_on_after_it_ended_and_its_store_does_not(orm):
    with Session(orm.engine) as session:
        store = orm.guest(session)
        store.add(Card(id="c1"))
        session.rollback()
        assert orm.guest(session).find(Card) == []
        with pytest.raises(RuleViolation, match="ended"):
            store.find(Card)
        orm.guest(session).add(Card(id="c2"))
        session.commit()
        assert orm.guest(session).find(Card) == [Card(id="c2")]


def test_a_session_that_is_shared_by_name_is_a_session(orm):
    sessions = scoped_session(sessionmaker(orm.engine))
    orm.guest(sessions).add(Card(id="c1"))
    sessions.rollback()
    orm.guest(sessions).add(Card(id="c2"))
    sessions.commit()
    assert orm.guest(sessions).find(Card) == [Card(id="c2")]
    sessions.remove()


def test_an_engine_that_commits_by_itself_is_refused(url):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.begin() as joined, pytest.raises(RuleViolation, match="by itself"):
        transaction_of(joined)
    with engine.connect() as joined, pytest.raises(RuleViolation, match="by itself"):
        transaction_of(joined).ask("SELECT 1", ())
    with Session(engine) as session, pytest.raises(RuleViolation, match="by itself"):
        transaction_of(session)
    engine.dispose()


def test_what_is_no_connection_is_refused(orm):
    for thing in (orm.engine, sessionmaker(orm.engine), orm.url, None):
        with pytest.raises(InvalidSetting, match="not a connection that is known"):
            transaction_of(thing)


def test_a_driver_that_is_not_known_is_refused(pg_url, monkeypatch):
    engine = create_engine(pg_url)
    with engine.begin() as joined:
        monkeypatch.setattr(joined.dialect, "driver", "psycopg2")
        with pytest.raises(InvalidSetting, match=r"psycopg2 is not a driver .* postgresql\+psycopg"):
            transaction_of(joined)
    engine.dispose()


# ----------------------------------------------------------------------------------------------------------- coroutines


def test_what_is_asynchronous_is_lent_or_refused(pg_url):
    async def main():
        engine = create_async_engine(pg_url)
        async with engine.begin() as joined, AsyncSession(engine) as session:
            for thing in (joined, session):
                with pytest.raises(InvalidSetting, match="run_sync"):
                    transaction_of(thing)
            await joined.run_sync(lambda lent: transaction_of(lent).ask("SELECT 1", ()))
            assert await session.run_sync(lambda lent: transaction_of(lent).ask("SELECT 1", ())) == [(1,)]
        await engine.dispose()
        async with await psycopg.AsyncConnection.connect(dsn(pg_url)) as plain:
            with pytest.raises(InvalidSetting, match="run_sync"):
                transaction_of(plain)

    asyncio.run(main())


# ---------------------------------------------------------------------------------------------------------- the drivers


def test_the_driver_begins_and_ends_for_the_host_alone(tmp_path):
    host = opened(SqliteHost(f"sqlite:///{tmp_path}/host.db", 1, level=None, begin="BEGIN"))
    said = []
    with closing(host.open()) as plain:
        plain.execute("BEGIN")
        plain.set_trace_callback(said.append)
        store = host.guest(plain)
        store.add(Card(id="c1"), Card(id="c2"))
        with pytest.raises(Conflict):
            store.add(Card(id="c1"))
        with failing(), store.savepoint():
            store.remove(Card, "c1")
            raise Undo
        plain.set_trace_callback(None)
        plain.commit()
    words = {statement.split()[0] for statement in said}
    assert {"SAVEPOINT", "RELEASE"} <= words
    assert not {"BEGIN", "COMMIT", "END"} & words
    assert all(" TO SAVEPOINT " in statement for statement in said if statement.startswith("ROLLBACK"))


@pytest.mark.parametrize(
    ("autocommit", "level", "commits"), [(True, "", True), (False, None, False), (-1, None, True), (-1, "", False)]
)
def test_a_newer_driver_says_in_another_way_whether_it_commits(autocommit, level, commits):
    """From Python 3.12 on, ``autocommit`` says it; -1 stands for the old way, in which the isolation level says it."""
    assert SQLITE.committing_itself(SimpleNamespace(autocommit=autocommit, isolation_level=level)) is commits


def test_a_pipeline_is_refused(pg_url):
    host = opened(PsycopgHost(pg_url, 1))

    def work(plain):
        store = host.guest(plain)
        with plain.pipeline(), pytest.raises(RuleViolation, match="pipeline"):
            store.find(Card)
        store.add(Card(id="c1"))

    host.do(work)
    assert host.do(lambda plain: host.guest(plain).find(Card)) == [Card(id="c1")]


def test_what_was_refused_for_a_while_can_be_done_in_the_same_transaction(pg_url):
    """A lock that is not granted in time ends the savepoint, not the host's transaction."""
    host = opened(PsycopgHost(pg_url, 1))
    host.do(lambda plain: host.guest(plain).agenda.touch([touch("a1")]))
    with host.open() as other, host.open() as plain:
        host.guest(other).agenda.hold([("testing", "a1")])
        plain.execute("SET LOCAL lock_timeout = '20ms'")
        host.order(plain, "o1")
        store = host.guest(plain)
        with pytest.raises(AdapterFailure) as caught, store.savepoint():
            store.agenda.hold([("testing", "a1")])
        assert caught.value.retryable
        other.rollback()
        store.agenda.hold([("testing", "a1")])
        store.add(Card(id="c1"))
    assert host.do(host.ordered) == ["o1"]
    assert host.do(lambda plain: host.guest(plain).find(Card)) == [Card(id="c1")]


def test_after_an_error_that_was_swallowed_nothing_is_said_to_be_kept(pg_url):
    """PostgreSQL answers COMMIT after an error by rolling back, and calls that a success."""
    books = SqlBooks(pg_url, records=KINDS)

    def swallow():
        with books() as store:
            store.add(Card(id="c1"))
            with pytest.raises(DatabaseErrorOfTheDriver):
                store._database.transaction.ask("SELECT nothing", ())

    with pytest.raises(AdapterFailure, match="takes nothing more"):
        swallow()
    with books() as store:
        assert store.find(Card) == []
        store.add(Card(id="c2"))
        with pytest.raises(AdapterFailure, match="takes nothing more"), store.savepoint():  # noqa: PT012 - in order
            store.add(Card(id="c3"))
            with pytest.raises(DatabaseErrorOfTheDriver):
                store._database.transaction.ask("SELECT nothing", ())
        assert store.find(Card) == [Card(id="c2")]
    books.close()


def test_a_host_that_ends_inside_a_savepoint_gets_its_connection_back(pg_url):
    host = opened(PsycopgHost(pg_url, 1))

    def work(plain):
        store = host.guest(plain)
        with pytest.raises(RuleViolation, match="ended"), store.savepoint():
            plain.rollback()
        assert plain.info.transaction_status.name == "IDLE"
        host.order(plain, "o1")

    host.do(work)
    assert host.do(host.ordered) == ["o1"]


# --------------------------------------------------------------------------------------------------------------- Django


def test_a_store_ends_with_the_block_that_it_was_opened_in(django):
    books = DjangoBooks(using=django.alias, records=KINDS, prefix=django.prefix)
    with transaction.atomic(using=django.alias):
        with books() as kept:
            kept.add(Card(id="c1"))
        with failing(), books() as lost:
            lost.add(Card(id="c2"))
            raise Undo
        for store in (kept, lost):
            with pytest.raises(RuleViolation, match="ended"):
                store.find(Card)
        with books() as store:
            assert store.find(Card) == [Card(id="c1")]


def test_what_waits_for_the_commit_waits_for_the_hosts(django):
    done = []
    with transaction.atomic(using=django.alias):
        with DjangoBooks(using=django.alias, records=KINDS, prefix=django.prefix)() as store:
            store.add(Card(id="c1"))
            transaction.on_commit(lambda: done.append("sent"), using=django.alias)
        assert done == []
    assert done == ["sent"]


def test_an_error_of_the_hosts_that_it_caught_is_not_the_end(django):
    with transaction.atomic(using=django.alias):
        store = django.guest(connections[django.alias])
        store.add(Card(id="c1"))
        with pytest.raises(DatabaseError), transaction.atomic(using=django.alias):  # noqa: PT012 - in order
            store.add(Card(id="c2"))
            django.say(connections[django.alias], "SELECT nothing")
        assert store.find(Card) == [Card(id="c1")]


def test_a_block_that_can_only_be_rolled_back_is_not_written_to(django):
    with pytest.raises(BillingError), transaction.atomic(using=django.alias):  # noqa: PT012 - in order
        store = django.guest(connections[django.alias])
        store.add(Card(id="c1"))
        transaction.set_rollback(True, using=django.alias)
        store.add(Card(id="c2"))


def test_the_hosts_own_way_without_atomic_is_refused(django):
    transaction.set_autocommit(False, using=django.alias)
    try:
        with pytest.raises(RuleViolation, match="by itself") as caught:
            django.guest(connections[django.alias])
        assert "atomic" in caught.value.remedy
    finally:
        transaction.rollback(using=django.alias)
        transaction.set_autocommit(True, using=django.alias)


def test_a_store_stays_in_its_thread(django):
    told = []

    def elsewhere(store):
        try:
            store.find(Card)
        except (BillingError, DatabaseError) as error:
            told.append(error)

    def work(joined):
        thread = Thread(target=elsewhere, args=(django.guest(joined),))
        thread.start()
        thread.join()

    django.do(work)
    assert len(told) == 1


def test_books_of_django_are_opened_in_another_process(django):
    books = DjangoBooks("nl", using="default", records=KINDS, prefix=django.prefix)
    with DjangoBooks("nl", using=django.alias, records=KINDS, prefix=django.prefix)() as store:
        store.add(Card(id="c1"))
    program = f"""
import pickle, sys
import django
from django.conf import settings

settings.configure(DATABASES={{"default": {described(django.url)!r}}}, USE_TZ=True)
django.setup()
from fanbilling.testing.contracts.storing.kinds import Card

with pickle.loads(bytes.fromhex(sys.argv[1]))() as store:
    store.add(Card(id="c2"))
    print([card.id for card in store.find(Card)])
"""
    done = subprocess.run(
        [sys.executable, "-c", program, pickle.dumps(books).hex()], capture_output=True, text=True, check=False
    )
    assert done.stdout == "['c1', 'c2']\n", done.stderr


def test_a_migration_that_was_forgotten_is_told(django):
    books = DjangoBooks(using=django.alias, prefix="none_")
    with transaction.atomic(using=django.alias):
        with pytest.raises(OutdatedSchema, match="migration"), books():
            raise AssertionError("it is not opened")
        django.order(connections[django.alias], "o1")  # and the host's own transaction goes on
        upgrade(connections[django.alias], prefix="none_")
        with books() as store:
            assert store.journal.after(0, limit=1) == []
    assert django.do(django.ordered) == ["o1"]


def test_books_of_django_tell_what_can_be_tried_again(tmp_path):
    with database(f"sqlite:///{tmp_path}/host.db", transaction_mode="IMMEDIATE", timeout=0) as alias:
        books = DjangoBooks(using=alias, records=KINDS)
        with closing(sqlite3.connect(tmp_path / "host.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(AdapterFailure, match="locked") as caught, books():
                raise AssertionError("it is not opened")
        assert caught.value.retryable


_conforms: UnitOfWork = DjangoBooks()
