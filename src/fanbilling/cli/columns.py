"""What a cell of an exchange file may hold, and the sentence to say when it does not.

A `Kind` turns the text of one cell into a value, or into a `Wrong`. Nothing here raises: what people
type is never an exception. Only what has one reading is accepted, because a wrong guess becomes a bill.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeAlias

import attrs

_LONGEST_TEXT: Final = 500
_LONGEST_WHOLE: Final = 15
_LONGEST_FRACTION: Final = 6
_SHOWN: Final = 60
_YEARS: Final = range(1990, 2101)
_TURNED: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that change the direction of writing: they make a name look like another one."""

_PLAIN: Final = re.compile(r"(-?)([0-9]+)(?:[.,]([0-9]+))?")
_GROUPED: Final = re.compile(r"(-?)([1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\3[0-9]{3})*)(?:(?!\3)[.,]([0-9]+))?")
_AMBIGUOUS: Final = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH_DAY: Final = re.compile(r"([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{4})")


@attrs.frozen
class Wrong:
    """Why a value is refused, and what would be right: two sentences for a bookkeeper."""

    problem: str
    expected: str


Problems: TypeAlias = Iterator[tuple[str, Wrong]]
"""Columns, and what is wrong there."""


@attrs.frozen
class Kind:
    """A kind of cell: its name on the reference page, and how its text is read."""

    name: str
    read: Callable[[str], object]
    """The value, or a `Wrong`. Never called with an empty text."""
    empty: object = None
    """What an empty cell means where the column is optional."""


class Later(Enum):
    """What a cell means in a later row of the same id."""

    REPLACES = "replaces"
    """Empty keeps what the earlier row said; anything else replaces it."""
    FIXED = "fixed"
    """Empty, or the same as in the first row."""
    OWN = "own"
    """Says only what it says: nothing is taken from an earlier row."""


@attrs.frozen(kw_only=True)
class Column:
    """One column of an exchange file, described once: for the reader and for the reference page."""

    kind: Kind
    meaning: str
    example: str
    required: bool
    default: object
    later: Later
    name: str | None
    """The name in the file, where it cannot be the name of the field."""
    stands_in: str
    """The file in which this id has to stand, where it is the id of something else."""


def column(
    kind: Kind,
    meaning: str,
    example: str = "",
    *,
    required: bool = False,
    default: object = None,
    later: Later = Later.REPLACES,
    name: str | None = None,
    stands_in: str = "",
) -> Any:
    """Describe a field of a row class as a column."""
    described = Column(
        kind=kind,
        meaning=meaning,
        example=example,
        required=required,
        default=default,
        later=later,
        name=name,
        stands_in=stands_in,
    )
    if required and later is not Later.OWN:
        return attrs.field(metadata={"column": described})
    fallback = kind.empty if default is None or later is Later.OWN else default
    return attrs.field(default=fallback, metadata={"column": described})


def shown(text: str) -> str:
    """The text as it can be shown on a screen: short, and without characters that play tricks."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(c if c.isprintable() and c not in _TURNED else f"\\u{ord(c):04x}" for c in cut)


def close_to(word: str, known: Iterable[str]) -> str:
    """A question after the known word that looks most like this one, or nothing."""
    best = difflib.get_close_matches(word[:_SHOWN], sorted(known), n=1, cutoff=0.6)
    return f"Did you mean {best[0]}?" if best else ""


def hidden(text: str) -> Wrong | None:
    """Refuse a text with characters that no one can see or that no document can print."""
    for place, character in enumerate(text, start=1):
        if character in _TURNED or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            code = f"U+{ord(character):04X}"
            return Wrong(
                f"Character {place} cannot be printed ({code}).", "Type the text again, on one line, without it."
            )
    return None


def _text(text: str) -> str | Wrong:
    if len(text) > _LONGEST_TEXT:
        return Wrong(f"This text has {len(text)} characters.", f"Use {_LONGEST_TEXT} at most.")
    return text


def _number(text: str) -> Decimal | Wrong:
    if _AMBIGUOUS.fullmatch(text):
        whole, thousandths = re.split("[.,]", text)
        return Wrong(
            "This number can be read in two ways, as thousands or as decimals.",
            f"Write {whole}{thousandths} for thousands, or {whole},{thousandths}0 for decimals.",
        )
    if plain := _PLAIN.fullmatch(text):
        sign, whole, fraction = plain.groups(default="")
    elif grouped := _GROUPED.fullmatch(text):
        sign, whole, _, fraction = grouped.groups(default="")
        whole = re.sub("[.,]", "", whole)
    else:
        return Wrong("This is not a number.", "Write digits with at most one decimal comma, such as 1234,50.")
    if len(whole) > _LONGEST_WHOLE:
        return Wrong(f"This number has {len(whole)} digits before the comma.", f"Use {_LONGEST_WHOLE} at most.")
    if len(fraction) > _LONGEST_FRACTION:
        return Wrong(f"This number has {len(fraction)} decimals.", f"Use {_LONGEST_FRACTION} at most.")
    return Decimal(f"{sign}{whole}.{fraction}") or Decimal(0)


def _amount(text: str) -> Decimal | Wrong:
    number = _number(text)
    if isinstance(number, Decimal) and number != round(number, 2):
        return Wrong("This amount has parts of a cent.", "Write an amount with two decimals, such as 1234,50.")
    return number


def _not_negative(text: str) -> Decimal | Wrong:
    number = _number(text)
    if isinstance(number, Decimal) and number < 0:
        return Wrong("This number is negative.", "Write zero or more; to give money back, use credits.csv.")
    return number


def _positive_amount(text: str) -> Decimal | Wrong:
    amount = _amount(text)
    if isinstance(amount, Decimal) and amount <= 0:
        return Wrong("This amount is not more than zero.", "Write what is given, without a minus sign.")
    return amount


def _months(text: str) -> int | Wrong:
    if re.fullmatch("[0-9]{1,3}", text) and int(text) in range(1, 121):
        return int(text)
    return Wrong("This is not a number of months.", "Write a whole number from 1 to 120: 1 monthly, 3 quarterly.")


def _day(text: str) -> date | Wrong:
    if iso := _ISO_DAY.fullmatch(text):
        return _date(*map(int, iso.groups()))
    if dutch := _DUTCH_DAY.fullmatch(text):
        first, second, year = int(dutch[1]), int(dutch[3]), int(dutch[4])
        readings = [day for day in (_date(year, second, first), _date(year, first, second)) if isinstance(day, date)]
        if max(first, second) <= 12 and readings:
            either = " or ".join(dict.fromkeys(day.isoformat() for day in readings))
            return Wrong("This day can be read in two ways, day first or month first.", f"Write {either}.")
        return _date(year, second, first)
    return Wrong("This is not a day.", "Write year, month and day, such as 2026-01-31.")


def _date(year: int, month: int, day: int) -> date | Wrong:
    if year not in _YEARS:
        return Wrong(
            f"The year {year} is out of reach.", f"Write a day in the years {_YEARS.start} to {_YEARS.stop - 1}."
        )
    try:
        return date(year, month, day)
    except ValueError:
        return Wrong("This day is not on the calendar.", "Write year, month and day, such as 2026-01-31.")


def _matching(pattern: str, problem: str, expected: str) -> Callable[[str], object]:
    """Read a text as it is, if it has this form."""
    form = re.compile(pattern)
    return lambda text: text if form.fullmatch(text) else Wrong(problem, expected)


def choice(*words: str) -> Kind:
    """One of these words."""

    def read(text: str) -> object:
        if text in words:
            return text
        hint = close_to(text, words)
        return Wrong("This word is not known here.", " ".join(filter(None, (f"Write {either(words)}.", hint))))

    return Kind(either(words), read, empty="")


def either(words: Sequence[str]) -> str:
    """Write words as a choice: ``one, two or three``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


TEXT: Final = Kind("text", _text, empty="")
ID: Final = Kind(
    "id",
    _matching(
        r"[A-Za-z0-9._/-]{1,64}",
        "This is not an id.",
        "Use 1 to 64 letters, digits, dots, dashes, slashes or underscores, without spaces or accents.",
    ),
    empty="",
)
FACT: Final = Kind(
    "id",
    _matching(
        r"[A-Za-z0-9._/:-]{1,80}",
        "This is not the name of a fact.",
        "Use 1 to 80 letters, digits, dots, dashes, slashes, colons or underscores, such as hours:h1.",
    ),
    empty="",
)
COUNTRY: Final = Kind(
    "country", _matching("[A-Z]{2}", "This is not a country code.", "Write two capitals, such as NL, BE or DE."), ""
)
CURRENCY: Final = Kind(
    "currency", _matching("[A-Z]{3}", "This is not a currency code.", "Write three capitals, such as EUR."), ""
)
UNIT: Final = Kind(
    "unit",
    _matching("[A-Z0-9]{2,3}", "This is not a unit code.", "Write a UN/ECE code: C62 piece, HUR hour, DAY day."),
    "",
)
EMAIL: Final = Kind(
    "e-mail",
    _matching(
        r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,180}\.[^@\s,;<>\".]{2,60}",
        "This is not an e-mail address.",
        "Write one address, such as office@example.nl.",
    ),
    "",
)
ELECTRONIC: Final = Kind(
    "electronic address",
    _matching(
        "([0-9]{4}|[A-Z]{2}):[!-~]{1,100}",
        "This is not an electronic address.",
        "Write scheme and number, such as 0106:12345678 for a number of the Dutch trade register.",
    ),
    "",
)
DAY: Final = Kind("day", _day)
NUMBER: Final = Kind("number, 0 or more", _not_negative)
AMOUNT: Final = Kind("amount", _amount)
GIVEN: Final = Kind("amount above 0", _positive_amount)
MONTHS: Final = Kind("months", _months)
YES_NO: Final = choice("yes", "no")
TAX: Final = choice("standard", "reduced", "zero", "exempt", "outside", "reversed")
ENTERED: Final = "Day the row became known; a run on an earlier day does not see it. Empty: always known"
"""What the column `entered` means; every table has it, last."""
