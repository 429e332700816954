"""Several administrations in one database, each with an office, and a story in which every desk has work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from fanbilling import (
    AccountBalance,
    Actor,
    Address,
    Administration,
    Credit,
    Decision,
    DecisionKind,
    ItemKey,
    Layer,
    Money,
    Office,
    OldInvoice,
    Opening,
    Party,
    Payment,
    Price,
    Seller,
    Settings,
)
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.messages import Letter
from fanbilling.domain.ports.delivery import Receipt, Rendered
from fanbilling.sources.courses import Course, Courses, Registration, Session, SessionDay
from fanbilling.sources.manual import Line, Manual
from fanbilling.sources.orders import (
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    Orders,
    PriceRule,
    Product,
    Quotation,
    Return,
    ReturnLine,
    StockMove,
)
from fanbilling.sources.projects import (
    Estimate,
    EstimateLine,
    Expense,
    Instalment,
    Project,
    Projects,
    RateRule,
    TimeEntry,
)
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions
from tests.stores import STORES

BY, AT = Actor("eva"), datetime(2026, 3, 1, tzinfo=UTC)
START, JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 28)


def office(administration: str, number: str = "{series}-{n:04}") -> Office:
    """The office of one administration; all of them are alike."""
    seller = Seller(name="Brinkhoff B.V.", address=Address(city="Utrecht", country="NL"))
    return Office(
        administration=Administration(id=administration, seller=seller),
        settings=Settings(administration=Layer(number=number)),
        sources=[Manual(), Subscriptions(), Courses(), Orders(), Projects()],
    )


@contextmanager
def side_by_side(store: str, offices: Sequence[Office]) -> Iterator[list[SqlBooks]]:
    """The books of several offices in one set of tables."""
    first, *others = offices
    with STORES[store](first) as books:
        more = [SqlBooks(books.url, o.administration.id, records=o.records, prefix=books.prefix) for o in others]
        try:
            yield [books, *more]
        finally:
            for one in more:
                one.close()


class Plain:
    """A renderer of numbers."""

    def render(self, document):
        return Rendered(content=document.number.encode(), media_type="text/plain", suffix=".txt")


@attrs.define
class Postman:
    """A mailer that takes everything, and remembers it."""

    carried: list[str] = attrs.field(factory=list)

    def send(self, letter, *, key):
        self.carried.append(f"{letter.recipient} {letter.text}")
        return Receipt(message=key)


def letter(document, rendered, id, to):
    return Letter(id=id, sender="us@us.example", recipient=to, subject=document.number, text=rendered.content.decode())


def brought(word: str, payer: str, amount: str = "77.77") -> Opening:
    """What an old system leaves: one invoice that is open."""
    item = OldInvoice(id=f"{word}-old", payer=payer, on=START - timedelta(days=9), due=START, open=euro(amount))
    balances = [
        AccountBalance(account="1300", amount=euro(amount)),
        AccountBalance(account="0500", amount=-euro(amount)),
    ]
    return Opening(id=f"{word}-opening", on=START - timedelta(days=1), open_items=[item], balances=balances)


def at_once(books: Any) -> Callable[..., Any]:
    """The books as they are opened at one moment, whatever the clock says."""
    return lambda by=BY, at=AT: books(by=by, at=at)


def euro(amount: Any) -> Money:
    return Money.of(amount, "EUR")


def taught(desk: Office, store: Any, word: str, price: str) -> None:
    """A session in April that is billed when it begins: one has the seat, the other waits for it."""
    desk.courses.add_course(store, Course(id=f"{word}-course", title=f"{word} lesson", price=price, bill_days_before=0))
    hours = SessionDay(start=datetime(2026, 4, 7, 9), end=datetime(2026, 4, 7, 17))  # noqa: DTZ001
    session = Session(id=f"{word}-april", course=f"{word}-course", days=(hours,), capacity=1, place=f"{word} town")
    desk.courses.plan(store, session)
    for n, client in enumerate((f"{word}-a", f"{word}-b")):
        seat = Registration(id=f"{word}-seat-{n}", session=session.id, client=client, name=f"{word} pupil {n}")
        desk.courses.register(store, seat, on=START)


def traded(desk: Office, store: Any, word: str, price: str) -> None:
    """Goods come in, are offered, ordered and delivered; one of three comes back, and another offer is still open."""
    orders, goods = desk.orders, f"{word}-goods"
    orders.register(store, Product(id=goods, text=f"{word} goods"), on=START)
    orders.set_price(store, PriceRule(id=f"{word}-price", product=goods, price=price), on=START)
    receipt = StockMove(
        id=f"{word}-receipt", kind="receipt", product=goods, on=START, quantity=Decimal(9), amount=euro("90.00")
    )
    orders.book(store, [receipt], on=START)
    lines = (OrderLine(id="goods", product=goods, quantity=Decimal(3)),)
    for n in range(2):
        offer = Quotation(id=f"{word}-offer-{n}", client=f"{word}-b", on=START, valid_until=JANUARY, lines=lines)
        orders.quote(store, offer, on=START)
    orders.send(store, f"{word}-offer-0", on=START)
    orders.accept(store, f"{word}-offer-0", on=START, order=f"{word}-order")
    orders.order(store, Order(id=f"{word}-order-1", client=f"{word}-a", on=START, lines=lines), on=START)
    brought = (DeliveryLine(line="goods", quantity=Decimal(3)),)
    orders.deliver(store, Delivery(id=f"{word}-van", order=f"{word}-order", on=START, lines=brought), on=START)
    back = (ReturnLine(line="goods", quantity=Decimal(1)),)
    orders.take_back(
        store,
        Return(id=f"{word}-back", delivery=f"{word}-van", on=JANUARY, lines=back, reason=f"{word} dent"),
        on=JANUARY,
    )


def worked(desk: Office, store: Any, word: str, price: str) -> None:
    """Hours and an expense of a project, an instalment of another one, and an estimate."""
    projects, client = desk.projects, f"{word}-b"
    an_hour = Price.of(price, unit="HUR")
    projects.start(store, Project(id=f"{word}-project", client=client, title=f"{word} project"), on=START)
    projects.set_rate(store, RateRule(id=f"{word}-rate", price=an_hour, since=START), on=START)
    for n in range(2):
        entry = TimeEntry(
            id=f"{word}-hours-{n}",
            project=f"{word}-project",
            employee="eva",
            on=START,
            hours=Decimal(2),
            text=f"{word} h",
        )
        projects.book(store, entry)
    projects.approve(store, [f"{word}-hours-0"], on=START)
    train = Expense(
        id=f"{word}-train", project=f"{word}-project", on=START, cost=Decimal("12.30"), text=f"{word} train"
    )
    projects.spend(store, train)
    half = Instalment(id="half", text=f"{word} half", on=JANUARY, percent=Decimal(50))
    rest = Instalment(id="rest", text=f"{word} rest", on=FEBRUARY, percent=Decimal(50), milestone=True)
    fixed = Project(
        id=f"{word}-fixed",
        client=client,
        title=f"{word} fixed",
        kind="fixed-price",
        price=Decimal(price),
        plan=(half, rest),
    )
    projects.start(store, fixed, on=START)
    line = EstimateLine(text=f"{word} hours", quantity=Decimal(3), price=an_hour)
    estimate = Estimate(id=f"{word}-estimate", client=client, title=f"{word} plan", valid_until=FEBRUARY, lines=(line,))
    projects.estimate(store, estimate, on=START)


def live(desk: Office, books: Any, word: str, price: str = "123.45") -> None:
    """Two months in which every desk has work; every id, name and text begins with a word."""
    a, b = f"{word}-a", f"{word}-b"
    with books(by=BY, at=AT) as store:
        for id in (a, b):
            desk.crm.register(store, Party(id=id, name=f"{id} B.V.", email=f"{id}@example.nl"), on=START)
        desk.opening.load(store, brought(word, a))
        for n in range(3):
            line = Line(id=f"{word}-line-{n}", client=a, on=START, text=f"{word} work", price=Price.of(price))
            desk.manual.add(store, line, on=START)
        seats = SubscriptionLine.of("seats", f"{word} seats", start=START, price=price)
        desk.subscriptions.start(store, Subscription(id=f"{word}-s", client=b, lines=(seats,)), on=START)
        taught(desk, store, word, price)
        traded(desk, store, word, price)
        worked(desk, store, word, price)
        later = SubscriptionLine.of("seats", f"{word} later", start=date(2027, 1, 1), price=price)
        desk.subscriptions.start(store, Subscription(id=f"{word}-s2", client=b, lines=(later,)), on=START)
        key = ItemKey("manual", f"{word}-line-2", START)
        held = Decision(id=f"{word}-held", key=key, kind=DecisionKind.HELD, reason=f"{word} waits", on=START)
        desk.billing.decide(store, held)
    for until in (JANUARY, FEBRUARY):
        assert desk.billing.run(books, until=until, on=until, by=BY, at=AT).failures == ()
    with books(by=BY, at=AT) as store:
        first = store.documents.page(payer=a, limit=1)[0]
        paid = Payment(id=f"{word}-paid", payer=a, on=FEBRUARY, amount=euro("50.00"), reference=first.number)
        desk.receivables.receive(store, paid)
        early = Payment(id=f"{word}-early", payer=b, on=FEBRUARY, amount=euro("999.00"))
        desk.receivables.receive(store, early)
        credit = Credit(id=f"{word}-credit", document=first.number, line=1, amount=Decimal("1.01"), reason=f"{word} ok")
        desk.billing.credit(store, credit, on=FEBRUARY)
        desk.subscriptions.end(store, f"{word}-s", "seats", last_day=FEBRUARY, reason=f"{word} end", on=FEBRUARY)
    desk.delivery.send(at_once(books), renderer=Plain(), mailer=Postman(), letter=letter, on=FEBRUARY, by=BY)
