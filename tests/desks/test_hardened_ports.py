"""What somebody tried in order to break the books on a server and in a host's own transaction, and what happens now."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest

from fanbilling import Actor, Money, Party, Payment, Price, verify
from fanbilling.adapters.storage.sql import SqlBooks, SqlStore
from fanbilling.domain.errors import OverAllocation
from fanbilling.domain.payments import Allocation
from fanbilling.sources.manual import Line
from tests.desks.worlds import office
from tests.postgres import dsn

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
OFFICE = office()


@pytest.fixture
def books(pg_url):
    with closing(SqlBooks(pg_url, records=OFFICE.records)) as books:
        yield books


def work(books, id, price="100.00"):
    with books() as store:
        line = Line(id=id, client="a", on=JAN, text="Work", price=Price.of(price))
        OFFICE.manual.add(store, line, on=JAN)


def euro(amount):
    return Money(Decimal(amount), "EUR")


def joined(connection):
    return SqlStore(connection, administration="nl", by=Actor("eva"), at=AT, records=OFFICE.records)


def after_waiting(url, first, second):
    """Do the one, and the other while that is not committed: what the other gave, once the first is kept.

    It is the server that says when the second one waits.
    """
    given = []
    with psycopg.connect(dsn(url)) as one, psycopg.connect(dsn(url), autocommit=True) as watching:
        first(joined(one))

        def other():
            with psycopg.connect(dsn(url)) as two:
                try:
                    given.append(second(joined(two)))
                except Exception as error:  # noqa: BLE001
                    given.append(error)

        thread = threading.Thread(target=other)
        thread.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while thread.is_alive() and watching.execute(waits).fetchone() == (0,):
            pass
        one.commit()
        thread.join()
    return given[0]


@pytest.fixture
def owing(books):
    """The client a owes one bill of 121.00, and paid 200.00 earlier that is on account."""
    with books() as store:
        OFFICE.crm.register(store, Party(id="a", name="A"), on=JAN)
        OFFICE.receivables.receive(store, Payment(id="early", payer="a", on=JAN, amount=euro("200.00")))
    work(books, "w")
    assert OFFICE.billing.run(books, until=JAN, on=JAN).documents == 1
    with books() as store:
        [item] = OFFICE.receivables.open_items(store)
    return item.document


@pytest.mark.usefixtures("owing")
def test_what_is_settled_while_a_payment_comes_in_is_not_settled_twice(books, pg_url):
    """121.00 comes in for the bill while 200.00 on account is set against it: both were, and it stood at -121.00."""

    def pay(store):
        assert len(OFFICE.receivables.receive(store, Payment(id="p", payer="a", on=JAN, amount=euro("121.00")))) == 1

    assert after_waiting(pg_url, pay, lambda store: OFFICE.receivables.settle(store, on=JAN)) == ()
    with books() as store:
        assert store.ledger.open_items("1300") == {("a", "payment:early", "EUR"): Decimal("-200.00")}
    assert verify(books) == []


@pytest.mark.usefixtures("owing")
def test_two_who_settle_at_once_settle_once(books, pg_url):
    """The second got a conflict about the id of an allocation, which nobody had given."""

    def settle(store):
        return OFFICE.receivables.settle(store, on=JAN)

    assert after_waiting(pg_url, settle, settle) == ()
    with books() as store:
        assert store.ledger.open_items("1300") == {("a", "payment:early", "EUR"): Decimal("-79.00")}  # 200.00 - 121.00


def test_two_who_allocate_at_once_never_allocate_more_than_there_is(books, pg_url, owing):
    """Of 121.00 each sets 100.00 against the bill; both were kept, and settling failed for everybody from then on."""

    def allocate(id):
        part = Allocation(id=id, payer="a", payment="early", document=owing, on=JAN, amount=euro("100.00"))
        return lambda store: OFFICE.receivables.allocate(store, part)

    error = after_waiting(pg_url, allocate("one"), allocate("two"))
    assert isinstance(error, OverAllocation)
    assert "the document has 21.00 open" in str(error)
    with books() as store:
        assert [allocation.id for allocation in store.find(Allocation)] == ["one"]
        assert len(OFFICE.receivables.settle(store, on=FEB)) == 1
    assert verify(books) == []
