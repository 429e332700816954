"""Figures as a database keeps them: money in whole cents (or yen, or fils), so that its sums are exact."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from ....domain.errors import InexactNumber
from ....domain.exact import EXACT
from ....domain.money import places

_LARGEST = 2**63 - 1

decimals = lru_cache(maxsize=256)(places)


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount as a whole number of the currency's smallest unit: 12.50 euro is 1250.

    Raises:
        InexactNumber: for an amount finer than that, or too large for a column.
    """
    number = EXACT.scaleb(amount, decimals(currency))
    whole = int(number)
    if whole != number or not -_LARGEST <= whole <= _LARGEST:
        raise InexactNumber(
            f"{amount} cannot be kept in {currency}", where="storage", remedy="round it where it is computed"
        )
    return whole


def major(whole: int, currency: str) -> Decimal:
    """Return the amount that a whole number of the smallest unit stands for: 1250 is 12.50 euro."""
    return EXACT.scaleb(Decimal(whole), -decimals(currency))
