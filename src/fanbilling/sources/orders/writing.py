"""How what is done with orders is written down: kept, asked again by runs, and told in the journal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ...domain.agenda import Touch
from ...domain.events import AgreementChanged
from ...domain.parties import Party
from ...domain.ports.sourcing import Reading
from ...domain.ports.storage import Shelf
from .deliveries import Delivery, Return
from .orders import NAME, Order
from .quotations import Quotation, QuotationChanged
from .tracing import every


def held(store: Shelf, id: str) -> Order:
    """Return an order as it is now; nobody else changes or delivers it meanwhile, and a run waits."""
    store.agenda.hold([(NAME, id)])
    return store.get(Order, id)


def deliveries_of(reading: Reading, order: str) -> list[Delivery]:
    """Return what was delivered of an order."""
    return list(every(reading, Delivery, {"order": order}))


def returns_of(reading: Reading, order: str) -> list[Return]:
    """Return what came back of an order."""
    return list(every(reading, Return, {"order": order}))


def changed(store: Shelf, order: Order, change: str, *, on: date, since: date, ask_on: date | None = None) -> None:
    """Have an order asked again from a day of filing, and write down that something changed.

    Args:
        ask_on: the first day on which that can be billed; absent means that it may have been billed.

    Raises:
        NotFound: when the client is not registered.
    """
    client = store.get(Party, order.client)
    touch = Touch(
        source=NAME,
        agreement=order.id,
        client=client.id,
        payer=client.billed_with,
        since=since,
        ask_on=since if ask_on is None else ask_on,
    )
    store.agenda.touch([touch])
    told(store, order, change, on=on, since=since)


def told(store: Shelf, order: Order, change: str, *, on: date, since: date) -> None:
    """Write down that something changed that bills nobody."""
    event = AgreementChanged(party=order.client, on=on, source=NAME, agreement=order.id, change=change, since=since)
    store.journal.append([event])


def offered(store: Shelf, quotations: Iterable[Quotation], change: str, *, on: date) -> None:
    """Write down that something was offered, or decided about."""
    store.journal.append(
        [QuotationChanged(party=one.client, on=on, subject=one.id, change=change) for one in quotations]
    )
