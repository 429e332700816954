"""Orders: what a client buys, how far it is delivered, and what may become of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue, NotFound, RuleViolation
from ...domain.exact import EXACT, ZERO
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import a_text, one_of
from .lines import OrderLine, PriceCorrection, net_price, same_lines, without_words
from .products import a_name

#: The name of the source, in every key.
NAME = "orders"


class OrderState(StrEnum):
    """How far an order is."""

    OPEN = "open"
    PARTLY_DELIVERED = "partly-delivered"
    DELIVERED = "delivered"
    CLOSED = "closed"
    CANCELLED = "cancelled"


#: What may become of an order; a corrected delivery takes it back a step.
ORDER_STEPS: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.OPEN: (OrderState.PARTLY_DELIVERED, OrderState.DELIVERED, OrderState.CLOSED, OrderState.CANCELLED),
    OrderState.PARTLY_DELIVERED: (OrderState.OPEN, OrderState.DELIVERED, OrderState.CLOSED, OrderState.CANCELLED),
    OrderState.DELIVERED: (OrderState.OPEN, OrderState.PARTLY_DELIVERED, OrderState.CLOSED, OrderState.CANCELLED),
    OrderState.CLOSED: (),
    OrderState.CANCELLED: (),
}
#: Those of which nothing more is delivered.
OVER = (OrderState.CLOSED, OrderState.CANCELLED)


def to_order_state(word: OrderState | str) -> OrderState:
    """Turn a word into how far an order is, or refuse it."""
    return one_of(OrderState, word)


@record(
    "orders.order",
    keys=("client", "state", "on"),
    party="client",
    personal={"reference": "", "lines": without_words},
)
@attrs.frozen(kw_only=True)
class Order:
    """What one client buys of us.

    Args:
        id: the caller's own id, of at most 100 characters.
        on: the day on which it was ordered: it decides the prices of the list, and never changes.
        title: the heading on the bill, in the client's words.
        reference: what the client calls it.
        over: whether more may be delivered than was ordered.
        wanted: the day on which the client would like to have it.
        bill_on: what is due on order is not billed before this day; absent means not before ``on``.
        quotation: the quotation that it came from, if there was one.
        state: how far it is; the desk gives it.

    Raises:
        InvalidValue: for an order that could not be kept or printed.
    """

    id: str
    client: str
    on: date
    lines: tuple[OrderLine, ...]
    title: str = ""
    reference: str = ""
    currency: str = "EUR"
    over: bool = False
    wanted: date | None = None
    bill_on: date | None = None
    quotation: str = ""
    state: OrderState = attrs.field(default=OrderState.OPEN, converter=to_order_state)

    def __attrs_post_init__(self) -> None:
        """Refuse an order that could not be kept or printed."""
        where = f"order {a_name(self.id, where='order')}"
        a_name(self.client, where=f"{where}, client")
        for text in (self.title, self.reference, self.quotation):
            a_text(text, where=where)
        for day in (self.on, self.wanted, self.bill_on):
            if day is not None:
                a_day(day, where=where)
        places(self.currency)
        if self.billable_on < self.on:
            raise InvalidValue(f"it is billed before {self.on}", where=where, remedy="bill it on that day or later")

    def line(self, id: str) -> OrderLine:
        """Return one line.

        Raises:
            NotFound: when it has no such line.
        """
        for line in self.lines:
            if line.id == id:
                return line
        raise NotFound(f"it has no line {id!r}", where=f"order {self.id}", remedy="name a line of the order")

    @property
    def billable_on(self) -> date:
        """The first day on which what is due on order may be billed."""
        return self.bill_on or self.on

    def with_line(self, line: OrderLine) -> Order:
        """Return the order with another line in the place of the one with its id."""
        return attrs.evolve(self, lines=tuple(line if one.id == line.id else one for one in self.lines))

    def came_from(self, given: Order) -> bool:
        """Whether this is what became of an order as somebody gave it."""
        over = given.over if self.over else self.over  # it may have been agreed on later
        mine = attrs.evolve(self, lines=given.lines, state=given.state, over=over)
        return mine == given and same_lines(given.lines, self.lines)


def left(line: OrderLine, delivered: Mapping[str, Decimal]) -> Decimal:
    """Return how much of a line is still to be delivered: the back order."""
    if line.on_order:
        return ZERO
    return max(EXACT.subtract(line.wanted, delivered.get(line.id, ZERO)), ZERO)


def in_state(order: Order, delivered: Mapping[str, Decimal]) -> Order:
    """Return the order in the state that follows from what was delivered and cancelled.

    Raises:
        RuleViolation: when it cannot take that step.
    """
    wanted = any(line.wanted for line in order.lines)
    came = any(delivered.get(line.id) for line in order.lines)
    comes = [line for line in order.lines if not line.on_order and line.wanted]
    if order.state in OVER:
        return order
    if not wanted and not came:
        return moved(order, OrderState.CANCELLED)
    if comes and not any(left(line, delivered) for line in order.lines):
        return moved(order, OrderState.DELIVERED)
    return moved(order, OrderState.PARTLY_DELIVERED if came else OrderState.OPEN)


def moved(order: Order, state: OrderState) -> Order:
    """Return the order in another state, or as it is when it is in that one.

    Raises:
        RuleViolation: when it cannot take that step.
    """
    if state is order.state:
        return order
    if state not in ORDER_STEPS[order.state]:
        raise RuleViolation(
            f"it is {order.state}, and cannot be {state}", where=f"order {order.id}", remedy="make a new order"
        )
    return attrs.evolve(order, state=state)


def repriced(line: OrderLine, price: Decimal, discount: Decimal, *, on: date, reason: str) -> OrderLine:
    """Return a line at a price that was agreed anew; what was billed of it is given back and billed at this price.

    Raises:
        InvalidValue: for a price below zero, a discount that is none, or no reason.
    """
    where = f"line {line.id}"
    net_price(price, discount, where=where)
    a_text(reason, where=f"{where}, reason", needed=True)
    if line.price is None:
        raise InvalidValue("it was never agreed", where=where, remedy="order it first")
    correction = PriceCorrection(on=on, was=line.price, discount=line.discount, reason=reason)
    return attrs.evolve(line, price=price, discount=discount, corrections=(*line.corrections, correction))


def cancelled(line: OrderLine, delivered: Mapping[str, Decimal], *, reason: str) -> OrderLine:
    """Return a line of which nothing more comes: what is due on order is not due, what was delivered stays.

    Raises:
        InvalidValue: when no reason is given.
    """
    a_text(reason, where=f"line {line.id}, reason", needed=True)
    rest = line.wanted if line.on_order else left(line, delivered)
    if not rest:
        return line
    return attrs.evolve(line, cancelled=EXACT.add(line.cancelled, rest), cancelled_because=reason)
