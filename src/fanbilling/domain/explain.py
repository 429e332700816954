"""Explanations: the tree of reasons of a document, from its sealed figures and the sealed reasons of its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .exact import exactly
from .invoices import Invoice, InvoiceLine, TaxSubtotal, Totals, printed
from .reasons import Reason

#: The rule behind each category without a rate; the rate of the others is its own reason.
_TREATMENTS = {
    "AE": "vat.reverse-charge",
    "K": "vat.intra-community",
    "G": "vat.export",
    "O": "vat.outside-union",
    "E": "vat.exempt",
    "Z": "vat.zero",
}


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
        tuple(_sections(lines, currency)),
    )
    vat = Reason(
        "document.vat",
        totals.tax,
        tuple((f"{t.tax.category} {t.tax.rate}%", t.vat) for t in taxes),
        tuple(_subtotal(subtotal, lines) for subtotal in taxes),
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


def _subtotal(subtotal: TaxSubtotal, lines: Sequence[InvoiceLine]) -> Reason:
    mine = [line for line in lines if line.tax == subtotal.tax]
    new = [line for line in mine if not line.corrects]
    back = [line for line in mine if line.corrects]
    because = [
        Reason("vat.rate", sum(x.vat for x in new), (("base", sum(x.net for x in new)), ("rate", subtotal.tax.rate)))
    ]
    if subtotal.tax.category in _TREATMENTS:
        because.append(Reason(_TREATMENTS[subtotal.tax.category]))
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
