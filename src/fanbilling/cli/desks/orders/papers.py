"""The papers of orders that go into a folder: quotations, confirmations and packing slips, as they were given out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import attrs

from ....domain.exact import ZERO
from ....domain.papers import Paper
from ....domain.parties import Party
from ....domain.ports.storage import Store
from ....office import Office
from ....sources.orders import Delivery, Order, OrderLine, Quotation
from ....sources.orders.papers import confirmation, packing_slip, quotation_paper
from ....sources.orders.tracing import every
from ...filing import PaperFile


def papers(store: Store, office: Office, _on: date) -> Iterator[PaperFile]:
    """Yield the paper of every quotation, order and delivery."""
    for quotation in every(store, Quotation, {}):
        make = partial(_quotation, store, office, quotation)
        yield PaperFile(name=f"quotation-{quotation.id}", make=make, party=quotation.client)
    orders = {order.id: _as_ordered(order) for order in every(store, Order, {})}
    for order in orders.values():
        make = partial(_confirmation, store, office, order)
        yield PaperFile(name=f"order-confirmation-{order.id}", make=make, party=order.client)
    earlier: dict[str, list[Delivery]] = {}
    for delivery in sorted(every(store, Delivery, {}), key=lambda one: (one.on, one.id)):
        so_far = earlier.setdefault(delivery.order, [])
        so_far.append(_as_packed(delivery))
        make = partial(_packing_slip, store, office, orders[delivery.order], tuple(so_far))
        yield PaperFile(name=f"packing-slip-{delivery.id}", make=make, party=delivery.client)


def _quotation(store: Store, office: Office, quotation: Quotation) -> Paper:
    return quotation_paper(quotation, _client(store, office, quotation.client), office.administration.seller)


def _confirmation(store: Store, office: Office, order: Order) -> Paper:
    return confirmation(order, _client(store, office, order.client), office.administration.seller)


def _packing_slip(store: Store, office: Office, order: Order, so_far: Sequence[Delivery]) -> Paper:
    client = _client(store, office, order.client)
    return packing_slip(order, so_far[-1], so_far, client, office.administration.seller)


def _client(store: Store, office: Office, id: str) -> Party:
    """Return the client, who reads the language of the settings when none was chosen."""
    client = store.get(Party, id)
    return client if client.language else attrs.evolve(client, language=office.settings.settled(client=id).language)


def _as_ordered(order: Order) -> Order:
    """Return an order as it was first: what was agreed anew or cancelled later is not on its papers."""
    return attrs.evolve(order, lines=tuple(map(_line_as_ordered, order.lines)), state="open")


def _line_as_ordered(line: OrderLine) -> OrderLine:
    first = line.corrections[0] if line.corrections else None
    price, discount = (first.was, first.discount) if first else (line.price, line.discount)
    return attrs.evolve(line, price=price, discount=discount, corrections=(), cancelled=ZERO, cancelled_because="")


def _as_packed(delivery: Delivery) -> Delivery:
    """Return a delivery with the quantities that were packed, as far as was thought then."""
    lines = tuple(attrs.evolve(line, quantity=line.first, corrections=()) for line in delivery.lines)
    return attrs.evolve(delivery, lines=lines)
