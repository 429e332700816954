"""Books of every earlier schema are brought up to date, whole or not at all, and work on as if nothing had happened."""

import sqlite3
import threading
from contextlib import ExitStack, closing
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from fanbilling import Credit, verify
from fanbilling.adapters.storage.sql import SqlBooks, schema, upgrade, version
from fanbilling.adapters.storage.sql.hosts import transaction_of
from fanbilling.adapters.storage.sql.schema import migrations, steps
from fanbilling.domain.errors import AdapterFailure, NewerSchema, OutdatedSchema
from fanbilling.testing.contracts.storing.kinds import KINDS
from tests.adapters.storage.museums import OLD, RECORDS, ask, books, office, restore, sealed, structure
from tests.postgres import dsn, fresh

DATABASES = ["sqlite", "postgresql"]


@pytest.fixture(params=DATABASES)
def empty(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/books.db"
    else:
        with fresh(request.getfixturevalue("pg_server")) as url:
            yield url


@pytest.fixture(params=OLD)
def number(request):
    """The number of a schema that once was."""
    return request.param


@pytest.fixture
def old(empty, number):
    """The address of books of that schema."""
    restore(empty, number)
    return empty


def driver(url):
    """A connection of the host's own, by the driver alone."""
    return closing(
        sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg.connect(dsn(url))
    )


# ------------------------------------------------------------------------------------------------------------ upgrading


def test_old_books_are_refused_until_somebody_upgrades_them(old, number):
    before = structure(old)
    there = books(old)
    for opening in (there.create, there.reading().__enter__, there().__enter__):
        with pytest.raises(OutdatedSchema, match=rf"schema {number}.*fanbilling db upgrade"):
            opening()
    assert structure(old) == before
    assert there.version() == number
    there.close()


def test_old_books_keep_every_byte_that_is_sealed_and_pass_every_law(old, number):
    before = sealed(old)
    assert len(before["document"]) == 23
    assert len(before["journal"]) == OLD[number].count('INSERT INTO "fb_journal"')
    there = books(old)
    done = there.upgrade()
    assert (done.before, done.after) == (number, migrations.CURRENT)
    assert done.columns == ()
    assert "fb_rendered" in done.tables
    assert sealed(old) == before
    assert there.check() == []
    assert verify(there) == []
    there.close()


def test_old_books_bill_the_month_after_and_credit_what_was_issued_before(old):
    """Schema 1 billed until May. June has only licences: 15 users at 27.45 for Ardent, one at 99.00 for Kroon.

    Ardent: 15 × 27.45 = 411.75, VAT 21% 86.47, together 498.22. Kroon pays for Kroon Zorg as well: 99.00 + 5 × 42.35 =
    310.75, VAT 65.26, together 376.01. Rietkraag: 84.95, VAT 17.84, together 102.79. Quadra pays by the year: nothing.
    Licences are billed in advance, so what May's run (until 31 May) billed last began on 1 May; June begins on 1 June.
    """
    there, desk = books(old), office()
    there.upgrade()
    report = desk.billing.run(there, until=date(2026, 6, 30), on=date(2026, 7, 1))
    assert report.failures == ()
    with there.reading() as store:
        page = store.documents.page(after=("2026", 23), limit=10)
    assert {document.payer: document.totals.total for document in page} == {
        "ardent": Decimal("498.22"),
        "kroon": Decimal("376.01"),
        "rietkraag": Decimal("102.79"),
    }
    with there() as store:
        credit = Credit(id="late", document="2026-0006", line=1, reason="never used")
        note = desk.billing.credit(store, credit, on=date(2026, 7, 2))
    assert note.number == "2026-0027"
    assert note.totals.total == Decimal("-362.27")  # 12 × 24.95 = 299.40, VAT 62.87
    assert verify(there) == []
    there.close()


def test_upgraded_books_are_made_like_new_ones(old, tmp_path, request):
    there = books(old)
    there.upgrade()
    there.close()
    with ExitStack() as databases:
        if old.startswith("sqlite"):
            url = f"sqlite:///{tmp_path}/new.db"
        else:
            url = databases.enter_context(fresh(request.getfixturevalue("pg_server")))
        new = books(url)
        new.create()
        new.close()
        parts, rows = structure(url)
        assert rows == structure(old)[1]
        assert _days_as_text(parts) == _days_as_text(structure(old)[0])


def _days_as_text(parts):
    return [tuple(" ".join(str(one).split()).replace(" DATE", " TEXT") for one in part) for part in parts]


def test_twice_is_once(old):
    there = books(old)
    there.upgrade()
    after = structure(old)
    again = there.upgrade()
    current = migrations.CURRENT
    assert (again.before, again.after, again.tables, again.columns) == (current, current, (), ())
    assert structure(old) == after
    there.close()


def test_an_empty_database_gets_everything(empty):
    with driver(empty) as connection:
        assert version(connection) == 0
        connection.rollback()
        done = upgrade(connection, KINDS)
        assert (done.before, done.after) == (0, migrations.CURRENT)
        assert {"fb_document", "fb_parties_party", "fb_testing_card"} <= set(done.tables)
        assert schema.check(connection, KINDS) == []
        connection.commit()
    assert SqlBooks(empty, records=KINDS).check() == []


def test_of_several_at_once_one_upgrades_and_the_others_find_it_done(old, number):
    """Half of them at the old books, and each on a connection of its own."""
    together, seen = threading.Barrier(6), []

    def one():
        mine = books(old)
        together.wait(30)
        seen.append(mine.upgrade().before)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == [number, *[migrations.CURRENT] * 5]
    assert books(old).check() == []


def test_of_several_who_open_empty_books_at_once_everybody_can_work(empty):
    together, seen = threading.Barrier(6), []

    def one():
        mine = books(empty)
        together.wait(30)
        with mine.reading() as store:
            seen.append(store.counters())
        mine.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == [{}] * 6


@pytest.mark.parametrize("before", [*OLD, migrations.CURRENT])
def test_whoever_waits_for_the_write_lock_has_read_nothing_before(before, tmp_path):
    """A transaction of SQLite that has read what somebody then changed can never write: here it still can."""
    url = f"sqlite:///{tmp_path}/books.db"
    restore(url, min(before, max(OLD)))
    ask(url, "PRAGMA journal_mode=WAL")
    if before not in OLD:
        books(url).upgrade()
    with driver(url) as mine, driver(url) as other:
        mine.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE orders (id TEXT)")
        with pytest.raises(AdapterFailure) as caught:
            upgrade(mine, (*RECORDS, *KINDS))
        assert caught.value.retryable
        other.commit()
        assert upgrade(mine, (*RECORDS, *KINDS)).before == before  # in the same transaction as the first attempt
        mine.commit()
    assert books(url).check() == []


# ---------------------------------------------------------------------------------------------------------- half-way


class Cut:
    """A transaction in which one statement fails, wherever it comes from."""

    def __init__(self, transaction, at):
        self.transaction = transaction
        self.left = at
        self.copy = transaction.copy
        self.savepoint = transaction.savepoint
        self.standing = transaction.standing
        self.lost = transaction.lost
        self.backend = transaction.backend
        self.dialect = transaction.dialect

    def ask(self, text, values):
        self.count()
        return self.transaction.ask(text, values)

    def change(self, text, rows):
        self.count()
        return self.transaction.change(text, rows)

    def count(self):
        self.left -= 1
        if self.left == 0:
            raise Stop

    def __getattr__(self, name):
        return getattr(self.transaction, name)


class Stop(Exception):
    pass


def test_whatever_statement_fails_the_host_goes_on_with_the_old_tables_whole(old, number):
    """The host catches it and keeps its own work: of the upgrade not one statement is there."""
    with driver(old) as connection:
        connection.execute("CREATE TABLE orders (id INTEGER)")
        connection.commit()
        before, rows, at = structure(old), sealed(old), 0
        while True:
            at += 1
            connection.execute(f"INSERT INTO orders VALUES ({at})")
            try:
                upgrade(Cut(transaction_of(connection), at), RECORDS)
            except Stop:
                connection.commit()
            else:
                connection.rollback()
                break
            assert structure(old) == before, at
        assert at > 40
        assert len(ask(old, "SELECT id FROM orders")) == at - 1
    assert sealed(old) == rows
    there = books(old)
    assert there.upgrade().before == number
    assert verify(there) == []
    there.close()


def test_whatever_statement_fails_the_books_of_their_own_stay_old_and_whole(old, monkeypatch):
    before, there = structure(old), books(old)
    at, failed = 0, True
    while failed:
        at += 7  # coarser: the host's transaction took every one
        failed = False
        monkeypatch.setattr(steps, "transaction_of", lambda connection, at=at: Cut(transaction_of(connection), at))
        try:
            there.upgrade()
        except Stop:
            failed = True
            assert structure(old) == before, at
    monkeypatch.undo()
    assert at > 40
    assert there.check() == []
    there.close()


# ------------------------------------------------------------------------------------------------------------ forward


def test_a_schema_after_this_one_is_reached_in_the_same_way(old, monkeypatch):
    """A migration may change what is sealed, for it runs before it is sealed again; all up to the last are run."""
    ran, after = [], migrations.CURRENT + 1

    def add_a_column(work):
        ran.append(work.backend)
        work.do("ALTER TABLE fb_document ADD COLUMN mood TEXT")
        work.do("UPDATE fb_document SET mood = 'glad'")

    monkeypatch.setattr(schema, "MIGRATIONS", {**migrations.MIGRATIONS, after: add_a_column})
    monkeypatch.setattr(schema, "CURRENT", after)
    there = books(old)
    assert there.upgrade().after == after
    assert len(ran) == 1
    assert ask(old, "SELECT DISTINCT mood FROM fb_document") == [("glad",)]
    with driver(old) as connection, pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError), match="never"):
        connection.execute("UPDATE fb_document SET mood = 'sad'")


def test_books_of_a_newer_schema_are_refused_and_left_alone(old):
    there = books(old)
    there.upgrade()
    with driver(old) as connection:
        connection.execute("UPDATE fb_schema SET version = 99 WHERE name = ''")
        connection.commit()
    before = structure(old)
    for use in (there.create, there.upgrade, there.reading().__enter__, there().__enter__):
        with pytest.raises(NewerSchema, match=rf"schema 99.*up to {migrations.CURRENT}"):
            use()
    assert [difference.name for difference in there.check()] == ["schema"]
    assert structure(old) == before
    there.close()
