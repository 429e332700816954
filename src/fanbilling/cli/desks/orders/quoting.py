"""Quotations as the folder tells them: each made and sent, and decided about by what a later row says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import attrs

from ....sources.orders import Quotation, QuotationState
from ...columns import DAY, ENTERED, ID, NUMBER, TAX, TEXT, UNIT, Later, Problems, Wrong, choice, column
from ...importing import Import, by_key
from ...tables import Folder, Found, Index, Table
from .cells import HEAD, NAME, fixed_of_line, known_on, line_of, line_problems, one_head


@attrs.frozen(kw_only=True)
class QuotationRow:
    """A line of a quotation, or what became of the quotation."""

    row: int
    quotation: str = column(ID, "Id of the quotation", "Q-1001", required=True)
    line: str = column(NAME, "Id of the line within the quotation", "1", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED, stands_in="clients.csv")
    date: dt.date = column(
        DAY, "Day of the quotation: it decides the prices of the list", "2026-02-03", required=True, later=Later.FIXED
    )
    valid_until: dt.date = column(
        DAY, "Last day on which it can be accepted", "2026-03-03", required=True, later=Later.FIXED
    )
    title: str = column(TEXT, f"Heading. {HEAD}", "Wheels for spring", later=Later.FIXED)
    reference: str = column(TEXT, f"What the client calls it. {HEAD}", "INK-118", later=Later.FIXED)
    wanted: dt.date | None = column(
        DAY, f"Day on which the client would like to have it. {HEAD}", "2026-03-16", later=Later.FIXED
    )
    alternative_to: str = column(
        ID, f"The quotation of which this is another variant. {HEAD}", "Q-1000", later=Later.FIXED
    )
    product: str = column(
        ID, "The product; empty: `text` says what it is", "WHEEL-28", later=Later.FIXED, stands_in="products.csv"
    )
    text: str = column(TEXT, "Text of the line; empty: that of the product", "Freight", later=Later.FIXED)
    quantity: Decimal = column(NUMBER, "How many", "10", default=Decimal(1), later=Later.FIXED)
    price: Decimal | None = column(
        NUMBER, "Price of one, without VAT; empty: by the price list", "12,50", later=Later.FIXED
    )
    discount: Decimal | None = column(NUMBER, "Percentage off the price", "5", later=Later.FIXED)
    unit: str = column(UNIT, "Unit code; empty: that of the product", "C62", later=Later.FIXED)
    tax: str = column(TAX, "VAT class; empty: that of the product", "standard", later=Later.FIXED)
    kind: str = column(
        choice("goods", "services"), "Empty: as the product, or else services", "goods", later=Later.FIXED
    )
    billed: str = column(
        choice("order", "delivery"),
        "When a service is due: when it is ordered, or with the first delivery",
        "delivery",
        default="delivery",
        later=Later.FIXED,
    )
    state: str = column(
        choice("accepted", "rejected", "expired"),
        "In a later row of any line: what became of the whole quotation",
        "accepted",
        later=Later.OWN,
    )
    decided: dt.date | None = column(DAY, "The day of that; an order is of this day", "2026-02-12", later=Later.OWN)
    order: str = column(
        ID, "For accepted: the id of the order; empty: that of the quotation", "O-1001", later=Later.OWN
    )
    reason: str = column(TEXT, "For rejected: why", "Bought elsewhere", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-12", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if first:
            yield from line_problems(self)
            if self.valid_until < self.date:
                yield "valid_until", Wrong("The quotation ends before it begins.", f"Write {self.date} or later.")
            if self.state:
                yield "state", Wrong("The first row of a line makes the quotation.", "Give this a row of its own.")
            return
        if not self.state:
            yield "state", Wrong("This row says nothing new about its line.", "Fill state, or leave the row out.")
        elif self.decided is None:
            yield "decided", Wrong("This does not say on which day.", "Fill decided.")
        elif self.decided < self.date:
            yield "decided", Wrong("This is before the quotation.", f"Write {self.date} or later.")
        if self.state == "rejected" and not self.reason:
            yield "reason", Wrong("This does not say why.", "Fill reason.")
        if self.order and self.state != "accepted":
            yield "order", Wrong("Only what is accepted becomes an order.", "Leave this empty.")


QUOTATIONS: Final = Table(file="quotations.csv", row=QuotationRow, key=("quotation", "line"), stamp=("entered",))


def one_quotation(index: Index) -> Found:
    """Lines of a quotation agree, and what it is an alternative to is there."""
    same, alike = ("client", "date", "valid_until", "entered"), ("title", "reference", "wanted", "alternative_to")
    yield from one_head(index, QUOTATIONS, same=same, alike=alike)
    for row in index.folder.of(QUOTATIONS):
        if row.alternative_to:
            yield from index.refer(QUOTATIONS, row, "alternative_to", QUOTATIONS, row.alternative_to)


def accepted(folder: Folder) -> dict[str, QuotationRow]:
    """Return the row by which each order came from a quotation, by the id of the order."""
    return {row.order or row.quotation: row for row in folder.of(QUOTATIONS) if row.state == "accepted"}


def import_quotations(work: Import, folder: Folder) -> None:
    """Make and send every quotation, and say what became of it."""
    rows = folder.of(QUOTATIONS)
    kept = dict(work.store.get_many(Quotation, {row.quotation for row in rows}))
    firsts: dict[str, list[QuotationRow]] = {}
    decisions: dict[str, QuotationRow] = {}
    for mine in by_key(QUOTATIONS, rows):
        firsts.setdefault(mine[0].quotation, []).append(mine[0])
        decisions |= {row.quotation: row for row in mine[1:]}
    for id, lines in firsts.items():
        head, known = lines[0], kept.get(id)
        if known is None:
            if work.carry_out(QUOTATIONS, head, partial(_quote, work, lines)):
                work.done += len(lines) - 1
        else:
            _unchanged(work, lines, known)
    for id, row in sorted(decisions.items(), key=lambda one: (known_on(one[1], one[1].date), one[1].row)):
        if not _decided(row, kept.get(id)):
            work.carry_out(QUOTATIONS, row, partial(_decide, work, row))


def _decided(row: QuotationRow, known: Quotation | None) -> bool:
    if known is None or known.state.value != row.state:
        return False
    return known.order == (row.order or row.quotation if row.state == "accepted" else "")


def _quote(work: Import, rows: Sequence[QuotationRow]) -> None:
    head, desk = rows[0], work.office.orders
    on = min(head.entered or head.date, work.on)
    quotation = Quotation(
        id=head.quotation,
        client=head.client,
        on=head.date,
        valid_until=head.valid_until,
        lines=tuple(line_of(row) for row in rows),
        title=head.title,
        reference=head.reference,
        currency=work.office.administration.currency,
        alternative_to=head.alternative_to,
        wanted=head.wanted,
    )
    desk.quote(work.store, quotation, on=on)
    desk.send(work.store, quotation.id, on=on)


def _decide(work: Import, row: QuotationRow) -> None:
    desk, on = work.office.orders, row.decided or work.on
    if row.state == QuotationState.ACCEPTED:
        desk.accept(work.store, row.quotation, on=on, order=row.order)
    elif row.state == QuotationState.REJECTED:
        desk.reject(work.store, row.quotation, reason=row.reason, on=on)
    else:
        desk.expire(work.store, row.quotation, on=on)


def _unchanged(work: Import, rows: Sequence[QuotationRow], known: Quotation) -> None:
    """Refuse rows that say something else than the quotation that was made."""
    head = rows[0]
    whole: Mapping[str, tuple[object, object]] = {
        "client": (head.client, known.client),
        "date": (head.date, known.on),
        "valid_until": (head.valid_until, known.valid_until),
        "title": (head.title, known.title),
        "wanted": (head.wanted, known.wanted),
        "alternative_to": (head.alternative_to, known.alternative_to),
    }
    if work.cannot_change(QUOTATIONS, head, dict(whole)):
        return
    lines = {line.id: line for line in known.lines}
    for row in rows:
        if row.line not in lines:
            work.cannot_change(QUOTATIONS, row, {"line": (row.line, ", ".join(lines))})
        elif work.cannot_change(QUOTATIONS, row, fixed_of_line(row, lines[row.line])):
            return
