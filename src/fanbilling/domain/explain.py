"""Explanations: the tree of reasons of a document, from its sealed figures and the sealed reasons of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from .exact import exactly
from .invoices import Invoice, InvoiceLine, TaxSubtotal, Totals, printed
from .reasons import Reason
from .vat import rule


@attrs.frozen(kw_only=True)
class Trade:
    """Between whom: the countries of seller and buyer, and the buyer's VAT number."""

    seller: str
    buyer: str
    number: str


def explain(invoice: Invoice) -> Reason:
    """Return every figure of an issued document with the rule that made it (law L18)."""
    trade = Trade(
        seller=invoice.seller.address.country, buyer=invoice.buyer.address.country, number=invoice.buyer.vat_id
    )
    return explain_document(invoice.lines, invoice.taxes, invoice.totals, invoice.currency, trade)


@exactly
def explain_document(
    lines: Sequence[InvoiceLine],
    taxes: Sequence[TaxSubtotal],
    totals: Totals,
    currency: str,
    trade: Trade | None = None,
) -> Reason:
    """Return the tree of a document: total = net + VAT, net = Σ lines, VAT per rate, each line with its own reason."""
    net = Reason(
        "document.net",
        totals.lines,
        tuple((f"line {line.number}", line.net) for line in lines),
        tuple(_sections(lines, currency)),
    )
    vat = Reason(
        "document.vat",
        totals.tax,
        tuple((f"{t.tax.category} {t.tax.rate}%", t.vat) for t in taxes),
        tuple(_subtotal(subtotal, lines, trade) for subtotal in taxes),
    )
    inputs = (("net", totals.taxable), ("vat", totals.tax), ("currency", currency))
    return Reason("document.total", totals.total, inputs, (net, vat))


def _sections(lines: Sequence[InvoiceLine], currency: str) -> Iterator[Reason]:
    """Yield the lines, those of one heading together where there are several headings."""
    headings = list(dict.fromkeys(line.title for line in lines))
    for heading in headings:
        mine = [line for line in lines if line.title == heading]
        reasons = tuple(explain_line(line, currency) for line in mine)
        if len(headings) == 1:
            yield from reasons
        else:
            yield Reason("document.section", sum(line.net for line in mine), (("title", heading),), reasons)


def explain_line(line: InvoiceLine, currency: str) -> Reason:
    """Return why a line has its net amount: quantity × price as printed, and what the source said."""
    quantity, price, per = printed(line, currency)
    return Reason(
        "line.net",
        line.net,
        (
            ("line", line.number),
            ("text", line.text),
            ("quantity", quantity),
            ("price", price),
            ("per", per),
            ("unit", line.price.unit),
        ),
        (line.because,),
    )


def _subtotal(subtotal: TaxSubtotal, lines: Sequence[InvoiceLine], trade: Trade | None) -> Reason:
    mine = [line for line in lines if line.tax == subtotal.tax]
    new = [line for line in mine if not line.corrects]
    back = [line for line in mine if line.corrects]
    because = [
        Reason("vat.rate", sum(x.vat for x in new), (("base", sum(x.net for x in new)), ("rate", subtotal.tax.rate)))
    ]
    because.extend(_treatment(subtotal.tax.category, trade))
    if back:
        because.append(
            Reason("vat.returned", sum(line.vat for line in back), (("base", sum(line.net for line in back)),))
        )
    return Reason(
        "vat.subtotal",
        subtotal.vat,
        (("category", subtotal.tax.category), ("rate", subtotal.tax.rate), ("base", subtotal.base)),
        tuple(because if new else because[1:]),
    )


def _treatment(category: str, trade: Trade | None) -> Iterator[Reason]:
    """Say why a category applies, where it is not plainly the rate at home."""
    found = rule(category, trade.seller, trade.buyer) if trade else rule(category, "", "")
    if found != "vat.domestic":
        yield Reason(found, None, (("buyer", trade.buyer), ("number", trade.number)) if trade else ())
