"""The desk of orders: prices, quotations, orders, deliveries and returns; and the stock that they come from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import attrs

from ...domain.administrations import Seller
from ...domain.errors import Conflict, InvalidValue, RuleViolation
from ...domain.exact import exact
from ...domain.papers import Paper
from ...domain.parties import Party
from ...domain.periods import a_day
from ...domain.ports.sourcing import OneOf
from ...domain.ports.storage import Shelf, Store, never_billed, ours
from .deliveries import Delivery, Return, delivered
from .delivering import (
    Done,
    back_order,
    check_return,
    corrected,
    issues,
    moves_of,
    new_delivery,
    stock_of_correction,
    stock_of_return,
)
from .lines import agreed
from .offering import QuotationsDesk
from .orders import OVER, Order, OrderState, cancelled, in_state, moved, repriced
from .papers import confirmation, packing_slip
from .tracing import every
from .writing import changed, deliveries_of, held, returns_of, told


@attrs.frozen
class OrdersDesk(QuotationsDesk):
    """Keeps prices, quotations, orders, deliveries and returns, and the stock that they come from.

    ``on`` is the day on which something was done or heard of. Saying the same again changes nothing. What was billed
    is corrected by the next run.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
        accounts: by which chart the stock is booked.
    """

    # -------------------------------------------------------------------------------------------------------- orders

    def order(self, store: Shelf, order: Order, *, on: date) -> None:
        """Write an order down, at the prices of the day on which it was ordered.

        Raises:
            NotFound: when the client is not registered.
            InvalidValue: when a product is not known.
            RuleViolation: when there is no price.
            Conflict: when the id stands for another order.
        """
        a_day(on, where="on")
        where = f"order {order.id}"
        known = ours(store, self.administration).get_many(Order, [order.id]).get(order.id)
        if known is not None:
            if not known.came_from(order):
                raise Conflict("it stands for another order", where=where, remedy="change that one, or use a new id")
            return
        if order.state is not OrderState.OPEN:
            raise InvalidValue("it says what only the desk can say", where=where, remedy="leave its state out")
        lines = agreed(store, order.lines, client=order.client, currency=order.currency, on=order.on, where=where)
        new = attrs.evolve(order, lines=lines)
        changed(store, new, "ordered", on=on, since=new.on)
        store.add(new)

    def change_price(
        self,
        store: Shelf,
        id: str,
        line: str,
        price: Decimal,
        *,
        reason: str,
        on: date,
        discount: Decimal | None = None,
    ) -> None:
        """Agree on another price of a line; what was billed of it is given back, and billed at this price.

        Args:
            discount: in percent; absent means that it stays as it is.

        Raises:
            NotFound: when there is no such order or line.
            InvalidValue: for a price below zero, or without a reason.
        """
        a_day(on, where="on")
        before = held(ours(store, self.administration), id)
        known = before.line(line)
        number, percent = exact(price, where="price"), known.discount if discount is None else exact(discount)
        if (number, percent) == (known.price, known.discount):
            return
        after = before.with_line(repriced(known, number, percent, on=on, reason=reason))
        days = [one.on for one in deliveries_of(store, id) if line in {each.line for each in one.lines}]
        store.replace(before, after)
        since = before.on if known.on_order else min(days, default=on)
        changed(store, after, "price-changed", on=on, since=since)

    def allow_over(self, store: Shelf, id: str, *, on: date) -> None:
        """Agree that more is delivered than was ordered.

        Raises:
            NotFound: when there is no such order.
        """
        before = held(ours(store, self.administration), id)
        if not before.over:
            store.replace(before, attrs.evolve(before, over=True))
            told(store, before, "over-delivery-agreed", on=on, since=before.on)

    def cancel(self, store: Shelf, id: str, *, reason: str, on: date, line: str = "") -> None:
        """Cancel what was not delivered of a line, or of all lines; what is due on order is then not due.

        Raises:
            NotFound: when there is no such order or line.
            InvalidValue: when no reason is given.
        """
        a_day(on, where="on")
        before = held(ours(store, self.administration), id)
        lines = [before.line(line)] if line else before.lines
        came = delivered(deliveries_of(store, id))
        after = before
        for one in lines:
            after = after.with_line(cancelled(one, came, reason=reason))
        if after != before:
            store.replace(before, in_state(after, came))
            changed(store, after, "cancelled", on=on, since=before.on)

    def close(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that nothing more will be delivered; what is due stays as it is.

        Raises:
            NotFound: when there is no such order.
            RuleViolation: when it was cancelled.
        """
        a_day(on, where="on")
        before = held(ours(store, self.administration), id)
        after = moved(before, OrderState.CLOSED)
        if after != before:
            store.replace(before, after)
            told(store, after, "closed", on=on, since=before.on)

    def remove(self, store: Store, id: str, *, on: date) -> None:
        """Take an order away of which nothing was delivered or billed, as if it had not been written down.

        Raises:
            NotFound: when there is no such order.
            RuleViolation: when something of it was delivered, billed or decided: cancel the rest instead.
        """
        a_day(on, where="on")
        before = ours(store, self.administration).get(Order, id)
        never_billed(store, "orders", id)
        if deliveries_of(store, id):
            raise RuleViolation("something of it was delivered", where=f"order {id}", remedy="cancel the rest instead")
        store.remove(Order, id)
        changed(store, before, "removed", on=on, since=before.on)

    # ---------------------------------------------------------------------------------------------------- deliveries

    def deliver(self, store: Store, delivery: Delivery, *, on: date) -> None:
        """Write down what was delivered; it leaves the stock, and is due. With the first delivery come its charges.

        Raises:
            NotFound: when there is no such order or line.
            RuleViolation: when it is more than was ordered, or the order is closed.
            NotEnoughStock: when it is not there.
            Conflict: when the id stands for another delivery.
        """
        a_day(on, where="on")
        order = held(ours(store, self.administration), delivery.order)
        known = store.get_many(Delivery, [delivery.id]).get(delivery.id)
        if known is not None:
            if known.given != delivery.given or delivery.client not in ("", known.client):
                raise Conflict(
                    "it stands for another delivery", where=f"delivery {delivery.id}", remedy="correct that one"
                )
            return
        earlier = deliveries_of(store, order.id)
        new = new_delivery(store, order, delivery, earlier)
        after = in_state(order, delivered([*earlier, new]))
        self.book(store, [move for line in new.lines for move in issues(new, line, line.quantity)], on=on)
        store.add(new)
        _replace(store, order, after)
        changed(store, order, "delivered", on=on, since=new.on, ask_on=min(new.on, new.billable_on))

    def correct(self, store: Store, id: str, line: str, quantity: Decimal, *, reason: str, on: date) -> None:
        """Say that another quantity of a line was delivered than was thought.

        Raises:
            NotFound: when there is no such delivery or line.
            InvalidValue: when no reason is given.
            RuleViolation: when it is more than was ordered, or less than came back.
            NotEnoughStock: when it is not there.
        """
        a_day(on, where="on")
        order, before = self._delivered(store, id)
        if before.line(line).quantity == exact(quantity, where="quantity"):
            return
        deliveries = deliveries_of(store, order.id)
        done = Done(deliveries=deliveries, returns=returns_of(store, order.id))
        after = corrected(order, before, line, quantity, reason=reason, on=on, done=done)
        came = delivered([*(one for one in deliveries if one.id != id), after])
        self.book(store, stock_of_correction(before, after, line, moves_of(store, before)), on=on)
        store.replace(before, after)
        _replace(store, order, in_state(order, came))
        changed(store, order, "delivery-corrected", on=on, since=before.on)

    def take_back(self, store: Store, given: Return, *, on: date) -> None:
        """Write down what a client sent back; it goes back into stock unless it is scrapped, and is not due any more.

        Raises:
            NotFound: when there is no such delivery or line.
            RuleViolation: when more comes back than was delivered.
            Conflict: when the id stands for another return.
        """
        a_day(on, where="on")
        order, delivery = self._delivered(store, given.delivery)
        earlier = returns_of(store, order.id)
        known = store.get_many(Return, [given.id]).get(given.id)
        new = check_return(delivery, given, [one for one in earlier if one.id != given.id])
        if known is not None:
            if known != new:
                raise Conflict("it stands for another return", where=f"return {given.id}", remedy="use a new id")
            return
        self.book(store, stock_of_return(delivery, new, moves_of(store, delivery)), on=on)
        store.add(new)
        changed(store, order, "returned", on=on, since=delivery.on)

    def back_orders(self, store: Shelf, *, client: str = "") -> Iterator[tuple[Order, dict[str, Decimal]]]:
        """Yield the orders of which something is still to come, with how much of each line; of one client, or all."""
        where: dict[str, object] = {"state": OneOf(tuple(sorted(state for state in OrderState if state not in OVER)))}
        if client:
            where["client"] = client
        for order in every(ours(store, self.administration), Order, where):
            if rest := back_order(order, deliveries_of(store, order.id)):
                yield order, rest

    # -------------------------------------------------------------------------------------------------------- papers

    def confirmation(self, store: Shelf, id: str, *, seller: Seller) -> Paper:
        """Return the confirmation of an order: what was ordered, without what was cancelled, and the total.

        Raises:
            NotFound: when there is no such order.
        """
        order = ours(store, self.administration).get(Order, id)
        return confirmation(order, store.get(Party, order.client), seller)

    def packing_slip(self, store: Shelf, id: str, *, seller: Seller) -> Paper:
        """Return what goes with a delivery: how much of what, and what is still to come; without prices.

        Raises:
            NotFound: when there is no such delivery.
        """
        delivery = ours(store, self.administration).get(Delivery, id)
        order = store.get(Order, delivery.order)
        return packing_slip(order, delivery, deliveries_of(store, order.id), store.get(Party, order.client), seller)

    def _delivered(self, store: Store, id: str) -> tuple[Order, Delivery]:
        """Return a delivery and its order as they are now; nobody else changes them meanwhile."""
        order = held(store, ours(store, self.administration).get(Delivery, id).order)
        return order, store.get(Delivery, id)


def _replace(store: Store, before: Order, after: Order) -> None:
    if after != before:
        store.replace(before, after)
