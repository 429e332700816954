"""Terms: what decides whether two lines may be set off against each other, and how an item gets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from .dated import Dated
from .errors import NotFound
from .exact import EXACT, ZERO, rounded
from .items import BillableItem, Price
from .parties import Party
from .periods import Period
from .vat import Category, Tax, TaxClass, rates, tax

_RATED = (TaxClass.STANDARD, TaxClass.REDUCED, TaxClass.REVERSED)


@attrs.frozen(order=True)
class Terms:
    """Payer, currency, VAT, price and kind of document: lines that agree in these can correct one another.

    Texts, headings and ledger accounts are not among them: changing those never causes a correction.
    """

    payer: str
    currency: str
    tax: Tax
    price: Price
    document: str = "invoice"

    def __hash__(self) -> int:
        return hash(self.payer)  # they are looked up among those of one key: a few, and mostly one


@attrs.frozen(kw_only=True)
class Conditions:
    """Everything that turns an item into terms: the seller's country, and the parties with their tax positions."""

    seller: str
    parties: Mapping[str, Party]

    def _party(self, id: str) -> Party:
        try:
            return self.parties[id]
        except KeyError:
            raise NotFound(f"there is no party {id!r}", where="parties", remedy="register it first") from None

    def payer(self, item: BillableItem) -> str:
        """Return who pays for an item: as the item says, or as the client's file said on the day of filing."""
        return item.payer or self._party(item.client).payer(item.key.filed)

    def lots(self, item: BillableItem) -> list[tuple[Terms, Decimal]]:
        """Return the terms of an item with the quantity under each.

        An item supplied over a period is cut where the VAT rate changes, in proportion to the days; the last piece
        takes what rounding left.
        """
        buyer = self._party(self.payer(item))
        supplied = item.supplied
        if supplied is None:
            return [(self._terms(item, buyer, item.tax_point), item.quantity)]
        first = self._terms(item, buyer, supplied.start)
        changes = self._changes(item, supplied, buyer, first.tax)
        if not changes:
            return [(first, item.quantity)]
        *pieces, last = supplied.cut(changes)
        result = [(self._terms(item, buyer, piece.start), _share(item, piece, supplied)) for piece in pieces]
        rest = item.quantity - sum((share for _, share in result), ZERO)
        return [*result, (self._terms(item, buyer, last.start), rest)]

    def _terms(self, item: BillableItem, buyer: Party, day: date) -> Terms:
        taxed = tax(item.tax_class, item.supply, self.seller, buyer.position(day), day)
        return Terms(buyer.id, item.currency, taxed, item.price, item.document)

    def _changes(self, item: BillableItem, supplied: Period, buyer: Party, first: Tax) -> tuple[date, ...]:
        """Return the days inside the supplied period on which the rate or the position of the buyer changes.

        Args:
            first: how the first day is taxed.
        """
        histories: list[Dated[Any]] = [buyer.positions] if buyer.positions else []
        taxed = histories or first.category == Category.STANDARD
        if taxed and item.tax_class in _RATED:
            histories.append(rates(self.seller, item.tax_class))
        start, end = supplied.start, supplied.end
        return tuple([day for history in histories for day, _ in history.steps if start < day < end])


def _share(item: BillableItem, piece: Period, supplied: Period) -> Decimal:
    """Return the quantity of a piece of the supplied period, in proportion to the days."""
    share = EXACT.divide(EXACT.multiply(item.quantity, Decimal(piece.days)), Decimal(supplied.days))
    return rounded(share, 6)
