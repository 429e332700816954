"""Law L12: only exact numbers, and a result that does not depend on the caller's decimal settings."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, Inexact, Rounded, getcontext, localcontext

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.domain.decisions import Decision, DecisionKind
from fanbilling.domain.errors import ForeignCurrency, InexactNumber, InvalidValue
from fanbilling.domain.exact import exact, rounded, split
from fanbilling.domain.items import Price
from fanbilling.domain.lots import Lot
from fanbilling.domain.money import Money
from fanbilling.domain.vat import TaxClass
from tests.laws.engine import ACROSS, KEYS, ON, Books, thing
from tests.laws.test_documents import many

INEXACT = {
    "a float": 1.5,
    "a whole float": 1.0,
    "not a number": Decimal("NaN"),
    "a signalling not-a-number": Decimal("sNaN"),
    "infinity": Decimal("Infinity"),
    "minus infinity": Decimal("-Infinity"),
    "a truth value": True,
    "nothing": None,
    "the text of infinity": "Infinity",
    "an exponent": "1e3",
    "a decimal comma": "12,50",
    "thousands marked": "1_000",
    "digits of another script": "١٢",
    "a full-width digit": "１",
    "spaces": " 1",
    "no digits": "",
    "a sign alone": "-",
    "a point alone": ".",
    "10^15": Decimal(10) ** 15,
    "a whole number of 10^15": 10**15,
    "eleven decimals": Decimal("0.00000000001"),
    "a very long text": "1" * 41,
}
inexact = pytest.mark.parametrize("number", INEXACT.values(), ids=INEXACT.keys())

CONTEXTS = {
    "three digits": Context(prec=3),
    "rounding up": Context(prec=28, rounding=ROUND_CEILING),
    "three digits, rounding down": Context(prec=3, rounding=ROUND_FLOOR),
    "a trap for every rounding": Context(prec=28, traps=[Inexact, Rounded]),
    "three digits and a trap": Context(prec=3, traps=[Inexact, Rounded]),
}
contexts = pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS.keys())


@inexact
def test_l12_an_inexact_number_is_refused(number):
    with pytest.raises(InexactNumber):
        exact(number)


@inexact
def test_l12_money_of_an_inexact_number_is_refused(number):
    with pytest.raises(InexactNumber):
        Money.of(number, "EUR")
    if isinstance(number, Decimal) and number.is_finite() and number > 1:
        number *= 10**9  # a sum may be larger than any single amount
    with pytest.raises(InexactNumber):
        Money(number, "EUR")


@inexact
def test_l12_a_price_of_an_inexact_number_is_refused(number):
    with pytest.raises(InexactNumber):
        Price.of(number)
    with pytest.raises(InexactNumber):
        Price.of("1.00", per=number)


@pytest.mark.parametrize(
    "number", [n for n in INEXACT.values() if n is not None], ids=[n for n in INEXACT if n != "nothing"]
)
def test_l12_a_decision_on_an_inexact_number_is_refused(number):
    for field in ("quantity", "amount"):
        with pytest.raises(InexactNumber):
            Decision(
                id="d",
                key=KEYS[0],
                kind=DecisionKind.CONCEDED,
                reason="x",
                on=ON,
                **{"amount": Decimal(1), field: number},
            )


@pytest.mark.parametrize(
    "quantity",
    [1.5, True, 1, Decimal("NaN"), Decimal("Infinity"), "1"],
    ids=["a float", "a truth value", "a whole number", "not a number", "infinity", "text"],
)
def test_l12_a_source_that_answers_with_an_inexact_quantity_is_refused(quantity):
    books = Books(attrs.evolve(thing(), quantity=quantity))
    with pytest.raises(InexactNumber, match="laws/agreement-ada"):
        books.bill()


def test_l12_another_currency_is_refused_in_every_sum_and_comparison():
    euro, dollar = Money.of(1, "EUR"), Money.of(1, "USD")
    for meet in (
        lambda: euro + dollar,
        lambda: euro - dollar,
        lambda: euro < dollar,
        lambda: euro <= dollar,
        lambda: euro > dollar,
        lambda: euro >= dollar,
        lambda: Money.total([euro, dollar], "EUR"),
    ):
        with pytest.raises(ForeignCurrency):
            meet()
    assert euro != dollar


def test_l12_money_does_not_meet_a_bare_number():
    for meet in (lambda: Money.of(1, "EUR") + 1, lambda: Money.of(1, "EUR") - Decimal(1)):
        with pytest.raises(TypeError):
            meet()


def test_l12_money_finer_than_its_currency_is_refused():
    for amount, currency in (("0.001", "EUR"), ("0.5", "JPY"), ("0.0001", "KWD")):
        with pytest.raises(InexactNumber, match="decimals"):
            Money.of(amount, currency)
    assert str(Money.of("0.001", "KWD")) == "KWD 0.001"


@pytest.mark.parametrize("currency", ["eur", "EU", "EURO", "€", "", "ＥＵＲ"])
def test_l12_what_is_no_currency_is_refused(currency):
    with pytest.raises(InvalidValue, match="not a currency"):
        Money.of(1, currency)


@contexts
def test_l12_sums_do_not_depend_on_the_callers_decimal_settings(context):
    with localcontext(context):
        lot = Lot(Decimal("12345.678"), Decimal("99999.99"))
        assert lot + lot == Lot(Decimal("24691.356"), Decimal("199999.98"))
        assert lot - lot == Lot(Decimal(0), Decimal(0))
        assert (-lot).amount == Decimal("-99999.99")
        assert lot.share(Decimal("12345.677"), "EUR").amount == Decimal("99999.98")
        assert (Money.of("12345.67", "EUR") + Money.of("0.01", "EUR")).amount == Decimal("12345.68")
        assert Money.of("12345.67", "EUR").times(3).amount == Decimal("37037.01")
        assert rounded(Decimal("12345.675"), 2) == Decimal("12345.68")
        assert rounded(Decimal("-12345.675"), 2) == Decimal("-12345.68")
        assert split(Decimal("10000.00"), [Decimal(1)] * 3, 2)[0] == Decimal("3333.34")
        assert Price.of("100000.01", per=31).total(Decimal(16), 2) == Decimal("51612.91")


@given(items=many)
def test_l12_bills_do_not_depend_on_the_callers_decimal_settings(items):
    expected = Books(*items).bill()
    for context in CONTEXTS.values():
        books = Books(*items)
        with localcontext(context):
            assert books.bill() == expected
            assert books.preview() == ()
            for line in [entry for key in KEYS for entry in books.lines(key)][:1]:
                if line.lot:
                    books.credit(line)


@contexts
def test_l12_the_callers_settings_are_left_as_they_were(context):
    with localcontext(context):
        before = getcontext().copy()
        Books(thing(quantity="31", tax=TaxClass.REDUCED, supplied=ACROSS)).bill()
        with pytest.raises(InvalidValue):
            split(Decimal(1), [], 2)
        assert (getcontext().prec, getcontext().rounding, getcontext().traps) == (
            before.prec,
            before.rounding,
            before.traps,
        )


@given(st.decimals(-(10**9), 10**9, places=5), st.integers(0, 4))
def test_l12_rounding_is_half_up_on_the_magnitude(number, places):
    unit = Decimal(1).scaleb(-places)
    result = rounded(number, places)
    assert abs(result - number) * 2 <= unit
    assert rounded(-number, places) == -result
    if abs(result - number) * 2 == unit:
        assert abs(result) > abs(number)
