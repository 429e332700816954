"""A kind of record has its table, and gets the keys that are declared later: filled from the records that are there."""

import sqlite3
from contextlib import closing
from datetime import date

import attrs
import psycopg
import pytest

from fanbilling.adapters.storage.sql import SqlBooks, check, remove_key, upgrade
from fanbilling.domain.errors import InvalidValue, NewerSchema, OutdatedSchema
from fanbilling.domain.ports.sourcing import Between
from fanbilling.domain.records import record
from fanbilling.testing.contracts.storing.kinds import KINDS
from tests.adapters.storage.museums import ask
from tests.postgres import dsn, fresh

COUNT = 1_234  # more than two pages, and not a whole number of them


def box(*keys):
    """The kind of a box as a program declares it, with these keys."""

    @record("testing.box", keys=keys)
    @attrs.frozen(kw_only=True)
    class Box:
        id: str
        owner: str = ""
        opened: date | None = None
        weight: int = 0
        on: date = date(2026, 1, 1)

    return Box


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/books.db"
    else:
        with fresh(request.getfixturevalue("pg_server")) as address:
            yield address


@pytest.fixture
def filled(url):
    """Boxes of two administrations, found by their owner only; every third was never opened."""
    kind = box("owner")
    for administration in ("nl", "be"):
        books = SqlBooks(url, administration, records=(kind,))
        with books() as store:
            store.add(*(_one(kind, administration, number) for number in range(COUNT)))
        books.close()
    return url


def _one(kind, administration, number):
    return kind(
        id=f"{number:04}",
        owner=administration,
        opened=None if number % 3 == 0 else date(2026, 1 + number % 12, 1),
        weight=number % 7,
    )


def connected(url):
    return closing(
        sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg.connect(dsn(url))
    )


def test_a_new_key_is_filled_from_every_record_of_every_administration(filled):
    """Worked out from how the boxes were made: weights go 0 to 6 in turn, a third was not opened, the rest by month."""
    kind = box("owner", "opened", "weight", "on")
    books = SqlBooks(filled, records=(kind,))
    done = books.upgrade()
    assert done.columns == ("fb_testing_box.opened", "fb_testing_box.weight", "fb_testing_box.on")
    assert done.tables == ()
    assert books.check() == []
    for administration in ("nl", "be"):
        mine = SqlBooks(filled, administration, records=(kind,))
        with mine.reading() as store:
            assert (
                len(store.find(kind, {"weight": 6}, limit=5000)) == COUNT // 7
            )  # 1234 = 176 × 7 + 2: 0 and 1 once more
            assert len(store.find(kind, {"weight": 0}, limit=5000)) == COUNT // 7 + 1
            assert len(store.find(kind, {"opened": None}, limit=5000)) == COUNT // 3 + 1  # 0, 3, … 1233
            january = Between(date(2026, 1, 1), date(2026, 1, 31))
            assert store.find(kind, {"opened": january}, limit=5000) == []  # 12, 24, … are divisible by three
            assert len(store.find(kind, {"on": date(2026, 1, 1)}, limit=5000)) == COUNT
            assert store.get(kind, "1233") == _one(kind, administration, 1233)
        mine.close()
    books.close()


def test_a_key_is_not_added_behind_the_back_of_its_owner(filled):
    """Programs that do not know the key yet may be at work; who upgrades knows that they are not."""
    books = SqlBooks(filled, records=(box("owner", "weight"),))
    with pytest.raises(OutdatedSchema, match=r"testing\.box is kept without the key weight.*fanbilling db upgrade"):
        books.create()
    assert [difference.name for difference in books.check()] == [
        "column fb_testing_box.weight",
        "index fb_testing_box_weight",
    ]
    books.upgrade()
    books.create()
    books.close()


def test_a_kind_that_is_new_gets_its_table_when_the_books_are_opened(filled):
    """That harms nobody: programs that do not know the kind do not look at its table."""
    books = SqlBooks(filled, records=(box("owner"), *KINDS))
    books.create()
    assert books.check() == []
    books.close()
    older = SqlBooks(filled, records=(box("owner"),))
    older.create()
    older.close()


def test_a_program_that_does_not_know_a_key_must_not_write(filled):
    """It would leave the column empty, and the record would not be found by it."""
    newer = SqlBooks(filled, records=(box("owner", "weight"),))
    newer.upgrade()
    older = SqlBooks(filled, records=(box("owner"),))
    for use in (older.create, older.upgrade):
        with pytest.raises(NewerSchema, match=r"testing\.box: .*the key weight.*remove_key"):
            use()
    newer.create()
    newer.close()


def test_a_key_that_is_given_up_is_taken_away_by_a_step_of_its_own(filled):
    SqlBooks(filled, records=(box("owner", "weight"),)).upgrade()
    kind = box("owner")
    with connected(filled) as connection:
        with pytest.raises(InvalidValue, match="still declared"):
            remove_key(connection, kind, "owner")
        assert remove_key(connection, kind, "weight")
        assert not remove_key(connection, kind, "weight")
        assert check(connection, (kind,)) == []
        connection.commit()
    books = SqlBooks(filled, records=(kind,))
    with books() as store:
        store.add(_one(kind, "nl", COUNT))
        assert store.get(kind, "0006").weight == 6
    books.close()


def test_a_record_that_cannot_be_read_is_named_and_nothing_is_changed(filled):
    with connected(filled) as connection:
        connection.execute('UPDATE fb_testing_box SET body = \'{"id":"0777","weight":"heavy\' WHERE id = \'0777\'')
        connection.commit()
    books = SqlBooks(filled, records=(box("owner", "weight"),))
    with pytest.raises(InvalidValue, match=r"testing\.box 0777"):
        books.upgrade()
    older = SqlBooks(filled, records=(box("owner"),))
    assert older.check() == []


def test_filling_takes_no_more_memory_for_more_records(filled, monkeypatch):
    """Rows are read and changed in pages: never more at once than one of them."""
    from fanbilling.adapters.storage.sql.database import Database

    pages, read = [], Database.rows
    monkeypatch.setattr(
        Database, "rows", lambda self, *args, **values: pages.append(read(self, *args, **values)) or pages[-1]
    )
    SqlBooks(filled, records=(box("owner", "weight"),)).upgrade()
    assert [len(page) for page in pages] == [500, 500, 500, 500, 2 * COUNT - 2000, 0]


# ------------------------------------------------------------------------------------------------------------- checking

DAMAGES = {
    "column fb_agenda.mood": "ALTER TABLE fb_agenda ADD COLUMN mood TEXT",
    "index fb_billed_document": "DROP INDEX fb_billed_document",
    "view fb_report_line": "DROP VIEW fb_report_line",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_check_names_what_is_not_as_it_should_be(url, name):
    books = SqlBooks(url, records=KINDS)
    books.create()
    assert books.check() == []
    with connected(url) as connection:
        connection.execute(DAMAGES[name])
        connection.commit()
    assert [difference.name for difference in books.check()] == [name]
    books.close()


def test_a_check_names_a_trigger_that_is_off_and_an_index_that_is_another(url):
    books = SqlBooks(url, records=KINDS)
    books.create()
    off = "DROP TRIGGER fb_journal_no_delete"
    names = ["index fb_agenda_client", "trigger fb_journal_no_delete"]
    if url.startswith("postgresql"):
        off, names[1] = "ALTER TABLE fb_journal DISABLE TRIGGER fb_journal_sealed", "trigger fb_journal_sealed"
    with connected(url) as connection:
        for step in (off, "DROP INDEX fb_agenda_client", "CREATE INDEX fb_agenda_client ON fb_agenda (client)"):
            connection.execute(step)
        connection.commit()
    assert [difference.name for difference in books.check()] == names
    books.close()


def test_books_with_another_prefix_in_the_same_database_are_others(url):
    with connected(url) as connection:
        upgrade(connection, KINDS)
        assert upgrade(connection, KINDS, prefix="fb_of_others_").before == 0
        assert check(connection, KINDS, prefix="fb_of_others_") == check(connection, KINDS) == []
        connection.commit()
    with connected(url) as connection:
        connection.execute("DROP INDEX fb_of_others_agenda_due")
        assert [one.name for one in check(connection, KINDS, prefix="fb_of_others_")] == [
            "index fb_of_others_agenda_due"
        ]
        assert check(connection, KINDS) == []
        connection.rollback()
    assert ask(url, "SELECT count(*) FROM fb_of_others_report_document") == [(0,)]


def test_what_is_missing_altogether_is_named_too(url):
    with connected(url) as connection:
        found = check(connection, KINDS)
    names = {one.name for one in found}
    assert {"schema", "table fb_document", "table fb_testing_card", "view fb_report_billed"} <= names
    assert {name.partition(" ")[0] for name in names} == {"schema", "table", "trigger", "view"}, "a table is said once"
    assert {one.found for one in found} == {"", "0"}
