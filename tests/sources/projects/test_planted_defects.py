"""The machine of projects notices: each of these defects, planted in the desk or the source, is caught by it."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.domain.errors import BillingError
from fanbilling.sources.projects import agreeing, auditing, booking, due, entries, pricing, rates, wip, writing
from tests.campaigns import sampled
from tests.laws.test_planted_defects import plant
from tests.sources.projects.machine import Desk

HUNT = settings(
    max_examples=200,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

#: What goes wrong: the function, what it says, and what it says with the defect.
DEFECTS = {
    # what is due
    "hours that nobody approved are billed": (due.of_hours, "entry.state is EntryState.DRAFT", "False"),
    "hours without a rate are given away": (due.of_hours, "rate.price is None", "False"),
    "rejected hours are billed": (due.of_hours, "entry.state is EntryState.REJECTED", "False"),
    "the hours worked are billed, and not those to bill": (
        due.of_hours,
        "Price(ZERO, unit=HOUR), entry.billable",
        "Price(ZERO, unit=HOUR), entry.hours",
    ),
    "an expense is passed on without its markup": (due.of_expense, "HUNDRED + expense.markup", "HUNDRED"),
    "expenses need no approval": (due.of_expense, "expense.state is EntryState.DRAFT", "False"),
    "less progress takes nothing back": (due.progressed, "stated[place:]", "stated[place : place + 1]"),
    "progress is billed whole each time": (due.progressed, "        done = reached\n", ""),
    "a milestone is billed before it is reached": (due.of_price, "one.milestone and one.released is None", "False"),
    "a milestone is billed as of its planned day": (due.of_price, "bill_on=one.billable_on", "bill_on=one.on"),
    # which rate
    "the weakest rule wins": (rates.resolve_rate, "reverse=True", "reverse=False"),
    "a rule that was taken back still holds": (rates.RateRule.holds, "self.withdrawn is None and ", ""),
    "a rule holds before its first day": (rates.RateRule.holds, "self.since <= day and ", ""),
    "a rule holds for every employee": (
        rates.RateRule.concerns,
        'self.employee in ("", entry.employee)',
        "True",
    ),
    # who is asked again
    "a rate has nobody asked again": (pricing._priced, "projects[id].by_hours", "False"),
    "a step of hours has them asked too late": (
        booking._kept,
        "Since(day, day) for id",
        "Since(day.replace(year=2027), day.replace(year=2027)) for id",
    ),
    "lowered progress is only asked from its own day": (
        writing.changed_from,
        "min(filed for filed, _ in days)",
        "max(filed for filed, _ in days)",
    ),
    "what was agreed is not kept": (agreeing._replanned, "one if other is known else other", "other"),
    "a correction leaves it rejected": (entries.corrected, "entry.state is EntryState.REJECTED", "False"),
    "a correction is approved by itself": (entries.corrected, "EntryState.DRAFT if", "EntryState.APPROVED if"),
    # work in progress and its audit
    "what was billed stays in progress": (wip.work_in_progress, "billed=now.billed - was.billed", "billed=was.billed"),
    "what is waived stays in progress": (wip._standing, "decision.on <= day", "False"),
    "what is revalued is booked twice": (wip.work_in_progress, "now.due - was.due - booked", "now.due - was.due"),
    "the audit takes a draft for approved": (auditing._hours, "entry.state is EntryState.APPROVED", "True"),
    "the audit forgets what was waived": (auditing._settled, "quantity - waived", "quantity"),
    "the audit forgets the rest of a price": (auditing._price, "lowest - reached", "lowest"),
}


def prove():
    run_state_machine_as_test(Desk, settings=HUNT)


@pytest.mark.parametrize("defect", sampled(DEFECTS))
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, pytest.fail.Exception)):
        prove()


@pytest.mark.campaign
def test_without_a_defect_nothing_is_caught():
    prove()
