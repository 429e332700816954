"""What is done with deliveries: written down, corrected, returned; and what the stock does with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import Conflict, InvalidValue, RuleViolation
from ...domain.exact import EXACT, ZERO, exact
from ...domain.ports.sourcing import Reading
from ...domain.texts import a_text
from .deliveries import (
    Delivery,
    DeliveryLine,
    QuantityCorrection,
    Return,
    check_delivery,
    check_quantity,
    delivered,
    returned,
)
from .moves import MoveKind, StockMove
from .orders import OVER, Order, left
from .products import Component, Product, ProductKind
from .tracing import every


def new_delivery(reading: Reading, order: Order, delivery: Delivery, earlier: Sequence[Delivery]) -> Delivery:
    """Return a delivery as it is kept: with the charges that are due with the first one, and what leaves the stock.

    Raises:
        RuleViolation: when it does not fit the order.
    """
    where = f"delivery {delivery.id}"
    if order.state in OVER:
        raise RuleViolation(f"order {order.id} is {order.state}", where=where, remedy="make a new order")
    if delivery.client not in ("", order.client):
        raise RuleViolation(
            f"order {order.id} is of {order.client}", where=where, remedy="name that client, or leave it out"
        )
    for line in delivery.lines:
        if line.quantity <= 0 or line.leaving or line.added or line.corrections:
            raise InvalidValue(
                f"a quantity of {line.quantity}, or something that only the desk can say",
                where=f"{where}, line {line.line}",
                remedy="give a line and a quantity above zero",
            )
    check_delivery(order, delivery, delivered(earlier))
    given = (*delivery.lines, *_charges(order, delivery, earlier))
    products = {line.line: order.line(line.line).product for line in given}
    parts = leaving(reading, products.values())
    lines = tuple(attrs.evolve(line, leaving=parts.get(products[line.line], ())) for line in given)
    return attrs.evolve(delivery, client=order.client, lines=lines)


def _charges(order: Order, delivery: Delivery, earlier: Iterable[Delivery]) -> Iterator[DeliveryLine]:
    """Yield the services and charges that are due with this delivery, because it is the first one."""
    seen = {line.line for one in (*earlier, delivery) for line in one.lines}
    for line in order.lines:
        if not line.goods and not line.on_order and line.wanted and line.id not in seen:
            yield DeliveryLine(line=line.id, quantity=line.wanted, added=True)


def leaving(reading: Reading, products: Iterable[str]) -> dict[str, tuple[Component, ...]]:
    """Return which stock leaves with one of each product: itself, its parts when it is a kit, or nothing."""
    known: dict[str, Product] = {}
    wanted = {id for id in products if id}
    asked = set(wanted)
    while asked:
        found = reading.get_many(Product, sorted(asked))
        known |= found
        parts = {part for one in found.values() if one.kind is ProductKind.KIT for part in one.parts}
        asked = parts - known.keys()
    return {
        id: tuple(Component(product=product, quantity=quantity) for product, quantity in sorted(sums.items()))
        for id in wanted
        for sums in (_stocked(known, id, Decimal(1)),)
    }


def _stocked(known: Mapping[str, Product], id: str, quantity: Decimal) -> dict[str, Decimal]:
    """Return how much of which stock a quantity of a product is."""
    product = known[id]
    if product.in_stock:
        return {id: quantity}
    sums: dict[str, Decimal] = {}
    if product.kind is ProductKind.KIT:
        for component in product.components:
            part = _stocked(known, component.product, EXACT.multiply(quantity, component.quantity))
            for name, more in part.items():
                sums[name] = EXACT.add(sums.get(name, ZERO), more)
    return sums


def issues(delivery: Delivery, line: DeliveryLine, quantity: Decimal) -> Iterator[StockMove]:
    """Yield what leaves the stock with a quantity of a delivered line."""
    for place, part in enumerate(line.leaving):
        yield StockMove(
            id=f"{_prefix(delivery, line.line)}{len(line.corrections)}.{place}",
            kind=MoveKind.ISSUE,
            product=part.product,
            place=delivery.place,
            on=delivery.on,
            quantity=EXACT.multiply(quantity, part.quantity),
            about=delivery.id,
            party=delivery.client,
        )


@attrs.frozen(kw_only=True)
class Back:
    """Why stock of a delivered line comes back: what it is called, on which day, and where it goes."""

    id: str
    on: date
    place: str


def put_back(
    moves: Sequence[StockMove], delivery: Delivery, line: DeliveryLine, quantity: Decimal, back: Back
) -> Iterator[StockMove]:
    """Yield what a quantity of a delivered line puts back into stock, at the cost it left with: the newest issue first.

    Args:
        moves: what left with this delivery, and came back of it.
    """
    gone: dict[str, Decimal] = {}
    for move in moves:
        gone[move.origin] = EXACT.add(gone.get(move.origin, ZERO), move.quantity)
    prefix = _prefix(delivery, line.line)
    mine = [move for move in moves if move.id.startswith(prefix) and move.kind is MoveKind.ISSUE]
    for place, part in enumerate(line.leaving):
        wanted = EXACT.multiply(quantity, part.quantity)
        for move in sorted(mine, key=lambda one: one.sequence, reverse=True):
            rest = EXACT.subtract(move.quantity, gone.get(move.id, ZERO))
            some = min(rest, wanted) if move.product == part.product else ZERO
            if some > 0:
                wanted = EXACT.subtract(wanted, some)
                origin = move.id.removeprefix(prefix)
                yield StockMove(
                    id=f"{back.id}/{place}/{origin}",
                    kind=MoveKind.CUSTOMER_RETURN,
                    product=part.product,
                    place=back.place,
                    on=back.on,
                    quantity=some,
                    origin=move.id,
                    about=delivery.id,
                    party=delivery.client,
                )


def moves_of(reading: Reading, delivery: Delivery) -> list[StockMove]:
    """Return what left the stock with a delivery, and came back of it."""
    return list(every(reading, StockMove, {"about": delivery.id, "party": delivery.client}))


def corrected(
    order: Order, delivery: Delivery, line: str, quantity: Decimal, *, reason: str, on: date, done: Done
) -> Delivery:
    """Return a delivery of which another quantity of a line was delivered than was thought.

    Raises:
        NotFound: when it has no such line.
        InvalidValue: when no reason is given, or the quantity is below zero.
        RuleViolation: when less would be delivered than came back, or more than was ordered.
    """
    where = f"delivery {delivery.id}, line {line}"
    before = delivery.line(line)
    number = exact(quantity, where=where)
    a_text(reason, where=f"{where}, reason", needed=True)
    came_back = returned(done.returns, delivery.id, line)
    if number < came_back:
        raise RuleViolation(
            f"{number:f} are too few: {came_back:f} came back of it", where=where, remedy="correct the return first"
        )
    if number > before.quantity:
        if order.state in OVER:
            raise RuleViolation(f"order {order.id} is {order.state}", where=where, remedy="make a new order")
        others = EXACT.subtract(delivered(done.deliveries).get(line, ZERO), before.quantity)
        check_quantity(order, line, number, others, where=where)
    correction = QuantityCorrection(on=on, was=before.quantity, reason=reason)
    after = attrs.evolve(before, quantity=number, corrections=(*before.corrections, correction))
    return attrs.evolve(delivery, lines=tuple(after if one.line == line else one for one in delivery.lines))


@attrs.frozen(kw_only=True)
class Done:
    """What was delivered of an order, and what came back of it."""

    deliveries: Sequence[Delivery]
    returns: Sequence[Return]


def stock_of_correction(before: Delivery, after: Delivery, line: str, moves: Sequence[StockMove]) -> list[StockMove]:
    """Return what a corrected quantity does to the stock, on the day of the delivery."""
    was, now = before.line(line), after.line(line)
    difference = EXACT.subtract(now.quantity, was.quantity)
    if difference > 0:
        return list(issues(after, now, difference))
    back = Back(id=f"{_prefix(after, line)}{len(now.corrections)}", on=after.on, place=after.place)
    return list(put_back(moves, after, now, -difference, back))


def check_return(delivery: Delivery, given: Return, earlier: Sequence[Return]) -> Return:
    """Return what comes back as it is kept, or refuse more than was delivered.

    Raises:
        NotFound: when something comes back that was not delivered.
        RuleViolation: when it comes back too early, or too much.
        Conflict: when it is said to be of another order.
    """
    where = f"return {given.id}"
    if given.order not in ("", delivery.order) or given.client not in ("", delivery.client):
        raise Conflict(
            f"delivery {delivery.id} is of order {delivery.order}", where=where, remedy="leave order and client out"
        )
    if given.on < delivery.on:
        raise RuleViolation(
            f"it came back on {given.on}, and was delivered on {delivery.on}",
            where=where,
            remedy="correct one of the two days",
        )
    for line in given.lines:
        sent = delivery.line(line.line).quantity
        before = returned(earlier, delivery.id, line.line)
        if EXACT.add(before, line.quantity) > sent:
            raise RuleViolation(
                f"{line.quantity:f} come back, while {sent:f} were delivered and {before:f} came back before",
                where=f"{where}, line {line.line}",
                remedy=f"take {EXACT.subtract(sent, before):f} back at most",
            )
    return attrs.evolve(given, order=delivery.order, client=delivery.client, place=given.place or delivery.place)


def stock_of_return(delivery: Delivery, given: Return, moves: Sequence[StockMove]) -> list[StockMove]:
    """Return what comes back into stock; what is scrapped does not."""
    found: list[StockMove] = []
    for line in given.lines:
        if not line.scrapped:
            back = Back(id=f"return:{given.id}/{line.line}", on=given.on, place=given.place)
            found.extend(put_back(moves, delivery, delivery.line(line.line), line.quantity, back))
    return found


def back_order(order: Order, deliveries: Iterable[Delivery]) -> dict[str, Decimal]:
    """Return what is still to come of each line of an order; nothing when nothing more comes."""
    if order.state in OVER:
        return {}
    came = delivered(deliveries)
    return {line.id: rest for line in order.lines if (rest := left(line, came))}


def _prefix(delivery: Delivery, line: str) -> str:
    """Return what the ids of the stock moves of a delivered line begin with."""
    return f"delivery:{delivery.id}/{line}/"
