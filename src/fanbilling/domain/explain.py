"""Explanations: the tree of reasons of a document, from its sealed figures and the sealed reasons of its lines."""

from __future__ import annotations

from collections.abc import Sequence

from .exact import exactly
from .invoices import Invoice, InvoiceLine, TaxSubtotal, Totals, printed
from .reasons import Reason


def explain(invoice: Invoice) -> Reason:
    """Return every figure of an issued document with the rule that made it (law L18)."""
    return explain_document(invoice.lines, invoice.taxes, invoice.totals, invoice.currency)


@exactly
def explain_document(
    lines: Sequence[InvoiceLine], taxes: Sequence[TaxSubtotal], totals: Totals, currency: str
) -> Reason:
    """Return the tree of a document: total = net + VAT, net = Σ lines, VAT per rate, each line with its own reason."""
    net = Reason(
        "document.net",
        totals.lines,
        tuple((f"line {line.number}", line.net) for line in lines),
        tuple(explain_line(line, currency) for line in lines),
    )
    vat = Reason(
        "document.vat",
        totals.tax,
        tuple((f"{t.tax.category} {t.tax.rate}%", t.vat) for t in taxes),
        tuple(_subtotal(subtotal, lines) for subtotal in taxes),
    )
    inputs = (("net", totals.taxable), ("vat", totals.tax), ("currency", currency))
    payable = Reason("document.total", totals.total, inputs, (net, vat))
    return payable


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


def _subtotal(subtotal: TaxSubtotal, lines: Sequence[InvoiceLine]) -> Reason:
    mine = [line for line in lines if line.tax == subtotal.tax]
    new = [line for line in mine if not line.corrects]
    back = [line for line in mine if line.corrects]
    because = [
        Reason("vat.rate", sum(x.vat for x in new), (("base", sum(x.net for x in new)), ("rate", subtotal.tax.rate)))
    ]
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
