"""Documents to try a renderer with: figures worked by hand, both kinds, both languages, many lines, hostile names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import attrs

from ...domain.administrations import Seller
from ...domain.exact import rounded
from ...domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, Preceding, subtotals, totals
from ...domain.items import ItemKey, Price
from ...domain.parties import Address
from ...domain.reasons import Reason
from ...domain.vat import Tax

HIGH, LOW = Tax("S", Decimal(21)), Tax("S", Decimal(9))
DAY = date(2026, 3, 2)
SELLER = Seller(
    name="Brinkhoff Software B.V.",
    address=Address(street="Voorbeeldkade 12", postal_code="3011 AA", city="Rotterdam", country="NL"),
    vat_id="NL000099998B57",
    registration="90000001",
    iban="NL91ABNA0417164300",
)
BUYER = Buyer(
    id="ardent",
    name="Ardent Logistiek & Zoon",
    attention="Crediteuren",
    address=Address(street="Havenkade 40", postal_code="3011 AB", city="Rotterdam", country="NL"),
    vat_id="NL000012014B01",
    registration="90000011",
    email="administratie@ardent.example",
)
#: Names that mean something to a template, a page, a shell or a format, and are nothing but names.
HOSTILE = {
    "markup": "<script>alert(1)</script><b>Smit</b> &amp; Zn",
    "template": "{{ 7 * 7 }}{% raise %}{# c #}",
    "typesetting": '#panic("x") *b* _i_ $x$ @ref \\n',
    "format": "{number}{0.__class__} %s %(id)s",
    "quotes": "\"'`$(id)` ' --",
}


def sold(text: str, quantity: str, price: str, net: str, *, tax: Tax, vat: str) -> InvoiceLine:
    """Return a line with figures that were worked out by hand."""
    return InvoiceLine(
        number=1,
        key=ItemKey("testing", text, DAY),
        client=BUYER.id,
        title="Project",
        text=text,
        quantity=Decimal(quantity),
        price=Price.of(price),
        net=Decimal(net),
        tax=tax,
        vat=Decimal(vat),
        because=Reason("testing.sold", Decimal(net)),
    )


def paper(lines: Iterable[InvoiceLine], language: str, *, corrects: str = "") -> Invoice:
    """Return a sealed document of these lines, its kind as the total decides."""
    numbered = tuple(attrs.evolve(line, number=place) for place, line in enumerate(lines, 1))
    taxes = subtotals((line.tax, line.net, line.vat) for line in numbered)
    figures = totals(taxes)
    return Invoice(
        id="d1",
        kind=DocumentKind.CREDIT_NOTE if figures.total < 0 else DocumentKind.INVOICE,
        series="2026",
        on=DAY,
        due=date(2026, 3, 16),
        until=DAY,
        seller=SELLER,
        buyer=BUYER,
        currency="EUR",
        language=language,
        lines=numbered,
        taxes=taxes,
        totals=figures,
        preceding=(Preceding(number=corrects, on=date(2026, 2, 1)),) if corrects else (),
        number="2026-0042",
        place=42,
    )


def two_rates(language: str) -> Invoice:
    """12.5 × 98.80 = 1235.00, VAT 259.35; 3 × 34.95 = 104.85, 9% is 9.4365, so 9.44: 1339.85 and 1608.64 in all."""
    lines = [
        sold("Advice", "12.5", "98.80", "1235.00", tax=HIGH, vat="259.35"),
        sold("Book", "3", "34.95", "104.85", tax=LOW, vat="9.44"),
    ]
    return paper(lines, language)


def large(language: str) -> Invoice:
    """One machine of 1234567.80: 21% is 259259.238, so 259259.24; 1493827.04 in all."""
    return paper([sold("Machine", "1", "1234567.80", "1234567.80", tax=HIGH, vat="259259.24")], language)


def given_back(language: str) -> Invoice:
    """Two books back: 2 × 34.95 = 69.90; 9% is 6.291, so 6.29; 76.19 in all."""
    return paper([sold("Book", "-2", "34.95", "-69.90", tax=LOW, vat="-6.29")], language, corrects="2026-0017")


def many_lines(language: str) -> Invoice:
    """120 lines of 10.01, 10.02 … 11.20: 1200.00 + 72.60 = 1272.60; 21% is 267.246, so 267.25."""
    lines, before = [], Decimal(0)
    for n in range(1, 121):
        net = Decimal(1000 + n).scaleb(-2)
        vat = rounded((before + net) * Decimal("0.21"), 2) - rounded(before * Decimal("0.21"), 2)
        lines.append(sold(f"Article-{n:03}.", "1", str(net), str(net), tax=HIGH, vat=str(vat)))
        before += net
    return paper(lines, language)


PAPERS: dict[str, Callable[[str], Invoice]] = {
    "two rates": two_rates,
    "a large amount": large,
    "a credit note": given_back,
    "many lines": many_lines,
}


def named(name: str) -> Invoice:
    """Return a document with a name in every place where somebody types."""
    made = two_rates("nl")
    return attrs.evolve(
        made,
        seller=attrs.evolve(made.seller, name=name),
        buyer=attrs.evolve(made.buyer, name=name, attention=name, address=attrs.evolve(made.buyer.address, city=name)),
        lines=tuple(attrs.evolve(line, text=name, title=name) for line in made.lines),
    )


def figures(document: Invoice) -> list[Decimal]:
    """Return every amount that has to stand on a document, without its sign."""
    found = [line.net for line in document.lines]
    found += [figure for subtotal in document.taxes for figure in (subtotal.base, subtotal.vat)]
    return [abs(figure) for figure in (*found, document.totals.taxable, document.totals.payable)]
