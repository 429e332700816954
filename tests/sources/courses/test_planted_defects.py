"""Each of these defects, planted in the desk or the source of courses, is caught by a hard case or by the machine."""

from datetime import date
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import BillingError
from fanbilling.sources.courses import attendance, changes, due, notices, policies, seats, sessions
from tests.campaigns import sampled
from tests.laws.test_planted_defects import plant
from tests.sources.courses import test_desk
from tests.sources.courses.machine import Desk
from tests.sources.courses.worlds import opened

FOUR_WEEKS, HALF = date(2026, 4, 20), {"seat": 0, "fee:cancelled": 200}
HUNT = settings(
    max_examples=150,
    stateful_step_count=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

#: What goes wrong: the function, what it says, and what it says with the defect.
DEFECTS = {
    # seats
    "one seat too many is given": (seats.free_seats, "session.capacity - sum", "1 + session.capacity - sum"),
    "an offered seat is given to another": (seats.free_seats, "TAKING", "TAKING[1:]"),
    "who waits shortest is next": (seats._promoted, "seated(before, room, on)", "before"),
    "a waiting list outlives the first day": (seats.promote, "on > session.start", "False"),
    "the same address comes twice": (seats.refuse_twice, "other.ended is None", "False"),
    "a session that began takes others": (seats.opened, "on > session.start", "False"),
    # what is due
    "a seat is billed to whom waits": (due._seat, "if registration.seated or", "if registration.ended is None or"),
    "a seat that was cancelled late is free": (
        due._seat,
        "(ended is not None and ended.seat_due)",
        "False",
    ),
    "a seat is billed as soon as somebody registers": (due.billed_on, "terms.bill_days_before is None", "True"),
    "a fee stays due when we call it off": (due._fee, "ended is not None and ended.by in OURS", "False"),
    "another payer takes the fees over": (due._fee, "fee.payer or registration.payer", "registration.payer"),
    # fees
    "the boundary day is within always": (policies.CancellationPolicy._begun, "self.boundary_within", "True"),
    "the boundary day is within never": (policies.CancellationPolicy._begun, "self.boundary_within", "False"),
    "the mildest tier holds": (policies.CancellationPolicy.tier, "max(", "min("),
    "we charge for what we cancel ourselves": (changes.cancelled, " or by in OURS", ""),
    "a move is taxed as before": (changes.moved, "taxed(room.session, room.course)", "terms.tax_class"),
    "a move is free": (changes.with_move_fee, "move.fee is None", "True"),
    "a fee of nobody stays nobody's": (changes.owing, "fee if fee.payer else", "fee if True else"),
    # who is asked again
    "a move has nobody asked again": (seats.keep, "was != now", "was != now and one.what != 'moved'"),
    "other days have nobody asked again": (seats.keep, "was != now", "was != now and one.what != 'rescheduled'"),
    "another payer has nobody asked again": (seats.keep, "was != now", "was != now and one.what != 'payer-changed'"),
    # the end
    "who was not there gets a certificate": (attendance.judged, "if registration.attended else", "if True else"),
    "what is called off stays due": (sessions._all, "room.session.id, states)]", "room.session.id, states)][:1]"),
    "a reminder goes to who cancelled": (notices._Told.notices, "mine.state in (_R.PLACED, _R.CONFIRMED) and", ""),
}


#: What the machine seldom comes across is tried first, in books of its own.
CASES = (
    test_desk.test_a_seat_may_be_offered_and_goes_to_the_next_when_nobody_takes_it,
    test_desk.test_who_pays_may_be_known_later_and_nothing_is_lost,
)
OPENED = (
    partial(test_desk.test_what_cancelling_costs_depends_on_the_day, on=FOUR_WEEKS, within=True, due=HALF),
    partial(test_desk.test_what_cancelling_costs_depends_on_the_day, on=FOUR_WEEKS, within=False, due={"seat": 0}),
    test_desk.test_other_days_move_what_is_billed_and_when,
    test_desk.test_nothing_is_due_when_we_cancel_and_a_fee_may_be_agreed,
    test_desk.test_a_waiting_list_is_over_once_the_session_began,
    test_desk.test_what_was_owed_for_a_session_that_we_call_off_is_owed_no_longer,
)


def prove():
    """Try the hard cases, then everything."""
    for case in CASES:
        with MemoryBooks("school")() as store:
            case(store)
    for case in OPENED:
        with MemoryBooks("school")() as store:
            opened(test_desk.DESK, store)
            case(store)
    run_state_machine_as_test(Desk, settings=HUNT)


@pytest.mark.parametrize("defect", sampled(DEFECTS))
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, ValueError, pytest.fail.Exception)):
        prove()


@pytest.mark.campaign
def test_without_a_defect_nothing_is_caught():
    prove()
