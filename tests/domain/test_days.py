"""Periods, dated values and payment terms: which day counts."""

from datetime import date

import pytest

from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import InvalidValue, NotFound
from fanbilling.domain.payment_terms import due_date
from fanbilling.domain.periods import Period, Recurrence

RATES = Dated(((date(2001, 1, 1), 19), (date(2012, 10, 1), 21)))


def test_a_period_holds_its_first_and_last_day_and_not_its_end():
    february = Period.through(date(2024, 2, 1), date(2024, 2, 29))
    assert (february.end, february.last_day, february.days) == (date(2024, 3, 1), date(2024, 2, 29), 29)
    assert date(2024, 2, 1) in february
    assert date(2024, 2, 29) in february
    assert date(2024, 3, 1) not in february
    assert str(february) == "2024-02-01..2024-02-29"


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)], ids=["no day", "less than none"])
def test_a_period_without_a_day_is_refused(end):
    with pytest.raises(InvalidValue, match="holds no day"):
        Period(date(2026, 1, 1), end)


@pytest.mark.parametrize("months", [0, -1, 1201, True], ids=str)
def test_a_cycle_that_does_not_move_forward_is_refused(months):
    with pytest.raises(InvalidValue, match="a cycle of"):
        Recurrence(anchor=date(2026, 1, 1), months=months)


@pytest.mark.parametrize(
    ("day", "rate"),
    [("2012-09-30", 19), ("2012-10-01", 21), ("2026-01-01", 21), ("2001-01-01", 19)],
    ids=["the day before", "the day itself", "long after", "the first day"],
)
def test_a_value_holds_from_its_day_on(day, rate):
    assert RATES.at(date.fromisoformat(day)) == rate


def test_before_the_first_day_nothing_holds():
    with pytest.raises(NotFound, match="holds from 2001-01-01"):
        RATES.at(date(2000, 12, 31))
    assert RATES.get(date(2000, 12, 31), 18) == 18
    assert RATES.get(date(2001, 1, 1), 18) == 19


def test_a_change_holds_up_to_the_next_known_step():
    changed = RATES.changed(date(2005, 1, 1), 20).changed(date(2012, 10, 1), 22)
    assert [changed.at(date(year, 1, 1)) for year in (2004, 2005, 2012, 2013)] == [19, 20, 20, 22]
    assert changed.days == (date(2001, 1, 1), date(2005, 1, 1), date(2012, 10, 1))
    assert RATES.at(date(2005, 1, 1)) == 19


@pytest.mark.parametrize(
    "days", [(), ("2026-02-01", "2026-01-01"), ("2026-01-01", "2026-01-01")], ids=["none", "backwards", "a day twice"]
)
def test_steps_must_be_there_and_in_order(days):
    with pytest.raises(InvalidValue, match="not in order"):
        Dated(tuple((date.fromisoformat(day), 1) for day in days))


@pytest.mark.parametrize(
    ("on", "days", "end_of_month", "due"),
    [
        ("2026-01-15", 14, False, "2026-01-29"),
        ("2026-01-31", 30, False, "2026-03-02"),
        ("2026-01-15", 30, True, "2026-03-02"),
        ("2024-02-01", 0, True, "2024-02-29"),
        ("2026-12-20", 14, False, "2027-01-03"),
        ("2026-01-31", 0, False, "2026-01-31"),
    ],
    ids=[
        "fourteen days",
        "over February",
        "30 days after the month's end",
        "the end of a leap month",
        "over the year",
        "at once",
    ],
)
def test_a_document_is_due_days_after_its_date_or_after_the_end_of_its_month(on, days, end_of_month, due):
    assert due_date(date.fromisoformat(on), days=days, end_of_month=end_of_month) == date.fromisoformat(due)
