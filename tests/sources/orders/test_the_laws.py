"""Orders keep the laws of a source, on every store; and answer in as many questions for many orders as for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.orders import Delivery, DeliveryLine, Orders, Return, ReturnLine
from fanbilling.testing.contracts.sources import SourceContract
from tests.sources.orders.shop import brought, day, opened, ordered, shop, wanted
from tests.stores import STORES, looked_at

SHOP = shop()
DESK = SHOP.desk(Orders)
DAYS = st.sampled_from([day(3), day(9), day(20)])
COUNTS = st.sampled_from([Decimal(1), Decimal(4), Decimal("2.5"), Decimal(11)])
LINES = st.sampled_from(["a", "kit", "fee", "freight"])
IDS = st.sampled_from(["o1", "o2"])
DELIVERIES = st.sampled_from(["d1", "d2"])


def calls(method, **arguments):
    """Commands of the desk, with drawn arguments."""
    return st.fixed_dictionaries(arguments).map(lambda drawn: partial(method, **drawn))


def an_order(id, client, discount, bill_on):
    lines = (
        wanted("a", "bolt", 10, discount=discount),
        wanted("kit", "kit", 4),
        wanted("fee", "advice", 2, billed="order"),
        wanted("freight", text="Freight", price="25.00"),
    )
    return ordered(id, *lines, client=client, bill_on=bill_on)


ORDERS = st.builds(
    an_order,
    IDS,
    st.sampled_from(["acme", "zoon"]),
    st.sampled_from([0, 5]),
    st.none() | st.just(day(12)),
)
BROUGHT = st.builds(
    lambda id, order, on, bill_on, lines: Delivery(
        id=id,
        order=order,
        on=on,
        bill_on=bill_on,
        lines=tuple(DeliveryLine(line=line, quantity=quantity) for line, quantity in lines.items()),
    ),
    DELIVERIES,
    IDS,
    DAYS,
    st.none() | st.just(day(25)),
    st.dictionaries(LINES, COUNTS, min_size=1, max_size=2),
)
BACK = st.builds(
    lambda id, delivery, on, line, quantity, scrapped: Return(
        id=id,
        delivery=delivery,
        on=on,
        lines=(ReturnLine(line=line, quantity=quantity, scrapped=scrapped),),
        reason="broken",
    ),
    st.sampled_from(["r1", "r2"]),
    DELIVERIES,
    DAYS,
    LINES,
    COUNTS,
    st.booleans(),
)
COMMANDS = st.one_of(
    calls(DESK.order, order=ORDERS, on=DAYS),
    calls(DESK.deliver, delivery=BROUGHT, on=DAYS),
    calls(DESK.deliver, delivery=BROUGHT, on=DAYS),
    calls(DESK.take_back, given=BACK, on=DAYS),
    calls(DESK.correct, id=DELIVERIES, line=LINES, quantity=COUNTS, reason=st.just("miscounted"), on=DAYS),
    calls(DESK.change_price, id=IDS, line=LINES, price=COUNTS, reason=st.just("agreed"), on=DAYS),
    calls(DESK.cancel, id=IDS, line=LINES | st.just(""), reason=st.just("too late"), on=DAYS),
    calls(DESK.allow_over, id=IDS, on=DAYS),
    calls(DESK.close, id=IDS, on=DAYS),
    calls(DESK.remove, id=IDS, on=DAYS),
)


def stories():
    return st.builds(
        lambda first, rest: [lambda store: opened(SHOP, store), first, *rest],
        calls(DESK.order, order=st.builds(an_order, st.just("o1"), st.just("acme"), st.just(5), st.none()), on=DAYS),
        st.lists(COMMANDS, max_size=7),
    )


class TestOrdersKeepTheLaws(SourceContract):
    far = date(2026, 4, 30)

    @pytest.fixture
    def source(self):
        return Orders()

    @pytest.fixture(params=STORES)
    def books(self, request):
        with looked_at(request.param), STORES[request.param](SHOP) as books:
            yield books

    @pytest.fixture
    def commands(self):
        return stories()


class Counted:
    """A store that counts what is asked of it."""

    def __init__(self, store):
        self.store, self.questions = store, 0

    def __getattr__(self, name):
        self.questions += 1
        return getattr(self.store, name)


def test_many_orders_are_answered_in_as_many_questions_as_one():
    with MemoryBooks()() as store:
        opened(SHOP, store)
        for number in range(60):
            DESK.order(store, ordered(f"o{number}"), on=day(2))
            DESK.deliver(store, brought(f"d{number}", f"o{number}", a=1), on=day(3))
        questions = []
        for count in (1, 60):
            counted = Counted(store)
            asked = [Asked(agreement=f"o{number}", since=date.min) for number in range(count)]
            assert len(list(Orders().items(counted, asked, day(31)))) == count
            questions.append(counted.questions)
    assert questions == [3, 3]
