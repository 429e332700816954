"""What somebody tried in order to break the books on a server and in a host's own transaction, and what happens now."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs
import psycopg
import pytest
from sqlalchemy import make_url

from fanbilling import Actor, Credit, Money, Party, Payment, Price, verify
from fanbilling.adapters.storage.sql import SqlBooks, SqlStore, upgrade
from fanbilling.domain.errors import AdapterFailure, InvalidSetting, InvalidValue, OverAllocation, RuleViolation
from fanbilling.domain.payments import Allocation
from fanbilling.domain.records import record
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


@pytest.mark.parametrize(
    "url",
    ["postgresql://eva:s3cret@host:s3cret/db", "postgresql://eva:s3cret@[::1/db", "s3cret", "://s3cret", ""],
)
def test_an_address_that_cannot_be_read_is_not_repeated(url):
    """The error was one of another library, and said what it could not read: that may be a part of a password."""
    with pytest.raises(InvalidSetting, match="no address of a database") as refused:
        SqlBooks(url)
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_no_patience_is_not_patience_without_end(books, pg_url):
    """Another holds who is due; books with a patience of 0 waited until it was done, however long that took."""
    with books() as store:
        OFFICE.crm.register(store, Party(id="a", name="A"), on=JAN)
    work(books, "w")
    with closing(SqlBooks(pg_url, records=OFFICE.records, patience=0)) as hasty, books() as holding:
        assert len(holding.agenda.due(JAN, limit=9)) == 1
        with pytest.raises(AdapterFailure, match="lock timeout") as late, hasty() as store:
            store.agenda.due(JAN, limit=9)
    assert late.value.retryable


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_of_another_encoding_reads_as_it_was_written(pg_url, encoding):
    """A connection gets the encoding of the database, and one of SQL_ASCII gives bytes: it failed on opening."""
    name = f"{make_url(pg_url).database}_{encoding.lower()}"
    with psycopg.connect(dsn(pg_url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'")
        try:
            url = make_url(pg_url).set(database=name).render_as_string(hide_password=False)
            with closing(SqlBooks(url, records=OFFICE.records)) as books:
                with books() as store:
                    OFFICE.crm.register(store, Party(id="a", name="Zoë Façade"), on=JAN)
                work(books, "w")
                assert OFFICE.billing.run(books, until=JAN, on=JAN).failures == ()
                with books() as store:
                    assert [document.buyer.name for document in store.documents.page(limit=9)] == ["Zoë Façade"]
            plain = psycopg.connect(dsn(url), client_encoding="SQL_ASCII")
            with plain, pytest.raises(RuleViolation, match="client_encoding=utf8"):
                joined(plain).get(Party, "a")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_connection_that_gives_text_as_something_else_is_refused():
    connection = sqlite3.connect(":memory:")
    connection.text_factory = bytes
    with closing(connection), pytest.raises(RuleViolation, match="text_factory"):
        upgrade(connection, OFFICE.records)


def test_the_table_of_versions_is_looked_for_where_the_others_are(pg_url):
    """New tables would go into a schema of eva's own: a second, empty table of versions there hid the first one."""
    with psycopg.connect(dsn(pg_url)) as connection:
        upgrade(connection, OFFICE.records)
        connection.execute("CREATE SCHEMA eva")
        connection.execute("SET LOCAL search_path = eva, public")
        done = upgrade(connection, OFFICE.records)
        assert (done.before, done.tables, done.mended) == (done.after, (), ())
        assert connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'eva'").fetchall() == []


def test_whoever_may_not_make_tables_may_see_that_there_is_nothing_to_do(pg_url):
    with psycopg.connect(dsn(pg_url)) as connection:
        upgrade(connection, OFFICE.records)
        connection.execute("CREATE ROLE clerk")
        connection.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk")
        connection.execute("SET LOCAL ROLE clerk")
        done = upgrade(connection, OFFICE.records)
        assert (done.tables, done.columns, done.mended) == ((), (), ())
        connection.rollback()


def kind(name, *keys):
    """A kind of record with some keys of text."""
    fields = {"id": attrs.field(type=str)} | {key: attrs.field(type=str, default="") for key in keys}
    cls = attrs.make_class(f"Thing{name.encode().hex()}", fields, frozen=True, kw_only=True)
    cls.__annotations__ = dict.fromkeys(fields, str)
    return record(name, keys=keys)(cls)


@pytest.mark.parametrize("name", ["Desk.Thing", "desk-top.things", "bureau.één", "select"])
def test_many_records_of_an_unusual_name_are_kept(pg_url, name):
    """One at a time they were; many at once went to a table whose name was not quoted."""
    thing = kind(name, "order", "user")
    with closing(SqlBooks(pg_url, records=(thing,))) as some:
        with some() as store:
            store.add(*(thing(id=str(n), order="x") for n in range(3)))
            assert len(store.find(thing, {"order": "x"}, order_by="user")) == 3
        assert some.check() == []


@pytest.mark.parametrize(
    ("kinds", "says"),
    [
        ((("desk.o'clock",),), "it has ' in it"),
        ((('desk."x"',),), 'it has " in it'),
        ((("desk.100%",),), "it has % in it"),
        ((("desk.fb_thing",),), "it has fb_ in it"),
        ((("desk.key", "fb_key"),), "it has fb_ in it"),
        ((("hard.a_b",), ("hard_a.b",)), "own_hard_a_b would be the name of two"),
        ((("hard.p", "line"), ("hard.p_line",)), "own_hard_p_line would be the name of two"),
        ((("hard.q", "c_d"), ("hard.q_c", "d")), "own_hard_q_c_d would be the name of two"),
        ((("hard." + "x" * 54, "a"),), "too long"),  # 4 + 5 + 54 + 2 is 65
    ],
)
def test_names_that_cannot_be_those_of_tables_are_refused(pg_url, kinds, says):
    """The database said that something exists already, or could not read it; or it cut the name off."""
    things = tuple(kind(*names) for names in kinds)
    with closing(SqlBooks(pg_url, records=things, prefix="own_")) as some, pytest.raises(InvalidValue, match=says):
        some.create()


def pay(store):
    OFFICE.receivables.receive(store, Payment(id="p", payer="a", on=JAN, amount=euro("10.00")))


def agree(store):
    OFFICE.manual.add(store, Line(id="w", client="a", on=JAN, text="Work", price=Price.of("1.00")), on=JAN)


@pytest.mark.parametrize(("meanwhile", "says"), [(pay, "10.00 EUR of payment p is on account"), (agree, "manual w")])
def test_what_comes_in_while_a_party_is_erased_stands_in_the_way(books, pg_url, meanwhile, says):
    """The party was erased altogether, with its money on account, or with something still to bill to nobody."""
    with books() as store:
        OFFICE.crm.register(store, Party(id="a", name="A"), on=JAN)
    error = after_waiting(pg_url, meanwhile, lambda store: OFFICE.crm.erase(store, "a", on=JAN))
    assert isinstance(error, RuleViolation)
    assert says in str(error)
    with books() as store:
        assert store.get(Party, "a").name == "A"


class Dying(Executor):
    """One worker, who does the first range and is gone; what it was given besides is kept."""

    def __init__(self):
        self.given = []

    def submit(self, work, /, *args, **options):
        future = Future()
        self.given.append(future)
        if len(self.given) == 1:
            future.set_result(work(*args, **options))
        elif len(self.given) == 2:
            future.set_exception(BrokenProcessPool("it died"))
        return future


def test_a_worker_that_dies_is_told_in_words_and_the_next_run_does_the_rest(books):
    """The error was one of the executor's, and what nobody had begun was billed by others after the run had failed."""
    with books() as store:
        for id in "abc":
            OFFICE.crm.register(store, Party(id=id, name=id.upper()), on=JAN)
            line = Line(id=id, client=id, on=JAN, text="Work", price=Price.of("1.00"))
            OFFICE.manual.add(store, line, on=JAN)
    dying = Dying()
    with pytest.raises(AdapterFailure, match="it died") as told:
        OFFICE.billing.run(books, until=JAN, on=JAN, batch=1, executor=dying)
    assert told.value.retryable
    assert [future.cancelled() for future in dying.given] == [False, False, True]
    assert OFFICE.billing.run(books, until=JAN, on=JAN).documents == 2
    assert verify(books) == []


def test_the_same_payment_received_twice_at_once_is_booked_once(books, pg_url):
    """The second got a conflict that told it to use another id: then it would have been booked twice."""
    with books() as store:
        OFFICE.crm.register(store, Party(id="a", name="A"), on=JAN)
    paid = Payment(id="p", payer="a", on=JAN, amount=euro("10.00"))

    def receive(store):
        return OFFICE.receivables.receive(store, paid)

    assert after_waiting(pg_url, receive, receive) == ()
    with books() as store:
        assert store.ledger.open_items("1300") == {("a", "payment:p", "EUR"): Decimal("-10.00")}


def test_a_draft_issued_twice_at_once_is_one_invoice(books, pg_url):
    with books() as store:
        OFFICE.crm.register(store, Party(id="a", name="A"), on=JAN)
    work(books, "w")
    with books() as store:
        [draft] = OFFICE.billing.preview(store, "a", until=JAN, on=JAN)

    def issue(store):
        return OFFICE.billing.issue(store, draft).number

    assert after_waiting(pg_url, issue, issue) == "2026-0001"
    with books() as store:
        assert len(store.documents.page(limit=9)) == 1


@pytest.mark.usefixtures("owing")
def test_a_credit_given_twice_at_once_is_one_note(books, pg_url):
    with books() as store:
        [document] = store.documents.page(limit=1)

    def give(store):
        return OFFICE.billing.credit(store, Credit(id="c", document=document.id, reason="wrong"), on=JAN).number

    assert after_waiting(pg_url, give, give) == "2026-0002"
    with books() as store:
        assert len(store.documents.page(limit=9)) == 2
