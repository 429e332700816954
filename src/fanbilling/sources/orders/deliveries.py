"""Deliveries: what was brought on which day, what of it came back, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import InvalidValue, NotFound, RuleViolation
from ...domain.exact import EXACT, ZERO, exact
from ...domain.periods import a_day
from ...domain.records import ERASED, record
from ...domain.texts import a_text, an_id
from .lines import a_line
from .moves import MAIN, a_place
from .orders import Order
from .products import Component, a_name


@attrs.frozen(kw_only=True)
class QuantityCorrection:
    """A delivered quantity that turned out to be another one: known on which day, what it was before, and why."""

    on: date
    was: Decimal
    reason: str


@attrs.frozen(kw_only=True)
class DeliveryLine:
    """How much of a line of the order was delivered.

    Args:
        line: the line of the order.
        quantity: how much, as it is known now.
        leaving: which stock leaves with one of it, as the product was on that day; the desk gives it.
        added: whether the desk added it: a charge that is due with the first delivery.
        corrections: what it was thought to be before; the desk gives them.

    Raises:
        InvalidValue: for a quantity below zero.
    """

    line: str
    quantity: Decimal = attrs.field(converter=exact)
    leaving: tuple[Component, ...] = ()
    added: bool = False
    corrections: tuple[QuantityCorrection, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse less than nothing."""
        a_line(self.line, where="delivery")
        if self.quantity < 0:
            raise InvalidValue(
                f"a quantity of {self.quantity}", where=f"line {self.line}", remedy="return what came back"
            )

    @property
    def first(self) -> Decimal:
        """How much it was before it was corrected."""
        return self.corrections[0].was if self.corrections else self.quantity


def _without_words(lines: tuple[DeliveryLine, ...]) -> tuple[DeliveryLine, ...]:
    """Return lines that no longer say why they were corrected."""
    return tuple(
        attrs.evolve(line, corrections=tuple(attrs.evolve(one, reason=ERASED) for one in line.corrections))
        for line in lines
    )


@record(
    "orders.delivery",
    keys=("order", "client", "on"),
    party="client",
    personal={"reference": "", "lines": _without_words},
)
@attrs.frozen(kw_only=True)
class Delivery:
    """What was brought to a client on one day, of one order.

    Args:
        id: the caller's own id, of at most 60 characters, without a slash.
        client: for whom; empty means that of the order.
        on: the day on which it was delivered; never changes.
        place: where it left the stock.
        bill_on: not to be billed before this day; absent means not before ``on``.
        reference: of the carrier, or who signed for it.

    Raises:
        InvalidValue: for a delivery that could not be kept or printed.
    """

    id: str
    order: str
    on: date
    lines: tuple[DeliveryLine, ...]
    client: str = ""
    place: str = MAIN
    bill_on: date | None = None
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a delivery of nothing."""
        where = f"delivery {a_line(self.id, where='delivery')}"
        a_name(self.order, where=f"{where}, order")
        a_place(self.place, where=f"{where}, place")
        a_text(self.reference, where=where)
        a_text(self.client, where=where)
        for day in (self.on, self.billable_on):
            a_day(day, where=where)
        if self.billable_on < self.on:
            raise InvalidValue(f"it is billed before {self.on}", where=where, remedy="bill it on that day or later")
        ids = [line.line for line in self.lines]
        if not ids or len(set(ids)) < len(ids):
            raise InvalidValue(
                f"lines {', '.join(ids) or '(none)'}", where=where, remedy="give at least one, and each of them once"
            )

    @property
    def billable_on(self) -> date:
        """The first day on which it may be billed."""
        return self.bill_on or self.on

    def line(self, id: str) -> DeliveryLine:
        """Return what was delivered of a line.

        Raises:
            NotFound: when nothing was.
        """
        for line in self.lines:
            if line.line == id:
                return line
        raise NotFound(f"it has no line {id!r}", where=f"delivery {self.id}", remedy="name a line that was delivered")

    @property
    def given(self) -> tuple[object, ...]:
        """What somebody said when it was written down."""
        lines = tuple((line.line, line.first) for line in self.lines if not line.added)
        return self.order, self.on, self.place, self.bill_on, self.reference, lines


@attrs.frozen(kw_only=True)
class ReturnLine:
    """How much of a delivered line came back.

    Args:
        scrapped: whether it is worth nothing any more; else it goes back into stock, at the cost it left with.

    Raises:
        InvalidValue: for a quantity that is not above zero.
    """

    line: str
    quantity: Decimal = attrs.field(converter=exact)
    scrapped: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a return of nothing."""
        a_line(self.line, where="return")
        if self.quantity <= 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where=f"line {self.line}", remedy="use more than zero")


@record("orders.return", keys=("order", "delivery", "client", "on"), party="client", personal={"reason": ERASED})
@attrs.frozen(kw_only=True)
class Return:
    """What a client sent back of one delivery, and why; what was billed of it is given back.

    Args:
        id: the caller's own id, of at most 60 characters, without a slash.
        on: the day on which it came back.
        place: where it goes back into stock; empty means where it came from.
        order, client: those of the delivery; the desk gives them.

    Raises:
        InvalidValue: for a return without a reason.
    """

    id: str
    delivery: str
    on: date
    lines: tuple[ReturnLine, ...]
    reason: str
    place: str = ""
    order: str = ""
    client: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a return of nothing, or for no reason."""
        where = f"return {a_line(self.id, where='return')}"
        an_id(self.delivery, where=f"{where}, delivery")
        a_text(self.reason, where=f"{where}, reason", needed=True)
        a_day(self.on, where=where)
        if self.place:
            a_place(self.place, where=f"{where}, place")
        ids = [line.line for line in self.lines]
        if not ids or len(set(ids)) < len(ids):
            raise InvalidValue(
                f"lines {', '.join(ids) or '(none)'}", where=where, remedy="give at least one, and each of them once"
            )

    def quantity(self, line: str) -> Decimal:
        """Return how much came back of a line."""
        return sum((one.quantity for one in self.lines if one.line == line), ZERO)


def delivered(deliveries: Iterable[Delivery]) -> dict[str, Decimal]:
    """Return how much was delivered of each line of an order."""
    sums: dict[str, Decimal] = {}
    for delivery in deliveries:
        for line in delivery.lines:
            sums[line.line] = EXACT.add(sums.get(line.line, ZERO), line.quantity)
    return sums


def returned(returns: Iterable[Return], delivery: str, line: str) -> Decimal:
    """Return how much of a delivered line came back."""
    return sum((one.quantity(line) for one in returns if one.delivery == delivery), ZERO)


def check_delivery(order: Order, delivery: Delivery, before: Mapping[str, Decimal]) -> None:
    """Refuse to deliver what was not ordered, or more of it than is left.

    Args:
        before: how much of each line was delivered by others.

    Raises:
        NotFound: when the order has no such line.
        RuleViolation: when it is too early, or too much.
    """
    where = f"delivery {delivery.id}"
    if delivery.on < order.on:
        raise RuleViolation(
            f"it is of {delivery.on}, and the order of {order.on}", where=where, remedy="correct one of the two days"
        )
    for line in delivery.lines:
        ordered = order.line(line.line)
        if ordered.on_order:
            raise RuleViolation(
                "it is due on order, and not delivered", where=f"{where}, line {line.line}", remedy="leave it out"
            )
        check_quantity(order, line.line, line.quantity, before.get(line.line, ZERO), where=where)


def check_quantity(order: Order, line: str, quantity: Decimal, before: Decimal, *, where: str) -> None:
    """Refuse more than was ordered, unless over-delivery was agreed.

    Raises:
        RuleViolation: when it is too much.
    """
    wanted = order.line(line).wanted
    if EXACT.add(before, quantity) > wanted and not order.over:
        raise RuleViolation(
            f"{wanted:f} were ordered, {before:f} delivered before, and now {quantity:f}",
            where=f"{where}, line {line}",
            remedy=f"deliver {max(wanted - before, ZERO):f}, or agree on over-delivery",
        )
