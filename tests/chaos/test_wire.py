"""The wire passes everything on, and breaks exactly where it is told to."""

import psycopg
import pytest

from tests.chaos.killing import terminated
from tests.chaos.wire import wire
from tests.postgres import dsn


def write(url, numbers, **how):
    """Write numbers in one transaction, as a client does."""
    with psycopg.connect(dsn(url), **how) as connection:
        for number in numbers:
            connection.execute("insert into t values (%s)", [number])


@pytest.fixture
def table(pg_url):
    with psycopg.connect(dsn(pg_url)) as connection:
        connection.execute("create table t (x integer)")

    def read():
        with psycopg.connect(dsn(pg_url)) as connection:
            return [x for (x,) in connection.execute("select x from t order by x")]

    return read


def test_everything_is_passed_on_and_counted(pg_url, table):
    with wire(pg_url) as laid:
        with psycopg.connect(dsn(laid.url)) as connection:
            with connection.cursor() as cursor, cursor.copy("copy t from stdin") as copy:
                for number in range(10_000):
                    copy.write_row([number])
            connection.cursor().executemany("insert into t values (%s)", [(n,) for n in range(10_000, 12_000)])
            found = [x for (x,) in connection.execute("select x from t order by x")]
        assert found == list(range(12_000))
    assert table() == found
    assert (laid.commits, laid.happened) == (1, False)
    assert laid.messages[-1] == b"X"  # the client says good-bye
    assert {b"Q", b"P", b"B", b"E", b"S", b"d", b"c"} <= set(laid.messages)


@pytest.mark.parametrize("prepared", [None, 0], ids=["as it comes", "prepared"])
def test_wherever_it_breaks_the_transaction_is_there_or_not(pg_url, table, prepared):
    """Broken before each message in turn: as soon as the commit was passed on, all of it is there."""
    with wire(pg_url) as laid:
        write(laid.url, range(3), prepare_threshold=prepared)
    assert table() == [0, 1, 2]
    commit = max(n for n, kind in enumerate(laid.messages, 1) if kind == b"Q")
    for at in range(1, commit + 1):
        with wire(pg_url, at=at) as broken, pytest.raises(psycopg.OperationalError):
            write(broken.url, range(100, 103), prepare_threshold=prepared)
        assert broken.happened
        assert len(broken.messages) == at - 1
        assert table() == [0, 1, 2]
    with wire(pg_url, at=commit + 1) as broken:  # before the good-bye
        write(broken.url, range(3, 6), prepare_threshold=prepared)
    assert table() == [0, 1, 2, 3, 4, 5]


def test_a_commit_is_carried_out_and_its_answer_never_arrives(pg_url, table):
    with wire(pg_url, commit=2) as laid:
        write(laid.url, [1])
        with pytest.raises(psycopg.OperationalError):
            write(laid.url, [2])
        assert table() == [1, 2]
        write(laid.url, [3])  # it happens once
    assert table() == [1, 2, 3]
    assert laid.commits == 3


def test_a_commit_is_known_however_it_is_asked_for(pg_url, table):
    with wire(pg_url, commit=1) as laid, psycopg.connect(dsn(laid.url), autocommit=True) as connection:
        connection.execute("begin")
        connection.execute("insert into t values (1)")
        with pytest.raises(psycopg.OperationalError):
            connection.execute("commit", prepare=True)  # parsed, bound, executed
    assert table() == [1]


def test_a_server_process_is_ended_in_the_middle(pg_url, table):
    """The client is told so, instead of being left alone."""
    with (
        wire(pg_url, at=3, then=terminated(pg_url)) as laid,
        pytest.raises(psycopg.errors.AdminShutdown),
    ):
        write(laid.url, range(3))
    assert table() == []


def test_a_server_process_is_ended_after_the_commit(pg_url, table):
    with wire(pg_url, commit=1, then=terminated(pg_url)) as laid, pytest.raises(psycopg.OperationalError):
        write(laid.url, range(3))
    assert table() == [0, 1, 2]


def test_nobody_behind_the_wire_is_what_a_client_sees():
    with wire("postgresql+psycopg://postgres@/nobody?host=/nowhere") as laid, pytest.raises(psycopg.OperationalError):
        write(laid.url, [1])
