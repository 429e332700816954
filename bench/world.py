"""A company of N clients, the same from every seed: one subscription of three lines each, all due in one month."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from fanbilling import Actor, Address, Administration, Office, Party, Seller
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.agenda import Touch
from fanbilling.domain.periods import DAY, months_after
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions, Timing

#: The month that is measured; a world with history starts a number of months before it.
MONTH = date(2026, 1, 1)
AT = datetime(2026, 2, 1, 6, tzinfo=UTC)
BY = Actor("billing")
SEED = 20260101
CHUNK = 1000

_THINGS = ("Workplace", "Backup", "Support contract", "Mailbox", "Licence Brink Studio", "Web hosting", "Firewall")
_STREETS = ("Kanaalstraat", "Dorpsstraat", "Industrieweg", "Rue Haute", "Lange Nieuwstraat", "Hauptstraße")
_COUNTRIES = ("NL",) * 14 + ("BE", "BE", "DE", "DE", "FR", "AT")


def office() -> Office:
    """Return the office of the company that is measured."""
    seller = Seller(
        name="Brinkhoff Software B.V.",
        address=Address(street="Havenkade 12", postal_code="3511 AB", city="Utrecht", country="NL"),
        vat_id="NL001234567B01",
        registration="12345678",
        iban="NL91ABNA0417164300",
    )
    return Office(administration=Administration(id="nl", seller=seller), sources=[Subscriptions()])


def opened(where: str | Path) -> SqlBooks:
    """Return the books in a file or at an address, as any host opens them."""
    return SqlBooks(where if isinstance(where, str) else f"sqlite:///{where}", "nl", records=office().records)


def month_end(start: date) -> date:
    """Return the last day of a month, from its first."""
    return months_after(start, 1) - DAY


def build(where: str | Path, clients: int, *, history: int = 0) -> None:
    """Fill the books with a world that began some months before the measured one, every month since then billed."""
    books = opened(where)
    fill(books, clients, history=history)
    for passed in range(history):
        day = month_end(months_after(MONTH, passed - history))
        report = office().billing.run(books, until=day, on=day, by=BY, at=AT)
        if report.failures:
            raise SystemExit(f"history: {report.failures[0]}")
    books.close()


def fill(books: UnitOfWork, clients: int, *, history: int = 0) -> None:
    """Enter the clients, whose subscriptions began some months before the measured one."""
    start = months_after(MONTH, -history)
    dice = random.Random(SEED)
    for first in range(0, clients, CHUNK):
        some = [_client(number, start, dice) for number in range(first, min(first + CHUNK, clients))]
        with books(by=Actor("bench"), at=AT) as store:
            store.add(*(party for party, _ in some), *(subscription for _, subscription in some))
            store.agenda.touch([_touch(subscription) for _, subscription in some])


def _client(number: int, start: date, dice: random.Random) -> tuple[Party, Subscription]:
    id = f"c{number:06}"
    country = dice.choice(_COUNTRIES)
    business = dice.random() < 0.8
    party = Party(
        id=id,
        name=f"{dice.choice(('Bakkerij', 'Garage', 'Atelier', 'Studio', 'Praxis'))} {number}",
        country=country,
        business=business,
        vat_id=f"{country}{number:09}" if business else "",
        address=Address(
            street=f"{dice.choice(_STREETS)} {dice.randrange(1, 200)}",
            postal_code=f"{dice.randrange(1000, 9999)}",
            city="Zwolle",
            country=country,
        ),
        email=f"administration@{id}.example",
        language="nl",
    )
    lines = tuple(_lines(start, dice))
    return party, Subscription(id=f"s{number:06}", client=id, title="Service and hosting", lines=lines)


def _lines(start: date, dice: random.Random) -> Iterator[SubscriptionLine]:
    """Yield three lines: of any cycle and day in advance, from the first of the month, and monthly in arrears."""
    for number, months in enumerate((dice.choice((1, 3, 12)), dice.choice((1, 1, 3)), 1), 1):
        yield SubscriptionLine.of(
            f"l{number}",
            f"{dice.choice(_THINGS)} {dice.choice(('S', 'M', 'L'))}",
            start=start.replace(day=dice.choice((1, 1, 1, 8, 15, 28))),
            price=f"{dice.randrange(2, 250)}.{dice.randrange(100):02}",
            quantity=dice.choice((1, 1, 1, 2, 5, 12)),
            months=months,
            timing=Timing.ARREARS if number == 3 else Timing.ADVANCE,
            anchor=None if number == 1 else start,
        )


def _touch(subscription: Subscription) -> Touch:
    start = min(line.start for line in subscription.lines)
    client = subscription.client
    return Touch(
        source="subscriptions", agreement=subscription.id, client=client, payer=client, since=start, ask_on=start
    )
