"""Exact decimal numbers: how they are checked at the door, and the one way in which they are rounded.

Rounding is half up on the magnitude, as the Dutch VAT decree asks (Uitvoeringsbesluit OB art. 5a).
Every computation runs in one context of 60 digits, whatever context the caller has set.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import (
    ROUND_HALF_UP,
    Clamped,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    getcontext,
    setcontext,
)
from functools import wraps
from typing import ParamSpec, TypeVar

from .errors import InexactNumber, InvalidValue

P = ParamSpec("P")
R = TypeVar("R")

#: The context of every computation: wide enough that only the last step rounds.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[InvalidOperation, DivisionByZero, Overflow, Clamped])

ZERO = Decimal(0)
LARGEST = Decimal(10) ** 15
_FINEST = -10
_QUANTA = tuple(Decimal(1).scaleb(-places) for places in range(11))


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function in the exact context, so that the caller's decimal settings cannot change a cent."""

    @wraps(function)
    def within(*args: P.args, **kwargs: P.kwargs) -> R:
        caller = getcontext()
        if caller is EXACT:  # called from a computation: there is nothing to change
            return function(*args, **kwargs)
        setcontext(EXACT)
        try:
            return function(*args, **kwargs)
        finally:
            setcontext(caller)

    return within


def exact(number: Decimal | int | str, *, where: str = "number", below: Decimal = LARGEST) -> Decimal:
    """Return the number as an exact decimal, or refuse it.

    Accepts a ``Decimal``, a whole number, or plain text such as ``"12.50"``; refuses floats, booleans, NaN,
    infinity, numbers of 10^15 and more, and more than ten decimals.

    Raises:
        InexactNumber: for anything that is not an exact number within those bounds.
    """
    if isinstance(number, bool) or not isinstance(number, (Decimal, int, str)):
        raise InexactNumber(
            f"{number!r} is a {type(number).__name__}, not an exact number",
            where=where,
            remedy='write Decimal("12.50") or "12.50"',
        )
    if isinstance(number, int):
        if abs(number) >= 10**15:
            raise InexactNumber("the number is too large", where=where, remedy="stay below 10^15")
        return Decimal(number)
    if isinstance(number, str):
        if len(number) > 40 or not _plain(number):
            raise InexactNumber(f"{number[:40]!r} is not a plain number", where=where, remedy='write it as "12.50"')
        number = Decimal(number)
    if not number.is_finite():
        raise InexactNumber(f"{number} is not a number that can be billed", where=where, remedy="give a finite amount")
    exponent = number.as_tuple().exponent
    if number.copy_abs() >= below or not isinstance(exponent, int) or exponent < _FINEST:
        raise InexactNumber(
            f"{number} is too large or too fine",
            where=where,
            remedy=f"stay below {below:.0e}, with at most ten decimals",
        )
    return number if exponent <= 0 else EXACT.quantize(number, Decimal(1))


def an_exact(number: Decimal, *, where: str) -> Decimal:
    """Return a decimal that is exact and within bounds, or refuse anything else, texts and whole numbers included.

    Raises:
        InexactNumber: for anything else.
    """
    if type(number) is not Decimal:
        raise InexactNumber(f"{number!r} is not a Decimal", where=where, remedy='write Decimal("12.50")')
    return exact(number, where=where)


def _plain(text: str) -> bool:
    """Whether text is an optional sign, ASCII digits, and at most one point between digits."""
    digits = text[1:] if text[:1] in "+-" else text
    whole, point, decimals = digits.partition(".")
    parts = (whole, decimals) if point else (whole,)
    return all(part.isascii() and part.isdigit() for part in parts)


def rounded(number: Decimal, places: int) -> Decimal:
    """Round half up on the magnitude: 0.125 becomes 0.13 and -0.125 becomes -0.13."""
    return EXACT.quantize(number, _QUANTA[places])


def between(number: Decimal, limit: Decimal) -> Decimal:
    """Keep a number between zero and a limit of either sign."""
    if limit >= 0:
        return ZERO if number <= 0 else min(number, limit)
    return ZERO if number >= 0 else max(number, limit)


@exactly
def split(amount: Decimal, weights: Sequence[Decimal], places: int) -> tuple[Decimal, ...]:
    """Split an amount in proportion to weights, without losing or inventing a cent.

    The largest remainder gets the left-over cent, the first of equals before the later; the split of a negative
    amount mirrors that of the positive one.

    Args:
        amount: what to split, with at most ``places`` decimals.
        weights: one per part, not negative, not all zero.
        places: the decimals of the smallest unit.

    Raises:
        InvalidValue: when there are no weights, a negative one, or only zeros.
    """
    total = sum(weights, ZERO)
    if not weights or total <= 0 or any(weight < 0 for weight in weights):
        raise InvalidValue(
            "nothing to split by", where="weights", remedy="give weights of zero or more, one above zero"
        )
    unit = _QUANTA[places]
    size = int(EXACT.divide(amount.copy_abs(), unit))
    floors, remainders = [], []
    for weight in weights:
        exact_share = size * weight
        floor = int(EXACT.divide_int(exact_share, total))
        floors.append(floor)
        remainders.append(exact_share - floor * total)
    order = sorted(range(len(weights)), key=lambda i: -remainders[i])
    for i in order[: size - sum(floors)]:
        floors[i] += 1
    sign = -1 if amount < 0 else 1
    return tuple(sign * floor * unit for floor in floors)
