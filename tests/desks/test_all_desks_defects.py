"""The machine of all desks notices: each of these defects, at a desk, between the desks or in the engine, is caught."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.domain import billed, decisions, equation, grouping
from fanbilling.domain.errors import BillingError
from fanbilling.reckoning import Facts, Reckoner
from fanbilling.sources.courses import changes, policies, pricing, seats
from fanbilling.sources.manual import ManualDesk
from fanbilling.sources.orders import source as goods
from fanbilling.sources.orders.desk import OrdersDesk
from fanbilling.sources.projects import due, rates
from fanbilling.sources.projects import pricing as hourly
from fanbilling.sources.subscriptions import cycles, proration
from fanbilling.sources.subscriptions.desk import SubscriptionsDesk
from tests.campaigns import sampled
from tests.desks.test_all_desks import AllDesks
from tests.laws.test_planted_defects import plant

HUNT = settings(
    max_examples=250,
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
    # loose lines
    "a line that was changed is not asked for again": (
        ManualDesk.change,
        '_touch(store, after, "changed", on=on, ask_on=min(on, after.billable_on))',
        "pass",
    ),
    # subscriptions
    "a part of a period costs as much as all of it": (
        proration.shares,
        "EXACT.multiply(quantity, Decimal(period.days))",
        "EXACT.multiply(quantity, Decimal(whole.days))",
    ),
    "what is billed afterwards is billed at the start": (cycles.bill_on, "line.timing is Timing.ADVANCE", "True"),
    "an amendment is asked for from the day on which it was agreed": (
        SubscriptionsDesk._amend,
        "since=since, ask_on=min(since, on)",
        "since=max(since, on), ask_on=min(since, on)",
    ),
    # projects
    "hours that nobody approved are billed": (due.of_hours, "entry.state is EntryState.DRAFT", "False"),
    "the oldest rate wins": (rates.resolve_rate, "reverse=True", "reverse=False"),
    "a rate has nobody asked again": (hourly._priced, "projects[id].by_hours", "False"),
    "less progress takes nothing back": (due.progressed, "stated[place:]", "stated[place : place + 1]"),
    # orders
    "what came back stays due": (goods._delivered, "EXACT.subtract(quantity, back)", "quantity"),
    "what was cancelled stays due": (goods._on_order, "quantity=line.wanted", "quantity=line.quantity"),
    "an order is not asked for again after a return": (
        OrdersDesk.take_back,
        'changed(store, order, "returned", on=on, since=delivery.on)',
        "pass",
    ),
    # courses
    "a seat that moves is taxed as before": (
        changes.moved,
        "tax_class=taxed(room.session, room.course)",
        "tax_class=terms.tax_class",
    ),
    "a seat that moves stays with who had it": (
        changes.moved,
        "move.client or registration.client",
        "registration.client",
    ),
    "cancelling is free up to the last week": (policies.CancellationPolicy._begun, "on > boundary", "False"),
    "a free seat goes to nobody": (seats.promote, "free := free_seats(store, session)", "free := 0"),
    "another price is agreed on and not kept": (pricing.repriced, "price=figure, ", ""),
    # between the desks
    "each desk sends its own bill": (grouping.grouped, "apart(part)", "part.key.source"),
    "what one desk billed hides what another did": (
        Facts.of,
        "billed.update(self.billed.get(agreement, {}))",
        "billed = dict(self.billed.get(agreement, {}))",
    ),
    "what we decided at one desk hides what we decided at another": (
        Facts.of,
        "decisions.extend(self.decisions.get(agreement, ()))",
        "decisions = list(self.decisions.get(agreement, ()))",
    ),
    "a desk is asked no further than this run": (
        Reckoner._ask,
        "(row.source, row.asked(until))",
        "(row.source, until)",
    ),
    "a waiver of one client counts for every desk": (
        equation.owed,
        "due.get(decision.key)",
        "due.get(min(due, key=in_order, default=None))",
    ),
    # the engine
    "what is billed is never looked at": (equation.to_bill, "entries := billed.get(key)", "entries := None"),
    "what may be billed later is billed now": (equation.to_bill, "item.bill_on > until", "item.bill_on > date.max"),
    "a decision that was taken back still counts": (equation.owed, "decision.withdrawn is not None", "False"),
    "a hold keeps nothing back": (equation.owed, "decision.holds(until)", "False"),
    "a hold never ends": (decisions.Decision.holds, "self.until > until", "True"),
    "a reversal forgets the ones before it": (billed.left, "lines[entry.reverses] += entry.lot", "pass"),
    "a credit also makes the next run smaller": (equation._credits, "and not decision.document ", ""),
}


def prove():
    run_state_machine_as_test(AllDesks, settings=HUNT)


@pytest.mark.parametrize("defect", sampled(DEFECTS))
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, pytest.fail.Exception)):
        prove()


@pytest.mark.campaign
def test_without_a_defect_nothing_is_caught():
    prove()
