"""Receivables: what comes in settles what the payer names, then the oldest; nothing is lost or set off twice (L10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fanbilling import Money, Party, Payment, Price, verify
from fanbilling.domain.errors import Conflict, NotFound, OverAllocation
from fanbilling.domain.payments import Allocation
from fanbilling.sources.manual import Line
from tests.desks.worlds import STORES, office

DAYS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31))


@pytest.fixture(params=STORES)
def world(request):
    """One client with three bills of 121.00, due on 14 February, 14 March and 14 April."""
    desk = office()
    with STORES[request.param](desk) as books:
        with books() as store:
            desk.crm.register(store, Party(id="a", name="A"), on=DAYS[0])
        for day in DAYS:
            bill(desk, books, day)
        yield desk, books
        assert verify(books) == []


def bill(desk, books, day, *, price="100.00", currency="EUR"):
    with books() as store:
        line = Line(id=f"{day}{currency}", client="a", on=day, text="Work", price=Price.of(price), currency=currency)
        desk.manual.add(store, line, on=day)
    desk.billing.run(books, until=day, on=day)


def pay(desk, books, id, amount, reference="", *, currency="EUR"):
    payment = Payment(id=id, payer="a", on=date(2026, 4, 1), amount=Money.of(amount, currency), reference=reference)
    with books() as store:
        return desk.receivables.receive(store, payment)


def open_items(desk, books):
    with books() as store:
        return [(item.number, str(item.open)) for item in desk.receivables.open_items(store, "a")]


def test_the_oldest_is_paid_first(world):
    desk, books = world
    pay(desk, books, "p", "200.00")
    assert open_items(desk, books) == [("2026-0002", "EUR 42.00"), ("2026-0003", "EUR 121.00")]


def test_what_the_payer_names_is_paid_before_the_oldest(world):
    desk, books = world
    pay(desk, books, "p", "130.00", "for 2026-0003, thank you")
    assert open_items(desk, books) == [("2026-0001", "EUR 112.00"), ("2026-0002", "EUR 121.00")]


def test_a_number_inside_another_is_not_named(world):
    desk, books = world
    pay(desk, books, "p", "121.00", "12026-0003 and 2026-00031")
    assert open_items(desk, books)[0] == ("2026-0002", "EUR 121.00")


def test_what_is_too_much_stands_on_account_until_there_is_another_bill(world):
    """363.00 is open and 400.00 came in: 37.00 settles a part of the next bill."""
    desk, books = world
    pay(desk, books, "p", "400.00")
    with books() as store:
        assert desk.receivables.on_account(store, "a") == (Money.of("37.00", "EUR"),)
    bill(desk, books, date(2026, 4, 30))
    for _ in range(2):  # the second time there is nothing left to set off
        with books() as store:
            desk.receivables.settle(store, on=date(2026, 4, 30))
    assert open_items(desk, books) == [("2026-0004", "EUR 84.00")]


def test_another_currency_is_not_set_off(world):
    desk, books = world
    pay(desk, books, "p", "50.00", currency="USD")
    assert open_items(desk, books)[0] == ("2026-0001", "EUR 121.00")
    bill(desk, books, date(2026, 4, 30), currency="USD")
    with books() as store:
        desk.receivables.settle(store, on=date(2026, 4, 30))
    assert open_items(desk, books)[-1] == ("2026-0004", "USD 71.00")


def test_the_same_payment_twice_is_one_and_other_content_is_a_conflict(world):
    desk, books = world
    made = pay(desk, books, "p", "121.00")
    assert pay(desk, books, "p", "121.00") == made
    with pytest.raises(Conflict, match="payment p"):
        pay(desk, books, "p", "122.00")
    assert len(open_items(desk, books)) == 2


def test_a_payment_of_somebody_unknown_is_refused(world):
    desk, books = world
    payment = Payment(id="p", payer="x", on=DAYS[0], amount=Money.of(1, "EUR"))
    with books() as store, pytest.raises(NotFound):
        desk.receivables.receive(store, payment)


@pytest.mark.parametrize(("amount", "says"), [("10.01", "payment has 10.00 left"), ("60.00", "left")])
def test_more_than_there_is_cannot_be_allocated(world, amount, says):
    """373.00 came in for 363.00: ten are left, and nothing is open."""
    desk, books = world
    pay(desk, books, "p", "373.00")
    with books() as store:
        [document] = [d.id for d in store.documents.page(limit=1)]
        more = Allocation(id="x", payer="a", payment="p", document=document, on=DAYS[2], amount=Money.of(amount, "EUR"))
        with pytest.raises(OverAllocation, match=says):
            desk.receivables.allocate(store, more)


def test_age_is_counted_from_the_day_it_was_due(world):
    """On 15 April: 60, 32 and 1 days overdue."""
    desk, books = world
    with books() as store:
        [aged] = desk.receivables.ageing(store, on=date(2026, 4, 15))
    assert [str(bucket.amount) for bucket in aged.buckets] == ["0.00", "121.00", "242.00", "0.00", "0.00"]
    assert aged.total.amount == Decimal("363.00")
