"""Every figure worked out by hand in orders.md is what the library bills and keeps in stock, on every store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fanbilling import Credit, Money, Party, Then
from fanbilling.domain.dated import EVER, Dated
from fanbilling.domain.errors import RuleViolation
from fanbilling.sources.orders import (
    Assembly,
    Component,
    Delivery,
    DeliveryLine,
    Order,
    Orders,
    PriceRule,
    Product,
    Quotation,
    Return,
    ReturnLine,
    StockMove,
)
from fanbilling.sources.orders.levels import levels
from tests.sources.orders.shop import PRODUCTS, SELLER, shop, wanted
from tests.stores import STORES

OFFICE = shop()
DESK = OFFICE.desk(Orders)
STORIES = {}
MONTHS = [(date(2026, n, last), date(2026, n + 1, 1)) for n, last in ((1, 31), (2, 28), (3, 31), (4, 30))]
PRICES = {"bolt": "12.50", "nut": "0.40", "kit": "13.00", "advice": "95.00", "sand": "0.333"}


def tables():
    """The rows of the page, by story, by what the second column of their table is called."""
    found, kind = {}, ""
    for line in Path(__file__).with_name("orders.md").read_text(encoding="utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if line.startswith("| story "):
            kind = cells[1]
        elif line.startswith("| "):
            found.setdefault(cells[0], {}).setdefault(kind, []).append(cells[1:])
    return found


WORKED = tables()


def story(told):
    """A story: it yields at the end of each month, when the bills of that month are made."""
    STORIES[told.__name__.strip("_").replace("_", "-")] = told
    return told


def day(text):
    """A day of 2026: ``"03-31"``."""
    return date.fromisoformat(f"2026-{text}")


def order(store, id="o", *lines, client="acme", on="01-05", **more):
    given = Order(id=id, client=client, on=day(on), lines=lines or (wanted("bolts", "bolt", 10),), **more)
    DESK.order(store, given, on=day(on))


def deliver(store, id, on, order="o", **lines):
    given = tuple(DeliveryLine(line=line, quantity=Decimal(quantity)) for line, quantity in lines.items())
    DESK.deliver(store, Delivery(id=id, order=order, on=day(on), lines=given), on=day(on))


def take_back(store, id, delivery, on, scrapped=False, **lines):
    given = tuple(ReturnLine(line=line, quantity=Decimal(much), scrapped=scrapped) for line, much in lines.items())
    DESK.take_back(store, Return(id=id, delivery=delivery, on=day(on), lines=given, reason="Not needed"), on=day(on))


def receive(store, id, product, quantity, amount, *, on, known=None):
    move = StockMove(
        id=id,
        kind="receipt",
        product=product,
        on=day(on),
        quantity=Decimal(quantity),
        amount=Money.of(amount, "EUR"),
    )
    DESK.book(store, [move], on=day(known or on))


def price(store, id, product, amount, **more):
    DESK.set_price(store, PriceRule(id=id, product=product, price=amount, **more), on=day("01-01"))


@story
def refused(store):
    order(store)
    deliver(store, "d1", "01-12", bolts=6)
    store = yield
    with pytest.raises(RuleViolation, match=r"10 were ordered, 6 delivered before, and now 5 .*deliver 4, or agree"):
        deliver(store, "d2", "02-09", bolts=5)
    deliver(store, "d2", "02-09", bolts=4)


@story
def six_and_five(store):
    order(store)
    DESK.allow_over(store, "o", on=day("01-06"))
    deliver(store, "d1", "01-12", bolts=6)
    store = yield
    deliver(store, "d2", "02-09", bolts=5)
    store = yield
    with pytest.raises(RuleViolation, match="6 come back, while 5 were delivered"):
        take_back(store, "r", "d2", "03-02", bolts=6)
    take_back(store, "r", "d2", "03-02", bolts=2)
    store = yield
    DESK.change_price(store, "o", "bolts", Decimal("11.75"), reason="Agreed by telephone", on=day("04-07"))


@story
def listed(store):
    price(store, "bolts-february", "bolt", "12.90", since=day("02-01"))
    price(store, "bolts-acme", "bolt", "11.90", client="acme", since=day("02-01"))
    order(store, "january", on="01-20")
    store = yield
    order(store, "february", on="02-10")
    order(store, "zoon", client="zoon", on="02-10")
    for id in ("january", "february", "zoon"):
        deliver(store, f"d-{id}", "02-12", id, bolts=10)


@story
def from_fifty(store):
    price(store, "bolts-50", "bolt", "11.00", from_quantity=50)
    lines = (wanted("a", "bolt", 49), wanted("b", "bolt", 50, discount=5), wanted("c", "sand", 250))
    order(store, "o", *lines)
    deliver(store, "d", "01-12", a=49, b=50, c=250)
    yield


@story
def variants(store):
    on, until = day("01-10"), day("01-31")
    bolts, kits = (wanted("a", "bolt", 10),), (wanted("a", "kit", 10, discount=10),)
    first = Quotation(id="bolts", client="acme", on=on, valid_until=until, lines=bolts)
    other = Quotation(id="kits", client="acme", on=on, valid_until=until, lines=kits, alternative_to="bolts")
    for one in (first, other):
        DESK.quote(store, one, on=on)
        DESK.send(store, one.id, on=on)
    paper = DESK.quotation_paper(store, "kits", seller=SELLER)
    assert [f"{paper.tables[-1].total.cells[-1]}"] == [row[-1] for row in WORKED["variants"]["month"]]
    DESK.accept(store, "kits", on=day("01-20"), order="o")
    with pytest.raises(RuleViolation, match="kits was accepted"):
        DESK.accept(store, "bolts", on=day("01-20"))
    store = yield
    deliver(store, "d", "02-03", a=10)


@story
def holding(store):
    payer = Dated(((EVER, "holding"),))
    for id in ("acme", "beta", "gamma"):
        OFFICE.crm.register(store, Party(id=id, name=id.title(), billed_to=payer), on=day("01-01"))
    lines = {
        "acme": wanted("a", "bolt", 10),
        "beta": wanted("a", "bolt", 4, discount=5),
        "gamma": wanted("a", "sand", 3),
    }
    for client, line in lines.items():
        order(store, client, line, client=client)
        deliver(store, f"d-{client}", "01-12", client, a=line.quantity)
    store = yield
    take_back(store, "r", "d-beta", "02-02", a=1)


@story
def abroad(store):
    belgian = Party(id="bruno", name="Bruno", country="BE", business=True, vat_id="BE0123456749")
    OFFICE.crm.register(store, belgian, on=day("01-01"))
    order(store, "o", wanted("a", "bolt", 20), client="bruno")
    deliver(store, "d", "01-12", a=20)
    yield


@story
def late_receipt(store):
    DESK.register(store, Product(id="tin", text="Tin"), on=day("01-01"))
    DESK.register(store, Product(id="tube", text="Tube", method="fifo"), on=day("01-01"))
    lines = [wanted(product, product, 75, price="9.00") for product in ("tin", "tube")]
    order(store, "o", *lines)
    for product in ("tin", "tube"):
        receive(store, f"{product}-1", product, 60, "300.00", on="01-10")
    deliver(store, "d1", "01-20", tin=40, tube=40)
    store = yield
    for product in ("tin", "tube"):
        receive(store, f"{product}-2", product, 40, "260.00", on="01-05", known="02-10")
    deliver(store, "d2", "02-20", tin=35, tube=35)
    store = yield
    take_back(store, "r", "d1", "03-10", tin=5, tube=5)


@story
def assembled(store):
    parts = (Component(product="bolt", quantity=2), Component(product="nut", quantity=4))
    DESK.register(store, Product(id="set", text="Set", components=parts), on=day("01-01"))
    made = Assembly(id="a", product="set", quantity=Decimal(10), on=day("01-12"), added=Money.of("15.00", "EUR"))
    DESK.assemble(store, made, on=day("01-12"))
    order(store, "o", wanted("a", "set", 4, price="29.95"))
    deliver(store, "d", "01-20", a=4)
    yield


@story
def cancelled(store):
    order(store, "o", wanted("bolts", "bolt", 10), wanted("advice", "advice", 2, billed="order"))
    deliver(store, "d", "01-12", bolts=6)
    store = yield
    DESK.cancel(store, "o", reason="The works were stopped", on=day("02-09"))
    with pytest.raises(RuleViolation, match="6 were ordered, 6 delivered before"):
        deliver(store, "d2", "02-10", bolts=1)


@story
def services(store):
    lines = (
        wanted("bolts", "bolt", 10),
        wanted("advice", "advice", 2, billed="order"),
        wanted("freight", text="Freight", price="25.00"),
    )
    order(store, "o", *lines, on="01-20", bill_on=day("02-10"))
    store = yield
    deliver(store, "d1", "02-12", bolts=4)
    store = yield
    deliver(store, "d2", "03-12", bolts=6)


@story
def broken(store):
    order(store)
    deliver(store, "d", "01-12", bolts=10)
    store = yield
    take_back(store, "r1", "d", "02-02", bolts=2)
    take_back(store, "r2", "d", "02-02", scrapped=True, bolts=3)


@story
def miscounted(store):
    order(store)
    deliver(store, "d", "01-12", bolts=10)
    store = yield
    DESK.correct(store, "d", "bolts", Decimal(8), reason="Two stayed in the van", on=day("02-02"))
    store = yield
    [number] = [one.number for one in store.documents.page(limit=9) if one.totals.total > 0]
    credit = Credit(id="c", document=number, line=1, quantity=Decimal(3), reason="Goodwill", then=Then.WAIVE)
    OFFICE.billing.credit(store, credit, on=day("03-10"), until=day("03-10"))


def opened(store):
    for id in ("acme", "zoon", "holding"):
        OFFICE.crm.register(store, Party(id=id, name=id.title()), on=day("01-01"))
    for product in PRODUCTS:
        DESK.register(store, product, on=day("01-01"))
    for product, amount in PRICES.items():
        price(store, product, product, amount)
    receive(store, "bolts", "bolt", 100, "500.00", on="01-01")
    receive(store, "nuts", "nut", 100, "10.00", on="01-01")


def play(told, books):
    """Play a story month by month; every bill is made twice, and the second run finds nothing."""
    with books() as store:
        opened(store)
        chapters = told(store)
        next(chapters)
    over = False
    for until, on in MONTHS:
        for expected in (None, 0):
            report = OFFICE.billing.run(books, until=until, on=on)
            assert report.failures == ()
            assert expected is None or report.documents == expected
        assert OFFICE.verify(books) == []
        if not over:
            with books() as store:
                over = ended(chapters, store)


def ended(chapters, store):
    try:
        chapters.send(store)
    except StopIteration:
        return True
    return False


def line_of(document):
    figures = (document.totals.taxable, document.totals.tax, document.totals.total)
    return (f"{document.until:%Y-%m}", document.payer, *(f"{figure:.2f}" for figure in figures))


def level_of(store, day, known, product):
    on, as_known = date.fromisoformat(day), date.fromisoformat(known)
    [level] = levels(store, on=on, known=as_known, product=product)
    return day, known, product, f"{level.quantity:f}", f"{level.value.amount:.2f}"


def cost_of(store, day):
    through = [entry for entry in store.ledger.entries(limit=999) if f"{entry.on}" <= day]
    cost = sum(posting.amount for entry in through for posting in entry.postings if posting.account == "7000")
    return day, f"{cost:.2f}"


def test_every_story_of_the_page_is_played():
    assert STORIES.keys() == WORKED.keys()


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("told", STORIES)
def test_a_story_comes_out_as_it_was_worked_by_hand(told, name):
    worked = WORKED[told]
    with STORES[name](OFFICE) as books:
        play(STORIES[told], books)
        with books() as store:
            assert sorted(map(line_of, store.documents.page(limit=99))) == sorted(worked["month"])
            for row in worked.get("day", ()):
                assert level_of(store, *row[:3]) == row
            for row in worked.get("through", ()):
                assert cost_of(store, row[0]) == row
            assert sum(store.ledger.balances().values()) == 0
