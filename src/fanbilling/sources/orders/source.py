"""What is due of orders: one key per delivered line, and one per line that is due on order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.exact import EXACT
from ...domain.findings import Finding
from ...domain.items import BillableItem, ItemKey
from ...domain.ports.sourcing import Ask, Asked, Between, OneOf, Reading
from ...domain.ports.storage import Store
from ...domain.reasons import Reason
from ...domain.vat import Supply, TaxClass
from .deliveries import Delivery, DeliveryLine, Return
from .desk import OrdersDesk
from .lines import OrderLine
from .order_audit import order_findings
from .orders import NAME, Order
from .prices import PriceRule
from .quotations import Quotation
from .stock import STOCK_RECORDS
from .stock_audit import audit_stock
from .tracing import every

#: For how many orders is asked at a time.
_PAGE = 500


@attrs.frozen
class Orders:
    """Says what of the orders is due: what was delivered and did not come back, and what is due on order.

    Every delivery is in every answer, whatever the day until which is asked: looking further ahead changes nothing
    (law S3). What comes back lowers the key of its delivery, whenever it comes back (law S5).
    """

    @property
    def name(self) -> str:
        return NAME

    @property
    def records(self) -> tuple[type, ...]:
        return (*STOCK_RECORDS, PriceRule, Quotation, Order, Delivery, Return)

    @property
    def desk(self) -> OrdersDesk:
        """Where quotations, orders, deliveries and stock are kept."""
        return OrdersDesk()

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> Iterator[BillableItem]:
        for start in range(0, len(asked), _PAGE):
            yield from _answer(reading, asked[start : start + _PAGE])

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        return {}  # a delivery is in every answer, also before it may be billed: nothing new ever comes

    def audit(self, store: Store) -> Iterator[Finding]:
        """Return what breaks a law in what is kept: of stock (L8), and of what was ordered, delivered and returned."""
        yield from audit_stock(store)
        yield from order_findings(store)


def _answer(reading: Reading, asked: Sequence[Asked]) -> Iterator[BillableItem]:
    """Yield what is due of some orders, in three questions however many there are."""
    orders = reading.get_many(Order, [one.agreement for one in asked])
    if not orders:
        return
    ids = OneOf(tuple(sorted(orders)))
    since = {one.agreement: one.since for one in asked}
    deliveries: dict[str, list[Delivery]] = {}
    for delivery in every(reading, Delivery, {"order": ids, "on": Between(min(since.values()))}):
        deliveries.setdefault(delivery.order, []).append(delivery)
    returns: dict[tuple[str, str], list[tuple[Return, Decimal]]] = {}
    for one in every(reading, Return, {"order": ids}):
        for back in one.lines:
            returns.setdefault((one.delivery, back.line), []).append((one, back.quantity))
    for id, order in orders.items():
        if order.on >= since[id]:
            yield from (_on_order(order, line) for line in order.lines if line.on_order)
        for delivery in deliveries.get(id, ()):
            if delivery.on >= since[id]:
                for line in delivery.lines:
                    yield _delivered(order, delivery, line, returns.get((delivery.id, line.line), ()))


def _on_order(order: Order, line: OrderLine) -> BillableItem:
    because = [line.why_price()]
    if line.cancelled:
        because.insert(0, Reason("orders.cancelled", line.cancelled, (("why", line.cancelled_because),)))
    facts = (("on", order.on), ("ordered", line.quantity))
    return _item(
        order,
        line,
        key=ItemKey(NAME, order.id, order.on, line.id),
        quantity=line.wanted,
        bill_on=order.billable_on,
        because=Reason("orders.ordered", line.wanted, facts, tuple(because)),
    )


def _delivered(
    order: Order, delivery: Delivery, delivered: DeliveryLine, returns: Iterable[tuple[Return, Decimal]]
) -> BillableItem:
    line = order.line(delivered.line)
    quantity, because = delivered.quantity, []
    if delivered.corrections:
        last = delivered.corrections[-1]
        facts = (("was", last.was), ("on", last.on), ("why", last.reason))
        because.append(Reason("orders.delivery-corrected", delivered.quantity, facts))
    for one, back in returns:
        quantity = EXACT.subtract(quantity, back)
        because.append(Reason("orders.returned", back, (("on", one.on), ("return", one.id), ("why", one.reason))))
    told = (("on", delivery.on), ("delivery", delivery.id), ("delivered", delivered.quantity))
    return _item(
        order,
        line,
        key=ItemKey(NAME, order.id, delivery.on, f"{line.id}/{delivery.id}"),
        quantity=quantity,
        bill_on=delivery.billable_on,
        because=Reason("orders.delivered", quantity, told, (*because, line.why_price())),
    )


def _item(
    order: Order, line: OrderLine, *, key: ItemKey, quantity: Decimal, bill_on: date, because: Reason
) -> BillableItem:
    return BillableItem(
        key=key,
        client=order.client,
        quantity=quantity,
        price=line.net,
        currency=order.currency,
        tax_class=line.tax_class or TaxClass.STANDARD,
        supply=line.supply or Supply.SERVICES,
        tax_point=key.filed,
        bill_on=bill_on,
        text=line.text,
        title=order.title,
        because=because,
    )
