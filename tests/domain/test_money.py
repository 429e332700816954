"""Money: whole units of one currency, rounded half up only when asked."""

from decimal import Decimal

import pytest

from fanbilling.domain.exact import between, exact
from fanbilling.domain.money import Money, places


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12.50", "12.50"),
        ("-3", "-3"),
        ("+3", "3"),
        (7, "7"),
        (-7, "-7"),
        (Decimal("1E+3"), "1000"),
        ("007.10", "7.10"),
    ],
    ids=[
        "text",
        "minus",
        "plus",
        "a whole number",
        "a negative whole number",
        "an exponent in a decimal",
        "zeros in front",
    ],
)
def test_an_exact_number_is_taken_as_it_is_written(written, number):
    assert f"{exact(written):f}" == number


@pytest.mark.parametrize(
    ("currency", "decimals"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)], ids=str
)
def test_a_currency_has_the_decimals_of_iso_4217(currency, decimals):
    assert places(currency) == decimals
    assert -Money.zero(currency).amount.as_tuple().exponent == decimals


@pytest.mark.parametrize(
    ("amount", "factor", "result"),
    [
        ("0.05", "0.5", "0.03"),
        ("-0.05", "0.5", "-0.03"),
        ("100.00", "0.21", "21.00"),
        ("33.33", "0.21", "7.00"),
        ("0.10", "0.04", "0.00"),
        ("10.00", 3, "30.00"),
    ],
    ids=["0.025 goes up", "-0.025 goes down", "exact", "6.9993", "0.004", "a whole factor"],
)
def test_a_product_is_rounded_once_half_up_on_the_magnitude(amount, factor, result):
    factor = factor if isinstance(factor, int) else Decimal(factor)
    assert Money.of(amount, "EUR").times(factor) == Money.of(result, "EUR")


@pytest.mark.parametrize(
    ("finer", "currency", "amount"),
    [("2.345", "EUR", "2.35"), ("-2.345", "EUR", "-2.35"), ("2.5", "JPY", "3"), ("0.0005", "KWD", "0.001")],
    ids=["euro", "negative", "yen", "dinar"],
)
def test_a_finer_figure_is_rounded_to_the_unit_of_its_currency(finer, currency, amount):
    assert Money.rounding(Decimal(finer), currency) == Money.of(amount, currency)


def test_sums_differences_and_signs_are_exact():
    one, half = Money.of("1.00", "EUR"), Money.of("0.50", "EUR")
    assert (one + half, one - half, -half, abs(-half)) == (
        Money.of("1.50", "EUR"),
        Money.of("0.50", "EUR"),
        Money.of("-0.50", "EUR"),
        Money.of("0.50", "EUR"),
    )
    assert half < one <= Money.of("1.00", "EUR")
    assert one > half >= Money.of("0.50", "EUR")
    assert Money.total([one, half, half], "EUR") == Money.of("2.00", "EUR")
    assert Money.total([], "EUR") == Money.zero("EUR")
    assert not Money.zero("EUR")
    assert str(-Money.zero("EUR")) == "EUR 0.00"


@pytest.mark.parametrize(
    ("number", "limit", "kept"),
    [(5, 3, 3), (2, 3, 2), (-2, 3, 0), (-5, -3, -3), (-2, -3, -2), (2, -3, 0), (4, 0, 0), (-4, 0, 0)],
    ids=[
        "above",
        "within",
        "other side",
        "below",
        "within, negative",
        "other side, negative",
        "no room",
        "no room below",
    ],
)
def test_a_number_is_kept_between_zero_and_a_limit_of_either_sign(number, limit, kept):
    assert between(Decimal(number), Decimal(limit)) == kept
