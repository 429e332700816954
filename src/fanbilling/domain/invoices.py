"""Issued documents: invoices and credit notes, with everything that was printed, never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from .administrations import Seller
from .exact import ZERO, exactly, rounded
from .items import LUMP_SUM, ItemKey, Price
from .money import Money, places
from .parties import Address
from .periods import Period
from .reasons import Reason
from .vat import Tax


class DocumentKind(StrEnum):
    """What a document is: its total decides."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"


@attrs.frozen(kw_only=True)
class Buyer:
    """Who pays, as printed: a copy from the day of issue."""

    id: str
    name: str
    attention: str
    address: Address
    vat_id: str
    registration: str
    email: str
    reference: str = ""
    electronic_address: str = ""


@attrs.frozen(kw_only=True)
class InvoiceLine:
    """One printed line: what was taken from, or given back to, one key.

    Amounts are in the currency of the document. ``quantity`` and ``net`` are negative where something is given back.
    """

    number: int
    key: ItemKey
    client: str
    title: str
    text: str
    quantity: Decimal
    price: Price
    net: Decimal
    tax: Tax
    vat: Decimal
    because: Reason
    supplied: Period | None = None
    corrects: str = ""


@attrs.frozen(kw_only=True)
class TaxSubtotal:
    """The taxable amount and the VAT of one category and rate."""

    tax: Tax
    base: Decimal
    vat: Decimal


@attrs.frozen(kw_only=True)
class Totals:
    """The figures at the foot (EN 16931: BT-106, BT-109, BT-110, BT-112, BT-115)."""

    lines: Decimal
    taxable: Decimal
    tax: Decimal
    total: Decimal
    payable: Decimal


@attrs.frozen(kw_only=True)
class Preceding:
    """A document that this one corrects: its number and date (EN 16931, BG-3)."""

    number: str
    on: date


@attrs.frozen(kw_only=True)
class Invoice:
    """An issued document, sealed: who, whom, what, why, and how much.

    ``number`` and ``place`` are given at the last moment, when everything else is already fixed.
    """

    id: str
    kind: DocumentKind
    series: str
    on: date
    due: date
    until: date
    seller: Seller
    buyer: Buyer
    currency: str
    language: str
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[TaxSubtotal, ...]
    totals: Totals
    preceding: tuple[Preceding, ...] = ()
    number: str = ""
    place: int = 0

    @property
    def payable(self) -> Money:
        """What is to be paid; negative when we owe it."""
        return Money(self.totals.payable, self.currency)

    @property
    def payer(self) -> str:
        """The id of who pays."""
        return self.buyer.id


@exactly
def subtotals(figures: Iterable[tuple[Tax, Decimal, Decimal]]) -> tuple[TaxSubtotal, ...]:
    """Add up (tax, net, VAT) per category and rate, in the order of category and rate."""
    groups: dict[Tax, tuple[Decimal, Decimal]] = {}
    for tax, net, vat in figures:
        base, amount = groups.get(tax, (ZERO, ZERO))
        groups[tax] = (base + net, amount + vat)
    return tuple([TaxSubtotal(tax=tax, base=groups[tax][0], vat=groups[tax][1]) for tax in sorted(groups)])


@exactly
def totals(taxes: Iterable[TaxSubtotal]) -> Totals:
    """Add up the figures at the foot."""
    net = tax = ZERO
    for subtotal in taxes:
        net += subtotal.base
        tax += subtotal.vat
    return Totals(lines=net, taxable=net, tax=tax, total=net + tax, payable=net + tax)


@exactly
def printed(line: InvoiceLine, currency: str) -> tuple[Decimal, Decimal, Decimal]:
    """Return (quantity, price, per) as they are printed: only figures whose product is the net amount.

    A whole number of times the price is printed so (1 × 100.00, not 31 days at 100.00 per 31). A line of money alone,
    a lump sum, or one where a correction left another cent, is printed as ∓1 × its amount: prices are never negative.
    """
    price = line.price
    if price.unit == LUMP_SUM or price.total(line.quantity, places(currency)) != line.net:
        return (Decimal(-1) if line.net < 0 else Decimal(1)), line.net.copy_abs(), Decimal(1)
    times = line.quantity / price.per
    if times == rounded(times, 0):
        return rounded(times, 0), price.amount, Decimal(1)
    return line.quantity, price.amount, price.per
