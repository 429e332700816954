"""The papers of orders: quotation, confirmation and packing slip, every amount with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ...domain.administrations import Seller
from ...domain.exact import EXACT, ZERO, exactly, rounded
from ...domain.invoices import Buyer, TaxSubtotal, subtotals, totals
from ...domain.money import places
from ...domain.papers import Column, Figure, Paper, Row, Table
from ...domain.parties import Party
from ...domain.reasons import Fact, Reason
from ...domain.vat import Supply, Tax, TaxClass, rule, tax
from .deliveries import Delivery
from .delivering import back_order
from .lines import OrderLine
from .orders import Order
from .quotations import Quotation

_PRICED = (
    Column("description"),
    Column("quantity", Figure.NUMBER),
    Column("price", Figure.PRICE),
    Column("discount", Figure.PERCENT),
    Column("vat", Figure.PERCENT),
    Column("amount", Figure.MONEY),
)
_TAXES = (Column("vat", Figure.PERCENT), Column("net", Figure.MONEY), Column("amount", Figure.MONEY))
_PACKED = (
    Column("description"),
    Column("ordered", Figure.NUMBER),
    Column("delivered", Figure.NUMBER),
    Column("to-follow", Figure.NUMBER),
)


def quotation_paper(quotation: Quotation, client: Party, seller: Seller) -> Paper:
    """Return a quotation as it is printed."""
    facts = (
        ("valid-until", quotation.valid_until),
        ("reference", quotation.reference),
        ("wanted-on", quotation.wanted),
        ("variant-of", quotation.alternative_to),
    )
    return Paper(
        id=f"quotation:{quotation.id}",
        kind="quotation",
        on=quotation.on,
        language=client.language or "nl",
        currency=quotation.currency,
        seller=seller,
        number=quotation.id,
        addressee=_buyer(client, quotation.on),
        title=quotation.title,
        facts=_filled(facts),
        tables=_figures(quotation.lines, client, seller, quotation.on, quotation.currency),
    )


def confirmation(order: Order, client: Party, seller: Seller) -> Paper:
    """Return the confirmation of an order as it is printed."""
    facts = (
        ("reference", order.reference),
        ("wanted-on", order.wanted),
        ("quotation", order.quotation),
    )
    lines = [line for line in order.lines if line.wanted]
    return Paper(
        id=f"order-confirmation:{order.id}",
        kind="order-confirmation",
        on=order.on,
        language=client.language or "nl",
        currency=order.currency,
        seller=seller,
        number=order.id,
        addressee=_buyer(client, order.on),
        title=order.title,
        facts=_filled(facts),
        tables=_figures(lines, client, seller, order.on, order.currency),
    )


def packing_slip(
    order: Order, delivery: Delivery, deliveries: Iterable[Delivery], client: Party, seller: Seller
) -> Paper:
    """Return what goes with a delivery as it is printed: goods, without prices."""
    rest = back_order(order, deliveries)
    rows = tuple(
        Row(cells=(line.text, line.wanted, packed.quantity, rest.get(line.id) or None))
        for packed in delivery.lines
        for line in (order.line(packed.line),)
        if line.goods
    )
    facts = (
        ("order", order.id),
        ("reference", order.reference),
        ("delivery-reference", delivery.reference),
    )
    return Paper(
        id=f"packing-slip:{delivery.id}",
        kind="packing-slip",
        on=delivery.on,
        language=client.language or "nl",
        currency=order.currency,
        seller=seller,
        number=delivery.id,
        addressee=_buyer(client, delivery.on),
        title=order.title,
        facts=_filled(facts),
        tables=(Table(columns=_PACKED, rows=rows),),
    )


@exactly
def _figures(lines: Iterable[OrderLine], client: Party, seller: Seller, on: date, currency: str) -> tuple[Table, ...]:
    """Return the table of lines with the total without VAT, and that of the VAT per rate with the total with it."""
    rows, sums = [], []
    for line in lines:
        taxed = _tax(line, client, seller, on)
        price, amount = line.net, line.net.total(line.wanted, places(currency))
        figures = (("text", line.text), ("quantity", line.wanted), ("price", price.amount), ("unit", price.unit))
        because = Reason("line.net", amount, figures, (line.why_price(),))
        rows.append(
            Row(cells=(line.text, line.wanted, line.price, line.discount or None, taxed.rate, amount), because=because)
        )
        sums.append((taxed, amount, ZERO))
    taxes = [_taxed(one, currency) for one in subtotals(sums)]
    total = totals(taxes)
    net = Reason("document.net", total.lines, (), tuple(row.because for row in rows if row.because))
    vat = Reason("document.vat", total.tax, (), tuple(_why_tax(one, client, seller) for one in taxes))
    whole = Reason("document.total", total.total, (("net", total.taxable), ("vat", total.tax)), (net, vat))
    return (
        Table(
            columns=_PRICED,
            rows=tuple(rows),
            total=Row(cells=(None, None, None, None, None, total.lines), because=net),
            sum="net",
        ),
        Table(
            columns=_TAXES,
            rows=tuple(
                Row(cells=(one.tax.rate, one.base, one.vat), because=_why_tax(one, client, seller)) for one in taxes
            ),
            total=Row(cells=(None, None, total.total), because=whole),
            sum="gross",
        ),
    )


def _tax(line: OrderLine, client: Party, seller: Seller, on: date) -> Tax:
    return tax(
        line.tax_class or TaxClass.STANDARD,
        line.supply or Supply.SERVICES,
        seller.address.country,
        client.position(on),
        on,
    )


def _taxed(subtotal: TaxSubtotal, currency: str) -> TaxSubtotal:
    """Return the base of a rate with its VAT, rounded once."""
    vat = rounded(EXACT.divide(EXACT.multiply(subtotal.base, subtotal.tax.rate), Decimal(100)), places(currency))
    return TaxSubtotal(tax=subtotal.tax, base=subtotal.base, vat=vat)


def _why_tax(subtotal: TaxSubtotal, client: Party, seller: Seller) -> Reason:
    """Say why so much VAT is asked."""
    figures = (("category", subtotal.tax.category), ("rate", subtotal.tax.rate), ("base", subtotal.base))
    found = rule(subtotal.tax.category, seller.address.country, client.country)
    because = (Reason(found, None, (("buyer", client.country), ("number", client.vat_id))),)
    return Reason("vat.subtotal", subtotal.vat, figures, () if found == "vat.domestic" else because)


def _buyer(client: Party, on: date) -> Buyer:
    return Buyer(
        id=client.id,
        name=client.name,
        attention=client.attention,
        address=client.address,
        vat_id=client.position(on).vat_id,
        registration=client.registration,
        email=client.email,
    )


def _filled(facts: Iterable[tuple[str, Fact]]) -> tuple[tuple[str, Fact], ...]:
    return tuple((name, fact) for name, fact in facts if fact not in (None, ""))
