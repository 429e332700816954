"""What a bank tells is taken at the door or refused there, with what would be right."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.money import Money
from fanbilling.domain.ports.collection import IncomingPayment

TOLD = {"id": "b1", "on": date(2026, 3, 2), "amount": Money.of("25.00", "EUR")}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"id": ""}, "not an id"),
        ({"id": " b1"}, "not an id"),
        ({"on": datetime(2026, 3, 2)}, "day"),  # noqa: DTZ001 - that is what is wrong with it
        ({"on": "2026-03-02"}, "day"),
        ({"amount": Decimal("25.00")}, "an amount of"),
        ({"amount": 25.0}, "an amount of"),
        ({"amount": Money.zero("EUR")}, "a payment of nothing"),
        ({"payer": None}, "not a text"),
        ({"reference": "a\x00b"}, "cannot be printed"),
    ],
)
def test_what_no_bank_can_tell_is_refused(change, problem):
    with pytest.raises(InvalidValue, match=problem):
        IncomingPayment(**TOLD | change)


def test_what_was_taken_back_is_below_zero():
    returned = IncomingPayment(**TOLD | {"amount": Money.of("-25.00", "EUR")})
    assert returned.amount < Money.zero("EUR")
