"""The lines of a document as they are printed: under headings, with their period, in figures that multiply."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

import attrs

from ...domain.invoices import Invoice, InvoiceLine, printed
from .plain import clean, one_line
from .words import Words, sentence

#: What a client may read beside a correction, per rule; what we decided among ourselves is not among it.
_TOLD = {
    "credit.given": frozenset({"reason"}),
    "subscription.ended": frozenset({"from"}),
    "subscription.changed": frozenset({"from"}),
}


@attrs.frozen(kw_only=True)
class Line:
    """One line: what, when, how much of it, at which price and VAT, and what that comes to.

    Args:
        period: when it was supplied, unless its section says so for all its lines.
        note: why it corrects an earlier document.
        per: what the price is for, when not for one.
    """

    text: str
    period: str
    note: str
    quantity: str
    unit: str
    price: str
    per: str
    vat: str
    net: str


@attrs.frozen(kw_only=True)
class Section:
    """Lines under one heading, with their sum where that says something new."""

    title: str
    period: str
    lines: tuple[Line, ...]
    label: str
    subtotal: str


def sections(document: Invoice, book: Words, sign: Decimal) -> tuple[Section, ...]:
    """Put the lines under their headings, in their own order.

    Args:
        document: whose lines.
        book: the words of its language.
        sign: −1 on a credit note, where figures are turned round.
    """
    groups = [(title, tuple(lines)) for title, lines in groupby(document.lines, key=lambda line: one_line(line.title))]
    return tuple(
        _section(title or (book["other"] if place else ""), lines, document, book, sign, alone=len(groups) == 1)
        for place, (title, lines) in enumerate(groups)
    )


def _section(
    title: str, lines: Sequence[InvoiceLine], document: Invoice, book: Words, sign: Decimal, *, alone: bool
) -> Section:
    if len(lines) == 1 and one_line(lines[0].text) == title:
        title = ""
    periods = {_period(line, document, book) for line in lines}
    shared = periods.pop() if title and len(lines) > 1 and len(periods) == 1 else ""
    summed = not alone and len(lines) > 1
    total = sum((line.net for line in lines), Decimal(0))
    return Section(
        title=title,
        period=shared,
        lines=tuple(_line(line, document, book, sign, shared=bool(shared)) for line in lines),
        label=(book.fill("subtotal", title=title) if title else book["subtotal-other"]) if summed else "",
        subtotal=book.figures.amount(sign * total, document.currency) if summed else "",
    )


def _line(line: InvoiceLine, document: Invoice, book: Words, sign: Decimal, *, shared: bool) -> Line:
    say = book.figures
    quantity, price, per = printed(line, document.currency)
    in_units = (quantity, price, per) == (line.quantity, line.price.amount, line.price.per)
    code = line.price.unit if in_units else "C62"
    return Line(
        text=clean(line.text),
        period="" if shared else _period(line, document, book),
        note=_note(line, document, book),
        quantity=say.number(sign * quantity),
        unit=book.unit(code, quantity),
        price=say.amount(price, document.currency),
        per=_per(per, code, book),
        vat=_vat(line, book),
        net=say.amount(sign * line.net, document.currency),
    )


def _per(per: Decimal, code: str, book: Words) -> str:
    if per == 1:
        return ""
    return book.fill("per", units=f"{book.figures.number(per)} {book.unit(code, per)}".strip())


def _period(line: InvoiceLine, document: Invoice, book: Words) -> str:
    """When it was supplied: the law wants it where it is not the date of the document (Wet OB art. 35a(1)(g))."""
    if line.supplied is not None:
        return book.figures.period(line.supplied)
    return book.figures.day(line.key.filed) if line.key.filed != document.on else ""


def _vat(line: InvoiceLine, book: Words) -> str:
    return book.figures.percent(line.tax.rate) if line.tax.category == "S" else book.taxes[line.tax.category]


def _note(line: InvoiceLine, document: Invoice, book: Words) -> str:
    """Say what the figures alone do not: how many seats, which document is corrected, and what changed."""
    if not line.corrects:
        return _seats(line, book)
    days = {reason.input("billed_on") for reason in line.because.walk() if reason.rule == "line.correction"}
    earlier = [p.number for p in document.preceding if len(document.preceding) == 1 or p.on in days]
    what = book.fill("corrects-one", number=earlier[0]) if len(earlier) == 1 else book["corrects-some"]
    if document.totals.total < 0 and len(document.preceding) == 1:
        what = ""  # the head of the credit note said it
    return ". ".join(part for part in (what, *_changes(line, document.language)[:1]) if part)


def _changes(line: InvoiceLine, language: str) -> list[str]:
    """Say why something is given back, or what changed and from which day; the rest is between us and who agreed it."""
    told = [reason for reason in line.because.walk() if reason.rule in _TOLD]
    return [
        sentence(attrs.evolve(r, inputs=tuple(i for i in r.inputs if i[0] in _TOLD[r.rule])), language) for r in told
    ]


def _seats(line: InvoiceLine, book: Words) -> str:
    """Say that 48 days are 3 seats on 16 days."""
    seats, days, of = (line.because.input(name) for name in ("quantity", "days", "of"))
    if line.because.rule != "subscription.period" or seats in (None, 1) or days == of:
        return ""
    if not (isinstance(seats, Decimal) and isinstance(days, int) and isinstance(of, int)):
        return ""
    say = book.figures
    return book.fill("seats", quantity=say.number(seats), days=say.number(days), of=say.number(of))
