"""Deliveries and returns as the folder tells them, and other quantities by what a later row says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import attrs

from ....sources.orders import Delivery, DeliveryLine, Return, ReturnLine
from ...columns import DAY, ENTERED, ID, NUMBER, TEXT, YES_NO, Later, Problems, Wrong, column
from ...importing import Import, by_key, still_to_do
from ...tables import Folder, Found, Index, Table
from .cells import HEAD, NAME, known_on, one_head
from .ordering import ORDERS
from .quoting import QUOTATIONS, accepted
from .steps import Step

MAIN: Final = "main"


@attrs.frozen(kw_only=True)
class DeliveryRow:
    """How much of a line of an order was delivered, or came back; or how much it was in truth."""

    row: int
    delivery: str = column(NAME, "Id of the delivery, or of the return", "V-2001", required=True)
    line: str = column(NAME, "The line of the order", "1", required=True)
    order: str = column(
        ID, "The order: as in orders.csv, or of a quotation", "O-1001", required=True, later=Later.FIXED
    )
    date: dt.date = column(
        DAY, "Day on which it was delivered, or came back", "2026-02-19", required=True, later=Later.FIXED
    )
    quantity: Decimal = column(NUMBER, "How many; in a later row: how many it was in truth", "6", required=True)
    returns: str = column(
        NAME,
        "For a return: the delivery of which it came back",
        "V-2001",
        later=Later.FIXED,
        stands_in="deliveries.csv",
    )
    scrapped: str = column(
        YES_NO, "For a return: whether it is worth nothing any more", "yes", default="no", later=Later.FIXED
    )
    place: str = column(NAME, f"Where it leaves the stock; empty: {MAIN}. {HEAD}", "shop", later=Later.FIXED)
    bill_on: dt.date | None = column(
        DAY, f"Not on a bill before this day; empty: `date`. {HEAD}", "2026-04-01", later=Later.FIXED
    )
    reference: str = column(TEXT, f"Of the carrier, or who signed. {HEAD}", "CMR 4471", later=Later.FIXED)
    reason: str = column(TEXT, "For a return, and in a later row: why", "Wrong colour", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-20", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if first and not self.quantity:
            yield "quantity", Wrong("A delivery of nothing says nothing.", "Write how many.")
        if not self.reason and (self.returns or not first):
            yield "reason", Wrong("This does not say why.", "Fill reason.")
        if self.returns and not first:
            yield "delivery", Wrong("A return is made once.", "Give what else came back an id of its own.")
        if self.returns and self.bill_on:
            yield "bill_on", Wrong("A return is on the next bill.", "Leave this empty.")
        if self.scrapped == "yes" and not self.returns:
            yield "scrapped", Wrong("Only what comes back can be scrapped.", "Fill returns, or leave this empty.")


DELIVERIES: Final = Table(
    file="deliveries.csv", row=DeliveryRow, key=("delivery", "line"), stamp=("entered",), counts_from="date"
)


def of_an_order(index: Index) -> Found:
    """A delivery is of lines of an order that there is, and a return of what was delivered of it."""
    same, alike = ("order", "date", "returns", "entered"), ("place", "bill_on", "reference")
    yield from one_head(index, DELIVERIES, same=same, alike=alike)
    offered = accepted(index.folder)
    for row in index.folder.of(DELIVERIES):
        quotation = offered.get(row.order)
        there = index.first(ORDERS, row.order) is not None
        if quotation is not None and not there:
            yield from index.refer(DELIVERIES, row, "line", QUOTATIONS, quotation.quotation, row.line)
            if (quotation.entered or dt.date.min) > (row.entered or dt.date.min):
                why = f"It became an order on line {quotation.row} of quotations.csv, which is known later."
                yield DELIVERIES, row, "order", Wrong(why, f"Write {quotation.entered} or later in entered.")
        elif there and quotation is None:
            yield from index.refer(DELIVERIES, row, "line", ORDERS, row.order, row.line)
        elif not there:
            yield from index.refer(DELIVERIES, row, "order", ORDERS, row.order)
        if row.returns:
            yield from _returned(index, row)


def _returned(index: Index, row: DeliveryRow) -> Found:
    back = index.first(DELIVERIES, row.returns)
    if back is None:
        return  # said already, by the column
    if back.returns:
        why = Wrong("This is a return itself.", "Name the delivery.")
        yield DELIVERIES, row, "returns", why
    elif back.order != row.order:
        why = Wrong(f"That delivery is of order {back.order}.", f"Write {back.order}.")
        yield DELIVERIES, row, "order", why
    else:
        yield from index.refer(DELIVERIES, row, "line", DELIVERIES, row.returns, row.line)


def deliveries(work: Import, folder: Folder) -> Iterator[Step]:
    """Yield what was delivered, corrected and returned, and is not in the books."""
    papers: dict[str, list[list[DeliveryRow]]] = {}
    for rows in by_key(DELIVERIES, folder.of(DELIVERIES)):
        papers.setdefault(rows[0].delivery, []).append(rows)
    kept = work.store.get_many(Delivery, papers)
    returns = work.store.get_many(Return, papers)
    for id, mine in papers.items():
        if mine[0][0].returns:
            yield from _taken_back(work, [rows[0] for rows in mine], returns.get(id))
        else:
            yield from _delivered(work, mine, kept.get(id))


def _delivered(work: Import, mine: Sequence[Sequence[DeliveryRow]], known: Delivery | None) -> Iterator[Step]:
    firsts = [rows[0] for rows in mine]
    head = firsts[0]
    if known is None:
        yield _step(head, rank=3, do=partial(_deliver, work, firsts), rows=len(firsts))
    elif _changed(work, firsts, known):
        return
    quantities = {line.line: line for line in known.lines} if known else {}
    for rows in mine:
        line = quantities.get(rows[0].line)
        said = [row.quantity for row in rows]
        now = line.quantity if line else said[0]
        if len(rows) > 1:
            for row, quantity in still_to_do(rows, said, now, same=Decimal.__eq__):
                yield _step(row, rank=5, do=partial(_correct, work, row, quantity))


def _changed(work: Import, rows: Sequence[DeliveryRow], known: Delivery) -> bool:
    """Refuse rows that say something else than the delivery that was written down."""
    head = rows[0]
    whole: dict[str, tuple[object, object]] = {
        "order": (head.order, known.order),
        "date": (head.date, known.on),
        "place": (head.place or MAIN, known.place),
        "bill_on": (head.bill_on, known.bill_on),
    }
    if work.cannot_change(DELIVERIES, head, whole):
        return True
    first = {line.line: line.first for line in known.lines}
    return any(
        work.cannot_change(DELIVERIES, row, {"line": (row.line, ", ".join(first))})
        if row.line not in first
        else work.cannot_change(DELIVERIES, row, {"quantity": (row.quantity, first[row.line])})
        for row in rows
    )


def _taken_back(work: Import, rows: Sequence[DeliveryRow], known: Return | None) -> Iterator[Step]:
    head = rows[0]
    if known is None:
        yield _step(head, rank=4, do=partial(_take_back, work, rows), rows=len(rows))
        return
    whole: dict[str, tuple[object, object]] = {
        "returns": (head.returns, known.delivery),
        "date": (head.date, known.on),
    }
    if work.cannot_change(DELIVERIES, head, whole):
        return
    for row in rows:
        work.cannot_change(DELIVERIES, row, {"quantity": (row.quantity, known.quantity(row.line))})


def _step(row: DeliveryRow, *, rank: int, do: partial[None], rows: int = 1) -> Step:
    return Step(table=DELIVERIES, row=row, known=known_on(row, row.date), on=row.date, rank=rank, rows=rows, do=do)


def _deliver(work: Import, rows: Sequence[DeliveryRow]) -> None:
    head = rows[0]
    delivery = Delivery(
        id=head.delivery,
        order=head.order,
        on=head.date,
        lines=tuple(DeliveryLine(line=row.line, quantity=row.quantity) for row in rows),
        place=head.place or MAIN,
        bill_on=head.bill_on,
        reference=head.reference,
    )
    work.office.orders.deliver(work.store, delivery, on=known_on(head, min(head.date, work.on)))


def _correct(work: Import, row: DeliveryRow, quantity: Decimal) -> None:
    on = row.entered or work.on
    work.office.orders.correct(work.store, row.delivery, row.line, quantity, reason=row.reason, on=on)


def _take_back(work: Import, rows: Sequence[DeliveryRow]) -> None:
    head = rows[0]
    given = Return(
        id=head.delivery,
        delivery=head.returns,
        on=head.date,
        lines=tuple(ReturnLine(line=row.line, quantity=row.quantity, scrapped=row.scrapped == "yes") for row in rows),
        reason=head.reason,
        place=head.place,
    )
    work.office.orders.take_back(work.store, given, on=known_on(head, min(head.date, work.on)))
