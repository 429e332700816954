"""A store on a host's connection is a guest: what it writes is kept or undone by the host, and never by itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event, inspect, text

from fanbilling.adapters.storage.sql import SqlStore, upgrade
from fanbilling.domain.errors import Conflict, RuleViolation
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts.storing.fixtures import Undo, failing
from fanbilling.testing.contracts.storing.kinds import KINDS, Card
from fanbilling.testing.contracts.storing.transactions import CHANGES, begin, everything

AT = datetime(2026, 3, 1, tzinfo=UTC)


def guest(connection):
    """A store on the connection of a host, who set it up as SQLAlchemy does by default."""
    return SqlStore(connection, administration="nl", by=Actor("eva"), at=AT, records=KINDS)


@pytest.fixture
def host(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/host.db")
    with engine.begin() as connection:
        upgrade(connection, KINDS)
        connection.execute(text("CREATE TABLE orders (id TEXT PRIMARY KEY)"))
    yield engine
    engine.dispose()


@pytest.fixture
def ends(host):
    """What was begun and ended on the host's connections, as SQLAlchemy tells it."""
    seen = []
    event.listen(host, "commit", lambda _: seen.append("commit"))
    event.listen(host, "rollback", lambda _: seen.append("rollback"))
    return seen


def orders(connection):
    """How many orders the host has."""
    return connection.execute(text("SELECT count(*) FROM orders")).scalar_one()


def work(connection):
    """What a host does in one transaction: an order of its own, and every change that billing can make."""
    connection.execute(text("INSERT INTO orders VALUES ('o1')"))
    store = guest(connection)
    begin(store)
    for change in CHANGES.values():
        with store.savepoint():
            change(store)
    with pytest.raises(Conflict), store.savepoint():
        store.add(Card(id="new"))
    return store


def test_what_billing_writes_is_kept_with_the_hosts_own_work(host):
    with host.begin() as connection:
        written = everything(work(connection))
    with host.connect() as connection:
        assert orders(connection) == 1
        assert everything(guest(connection)) == written


def test_what_billing_writes_is_undone_with_the_hosts_own_work(host):
    with failing(), host.begin() as connection:
        work(connection)
        raise Undo
    with host.connect() as connection:
        assert orders(connection) == 0
        assert not any(everything(guest(connection)).values())


def test_a_savepoint_that_comes_first_does_not_become_the_transaction(host):
    """The driver waits with BEGIN until the first change; released outside a transaction, a savepoint commits."""
    with failing(), host.begin() as connection:
        with guest(connection).savepoint():
            guest(connection).add(Card(id="c1"), Card(id="c2"))
        raise Undo
    with host.connect() as connection:
        assert guest(connection).find(Card) == []


def test_a_guest_never_ends_the_transaction(host, ends):
    with host.connect() as connection:
        work(connection)
        assert connection.in_transaction()
        assert ends == []
        connection.commit()
    assert ends == ["commit"]


def test_a_guest_knows_when_its_transaction_has_ended(host):
    with host.connect() as connection:
        store = guest(connection)
        store.add(Card(id="c1"))
        connection.commit()
        with pytest.raises(RuleViolation, match="ended"):
            store.add(Card(id="c2"))
        with connection.begin(), pytest.raises(RuleViolation, match="ended"):
            store.find(Card)


def test_after_a_refused_write_the_host_goes_on_with_nothing_half_done(host):
    """A host that does not know of savepoints catches the conflict and commits: not one card of that call is kept."""
    with host.begin() as connection:
        store = guest(connection)
        store.add(Card(id="c2"))
        with pytest.raises(Conflict, match=r"testing.card c2: it exists already"):
            store.add(Card(id="c1"), Card(id="c2"), Card(id="c3"))
    with host.connect() as connection:
        assert guest(connection).find(Card) == [Card(id="c2")]


def test_tables_are_made_in_the_hosts_transaction(tmp_path):
    """A host that migrates undoes our tables with its own; a kind that comes later gets its table then."""
    engine = create_engine(f"sqlite:///{tmp_path}/bare.db")
    with failing(), engine.begin() as connection:
        upgrade(connection)
        raise Undo
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []
        upgrade(connection)
        upgrade(connection, KINDS)
        upgrade(connection, KINDS)
        guest(connection).add(Card(id="c1"))
    engine.dispose()
