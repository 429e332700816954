"""Money: an amount in the smallest unit of one currency, exact, never a float."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Self

import attrs

from .errors import ForeignCurrency, InexactNumber, InvalidValue
from .exact import EXACT, exact, rounded, split

#: Sums of amounts stay below this; a single amount stays below 10^15.
LARGEST_SUM = Decimal(10) ** 24

#: Decimals of each currency, from ISO 4217 (list one, January 2026); every other known currency has two.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


@lru_cache(maxsize=256)
def places(currency: str) -> int:
    """Return how many decimals an amount in this currency has (euro 2, yen 0, dinar 3).

    Raises:
        InvalidValue: when the text is not a three-letter currency code.
    """
    exponent = EXPONENTS.get(currency)
    if exponent is not None:
        return exponent
    if not (len(str(currency)) == 3 and currency.isascii() and currency.isupper()):
        raise InvalidValue(f"{currency!r} is not a currency", where="currency", remedy='write a code such as "EUR"')
    return 2


@attrs.frozen(order=False)
class Money:
    """An amount that can be paid: whole cents (or yen, or fils) of one currency.

    Sums and differences are exact and refuse another currency. A product with a rate is rounded half up only when
    asked for with :meth:`times`.

    Raises:
        InexactNumber: for a float, NaN, infinity, or finer than the currency's smallest unit.
        ForeignCurrency: when two currencies meet.
    """

    amount: Decimal
    currency: str

    def __attrs_post_init__(self) -> None:
        """Refuse what is not exact, and give the amount its currency's decimals."""
        if type(self.amount) is not Decimal:
            raise InexactNumber(
                f"{self.amount!r} is a {type(self.amount).__name__}, not a Decimal",
                where="Money",
                remedy='write Money.of("12.50", "EUR")',
            )
        number = exact(self.amount, where="Money", below=LARGEST_SUM)
        fixed = rounded(number, places(self.currency))
        if fixed != number:
            raise InexactNumber(
                f"{number} has more decimals than {self.currency}",
                where="Money",
                remedy="round it where it is computed",
            )
        object.__setattr__(self, "amount", fixed)

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Build money from text, a whole number or a decimal: ``Money.of("12.50", "EUR")``."""
        return cls(exact(amount, where="Money"), currency)

    @classmethod
    def rounding(cls, amount: Decimal, currency: str) -> Self:
        """Build money from a finer figure, rounded half up to the currency's smallest unit."""
        return cls(rounded(amount, places(currency)), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing at all, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """Add up amounts of one currency; the sum of none is zero."""
        result: Money = cls.zero(currency)
        for amount in amounts:
            result += amount
        return result

    def _same(self, other: Money) -> Decimal:
        if self.currency != other.currency:
            raise ForeignCurrency(
                f"{other} cannot be combined with {self}", where="Money", remedy="convert it first, at a stated rate"
            )
        return other.amount

    def __add__(self, other: Money) -> Self:
        if not isinstance(other, Money):
            return NotImplemented
        return type(self)(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: Money) -> Self:
        if not isinstance(other, Money):
            return NotImplemented
        return type(self)(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> Self:
        return type(self)(self.amount.copy_negate() if self.amount else self.amount, self.currency)

    def __abs__(self) -> Self:
        return type(self)(self.amount.copy_abs(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other)

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    def times(self, factor: Decimal | int) -> Self:
        """Multiply by a quantity or a rate and round once, half up."""
        return self.rounding(EXACT.multiply(self.amount, exact(factor, where="factor")), self.currency)

    def split(self, weights: Sequence[Decimal | int]) -> tuple[Self, ...]:
        """Split in proportion to weights; the parts always add up to the whole (law L11)."""
        parts = split(self.amount, [exact(weight, where="weight") for weight in weights], places(self.currency))
        return tuple(type(self)(part, self.currency) for part in parts)
