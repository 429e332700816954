"""The stores that tests run on: each is fresh, and keeps whatever the desks keep."""

from __future__ import annotations

from datetime import date

import pytest

from fanbilling import Money, Party, Payment, Price
from fanbilling.sources.manual import Line
from tests.desks.worlds import office
from tests.stores import STORES, kept


@pytest.mark.parametrize("store", STORES)
def test_books_that_were_used_before_are_empty(store):
    """Tables that are lent again hold nothing, and numbering begins again."""
    desk, work = office(), Line(id="w", client="a", on=date(2026, 1, 1), text="Work", price=Price.of("100.00"))
    for _ in range(2):
        with STORES[store](desk) as books:
            with books() as opened:
                assert not any(kept(opened, desk.records).values())
                desk.crm.register(opened, Party(id="a", name="A"), on=date(2026, 1, 1))
                desk.manual.add(opened, work, on=date(2026, 1, 1))
            assert desk.billing.run(books, until=date(2026, 1, 31), on=date(2026, 1, 31)).documents == 1


@pytest.mark.parametrize("store", STORES)
def test_a_key_may_be_called_as_a_word_of_the_database(store):
    """The day of a payment is its key ``on``: many at once are kept all the same."""
    with STORES[store](office()) as books, books() as opened:
        opened.add(*payments())
        assert opened.find(Payment, order_by="on") == payments()


def payments():
    return [Payment(id=f"p{day}", payer="a", on=date(2026, 1, day), amount=Money.of(day, "EUR")) for day in (1, 2, 3)]
