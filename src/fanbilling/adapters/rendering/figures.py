"""Figures as people write them: amounts, quantities, percentages and days, in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache

import attrs
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from ...domain.errors import InvalidValue
from ...domain.money import places
from ...domain.periods import Period

#: Which customs of writing belong to a language of the settings.
LOCALES = {"en": "en_GB", "nl": "nl_NL"}

MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"


@attrs.frozen
class Figures:
    """The customs of one language: ``Figures("nl").money(Decimal("1234.5"), "EUR")`` gives ``€ 1.234,50``.

    A minus is printed as a minus sign, not as a hyphen, so that it is as wide as a figure and never breaks off.

    Raises:
        InvalidValue: for a language that documents are not written in.
    """

    language: str

    def __attrs_post_init__(self) -> None:
        """Refuse a language without customs."""
        if self.language not in LOCALES:
            raise InvalidValue(
                f"{self.language!r} is not a language of documents",
                where="language",
                remedy=f"use one of {', '.join(LOCALES)}",
            )

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount with the sign of its currency."""
        return format_currency(amount, currency, locale=self._locale).replace("-", MINUS)

    def amount(self, amount: Decimal, currency: str = "") -> str:
        """Write an amount for a column: no sign of the currency, at least its decimals, and none of them lost."""
        least = places(currency) if currency else 2
        return self._decimal(amount, max(least, _decimals(amount)))

    def number(self, number: Decimal | int) -> str:
        """Write a quantity with just the decimals it needs."""
        return self._decimal(Decimal(number), _decimals(Decimal(number)))

    def percent(self, rate: Decimal) -> str:
        """Write a rate that is kept in percent: 21 gives ``21%``."""
        return f"{self.number(rate)}%"

    def day(self, day: date) -> str:
        """Write a day in full: ``31 januari 2026``."""
        return format_date(day, "d MMMM y", locale=self._locale)

    def short(self, day: date) -> str:
        """Write a day for a column: ``31 jan 2026``."""
        return format_date(day, "d MMM y", locale=self._locale).replace(".", "")

    def span(self, first: date, last: date) -> str:
        """Write a period by its first and its last day, without saying twice what they share."""
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day} {_DASH} {self.day(last)}"
        start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=self._locale)
        return f"{start} {_DASH} {self.day(last)}"

    def period(self, period: Period) -> str:
        """Write a period as people read it: with its last day."""
        return self.span(period.start, period.last_day)

    def country(self, code: str) -> str:
        """Write a country in the reader's language."""
        return str(self._locale.territories.get(code, code))

    @property
    def _locale(self) -> Locale:
        return _locale(self.language)

    def _decimal(self, number: Decimal, decimals: int) -> str:
        pattern = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        return format_decimal(number, pattern, locale=self._locale).replace("-", MINUS)


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def _decimals(number: Decimal) -> int:
    """How many decimals a number needs: 2.50 needs one."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
