"""The audit finds what a disaster could have done; and the ways to end a process end it where they say."""

import os
import sqlite3
from contextlib import closing, contextmanager
from itertools import islice

import attrs
import pytest
from sqlalchemy import create_engine

from fanbilling.adapters.storage.memory import MemoryBooks
from tests.chaos.audit import audit, bills, finished
from tests.chaos.company import DESK, billed, founded, last_day, undisturbed
from tests.chaos.killing import child, killed_after, killed_at


@pytest.fixture
def books():
    books = MemoryBooks(administration="nl")
    founded(books, 3)
    for month in range(2):
        billed(books, month)
    return books


class Other:
    """A part of a store, some of whose answers are others."""

    def __init__(self, real, **answers):
        self.real, self.answers = real, answers

    def __getattr__(self, name):
        return self.answers.get(name) or getattr(self.real, name)


def damaged(books, part, method, change):
    """The books, of which one method of one part answers something else."""

    @contextmanager
    def opened(**how):
        with books(**how) as store:
            whole = getattr(store, part)
            answer = getattr(whole, method, whole)
            changed = lambda *given, **asked: change(answer(*given, **asked))  # noqa: E731 - it has no name
            yield Other(store, **{part: Other(whole, **{method: changed}) if method else changed})

    return opened


def without(place):
    """Take a row out of a page."""
    return lambda page: [*page[:place], *page[place + 1 :]]


def test_books_to_which_nothing_happened_are_whole(books):
    assert audit(books) == []
    assert finished(books, DESK, last_day(1), undisturbed(3, 2)) == []


DAMAGE = {
    "a number is not there": ("documents", "sealed", without(2), "place 4 with number 2026-0004 where 3 is due"),
    "a number is there twice": (
        "documents",
        "sealed",
        lambda page: [attrs.evolve(row, number="2026-0001", place=1) if row.place == 2 else row for row in page],
        "place 1 with number 2026-0001 where 2 is due",
    ),
    "a date goes back": (
        "documents",
        "sealed",
        lambda page: [attrs.evolve(row, on=last_day(0)) if row.place == 6 else row for row in page],
        "2026-0006 of 2026-01-31 after a document of 2026-03-01",
    ),
    "the last document is not there": (
        "documents",
        "sealed",
        lambda page: [row for row in page if row.place < 6],
        "the counter stands at 6 after 5 documents",
    ),
    "an event is not there": ("journal", "after", without(3), "journal: position 5 after 3"),
    "the last event is not there": (
        "journal",
        "after",
        lambda page: [row for row in page if row.position < 15],
        "journal: the counter stands at 15 after position 14",
    ),
    "the first entry of a key is not there": (
        "billed",
        "page",
        lambda page: [attrs.evolve(row, revision=1) for row in page],
        "revision 1 where 0 is due",
    ),
    "an entry is there twice": (
        "billed",
        "page",
        lambda page: [row for row in page for _ in range(2)],
        "revision 0 where 1 is due",
    ),
    "the document of an entry is not there": ("documents", "sealed", without(0), "which is not there"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found(books, damage):
    part, method, change, expected = DAMAGE[damage]
    found = audit(damaged(books, part, method, change))
    assert any(expected in line for line in found), found


def test_what_was_not_billed_and_what_was_billed_too_much_is_found(books):
    expected = undisturbed(3, 3)
    assert len([line for line in finished(books, DESK, last_day(2), expected) if line.startswith("lost: ")]) == 3
    assert len([line for line in finished(books, DESK, last_day(2), expected) if line.startswith("not billed: ")]) == 6
    billed(books, 2)
    assert finished(books, DESK, last_day(2), expected) == []
    assert len(finished(books, DESK, last_day(2), undisturbed(3, 2))) == 3
    assert sum(bills(books).values()) == 9


def test_a_process_is_killed_before_its_nth_statement(tmp_path):
    """Three statements that write, after some that only look: the last one is there when it was not killed."""
    found, killed = [], True
    while killed:
        path = tmp_path / f"{len(found)}.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("create table t (x)")

        def work(path=path):
            with create_engine(f"sqlite:///{path}", isolation_level="AUTOCOMMIT").connect() as connection:
                for x in range(3):
                    connection.exec_driver_sql(f"insert into t values ({x})")

        killed = killed_at(len(found) + 1, work)
        with closing(sqlite3.connect(path)) as connection:
            found.append(connection.execute("select count(*) from t").fetchone()[0])
    assert found[-4:] == [0, 1, 2, 3]
    assert not any(found[:-4])


def test_a_process_that_ends_first_is_not_killed():
    assert not killed_after(600, lambda: None)
    assert killed_after(0, lambda: os.read(os.pipe()[0], 1))  # it would wait for ever


def test_a_process_that_fails_is_not_taken_for_killed(capfd):
    with pytest.raises(AssertionError, match="the other process failed"):
        killed_after(600, lambda: list(islice((1 // n for n in (1, 0)), 2)))
    assert "ZeroDivisionError" in capfd.readouterr().err
    with pytest.raises(AssertionError, match="the other process failed"), child(lambda _: 1 // 0):
        pass
