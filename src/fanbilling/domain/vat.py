"""VAT: which category and rate a supply has on a day, and how the tax of a document is shared out.

Categories are those of EN 16931 (UNTDID 5305). Rates are dated data with their source.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

import attrs

from .dated import Dated
from .errors import NotFound, RuleViolation
from .parties import EU, TaxPosition
from .texts import one_of


class TaxClass(StrEnum):
    """How a thing is taxed at home, before looking at who buys it.

    *Reversed* is what a business here owes the VAT on itself: work of a subcontractor on a building or a ship, and the
    lending of people for it (Uitvoeringsbesluit omzetbelasting 1968 art. 24b). Sold abroad it is taxed as *standard*.
    """

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"
    OUTSIDE = "outside"
    REVERSED = "reversed"


class Supply(StrEnum):
    """Whether a thing or a service is sold: across a border that changes the VAT."""

    GOODS = "goods"
    SERVICES = "services"


def to_tax_class(word: TaxClass | str) -> TaxClass:
    """Turn a word into a tax class, or refuse it."""
    return one_of(TaxClass, word)


def to_supply(word: Supply | str) -> Supply:
    """Turn a word into goods or services, or refuse it."""
    return one_of(Supply, word)


class Category(StrEnum):
    """The VAT category of a line (EN 16931, BT-151)."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE = "O"


@attrs.frozen(order=True, cache_hash=True)  # sums per rate look it up again and again
class Tax:
    """A VAT category with its rate in percent; only category S has a rate above zero."""

    category: str
    rate: Decimal


#: Dutch rates in percent. Source: Wet op de omzetbelasting 1968 art. 9 as changed per 1 October 2012 and
#: 1 January 2019; Tabel I (reduced) and II (zero).
RATES: dict[str, dict[TaxClass, Dated[Decimal]]] = {
    "NL": {
        TaxClass.STANDARD: Dated(((date(2001, 1, 1), Decimal(19)), (date(2012, 10, 1), Decimal(21)))),
        TaxClass.REDUCED: Dated(((date(2001, 1, 1), Decimal(6)), (date(2019, 1, 1), Decimal(9)))),
    },
}

_RULES = {
    "S": "vat.domestic",
    "Z": "vat.zero",
    "E": "vat.exempt",
    "AE": "vat.reverse-charge",
    "K": "vat.intra-community",
    "G": "vat.export",
    "O": "vat.outside",
}
_AT_HOME = {TaxClass.ZERO: Category.ZERO, TaxClass.EXEMPT: Category.EXEMPT, TaxClass.OUTSIDE: Category.OUTSIDE}


def category(tax_class: TaxClass, supply: Supply, seller: str, buyer: TaxPosition) -> Category:
    """Say in which category a supply falls.

    Services to a business in another member state, and goods to one with a VAT number there, are taxed by the buyer
    (Directive 2006/112/EC art. 44, 138, 196); outside the Union goods are exported (art. 146) and services to a
    business are not subject to VAT here. A buyer in the Union without a VAT number is charged the rate at home
    (Regulation 282/2011 art. 18).

    Raises:
        RuleViolation: when the VAT is reversed at home to a buyer without a VAT number.
    """
    if tax_class in _AT_HOME:
        return _AT_HOME[tax_class]
    if buyer.country == seller:
        return _reversed(buyer) if tax_class is TaxClass.REVERSED else Category.STANDARD
    return _within_union(supply, buyer) if buyer.country in EU else _outside_union(supply, buyer)


def _reversed(buyer: TaxPosition) -> Category:
    """Let the buyer owe the VAT, who has to have a number for it (Wet OB art. 35a(1)(d))."""
    if not buyer.vat_id:
        raise RuleViolation(
            "the VAT is reversed to a buyer without a VAT number", where="vat", remedy="enter the number, or charge VAT"
        )
    return Category.REVERSE_CHARGE


def _within_union(supply: Supply, buyer: TaxPosition) -> Category:
    if not buyer.vat_id:  # only a business has one
        return Category.STANDARD
    return Category.INTRA_COMMUNITY if supply is Supply.GOODS else Category.REVERSE_CHARGE


def _outside_union(supply: Supply, buyer: TaxPosition) -> Category:
    if supply is Supply.GOODS:
        return Category.EXPORT
    return Category.OUTSIDE if buyer.business else Category.STANDARD


def rule(category: str, seller: str, buyer: str) -> str:
    """Say by which rule a category applies between two countries, as a code for which there are words."""
    abroad = buyer not in ("", seller)
    if category == Category.STANDARD and abroad:
        return "vat.no-vat-number" if buyer in EU else "vat.consumer-abroad"
    if category == Category.OUTSIDE and abroad:
        return "vat.outside-union"
    return _RULES[category]


def rates(country: str, tax_class: TaxClass) -> Dated[Decimal]:
    """Return the dated rates of a country.

    Raises:
        NotFound: when no rates are known for the country or the class.
    """
    try:
        return RATES[country][TaxClass.STANDARD if tax_class is TaxClass.REVERSED else tax_class]
    except KeyError:
        raise NotFound(
            f"no {tax_class} VAT rates are known for {country}",
            where="vat",
            remedy="add them to the rates with their source",
        ) from None


def tax(tax_class: TaxClass, supply: Supply, seller: str, buyer: TaxPosition, day: date) -> Tax:
    """Return category and rate of a supply on a day."""
    found = category(tax_class, supply, seller, buyer)
    if found is not Category.STANDARD:
        return _shared(found.value, "0")
    return _shared(found.value, str(rates(seller, tax_class).at(day)))


@lru_cache(maxsize=256)
def _shared(category: str, rate: str) -> Tax:
    """Return one value for everybody who is taxed alike; by the text of the rate, for 21 and 21.0 print apart."""
    return Tax(category, Decimal(rate))
