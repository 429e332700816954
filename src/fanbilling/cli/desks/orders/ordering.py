"""Orders as the folder tells them: each written down once, a line priced anew or cancelled by what a later row says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

import attrs

from ....sources.orders import Order, OrderLine, OrderState
from ...columns import DAY, ENTERED, ID, NUMBER, TAX, TEXT, UNIT, YES_NO, Later, Problems, Wrong, choice, column
from ...importing import Import, by_key, still_to_do
from ...tables import Folder, Found, Index, Table
from .cells import HEAD, NAME, fixed_of_line, line_of, line_problems, one_head
from .steps import Step


@attrs.frozen(kw_only=True)
class OrderRow:
    """A line of an order; or another price of it, or that the rest of it does not come."""

    row: int
    order: str = column(ID, "Id of the order", "O-1001", required=True)
    line: str = column(NAME, "Id of the line within the order", "1", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED, stands_in="clients.csv")
    date: dt.date = column(
        DAY, "Day of the order: it decides the prices of the list", "2026-02-12", required=True, later=Later.FIXED
    )
    title: str = column(TEXT, f"Heading on the bill. {HEAD}", "Wheels for spring", later=Later.FIXED)
    reference: str = column(TEXT, f"What the client calls it. {HEAD}", "INK-118", later=Later.FIXED)
    wanted: dt.date | None = column(
        DAY, f"Day on which the client would like to have it. {HEAD}", "2026-03-16", later=Later.FIXED
    )
    bill_on: dt.date | None = column(
        DAY, f"What is due on order is on no bill before this day. {HEAD}", "2026-04-01", later=Later.FIXED
    )
    over: str = column(YES_NO, f"Whether more may be delivered than was ordered. {HEAD}", "yes", later=Later.FIXED)
    product: str = column(
        ID, "The product; empty: `text` says what it is", "WHEEL-28", later=Later.FIXED, stands_in="products.csv"
    )
    text: str = column(TEXT, "Text of the line; empty: that of the product", "Freight", later=Later.FIXED)
    quantity: Decimal = column(NUMBER, "How many", "10", default=Decimal(1), later=Later.FIXED)
    price: Decimal | None = column(
        NUMBER, "Price of one, without VAT; empty: by the list. In a later row: another one", "12,50", later=Later.OWN
    )
    discount: Decimal | None = column(
        NUMBER, "Percentage off the price. In a later row: another one", "5", later=Later.OWN
    )
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
    cancelled: str = column(
        YES_NO, "In a later row: `yes` when what was not delivered does not come", "yes", later=Later.OWN
    )
    reason: str = column(TEXT, "In a later row: why", "Agreed by phone", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-12", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if first:
            yield from line_problems(self)
            if self.cancelled:
                yield "cancelled", Wrong("The first row of a line orders it.", "Give the end a row of its own.")
            return
        changed = self.price is not None or self.discount is not None
        if changed and self.cancelled == "yes":
            yield "cancelled", Wrong("This row is another price and an end at once.", "Give the end a row of its own.")
        elif not changed and self.cancelled != "yes":
            yield "price", Wrong("This row says nothing new about its line.", "Fill price or discount, or cancelled.")
        elif not self.reason:
            yield "reason", Wrong("This does not say why.", "Fill reason.")


_ENDED: Final = (OrderState.DELIVERED, OrderState.CLOSED, OrderState.CANCELLED)
ORDERS: Final = Table(file="orders.csv", row=OrderRow, key=("order", "line"), stamp=("entered",))


def one_order(index: Index) -> Found:
    """Lines of an order agree in what is said of the whole."""
    same, alike = ("client", "date", "entered"), ("title", "reference", "wanted", "bill_on", "over")
    yield from one_head(index, ORDERS, same=same, alike=alike)


@attrs.frozen(kw_only=True)
class _State:
    """What later rows say of a line: its price, and whether its rest comes."""

    price: Decimal | None
    discount: Decimal
    cancelled: bool


def import_orders(work: Import, folder: Folder) -> None:
    """Write every order down that is not there."""
    lines = _lines(folder)
    kept = work.store.get_many(Order, lines)
    for id, mine in lines.items():
        known = kept.get(id)
        if known is not None:
            _unchanged(work, [rows[0] for rows in mine], known)
        elif work.carry_out(ORDERS, mine[0][0], partial(_write, work, [rows[0] for rows in mine])):
            work.done += len(mine) - 1


def changes(work: Import, folder: Folder) -> Iterator[Step]:
    """Yield what later rows say of orders and is not in the books."""
    lines = {id: mine for id, mine in _lines(folder).items() if any(len(rows) > 1 for rows in mine)}
    kept = work.store.get_many(Order, lines)
    for id, mine in lines.items():
        known = {line.id: line for line in kept[id].lines} if id in kept else {}
        for rows in mine:
            if line := known.get(rows[0].line):
                for row, state in still_to_do(
                    rows, _states(rows, line), _state(kept[id], line, rows), same=_State.__eq__
                ):
                    day = row.entered or work.on
                    yield Step(table=ORDERS, row=row, known=day, on=day, rank=9, do=partial(_change, work, row, state))


def _lines(folder: Folder) -> dict[str, list[list[OrderRow]]]:
    lines: dict[str, list[list[OrderRow]]] = {}
    for rows in by_key(ORDERS, folder.of(ORDERS)):
        lines.setdefault(rows[0].order, []).append(rows)
    return lines


def _write(work: Import, rows: Sequence[OrderRow]) -> None:
    head = rows[0]
    order = Order(
        id=head.order,
        client=head.client,
        on=head.date,
        lines=tuple(line_of(row) for row in rows),
        title=head.title,
        reference=head.reference,
        currency=work.office.administration.currency,
        over=head.over == "yes",
        wanted=head.wanted,
        bill_on=head.bill_on,
    )
    work.office.orders.order(work.store, order, on=min(head.entered or head.date, work.on))


def _state(order: Order, line: OrderLine, rows: Sequence[OrderRow]) -> _State:
    """Return the line as the books have it; where nothing more comes anyway, what is cancelled is so already."""
    nothing_left = order.state in _ENDED and any(row.cancelled == "yes" for row in rows)
    return _State(price=line.price, discount=line.discount, cancelled=bool(line.cancelled) or nothing_left)


def _states(rows: Sequence[OrderRow], line: OrderLine) -> list[_State]:
    """Return the line as each row leaves it, from the price that was agreed first."""
    first = line.corrections[0] if line.corrections else None
    price, discount = (first.was, first.discount) if first else (line.price, line.discount)
    states = [_State(price=price, discount=discount, cancelled=False)]
    for row in rows[1:]:
        before = states[-1]
        after = _State(
            price=before.price if row.price is None else row.price,
            discount=before.discount if row.discount is None else row.discount,
            cancelled=before.cancelled or row.cancelled == "yes",
        )
        states.append(after)
    return states


def _change(work: Import, row: OrderRow, state: _State) -> None:
    desk, on = work.office.orders, row.entered or work.on
    if row.cancelled == "yes":
        desk.cancel(work.store, row.order, line=row.line, reason=row.reason, on=on)
    elif state.price is not None:
        desk.change_price(
            work.store, row.order, row.line, state.price, discount=state.discount, reason=row.reason, on=on
        )


def _unchanged(work: Import, rows: Sequence[OrderRow], known: Order) -> None:
    """Refuse rows that say something else than the order that was written down."""
    head = rows[0]
    whole: dict[str, tuple[object, object]] = {
        "client": (head.client, known.client),
        "date": (head.date, known.on),
        "title": (head.title or known.title, known.title),
        "wanted": (head.wanted or known.wanted, known.wanted),
        "bill_on": (head.bill_on or known.bill_on, known.bill_on),
    }
    if work.cannot_change(ORDERS, head, whole):
        return
    lines = {line.id: line for line in known.lines}
    for row in rows:
        if row.line not in lines:
            work.cannot_change(ORDERS, row, {"line": (row.line, ", ".join(lines))})
        elif work.cannot_change(ORDERS, row, fixed_of_line(row, lines[row.line])):
            return
