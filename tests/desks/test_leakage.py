"""What is not billed, how much of it, and why: computed by the equation, so that nothing is told twice or missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fanbilling import Decision, DecisionKind, ItemKey, Party, Price
from fanbilling.sources.manual import Line
from tests.desks.worlds import STORES, office

DAY = date(2026, 1, 31)
KEY = ItemKey("manual", "work", DAY)


@pytest.fixture(params=STORES)
def world(request):
    """One client with five hours of work."""
    desk = office()
    with STORES[request.param](desk) as books:
        with books() as store:
            desk.crm.register(store, Party(id="acme", name="Acme"), on=DAY)
            work = Line(id="work", client="acme", on=DAY, text="Work", price=Price.of(10), quantity=Decimal(5))
            desk.manual.add(store, work, on=DAY)
        yield desk, books


def told(desk, books, until=DAY):
    with books() as store:
        return [(u.quantity, u.amount, u.because.rule) for u in desk.billing.why_not(store, until=until)]


def hold(desk, books, hours, until=None):
    decision = Decision(
        id="h", key=KEY, kind=DecisionKind.HELD, reason="wait", on=DAY, quantity=Decimal(hours), until=until
    )
    with books() as store:
        desk.billing.decide(store, decision)


def test_before_the_run_everything_is_ready_and_after_it_nothing_is_left(world):
    desk, books = world
    assert told(desk, books) == [(5, 50, "unbilled.ready")]
    desk.billing.run(books, until=DAY, on=DAY)
    assert told(desk, books) == []


def test_only_what_was_added_after_the_bill_is_told(world):
    """Five were billed, seven are due: two are left."""
    desk, books = world
    desk.billing.run(books, until=DAY, on=DAY)
    with books() as store:
        desk.manual.change(store, "work", on=DAY, quantity=Decimal(7))
    assert told(desk, books) == [(2, 20, "unbilled.ready")]


def test_only_what_is_held_is_told_after_the_rest_was_billed(world):
    """Five are due and two held: three are billed, two are left, and the hold is named."""
    desk, books = world
    hold(desk, books, 2)
    desk.billing.run(books, until=DAY, on=DAY)
    assert told(desk, books) == [(2, 20, "unbilled.held")]


def test_a_hold_is_told_until_its_day(world):
    """Held until 1 March: told as held in February, as ready in March."""
    desk, books = world
    hold(desk, books, 5, until=date(2026, 3, 1))
    assert told(desk, books, date(2026, 2, 28)) == [(5, 50, "unbilled.held")]
    assert told(desk, books, date(2026, 3, 1)) == [(5, 50, "unbilled.ready")]


def test_what_may_be_billed_later_says_from_which_day(world):
    desk, books = world
    with books() as store:
        later = Line(id="later", client="acme", on=DAY, text="Later", price=Price.of(1), bill_on=date(2026, 5, 1))
        desk.manual.add(store, later, on=DAY)
        [found] = [u for u in desk.billing.why_not(store, until=DAY) if u.key.agreement == "later"]
    assert found.because.rule == "unbilled.later"
    assert found.because.input("bill_on") == date(2026, 5, 1)


def test_what_is_blocked_says_why(world):
    desk, books = world
    with books() as store:
        desk.manual.change(store, "work", on=DAY, blocked="not approved")
        [found] = desk.billing.why_not(store, until=DAY, payer="acme")
    assert found.because.rule == "unbilled.blocked"
    assert found.because.because[0].value == "not approved"
