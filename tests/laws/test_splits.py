"""Law L11: every split adds up to the whole, and the leftover cent has its place."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.exact import split
from fanbilling.domain.lots import Lot
from fanbilling.domain.money import Money, places

currencies = st.sampled_from(("EUR", "JPY", "KWD", "CLF"))
weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12)
units = st.integers(-(10**9), 10**9)


def money(units, currency):
    return Money(Decimal(units).scaleb(-places(currency)), currency)


@given(units, currencies, weights)
def test_l11_the_parts_add_up_to_the_whole(units, currency, weights):
    assume(any(weights))
    whole = money(units, currency)
    assert Money.total(whole.split(weights), currency) == whole


@given(units, weights)
def test_l11_no_part_is_a_whole_cent_off(units, weights):
    assume(any(weights))
    for part, weight in zip(split(Decimal(units), weights, 0), weights, strict=True):
        assert abs(Fraction(part) - Fraction(units) * Fraction(weight) / Fraction(sum(weights))) < 1


@given(units, weights)
def test_l11_the_split_of_a_negative_amount_mirrors_the_positive_one(units, weights):
    assume(any(weights))
    assert split(Decimal(-units), weights, 0) == tuple(-part for part in split(Decimal(units), weights, 0))


@given(units, weights)
def test_l11_who_has_no_weight_gets_nothing(units, weights):
    assume(any(weights))
    assert all(not part for part, weight in zip(split(Decimal(units), weights, 0), weights, strict=True) if not weight)


@pytest.mark.parametrize(
    ("amount", "by", "parts"),
    [
        ("10.00", (1, 1, 1), ("3.34", "3.33", "3.33")),
        ("-10.00", (1, 1, 1), ("-3.34", "-3.33", "-3.33")),
        ("0.01", (1, 1), ("0.01", "0.00")),
        ("1.00", (1, 2, 4), ("0.14", "0.29", "0.57")),
        ("0.05", (3, 7), ("0.02", "0.03")),
        ("0.00", (1, 2), ("0.00", "0.00")),
        ("100.00", (0, 0, 1), ("0.00", "0.00", "100.00")),
    ],
    ids=[
        "the first of equals gets the cent",
        "also of a negative amount",
        "one cent for two",
        "the largest remainder gets the cent: 14.28…, 28.57…, 57.14…",
        "of equal remainders the first: 1.5 and 3.5",
        "nothing is split into nothings",
        "all to one",
    ],
)
def test_l11_the_leftover_cent_goes_to_the_largest_remainder(amount, by, parts):
    assert split(Decimal(amount), [Decimal(weight) for weight in by], 2) == tuple(Decimal(part) for part in parts)


@pytest.mark.parametrize("by", [(), (0, 0), (1, -1, 3)], ids=["no weights", "only zeros", "a negative one"])
def test_l11_a_split_needs_something_to_split_by(by):
    with pytest.raises(InvalidValue, match="nothing to split by"):
        split(Decimal("1.00"), [Decimal(weight) for weight in by], 2)


@given(st.integers(0, 10**7), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_l11_lots_shared_out_one_after_another_end_at_zero(units, quantities):
    lot = Lot(Decimal(sum(quantities)), Decimal(units).scaleb(-2))
    for quantity in quantities:
        share = lot.share(Decimal(quantity), "EUR")
        lot -= share
        assert share.amount >= 0
        assert lot.amount >= 0
    assert lot == Lot(Decimal(0), Decimal(0))


def test_l11_the_share_that_is_all_of_it_is_the_whole_also_when_its_quantity_is_zero():
    money_alone = Lot(Decimal(0), Decimal("0.01"))
    assert money_alone.share(Decimal(0), "EUR") is money_alone
