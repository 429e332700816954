"""The tables say what the books are: per administration, keyed, indexed, and without a decimal in sight."""

import attrs
import pytest
from sqlalchemy import inspect, text

from fanbilling.adapters.storage.sql import SqlBooks, tables
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.kinds import CORE_RECORDS
from fanbilling.domain.records import kind_of, record
from fanbilling.testing.contracts.storing.kinds import KINDS, Card

ALL = [*tables.METADATA.tables.values(), *(tables.record_table(kind_of(cls)) for cls in (*CORE_RECORDS, *KINDS))]
each_table = pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)


@each_table
def test_the_administration_leads_every_key(table):
    """Law L20: no key and no index can be read without saying whose books."""
    assert next(iter(table.primary_key.columns)).name == "administration"
    assert [index.name for index in table.indexes if index.columns[0].name != "administration"] == []


@each_table
def test_long_texts_lie_apart_from_the_keys(table):
    assert table.dialect_options["sqlite"]["with_rowid"] == bool({"body", "content"} & {*table.columns.keys()})


@each_table
def test_the_database_has_the_table_as_it_is_described(table):
    books = SqlBooks("sqlite://", records=KINDS)
    with books.reading() as store:
        found = inspect(store._database.transaction.connection)
        assert [column["name"] for column in found.get_columns(table.name)] == [column.name for column in table.columns]
        assert {index["name"] for index in found.get_indexes(table.name)} == {index.name for index in table.indexes}
    books.close()


def test_a_kind_that_was_not_announced_is_refused_by_name():
    books = SqlBooks("sqlite://")
    with books() as store, pytest.raises(InvalidValue, match=r"testing\.card.*records=\(Card, …\)"):
        store.add(Card(id="c1"))
    books.close()


def test_a_kind_cannot_take_the_name_of_another_table():
    @record("agenda")
    @attrs.frozen(kw_only=True)
    class Agenda:
        id: str

    with pytest.raises(InvalidValue, match="taken"):
        tables.record_table(kind_of(Agenda))


def test_a_key_may_be_called_as_the_table_calls_its_own_columns():
    @record("testing.odd", keys=("body", "administration", "order"))
    @attrs.frozen(kw_only=True)
    class Odd:
        id: str
        body: str
        administration: str
        order: int

    books = SqlBooks("sqlite://", records=(Odd,))
    odd = Odd(id="o1", body="text", administration="mine", order=3)
    with books() as store:
        store.add(odd, Odd(id="o2", body="other", administration="mine", order=4))
        assert store.find(Odd, {"body": "text", "administration": "mine", "order": 3}, order_by="order") == [odd]
    books.close()


def test_statistics_of_the_owner_are_left_alone(tmp_path):
    """Who analyses the real rows gets plans by those; opening the books again does not undo it."""
    books = SqlBooks(f"sqlite:///{tmp_path}/books.db")
    mine = text("SELECT stat FROM sqlite_stat1 WHERE idx = 'fb_posting_party'")
    with books() as store:
        connection = store._database.transaction.connection
        assert connection.execute(mine).scalar_one().startswith("1000000 ")
        connection.execute(text("UPDATE sqlite_stat1 SET stat = '7 7 1 1' WHERE idx = 'fb_posting_party'"))
    books.close()
    with books.reading() as store:
        assert store._database.transaction.connection.execute(mine).scalar_one() == "7 7 1 1"
    books.close()
