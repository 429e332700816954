"""In the transaction of any host, billing is a guest: both sides are kept together or undone together, by the host."""

from itertools import count

import pytest

from fanbilling.adapters.storage.sql import upgrade
from fanbilling.domain.errors import BillingError, Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.testing.contracts.storing.fixtures import Undo, failing
from fanbilling.testing.contracts.storing.kinds import KINDS, Card
from fanbilling.testing.contracts.storing.transactions import CHANGES, begin, everything
from fanbilling.testing.contracts.storing.values import registered

from .hosts import ON_POSTGRESQL, ON_SQLITE, CoreHost

NUMBERS = count()
HOSTS = [*(("sqlite", name) for name in ON_SQLITE), *(("postgresql", name) for name in ON_POSTGRESQL)]


@pytest.fixture(params=HOSTS, ids=" ".join)
def bare(request, tmp_path):
    """A host with a table of orders, and none of billing."""
    database, name = request.param
    if database == "sqlite":
        make, url = ON_SQLITE[name], f"sqlite:///{tmp_path}/host.db"
    else:
        make, url = ON_POSTGRESQL[name], request.getfixturevalue("shared_pg_url").replace("+psycopg", "")
        url = url.replace("postgresql:", "postgresql+psycopg:")
    host = make(url, next(NUMBERS))
    host.do(lambda connection: host.say(connection, f"CREATE TABLE {host.orders} (id TEXT PRIMARY KEY)"))
    yield host
    host.close()


@pytest.fixture
def host(bare):
    """A host with the tables of billing beside its own."""
    bare.do(lambda connection: upgrade(connection, KINDS, prefix=bare.prefix))
    return bare


@pytest.fixture
def outside(host):
    """Somebody else, who sees only what was committed."""
    other = CoreHost(host.url, 0)
    other.orders, other.prefix = host.orders, host.prefix
    yield lambda: other.do(lambda connection: (other.ordered(connection), everything(other.guest(connection))))
    other.close()


def change_everything(store):
    """Make every change that billing can make."""
    begin(store)
    for change in CHANGES.values():
        with store.savepoint():
            change(store)


def test_both_sides_are_kept_together_and_by_the_host(host, outside):
    nothing = outside()

    def work(connection):
        host.order(connection, "o1")
        store = host.guest(connection)
        change_everything(store)
        host.order(connection, "o2")
        assert outside() == nothing, "a guest does not commit"
        assert host.ordered(connection) == ["o1", "o2"], "and does not roll back"
        return everything(store)

    written = host.do(work)
    assert outside() == (["o1", "o2"], written)
    assert any(written.values())


def test_both_sides_are_undone_together(host, outside):
    nothing = outside()

    def work(connection):
        host.order(connection, "o1")
        change_everything(host.guest(connection))
        host.order(connection, "o2")
        raise Undo

    with failing():
        host.do(work)
    assert outside() == nothing


def test_tables_are_made_in_the_hosts_transaction(bare):
    def work(connection):
        upgrade(connection, KINDS, prefix=bare.prefix)
        bare.guest(connection).add(Card(id="c1"))
        raise Undo

    with failing():
        bare.do(work)
    bare.do(lambda connection: upgrade(connection, KINDS, prefix=bare.prefix))
    assert bare.do(lambda connection: bare.guest(connection).find(Card)) == []


def test_a_part_of_the_hosts_that_fails_takes_ours_along(host):
    def work(connection):
        store = host.guest(connection)
        store.add(Card(id="c1"))
        with failing(), host.part(connection):
            host.order(connection, "o1")
            store.add(Card(id="c2"), Card(id="c3"))
            raise Undo
        with host.part(connection):
            host.order(connection, "o2")
            store.add(Card(id="c4"))
        return host.ordered(connection), [card.id for card in store.find(Card)]

    assert host.do(work) == (["o2"], ["c1", "c4"])


def test_a_part_of_ours_that_fails_takes_the_hosts_along(host):
    def work(connection):
        store = host.guest(connection)
        with failing(), store.savepoint():
            host.say(connection, f"INSERT INTO {host.orders} VALUES ('o1')")
            store.add(Card(id="c1"))
            raise Undo
        with store.savepoint():
            host.say(connection, f"INSERT INTO {host.orders} VALUES ('o2')")
            store.add(Card(id="c2"))
        return host.ordered(connection), [card.id for card in store.find(Card)]

    assert host.do(work) == (["o2"], ["c2"])


def test_a_savepoint_that_comes_first_does_not_become_the_transaction(host, outside):
    nothing = outside()

    def work(connection):
        with host.guest(connection).savepoint():
            host.guest(connection).add(Card(id="c1"), Card(id="c2"))
        assert outside() == nothing
        raise Undo

    with failing():
        host.do(work)
    assert outside() == nothing


def test_after_what_was_refused_the_host_goes_on_with_nothing_half_done(host):
    """A host that knows of no savepoints catches the error and commits: nothing of that call is kept."""

    def work(connection):
        host.order(connection, "o1")
        store = host.guest(connection)
        store.add(Card(id="c2"))
        store.journal.append([registered("kept")])
        with pytest.raises(Conflict, match=r"testing.card c2: it exists already"):
            store.add(Card(id="c1"), Card(id="c2"), Card(id="c3"))
        with pytest.raises(NotFound):
            store.remove(Card, "c9")
        if host.url.startswith("postgresql"):
            with pytest.raises(InvalidValue):
                store.add(Card(id="c4", client="\0"))  # it keeps no such character
        host.order(connection, "o2")

    host.do(work)
    assert host.do(host.ordered) == ["o1", "o2"]
    assert host.do(lambda connection: host.guest(connection).find(Card)) == [Card(id="c2")]


def test_many_rows_are_written_and_read(host):
    cards = [Card(id=f"c{n:03}", client="acme % ? %s $1 :x") for n in range(900)]
    host.do(lambda connection: host.guest(connection).add(*cards))
    assert host.do(lambda connection: host.guest(connection).find(Card)) == cards


def test_a_store_is_refused_after_its_transaction(host):
    def work(connection):
        store = host.guest(connection)
        store.add(Card(id="c1"))
        return store

    store = host.do(work)
    for call in (lambda: store.find(Card), lambda: store.add(Card(id="c2")), lambda: store.savepoint().__enter__()):
        with pytest.raises(BillingError):
            call()
    assert host.do(lambda connection: host.guest(connection).find(Card)) == [Card(id="c1")]


def test_a_connection_that_commits_by_itself_is_refused(host):
    loose = host.loose()
    if loose is None:
        return  # its connections never do
    with loose as connection, pytest.raises(RuleViolation, match="commits every statement by itself") as caught:
        host.guest(connection).add(Card(id="c1"))
    assert caught.value.remedy
    assert host.do(lambda connection: host.guest(connection).find(Card)) == []
