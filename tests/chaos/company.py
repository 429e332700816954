"""A small company that is billed month after month, whatever happens meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from fanbilling import Office, Party, Price
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.domain.reports import RunReport
from fanbilling.domain.vat import TaxClass
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.chaos.audit import Bills, bills
from tests.desks.worlds import office

DESK: Office = office()
START = date(2026, 1, 1)
AT = datetime(2026, 2, 1, 12, tzinfo=UTC)


def founded(books: UnitOfWork, clients: int) -> None:
    """Enter the clients, each with a subscription of two lines and an hour of work that is not billed yet."""
    seats = SubscriptionLine.of("seats", "Seats", start=START, price="100.00", quantity=2)
    support = SubscriptionLine.of(
        "help", "Help", start=START, price="79.95", timing="arrears", tax_class=TaxClass.REDUCED
    )
    with books() as store:
        for client in [f"c{n:04}" for n in range(clients)]:
            DESK.crm.register(store, Party(id=client, name=client.upper()), on=START)
            DESK.subscriptions.start(
                store, Subscription(id=f"s-{client}", client=client, lines=(seats, support)), on=START
            )
            DESK.manual.add(
                store, Line(id=f"l-{client}", client=client, on=START, text="Work", price=Price.of(95)), on=START
            )


def last_day(month: int) -> date:
    """The last day of a month, some months after January."""
    years, month = divmod(month + 1, 12)
    return date(2026 + years, month + 1, 1) - timedelta(days=1)


def billed(books: UnitOfWork, month: int, *, batch: int = 2) -> RunReport:
    """Bill everybody until the end of a month, on the next day."""
    until = last_day(month)
    return DESK.billing.run(books, until=until, on=until + timedelta(days=1), at=AT, batch=batch)


def undisturbed(clients: int, months: int) -> Bills:
    """The bills of a company to which nothing happens."""
    books = MemoryBooks(administration="nl")
    founded(books, clients)
    for month in range(months):
        assert billed(books, month).failures == ()
    return bills(books)
