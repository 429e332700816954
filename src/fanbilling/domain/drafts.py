"""Drafts: a bill before it has a number, complete to the cent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from .billed import Billed, BilledEntry, Part, left, vat_left
from .decisions import Decision
from .exact import EXACT, ZERO, exactly, rounded
from .explain import explain_document
from .grouping import grouped
from .invoices import DocumentKind, InvoiceLine, TaxSubtotal, Totals, subtotals, totals
from .items import BillableItem, ItemKey
from .money import Money, places
from .periods import Period
from .ports.sourcing import Window
from .reasons import Reason
from .vat import Tax


@attrs.frozen(kw_only=True)
class DraftLine:
    """One line to be: a part with its words, its reason and its share of the VAT."""

    part: Part
    client: str
    title: str
    text: str
    because: Reason
    vat: Decimal
    supplied: Period | None = None
    corrects: str = ""


@attrs.frozen(kw_only=True)
class Draft:
    """A bill without a number: what :meth:`Billing.preview` shows and :meth:`Billing.issue` makes definite.

    Its id follows from its parts, so issuing the same draft twice is one command.

    Args:
        until: the run looks that far, inclusive.
        on: the date that will be on the document.
        windows: what was asked of which source; issuing asks the same again.
        decisions: those that are written when the draft is issued (a credit carries them).
    """

    id: str
    payer: str
    currency: str
    document: str
    until: date
    on: date
    lines: tuple[DraftLine, ...]
    taxes: tuple[TaxSubtotal, ...]
    totals: Totals
    windows: tuple[Window, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def total(self) -> Money:
        """What the bill would come to, VAT included."""
        return Money(self.totals.total, self.currency)

    @property
    def kind(self) -> DocumentKind:
        """A bill that gives back more than it asks is a credit note."""
        return DocumentKind.CREDIT_NOTE if self.totals.total < 0 else DocumentKind.INVOICE

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of all lines."""
        return tuple(line.part for line in self.lines)

    def invoice_lines(self) -> tuple[InvoiceLine, ...]:
        """Return the lines as they will be sealed, numbered from 1."""
        return tuple(
            InvoiceLine(
                number=number,
                key=line.part.key,
                client=line.client,
                title=line.title,
                text=line.text,
                quantity=line.part.lot.quantity,
                price=line.part.terms.price,
                net=line.part.lot.amount,
                tax=line.part.terms.tax,
                vat=line.vat,
                because=line.because,
                supplied=line.supplied,
                corrects=line.corrects,
            )
            for number, line in enumerate(self.lines, 1)
        )

    def explain(self) -> Reason:
        """Return every figure of the draft with the rule that made it."""
        return explain_document(self.invoice_lines(), self.taxes, self.totals, self.currency)


@exactly
def drafts(
    parts: Iterable[Part],
    items: Sequence[BillableItem],
    billed: Billed,
    *,
    until: date,
    on: date,
    windows: tuple[Window, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> tuple[Draft, ...]:
    """Make parts into drafts: one per payer, currency and kind of document, with VAT per category and rate."""
    due: dict[ItemKey, list[BillableItem]] = {}
    for item in items:
        due.setdefault(item.key, []).append(item)
    made = []
    for (payer, currency, document), mine in grouped(parts).items():
        shares = _vat(mine, billed, places(currency))
        lines = tuple(_line(part, vat, due, billed) for part, vat in zip(mine, shares, strict=True))
        taxes = subtotals((line.part.terms.tax, line.part.lot.amount, line.vat) for line in lines)
        keys = {part.key for part in mine}
        made.append(
            Draft(
                id=draft_id(mine),
                payer=payer,
                currency=currency,
                document=document,
                until=until,
                on=on,
                lines=lines,
                taxes=taxes,
                totals=totals(taxes),
                windows=windows,
                decisions=tuple(decision for decision in decisions if decision.key in keys),
            )
        )
    return tuple(made)


def draft_id(parts: Iterable[Part]) -> str:
    """Derive an id from the parts and their revisions."""
    text = "\n".join(
        f"{p.key.source}\t{p.key.agreement}\t{p.key.filed}\t{p.key.fact}\t{p.revision}\t{p.terms.payer}"
        f"\t{p.lot.quantity.normalize()}\t{p.lot.amount}"
        for p in parts
    )
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _line(
    part: Part, vat: Decimal, due: Mapping[ItemKey, list[BillableItem]], billed: Billed
) -> DraftLine:
    items = due.get(part.key, [])
    if part.reverses is not None:
        entry = next(entry for entry in billed[part.key] if entry.revision == part.reverses)
        return _reversal(part, vat, entry, items)
    item = next((item for item in items if item.price == part.terms.price and item.quantity), items[0])
    return DraftLine(
        part=part,
        client=item.client,
        title=item.title,
        text=item.text,
        because=item.because,
        vat=vat,
        supplied=item.supplied,
    )


def _reversal(part: Part, vat: Decimal, entry: BilledEntry, items: Sequence[BillableItem]) -> DraftLine:
    because = Reason(
        "line.correction",
        part.lot.amount,
        (("billed_on", entry.on), ("billed", entry.lot.amount)),
        tuple(item.because for item in items) or (Reason("item.no-longer-due"),),
    )
    return DraftLine(
        part=part,
        client=entry.client,
        title=entry.title,
        text=entry.text,
        because=because,
        vat=vat,
        supplied=entry.supplied,
        corrects=entry.document,
    )


def _vat(parts: Sequence[Part], billed: Billed, decimals: int) -> list[Decimal]:
    """Return each part's share of the VAT.

    The VAT on new lines is rate × their sum, rounded once per category and rate; each line gets the growth that it
    brings to that rounded sum, so the shares add up whatever their signs. A reversal takes its part of what is left
    of its line's VAT, and the last one all that is left.
    """
    sums: dict[Tax, Decimal] = {}
    taken: dict[ItemKey, tuple[dict[int, Decimal], dict[int, Decimal]]] = {}
    shares = []
    for part in parts:
        tax, amount = part.terms.tax, part.lot.amount
        if part.reverses is None:
            before = sums.get(tax, ZERO)
            sums[tax] = before + amount
            shares.append(_rate(sums[tax], tax, decimals) - _rate(before, tax, decimals))
            continue
        if part.key not in taken:
            entries = billed[part.key]
            taken[part.key] = ({r: lot.amount for r, lot in left(entries).items()}, vat_left(entries))
        nets, vats = taken[part.key]
        whole, vat = nets[part.reverses], vats[part.reverses]
        share = -vat if amount == -whole else rounded(EXACT.divide(vat * amount, whole), decimals)
        nets[part.reverses] += amount
        vats[part.reverses] += share
        shares.append(share)
    return shares


def _rate(base: Decimal, tax: Tax, decimals: int) -> Decimal:
    return rounded(base * tax.rate / 100, decimals) if tax.rate else ZERO
