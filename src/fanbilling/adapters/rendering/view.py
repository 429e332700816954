"""The view of a document: every text that is printed, made once, so that paper, screen and plain text say the same.

On a credit note the figures are turned round: what is given back is printed as a positive amount, under words that say
so, and a line that goes the other way has a minus.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from ...domain.invoices import DocumentKind, Invoice, TaxSubtotal
from .letterhead import Fact, Sender, sender, window
from .plain import one_line
from .sections import Section, sections
from .transfers import Transfer, grouped, transfer
from .words import Words, words


@attrs.frozen(kw_only=True)
class TaxRow:
    """The VAT of one category and rate, and on which amount."""

    label: str
    base: str
    vat: str


@attrs.frozen(kw_only=True)
class Payment:
    """How to pay, or that there is nothing to pay; with the transfer for a code, where one can be made."""

    sentence: str
    facts: tuple[Fact, ...] = ()
    transfer: Transfer | None = None


@attrs.frozen(kw_only=True)
class View:
    """A document as texts, in the order in which it is read.

    Args:
        title: what it is with its number: *Factuur 2026-0001*.
        concerns: which documents it corrects; empty when it corrects none.
        window: the lines of the address window.
        facts: number, dates and what else stands beside the address.
        columns: the heads of the table of lines.
        decimal: the decimal mark, for layouts that align figures on it.
        taxes: the VAT table, whose rows add up with ``net`` to what is to be paid.
        payable: what is to be paid, or what the client gets back.
        notes: what the law wants to be said.
        page: *page {page} of {pages}*, for layouts that have pages.
    """

    language: str
    kind: str
    title: str
    number: str
    concerns: str
    sender: Sender
    window: tuple[str, ...]
    facts: tuple[Fact, ...]
    columns: tuple[str, ...]
    decimal: str
    sections: tuple[Section, ...]
    net: Fact
    over: str
    taxes: tuple[TaxRow, ...]
    payable: Fact
    payment: Payment
    notes: tuple[str, ...]
    labels: tuple[Fact, ...]
    page: str

    def label(self, name: str) -> str:
        """Return a fixed word that layouts need besides."""
        return next(fact.value for fact in self.labels if fact.label == name)


def view(document: Invoice) -> View:
    """Put a document into texts, in its own language."""
    book = words(document.language)
    credit = document.kind is DocumentKind.CREDIT_NOTE
    sign = Decimal(-1) if credit else Decimal(1)
    say = book.figures
    payable = say.money(sign * document.totals.payable, document.currency)
    return View(
        language=document.language,
        kind=document.kind.value,
        title=f"{book[document.kind.value]} {document.number or book['unnumbered']}",
        number=document.number,
        concerns=_concerns(document, book),
        sender=sender(document.seller, document.buyer.address, book),
        window=window(document.buyer, document.seller.address, book),
        facts=_facts(document, book),
        columns=(
            book["description"],
            book["quantity"],
            book["price"],
            book["vat"],
            book.fill("amount-in", currency=document.currency),
        ),
        decimal=say.amount(Decimal(0))[1],
        sections=sections(document, book, sign),
        net=Fact(book["net"], say.amount(sign * document.totals.taxable, document.currency)),
        over=book["over"],
        taxes=tuple(_tax(subtotal, document.currency, book, sign) for subtotal in document.taxes),
        payable=Fact(book[_payable(document, credit=credit)], payable),
        payment=_payment(document, payable, book),
        notes=_notes(document, book),
        labels=tuple(Fact(name, book[name]) for name in ("payment", "scan")),
        page=book["page"],
    )


def _facts(document: Invoice, book: Words) -> tuple[Fact, ...]:
    due = document.kind is DocumentKind.INVOICE and document.totals.payable > 0
    facts = (
        (book[f"number-{document.kind.value}"], document.number),
        (book[f"date-{document.kind.value}"], book.figures.day(document.on)),
        (book["due-date"], book.figures.day(document.due) if due else ""),
        (book["client"], document.buyer.id),
        (book["your-vat-id"], document.buyer.vat_id),
    )
    return tuple(Fact(label, one_line(value)) for label, value in facts if value)


def _concerns(document: Invoice, book: Words) -> str:
    named = [book.fill("of-day", number=p.number, day=book.figures.day(p.on)) for p in document.preceding]
    return book.fill(f"corrects-{document.kind.value}", documents=", ".join(named)) if named else ""


def _tax(subtotal: TaxSubtotal, currency: str, book: Words, sign: Decimal) -> TaxRow:
    say, category = book.figures, subtotal.tax.category
    return TaxRow(
        label=book.fill(f"vat-{category}", rate=say.percent(subtotal.tax.rate)),
        base=say.amount(sign * subtotal.base, currency),
        vat=say.amount(sign * subtotal.vat, currency),
    )


def _notes(document: Invoice, book: Words) -> tuple[str, ...]:
    found = dict.fromkeys(t.tax.category for t in document.taxes)
    return tuple(note for note in (legal(category, document, book) for category in found) if note)


def legal(category: str, document: Invoice, book: Words) -> str:
    """What the law wants to be said of a VAT category; nothing where it wants nothing.

    The article is that of services across a border, so it is left out at home.
    """
    home = document.buyer.address.country in ("", document.seller.address.country)
    return book.legal.get("AE-home" if category == "AE" and home else category, "")


def _payable(document: Invoice, *, credit: bool) -> str:
    if credit:
        return "to-receive"
    return "to-pay" if document.totals.payable else "total"


def _payment(document: Invoice, payable: str, book: Words) -> Payment:
    seller, number = document.seller, document.number
    if document.kind is DocumentKind.CREDIT_NOTE:
        return Payment(sentence=book.fill("pay-back", amount=payable))
    if not document.totals.payable:
        return Payment(sentence=book["pay-nothing"])
    facts = (
        (book["iban"], grouped(seller.iban)),
        (book["bic"], seller.bic),
        (book["holder"], seller.name if seller.iban else ""),
        (book["reference"], number),
    )
    return Payment(
        sentence=book.fill("pay-before", amount=payable, day=book.figures.day(document.due)),
        facts=tuple(Fact(label, one_line(value)) for label, value in facts if value),
        transfer=transfer(
            name=seller.name,
            iban=seller.iban,
            amount=document.totals.payable,
            currency=document.currency,
            mention=number,
        ),
    )
