"""The machine of orders notices each of these defects, planted in the desk, the source or the audit."""

from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import BillingError
from fanbilling.sources.orders import (
    Orders,
    deliveries,
    delivering,
    lines,
    order_audit,
    orders,
    prices,
    quoting,
    source,
)
from fanbilling.sources.orders.desk import OrdersDesk
from tests.campaigns import sampled
from tests.laws.test_planted_defects import plant
from tests.sources.orders import test_the_laws as laws
from tests.sources.orders.shop import brought, day, opened, ordered, sent_back, shop, wanted
from tests.sources.orders.test_machine import Desks

SHOP = shop()
HUNT = settings(
    max_examples=150,
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
    "what came back stays due": (source._delivered, "EXACT.subtract(quantity, back)", "quantity"),
    "what was cancelled stays due": (source._on_order, "quantity=line.wanted", "quantity=line.quantity"),
    "a discount of 5% leaves 5% of the price": (lines.net_price, "EXACT.subtract(_HUNDRED, discount)", "discount"),
    "the list price of everybody goes before that of the client": (
        prices.list_price,
        "key=lambda rule: rule.place",
        "key=lambda rule: rule.place[1:]",
    ),
    "the oldest price wins": (prices.list_price, "reverse=True", "reverse=False"),
    # what is refused
    "each delivery may be all that was ordered": (
        deliveries.check_quantity,
        "EXACT.add(before, quantity) > wanted",
        "quantity > wanted",
    ),
    "agreeing on over-delivery does nothing": (deliveries.check_quantity, " and not order.over", ""),
    "each return may be all that was delivered": (
        delivering.check_return,
        "EXACT.add(before, line.quantity) > sent",
        "line.quantity > sent",
    ),
    "less was delivered than came back of it": (delivering.corrected, "number < came_back", "False"),
    "a quotation can be accepted for ever": (quoting.accepted, "on > before.valid_until", "False"),
    "what was decided can have another variant": (
        quoting._refuse_decided,
        "one.state is QuotationState.ACCEPTED",
        "False",
    ),
    # what is delivered
    "the charges come with every delivery": (delivering._charges, "line.id not in seen", "True"),
    "a cancelled charge comes with the first delivery": (
        delivering._charges,
        "not line.on_order and line.wanted",
        "not line.on_order",
    ),
    "cancelling takes away what was delivered": (
        orders.cancelled,
        "line.wanted if line.on_order else left(line, delivered)",
        "line.wanted",
    ),
    # what the stock does
    "a kit leaves with one of each part": (
        delivering._stocked,
        "EXACT.multiply(quantity, component.quantity)",
        "quantity",
    ),
    "what is scrapped goes back into stock": (delivering.stock_of_return, "if not line.scrapped", "if line.quantity"),
    "more is delivered, and nothing leaves": (
        delivering.stock_of_correction,
        "list(issues(after, now, difference))",
        "[]",
    ),
    "a second return takes the same issue back again": (
        delivering.put_back,
        "EXACT.subtract(move.quantity, gone.get(move.id, ZERO))",
        "move.quantity",
    ),
    # the audit
    "the audit knows no over-delivery": (order_audit._too_much, "None if order.over else ", ""),
    "the audit thinks that scrap lies in stock": (order_audit._wanted, " if not line.scrapped", ""),
    "the audit takes what came back for what left": (order_audit._wanted, "-Fraction(line.quantity)", "Fraction(1)"),
}

#: What the agenda may forgive, for it remembers an earlier day, and the contract of sources does not.
TOUCHES = {
    "another price is asked for from the day on which it was agreed": (
        OrdersDesk.change_price,
        "min(days, default=on)",
        "on",
    ),
    "a return is asked for from its own day": (OrdersDesk.take_back, "since=delivery.on", "since=on"),
    "a correction is asked for from its own day": (
        OrdersDesk.correct,
        '"delivery-corrected", on=on, since=before.on',
        '"delivery-corrected", on=on, since=on',
    ),
    "what is cancelled is asked for from that day": (OrdersDesk.cancel, "since=before.on", "since=on"),
}


def prove():
    run_state_machine_as_test(Desks, settings=HUNT)


def contract():
    """Have the contract judge what a desk does on the ninth to what was ordered on the second and came on the third."""
    desk, told = SHOP.desk(Orders), {"reason": "agreed", "on": day(9)}
    lines = wanted("a", "bolt", 10), wanted("fee", "advice", 2, billed="order")
    story = [
        lambda store: opened(SHOP, store),
        lambda store: desk.order(store, ordered("o1", *lines), on=day(2)),
        lambda store: desk.deliver(store, brought(a=6), on=day(3)),
        lambda store: desk.take_back(store, sent_back(on=9, a=1), on=day(9)),
        lambda store: desk.correct(store, "d1", "a", Decimal(5), **told),
        lambda store: desk.change_price(store, "o1", "a", Decimal(11), **told),
        lambda store: desk.cancel(store, "o1", **told),
    ]
    laws.TestOrdersKeepTheLaws().test_s4_a_command_touches_whatever_it_changes(Orders(), MemoryBooks(), st.just(story))


@pytest.mark.parametrize("defect", sampled(DEFECTS))
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, pytest.fail.Exception)):
        prove()


@pytest.mark.parametrize("defect", TOUCHES.values(), ids=TOUCHES.keys())
def test_a_touch_that_comes_too_late_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises(AssertionError, match="S4"):
        contract()


@pytest.mark.campaign
def test_without_a_defect_nothing_is_caught():
    prove()
    contract()
