"""L20 at the desks: whatever is asked of a desk on the books of another administration, it refuses."""

from __future__ import annotations

import inspect
from datetime import datetime
from decimal import Decimal

import attrs
import pytest

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Office, Opening, Party, Payment, Price
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import RuleViolation
from fanbilling.domain.payments import Allocation
from fanbilling.sources.courses import Course, Registration, Session, SessionDay
from fanbilling.sources.manual import Line
from fanbilling.sources.orders import (
    Assembly,
    Component,
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    PriceRule,
    Product,
    Quotation,
    Return,
    ReturnLine,
    StockCount,
)
from fanbilling.sources.projects import Estimate, EstimateLine, Expense, Instalment, Project, RateRule, TimeEntry
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.laws.neighbours import FEBRUARY, START, Plain, Postman, euro, letter, live, office
from tests.stores import kept

DAY = SessionDay(start=datetime(2026, 4, 7, 9), end=datetime(2026, 4, 7, 17))  # noqa: DTZ001
SEATS = SubscriptionLine.of("seats", "Seats", start=START, price="1.00")
GOODS = (OrderLine(id="goods", product="our-goods"),)
MADE = Assembly(id="x", product="our-goods", on=START, components=(Component(product="our-goods-2"),))

#: What to give, by the name that it has in a desk; everything exists in the books of the other one.
GIVEN = {
    "allocation": Allocation(id="x", payer="our-b", payment="our-early", document="x", on=START, amount=euro("1.00")),
    "assembly": MADE,
    "before": START,
    "capacity": 2,
    "client": "our-a",
    "cost": Decimal(1),
    "count": StockCount(id="x", product="our-goods", on=START, counted=Decimal(1)),
    "course": Course(id="our-course", title="T", price="1.00"),
    "credit": Credit(id="x", document="2026-0001", reason="x"),
    "day": START,
    "days": (),
    "delivery": Delivery(
        id="x", order="our-order-1", on=START, lines=(DeliveryLine(line="goods", quantity=Decimal(1)),)
    ),
    "entry": TimeEntry(id="x", project="our-project", employee="eva", on=START, hours=Decimal(1), text="T"),
    "estimate": Estimate(
        id="x",
        client="our-b",
        title="T",
        valid_until=FEBRUARY,
        lines=(EstimateLine(text="T", quantity=Decimal(1), price=Price.of(1)),),
    ),
    "expense": Expense(id="x", project="our-project", on=START, cost=Decimal(1), text="T"),
    "extra": Instalment(id="x", text="T", on=START, amount=Decimal(1), extra=True),
    "first": START,
    "from_": START,
    "given": Return(
        id="x", delivery="our-van", on=START, lines=(ReturnLine(line="goods", quantity=Decimal(1)),), reason="x"
    ),
    "hours": Decimal(1),
    "id": "our-s",
    "ids": ["our-hours-1"],
    "instalment": "rest",
    "last": FEBRUARY,
    "last_day": START,
    "letter": letter,
    "mailer": Postman(),
    "markup": Decimal(1),
    "moves": (),
    "on": START,
    "opening": Opening(id="x", on=START),
    "party": "our-a",
    "payer": "our-a",
    "payment": Payment(id="x", payer="our-a", on=START, amount=euro("1.00")),
    "order": Order(id="x", client="our-a", on=START, lines=GOODS),
    "percent": Decimal(1),
    "percentage": Decimal("2.5"),
    "price": Decimal("1.00"),
    "product": Product(id="x", text="T"),
    "project": Project(id="x", client="our-b", title="T"),
    "quantity": Decimal(1),
    "quotation": Quotation(id="x", client="our-a", on=START, valid_until=FEBRUARY, lines=GOODS),
    "reason": "x",
    "registration": Registration(id="x", session="our-april", client="our-a"),
    "renderer": Plain(),
    "seller": office("nl").administration.seller,
    "session": "our-april",
    "subscription": Subscription(id="x", client="our-a", lines=(SEATS,)),
    "until": START,
    "write": letter,
}
#: Where one name means different things.
HERE = {
    "billing.decide": {
        "decision": Decision(
            id="x", key=ItemKey("manual", "our-line-0", START), kind=DecisionKind.HELD, reason="x", on=START
        )
    },
    "billing.withdraw": {"decision": "our-held"},
    **{
        f"courses.{name}": {"id": "our-seat-0"}
        for name in ("accept", "attend", "bill_to", "cancel", "change_price", "identify", "move", "substitute")
    },
    **{
        f"courses.{name}": {"id": "our-april"}
        for name in ("cancel_session", "confirm_session", "finish", "reschedule", "resize")
    },
    "courses.certified": {"number": "00000000000098"},
    "courses.plan": {"session": Session(id="x", course="our-course", days=(DAY,), capacity=1)},
    "crm.register": {"party": Party(id="x", name="X")},
    "manual.add": {"line": Line(id="x", client="our-a", on=START, text="T", price=Price.of(1))},
    "manual.change": {"id": "our-line-0"},
    "manual.remove": {"id": "our-line-0"},
    "manual.withdraw": {"id": "our-line-0"},
    **{f"orders.{name}": {"id": "our-offer-0"} for name in ("accept", "expire", "quotation_paper", "reject", "send")},
    **{
        f"orders.{name}": {"id": "our-order", "line": "goods"}
        for name in ("allow_over", "cancel", "change_price", "close", "confirmation", "remove")
    },
    "orders.correct": {"id": "our-van", "line": "goods"},
    "orders.packing_slip": {"id": "our-van"},
    "orders.set_price": {"rule": PriceRule(id="x", product="our-goods", price=1)},
    **{f"projects.{name}": {"id": "our-project"} for name in ("close", "hours_report", "reopen")},
    **{
        f"projects.{name}": {"id": "our-fixed"}
        for name in ("add_extra", "release", "state_progress", "withdraw_release")
    },
    **{f"projects.{name}": {"id": "our-estimate"} for name in ("estimate_paper", "reject_estimate", "send_estimate")},
    **{f"projects.{name}": {"id": "our-hours-1"} for name in ("correct", "reject")},
    **{f"projects.{name}": {"id": "our-train"} for name in ("correct_expense", "reject_expense")},
    "projects.accept_estimate": {"id": "our-estimate", "project": "x"},
    "projects.approve_expenses": {"ids": ["our-train"]},
    "projects.set_rate": {"rule": RateRule(id="x", price=Price.of(1, unit="HUR"), since=START)},
    "projects.withdraw_rate": {"id": "our-rate"},
    "subscriptions.add_line": {"line": attrs.evolve(SEATS, id="more")},
    "subscriptions.change_increase": {"line": "seats"},
    "subscriptions.change_price": {"line": "seats"},
    "subscriptions.change_quantity": {"line": "seats"},
    "subscriptions.end": {"line": "seats"},
    "subscriptions.resume": {"line": "seats"},
}


def doings():
    """Every public method of every desk of an office that is given a store or books."""
    ours = office("nl")
    desks = [name for name in dir(Office) if not name.startswith("_")]
    for name in sorted({*desks, *attrs.fields_dict(Office)}):
        desk = getattr(ours, name)
        for called, method in inspect.getmembers(desk, inspect.ismethod):
            if not called.startswith("_") and {"store", "books"} & {*inspect.signature(method).parameters}:
                yield f"{name}.{called}"


DOINGS = sorted(doings())


@pytest.fixture(scope="module")
def others():
    """Books of another administration, with something in them for every desk, and a bill that could be issued."""
    desk, books = office("be"), MemoryBooks("be")
    live(desk, books, "our")
    with books() as store:
        line = Line(id="new", client="our-a", on=START, text="T", price=Price.of(1))
        desk.manual.add(store, line, on=START)
        [draft] = desk.billing.preview(store, "our-a", until=FEBRUARY, on=FEBRUARY)
    return desk, books, draft


def call(doing, desk, books):
    """Call a method of a desk with something for whatever it wants; what it yields is taken as well."""
    place, _, called = doing.partition(".")
    method = getattr(getattr(desk, place), called)
    wanted = inspect.signature(method).parameters.values()
    given = GIVEN | HERE.get(doing, {})
    names = [one.name for one in wanted if one.default is one.empty and one.name not in ("store", "books")]
    lacking = [name for name in names if name not in given]
    assert lacking == [], f"say in GIVEN what to give {doing} for {lacking}"
    arguments = {name: given[name] for name in names}
    if "books" in inspect.signature(method).parameters:
        return method(books, **arguments)
    with books() as store:
        answer = method(store, **arguments)
        return list(answer) if inspect.isgenerator(answer) else answer


def test_the_desks_were_found():
    """Those of the office and those of its sources."""
    places = {doing.partition(".")[0] for doing in DOINGS}
    desks = {"billing", "crm", "delivery", "opening", "receivables"}
    assert places == desks | {"courses", "manual", "orders", "projects", "subscriptions"}
    assert len(DOINGS) > 80


@pytest.mark.parametrize("doing", DOINGS)
def test_a_desk_refuses_the_books_of_another_administration(others, doing, monkeypatch):
    """Both are named, nothing is read first or written, and a new method that forgets to look is found here."""
    theirs, books, draft = others
    monkeypatch.setitem(GIVEN, "draft", draft)
    before = everything(theirs, books)
    with pytest.raises(RuleViolation, match="the store is of administration 'be'") as refused:
        call(doing, office("nl"), books)
    assert "nl" in str(refused.value)
    assert everything(theirs, books) == before


def everything(desk, books):
    with books() as store:
        return kept(store, desk.records)
