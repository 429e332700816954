"""Figures are written as people in each language write them."""

from datetime import date
from decimal import Decimal

import pytest

from fanbilling.adapters.rendering.figures import Figures
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.periods import Period

NL, EN = Figures("nl"), Figures("en")


def test_money_has_the_sign_of_its_currency():
    assert NL.money(Decimal("1234.5"), "EUR") == "€\xa01.234,50"
    assert EN.money(Decimal("1234.5"), "EUR") == "€1,234.50"
    assert NL.money(Decimal("-0.05"), "EUR") == "€\xa0−0,05"
    assert EN.money(Decimal(1234), "JPY") == "JP¥1,234"


def test_an_amount_loses_no_decimal():
    assert NL.amount(Decimal("0.0375"), "EUR") == "0,0375"
    assert NL.amount(Decimal(100), "EUR") == "100,00"
    assert NL.amount(Decimal("100.10"), "EUR") == "100,10"
    assert NL.amount(Decimal(100), "JPY") == "100"
    assert EN.amount(Decimal("123456789012.34"), "EUR") == "123,456,789,012.34"


def test_a_quantity_has_the_decimals_it_needs():
    assert NL.number(Decimal("6.50")) == "6,5"
    assert NL.number(Decimal("31.000000")) == "31"
    assert EN.number(Decimal("-1250.125")) == "−1,250.125"
    assert NL.percent(Decimal(21)) == "21%"
    assert NL.percent(Decimal("5.5")) == "5,5%"


def test_a_period_is_written_with_its_last_day_and_nothing_twice():
    assert NL.period(Period(date(2026, 1, 1), date(2026, 2, 1))) == "1 – 31 januari 2026"
    assert NL.period(Period(date(2026, 1, 1), date(2026, 4, 1))) == "1 januari – 31 maart 2026"
    assert EN.period(Period(date(2025, 12, 16), date(2026, 1, 16))) == "16 December 2025 – 15 January 2026"
    assert NL.period(Period(date(2026, 1, 31), date(2026, 2, 1))) == "31 januari 2026"


def test_a_country_is_written_in_the_language_of_the_reader():
    assert (NL.country("DE"), EN.country("DE"), EN.country("QQ")) == ("Duitsland", "Germany", "QQ")


def test_a_language_without_customs_is_refused():
    with pytest.raises(InvalidValue, match="language"):
        Figures("tlh")
