"""Terms: what decides whether two lines may be set off against each other, and how an item gets them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from .errors import NotFound
from .exact import EXACT, ZERO, rounded
from .items import BillableItem, Price
from .parties import Party
from .periods import Period
from .reasons import Reason
from .vat import Category, Tax, TaxClass, category, rates, tax, why


@attrs.frozen(order=True, cache_hash=True)  # decimals are slow to hash, and terms are looked up several times
class Terms:
    """Payer, currency, VAT, price and kind of document: lines that agree in these can correct one another.

    Texts, headings and ledger accounts are not among them: changing those never causes a correction.
    """

    payer: str
    currency: str
    tax: Tax
    price: Price
    document: str = "invoice"


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
        payer = self.payer(item)
        buyer = self._party(payer)
        quantity = item.quantity
        result = []
        for period in self._pieces(item, buyer):
            if period is None:
                day, share = item.tax_point, quantity
            else:
                day, share = period.start, self._share(item, period)
            position = buyer.position(day)
            terms = Terms(
                payer,
                item.currency,
                tax(item.tax_class, item.supply, self.seller, position, day),
                item.price,
                item.document,
            )
            result.append((terms, share))
        if len(result) > 1:
            terms, share = result[-1]
            result[-1] = (terms, quantity - sum((piece for _, piece in result[:-1]), ZERO))
        return result

    def _pieces(self, item: BillableItem, buyer: Party) -> tuple[Period | None, ...]:
        """Return the pieces of the supplied period, cut where rate or position of the buyer changes."""
        if item.supplied is None:
            return (None,)
        days: list[date] = list(buyer.positions.days) if buyer.positions else []
        if item.tax_class in (TaxClass.STANDARD, TaxClass.REDUCED):
            found, _ = category(item.tax_class, item.supply, self.seller, buyer.position(item.supplied.start))
            if found is Category.STANDARD or days:
                days.extend(rates(self.seller, item.tax_class).days)
        return item.supplied.cut(tuple(days))

    @staticmethod
    def _share(item: BillableItem, period: Period) -> Decimal:
        if item.supplied is None or period == item.supplied:
            return item.quantity
        share = EXACT.divide(EXACT.multiply(item.quantity, Decimal(period.days)), Decimal(item.supplied.days))
        return rounded(share, 6)

    def why(self, item: BillableItem) -> Reason:
        """Say why an item is taxed as it is."""
        day = item.supplied.start if item.supplied else item.tax_point
        position = self._party(self.payer(item)).position(day)
        return why(item.tax_class, item.supply, self.seller, position, day)
