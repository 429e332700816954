"""Law L2: billed periods neither overlap nor leave a hole."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.domain.periods import DAY, Period, Recurrence, months_after

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
cycles = st.builds(Recurrence, anchor=days, months=st.integers(1, 36))


@given(cycles, st.integers(-40, 40))
def test_l2_each_period_starts_where_the_one_before_ends(cycle, n):
    assert cycle.period(n).end == cycle.period(n + 1).start


@given(cycles, days)
def test_l2_every_day_is_in_exactly_one_period(cycle, day):
    n = cycle.number(day)
    assert day in cycle.period(n)
    assert day not in cycle.period(n - 1)
    assert day not in cycle.period(n + 1)


@given(cycles, days, st.integers(0, 800))
def test_l2_the_periods_of_a_span_are_those_that_start_in_it(cycle, since, length):
    until = since + timedelta(days=length)
    found = list(cycle.periods(since, until))
    expected = [cycle.period(n) for n in range(cycle.number(since), cycle.number(until) + 1)]
    assert found == [period for period in expected if since <= period.start <= until]


@given(cycles, days, st.integers(0, 400), st.integers(0, 400))
def test_l2_asking_in_two_steps_gives_the_same_periods_as_asking_once(cycle, since, first, second):
    middle = since + timedelta(days=first)
    end = middle + timedelta(days=second)
    steps = [*cycle.periods(since, middle), *cycle.periods(middle + DAY, end)]
    assert steps == list(cycle.periods(since, end))


@given(cycles, days, st.lists(days, max_size=5))
def test_l2_cutting_a_period_neither_loses_nor_doubles_a_day(cycle, day, cuts):
    period = cycle.period(cycle.number(day))
    pieces = period.cut(tuple(cuts))
    assert sum(piece.days for piece in pieces) == period.days
    assert (pieces[0].start, pieces[-1].end) == (period.start, period.end)
    assert all(before.end == after.start for before, after in pairwise(pieces))


@pytest.mark.parametrize(
    ("anchor", "months", "starts"),
    [
        ("2026-01-31", 1, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("2024-01-31", 1, ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2024-02-29", 12, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        ("2025-11-30", 3, ["2025-11-30", "2026-02-28", "2026-05-30"]),
    ],
    ids=["31 January, monthly", "31 January in a leap year", "29 February, yearly", "30 November, quarterly"],
)
def test_l2_periods_are_counted_from_the_anchor(anchor, months, starts):
    cycle = Recurrence(anchor=date.fromisoformat(anchor), months=months)
    assert [cycle.period(n).start.isoformat() for n in range(len(starts))] == starts


def test_l2_months_are_counted_from_the_anchor_never_from_the_last_day():
    assert months_after(months_after(date(2026, 1, 31), 1), 1) == date(2026, 3, 28)
    assert months_after(date(2026, 1, 31), 2) == date(2026, 3, 31)


def test_l2_an_overlap_is_what_both_hold():
    january, late = Period.through(date(2026, 1, 1), date(2026, 1, 31)), Period(date(2026, 1, 20), date(2026, 2, 3))
    assert january.overlap(late) == Period.through(date(2026, 1, 20), date(2026, 1, 31))
    assert january.overlap(Period(january.end, late.end)) is None
