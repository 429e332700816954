"""Runs that are killed, cut off and stopped: afterwards nothing is lost, doubled or gapped, and the rest is billed."""

import random
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from fanbilling.batches import PAUSES
from fanbilling.domain.errors import AdapterFailure
from tests.chaos.audit import audit, finished
from tests.chaos.company import DESK, billed, founded, last_day, undisturbed
from tests.chaos.killing import killed_after, killed_at, terminated, took
from tests.chaos.wire import wire
from tests.postgres import throw_away

CLIENTS = 6
BATCHES = 4
"""Commits of a run: three batches of two clients each, and one that finds nobody."""


def whole(books, months):
    """What does not hold after so many months."""
    return finished(books, DESK, last_day(months - 1), undisturbed(CLIENTS, months))


def attempted(books, month, **how):
    """Bill a month for as far as it goes; what a database does not do is told as that, whatever went wrong."""
    try:
        return billed(books, month, **how).failures
    except AdapterFailure as failure:
        return (failure,)


def test_killed_before_every_statement(tmp_path, open_books):
    """Three batches of two clients each: what a kill leaves is one of four states, and each is finished by a run."""
    start, there = tmp_path / "start.db", tmp_path / "killed.db"
    books = open_books(f"sqlite:///{start}")
    founded(books, CLIENTS)
    assert billed(books, 0).documents == CLIENTS
    books.close()
    expected = undisturbed(CLIENTS, 2)
    states, killed, n = {}, True, 0
    while killed:
        n += 1
        for path in tmp_path.glob("killed.db*"):
            path.unlink()
        shutil.copy(start, there)
        books = open_books(f"sqlite:///{there}")
        killed = killed_at(n, lambda books=books: billed(books, 1))
        if (left := content(there)) not in states:
            assert audit(books) == [], f"killed before statement {n}"
            states[left] = CLIENTS - billed(books, 1).documents
            assert finished(books, DESK, last_day(1), expected) == [], f"killed before statement {n}"
            books.close()
    assert n > 60, "so many statements, so many places to be killed at"
    assert list(states.values()) == [0, 2, 4, 6], "of every batch all or nothing"


def content(path):
    """Everything that is in an SQLite database, after it was repaired from its log."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return "\n".join(connection.iterdump())


def test_killed_at_random_moments(url, open_books, often):
    """Every month the run is killed somewhere, and finished by the next one."""
    chance = random.Random(20260131)
    books = open_books(url)
    founded(books, CLIENTS)
    books.close()
    duration = took(lambda: billed(books, 0, batch=1))
    kills, wanted, month = 0, often(25, 50), 0
    while kills < wanted:
        month += 1
        assert month < 10 * wanted, "most runs end before they are killed"
        if killed_after(chance.random() * duration, lambda month=month: billed(books, month, batch=1)):
            kills += 1
        else:
            duration *= 0.9
        assert attempted(books, month) == ()
        if not month % 10:
            assert audit(books) == []
        books.close()
    assert whole(books, month + 1) == []


@pytest.fixture
def company(pg_url, open_books):
    """Books on PostgreSQL with two months billed, and the wire over which the second was."""
    return begun(pg_url, open_books)


def begun(url, open_books):
    """Bill two months, the second over a wire that only counts."""
    books = open_books(url)
    founded(books, CLIENTS)
    billed(books, 0)
    with wire(url) as laid:
        through = open_books(laid.url)
        assert billed(through, 1).failures == ()
        through.close()
    assert laid.commits >= BATCHES
    return books, laid


def disturbed(books, open_books, month, url, **where):
    """Bill a month through a wire on which something happens, then the rest of it without."""
    with wire(url, **where) as laid:
        through = open_books(laid.url)
        first = attempted(through, month)
        again = attempted(through, month)  # the same books are of use again
        through.close()
    assert laid.happened
    assert again == (), f"{where}: {first}"
    assert attempted(books, month) == ()
    assert audit(books) == [], where
    return first


def test_server_processes_that_are_ended(company, pg_url, open_books):
    chance = random.Random(20260228)
    books, laid = company
    months = range(2, 22)
    for month in months:
        at = chance.randrange(1, len(laid.messages))
        disturbed(books, open_books, month, pg_url, at=at, then=terminated(pg_url))
    assert whole(books, months[-1] + 1) == []


def test_a_wire_that_is_cut_anywhere(company, pg_url, open_books):
    chance = random.Random(20260331)
    books, laid = company
    months = range(2, 22)
    for month in months:
        disturbed(books, open_books, month, pg_url, at=chance.randrange(1, len(laid.messages)))
    assert whole(books, months[-1] + 1) == []


@pytest.mark.parametrize("how", ["cut", "ended"])
def test_committed_and_nobody_knows(company, pg_url, open_books, how):
    """The answer to a commit never arrives: the run says so or looks again, and nothing is billed twice."""
    books, laid = company
    then = terminated(pg_url) if how == "ended" else None
    for commit in range(1, laid.commits + 1):
        disturbed(books, open_books, 1 + commit, pg_url, commit=commit, then=then)
    assert whole(books, 2 + laid.commits) == []


@pytest.mark.parametrize("back", ["meanwhile", "later"])
def test_a_server_that_is_stopped_at_once(open_books, often, monkeypatch, back):
    """And started again, while the run waits or after it gave up: every commit that it ever confirmed is there."""
    chance = random.Random(20260430)
    monkeypatch.setattr("fanbilling.batches.PAUSES", PAUSES if back == "meanwhile" else ())
    with ThreadPoolExecutor(1) as keeper, throw_away() as server:
        books, laid = begun(server.url, open_books)
        months = range(2, 2 + often(3, 10))
        for month in months:
            commit = {"commit": laid.commits - chance.randrange(1, BATCHES)}
            where = commit if month % 2 else {"at": chance.randrange(1, len(laid.messages))}

            def stopped(_process):
                server.crash()
                if back == "meanwhile":
                    keeper.submit(server.start).result()

            books.close()
            with wire(server.url, **where, then=stopped) as broken:
                through = open_books(broken.url)
                first = attempted(through, month)
                if back == "later":
                    assert first != (), "nobody was there any more"
                    server.start()
                assert attempted(through, month) == (), f"the same books are of use again: {first}"
                through.close()
            assert broken.happened
            assert audit(books) == [], where
        assert whole(books, months[-1] + 1) == []
        books.close()
