"""A yearly increase in subscriptions.csv: agreed with the line, changed, written over, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from fanbilling.cli.desks.subscriptions.rows import SUBSCRIPTIONS
from fanbilling.cli.place import open_place
from fanbilling.cli.reading import read
from fanbilling.sources.subscriptions import Subscription
from tests.cli.folders import fanbilling, small

FIRST = "subscription;line;client;text;start;end;months;billed"
HEADER = f"{FIRST};quantity;price;tax;from;anchor;increase;increase_from;entered"
RENT = "R-1;rent;carol;Rent;2026-01-16;;1;advance;1;100,00;exempt;;2026-01-01;10;2026-03-01;"
JANUARY, MARCH = ("--until", "2026-01-31", "--on", "2026-02-01"), ("--until", "2026-03-31", "--on", "2026-04-01")
TABLES = dict.fromkeys(("lines", "payments", "credits", "decisions"))


def billed(folder, words, *rows):
    """What a run issues in total, with these rows in the file."""
    small(folder, subscriptions="\n".join([HEADER, *rows]), **TABLES)
    ran = fanbilling("run", folder, *words)
    assert ran.status == 0, ran.out + ran.err
    with open_place(folder).books.reading() as store:
        return [str(document.totals.total) for document in store.documents.page(limit=99)]


def agreed(folder):
    with open_place(folder).books.reading() as store:
        increase = store.get(Subscription, "R-1").lines[0].yearly_increase
    return [(str(day), str(percentage)) for day, percentage in increase.steps] if increase else []


def test_rent_of_half_a_month_that_rises_in_march(tmp_path):
    """January 100.00 × 16 ÷ 31 = 51.612… → 51.61; March 100.00 × 1.10 = 110.00, with February 210.00."""
    assert billed(tmp_path, JANUARY, RENT) == ["51.61"]
    assert billed(tmp_path, MARCH, RENT) == ["51.61", "210.00"]
    assert billed(tmp_path, MARCH, RENT) == ["51.61", "210.00"]


def test_a_later_row_agrees_on_another_increase_and_zero_ends_it(tmp_path):
    later = "R-1;rent;;;;;;;;;;;;20;2026-03-01;2026-02-10"
    never = "R-1;rent;;;;;;;;;;;;0;2026-03-01;2026-04-10"
    assert billed(tmp_path, MARCH, RENT, later) == ["271.61"]  # 51.61 + 100.00 + 120.00
    assert agreed(tmp_path) == [("2026-03-01", "20")]
    april = ("--until", "2026-03-31", "--on", "2026-04-10")
    assert billed(tmp_path, april, RENT, later, never) == ["271.61", "-20.00"]
    assert agreed(tmp_path) == [("2026-03-01", "0")]


def test_an_increase_written_over_is_corrected(tmp_path):
    assert billed(tmp_path, MARCH, RENT) == ["261.61"]
    assert billed(tmp_path, MARCH, RENT.replace("10;2026-03-01", "10;2026-06-01")) == ["261.61", "-10.00"]
    assert agreed(tmp_path) == [("2026-06-01", "10")]
    assert billed(tmp_path, MARCH, RENT.replace("10;2026-03-01", ";")) == ["261.61", "-10.00"]
    assert agreed(tmp_path) == []


def test_the_cycle_cannot_be_counted_from_another_day(tmp_path):
    billed(tmp_path, JANUARY, RENT)
    small(tmp_path, subscriptions="\n".join([HEADER, RENT.replace("2026-01-01;10", "2026-01-05;10")]), **TABLES)
    ran = fanbilling("run", tmp_path, *JANUARY)
    assert ran.status == 1
    assert "the books say 2026-01-01" in " ".join((ran.out + ran.err).split())


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([RENT.replace(";10;", ";101;")], "increase"),
        ([RENT.replace(";10;", ";-1;")], "increase"),
        ([RENT.replace(";10;", ";;")], "increase"),
        ([RENT.replace("2026-03-01;", ";")], "increase_from"),
        ([RENT.replace("2026-03-01;", "2026-01-16;")], "increase_from"),
        ([RENT, "R-1;rent;;;;2026-06-30;;;;;;;;5;2026-05-01;2026-04-01"], "end"),
        ([RENT, "R-1;rent;;;;;;;;;;;2026-01-02;5;2026-05-01;2026-04-01"], "anchor"),
    ],
    ids=["too much", "less", "no percentage", "no day", "the first day", "with an end", "another anchor"],
)
def test_half_an_increase_is_refused(rows, column):
    [bad] = read(SUBSCRIPTIONS, "\n".join([HEADER, *rows, ""]).encode()).bad
    assert bad.column == column


def test_an_increase_is_read_as_it_is_written():
    [row] = read(SUBSCRIPTIONS, f"{HEADER}\n{RENT.replace(';10;', ';2,5;')}\n".encode()).rows
    assert (row.increase, row.increase_from, row.anchor) == (Decimal("2.5"), date(2026, 3, 1), date(2026, 1, 1))
