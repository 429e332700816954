"""A company of N clients, the same from every seed: three lines for each, at one desk, all due in one month."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from fanbilling import Actor, Address, Administration, Office, Party, Price, Seller
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.agenda import Touch
from fanbilling.domain.periods import DAY, months_after
from fanbilling.domain.ports.storage import Store, UnitOfWork
from fanbilling.sources.courses import Course, Courses, Registration, Session, SessionDay
from fanbilling.sources.orders import Delivery, DeliveryLine, Order, OrderLine, Orders
from fanbilling.sources.projects import Project, Projects, RateRule, TimeEntry
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
    return Office(
        administration=Administration(id="nl", seller=seller),
        sources=[Subscriptions(), Projects(), Orders(), Courses()],
    )


def opened(where: str | Path) -> SqlBooks:
    """Return the books in a file or at an address, as any host opens them."""
    return SqlBooks(where if isinstance(where, str) else f"sqlite:///{where}", "nl", records=office().records)


def month_end(start: date) -> date:
    """Return the last day of a month, from its first."""
    return months_after(start, 1) - DAY


def build(where: str | Path, clients: int, *, history: int = 0, desk: str = "subscriptions") -> None:
    """Fill the books with a world that began some months before the measured one, every month since then billed."""
    books = opened(where)
    if desk == "subscriptions":
        fill(books, clients, history=history)
    else:
        deal(books, clients, desk)
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


def deal(books: UnitOfWork, clients: int, desk: str) -> None:
    """Enter the clients and do the month's work for each at one desk, as its people do it."""
    dice, house = random.Random(SEED), office()
    begin, work = _DESKS[desk]
    with books(by=Actor("bench"), at=AT) as store:
        begin(house, store, clients)
    for first in range(0, clients, CHUNK):
        with books(by=Actor("bench"), at=AT) as store:
            for number in range(first, min(first + CHUNK, clients)):
                party = _party(number, dice)
                house.crm.register(store, party, on=MONTH)
                work(house, store, party.id, number, dice)


def _rates(house: Office, store: Store, clients: int) -> None:
    """Set a rate of the house, and one of somebody's own for every tenth client's first employee."""
    house.projects.set_rate(store, RateRule(id="house", price=Price.of("95.50", unit="HUR"), since=MONTH), on=MONTH)
    for number in range(0, clients, 10):
        own = RateRule(id=f"r{number}", price=Price.of("112.25", unit="HUR"), employee=f"e{number}-0", since=MONTH)
        house.projects.set_rate(store, own, on=MONTH)


def _project(house: Office, store: Store, client: str, number: int, dice: random.Random) -> None:
    """Book three hours of three people on a project, and approve them."""
    project = f"p{number:06}"
    house.projects.start(store, Project(id=project, client=client, title="Rollout"), on=MONTH)
    hours = [f"h{number:06}-{n}" for n in range(3)]
    for n, id in enumerate(hours):
        entry = TimeEntry(
            id=id,
            project=project,
            employee=f"e{number}-{n}",
            on=MONTH.replace(day=dice.randrange(5, 28)),
            hours=Decimal(dice.randrange(2, 33)) / 4,
            text=f"{dice.choice(_THINGS)} installed",
        )
        house.projects.book(store, entry)
    house.projects.approve(store, hours, on=MONTH.replace(day=28))


def _nothing(house: Office, store: Store, clients: int) -> None:
    """Need nothing beforehand."""


def _order(house: Office, store: Store, client: str, number: int, dice: random.Random) -> None:
    """Order three things, and deliver a part of each."""
    lines = tuple(
        OrderLine(
            id=str(n),
            text=dice.choice(_THINGS),
            quantity=dice.randrange(5, 40),
            price=f"{dice.randrange(2, 250)}.{dice.randrange(100):02}",
        )
        for n in range(3)
    )
    order = Order(id=f"o{number:06}", client=client, on=MONTH, title="Order", lines=lines)
    house.orders.order(store, order, on=MONTH)
    day = MONTH.replace(day=dice.randrange(2, 28))
    parts = tuple(DeliveryLine(line=str(n), quantity=dice.randrange(1, 6)) for n in range(3))
    house.orders.deliver(store, Delivery(id=f"d{number:06}", order=order.id, on=day, lines=parts), on=day)


_CLASS = 8


def _sessions(house: Office, store: Store, clients: int) -> None:
    """Plan a session for every eight clients, with a seat for three people of each."""
    house.courses.add_course(store, Course(id="basics", title="Basic course", price="495.50"))
    for n in range(-(-clients // _CLASS)):
        hours = SessionDay(start=datetime(2026, 1, 5 + n % 20, 9), end=datetime(2026, 1, 5 + n % 20, 17))  # noqa: DTZ001
        house.courses.plan(store, Session(id=f"n{n:05}", course="basics", days=(hours,), capacity=3 * _CLASS))


def _seats(house: Office, store: Store, client: str, number: int, dice: random.Random) -> None:
    """Register three people for a session."""
    day = MONTH.replace(day=dice.randrange(1, 5))
    for n in range(3):
        seat = Registration(
            id=f"r{number:06}-{n}", session=f"n{number // _CLASS:05}", client=client, name=f"Person {number} {n}"
        )
        house.courses.register(store, seat, on=day)


_DESKS = {"projects": (_rates, _project), "orders": (_nothing, _order), "courses": (_sessions, _seats)}


def _client(number: int, start: date, dice: random.Random) -> tuple[Party, Subscription]:
    party = _party(number, dice)
    lines = tuple(_lines(start, dice))
    return party, Subscription(id=f"s{number:06}", client=party.id, title="Service and hosting", lines=lines)


def _party(number: int, dice: random.Random) -> Party:
    id = f"c{number:06}"
    country = dice.choice(_COUNTRIES)
    business = dice.random() < 0.8
    return Party(
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
