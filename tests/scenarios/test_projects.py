"""Every figure that was worked out by hand in projects.md is what the library bills, on every store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Party, Price, Then
from fanbilling.domain.dated import Dated
from fanbilling.sources.projects import Estimate, EstimateLine, Projects
from tests.sources.projects.worlds import SELLER, day, expense, hours, instalment, office, project, rate
from tests.stores import STORES

PAGE = Path(__file__).with_name("projects.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
WORKED = [tuple(row) for row in ROWS if row[0] != "story"]
STORIES = {}
OFFICE = office()
DESK = OFFICE.desk(Projects)
MONTHS = [(date(2026, n, last), date(2026, n + 1, 1)) for n, last in ((1, 31), (2, 28), (3, 31), (4, 30))]


def story(told):
    """A story: it yields at the end of each month, when the bills of that month are made."""
    STORIES[told.__name__.replace("_", "-")] = told
    return told


def work(store, *entries, approve=True, on="01-31"):
    for entry in entries:
        DESK.book(store, entry)
    if approve:
        DESK.approve(store, [entry.id for entry in entries], on=day(on))


def at(store, price, id="r", since="01-01", on="01-01", **names):
    DESK.set_rate(store, rate(id, price, since, **names), on=day(on))


@story
def hours_(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "95.00", "eva", employee="eva")
    at(store, "80.00", "house")
    work(store, hours("h1", on="01-12", hours="6.5"))
    work(store, hours("h2", on="01-13", hours="3", employee="ben"), approve=False)
    store = yield
    DESK.approve(store, ["h2"], on=day("02-10"))


@story
def half_waived(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "100.00")
    work(store, hours(on="01-20", hours="8"))
    key = ItemKey("projects", "p", day("01-20"), "hours:h")
    for id, kind, until in (("w", DecisionKind.WAIVED, None), ("c", DecisionKind.HELD, day("02-01"))):
        decision = Decision(
            id=id, key=key, kind=kind, reason="agreed", on=day("01-31"), quantity=Decimal(4), until=until
        )
        OFFICE.billing.decide(store, decision)
    yield


@story
def progress(store):
    DESK.start(store, project(kind="fixed-price", price=Decimal("12345.67")), on=day("01-01"))
    for percent, on in ((30, "01-31"), (55, "02-28"), (50, "03-31")):
        DESK.state_progress(store, "p", Decimal(percent), day=day(on), on=day(on))
        store = yield


@story
def late_rate(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "90.00")
    work(store, hours("h1", on="01-10", hours="5"), hours("h2", on="01-20", hours="4"))
    store = yield
    at(store, "97.50", "new", since="01-15", on="02-09")


@story
def corrected(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "88.00")
    work(store, hours("h1", on="01-10", hours="7.5"), hours("h2", on="01-20", hours="2"))
    store = yield
    DESK.correct(store, "h1", hours=Decimal("6.25"), reason="Lunch", on=day("02-09"))
    DESK.reject(store, "h2", reason="Not for this client", on=day("02-09"))


@story
def two_payers(store):
    acme = store.get(Party, "acme")
    paid = Party(id="acme", name=acme.name, billed_to=Dated(((day("02-01"), "holding"),)))
    OFFICE.crm.register(store, paid, on=day("01-01"))
    DESK.start(store, project(), on=day("01-01"))
    at(store, "110.00")
    work(store, hours("h1", on="01-30", hours="3"), approve=False)
    store = yield
    work(store, hours("h2", on="02-03", hours="5"), on="02-10")
    DESK.approve(store, ["h1"], on=day("02-10"))


@story
def instalments(store):
    plan = (
        instalment("start", "01-31", percent="30"),
        instalment("half", "02-28", percent="40"),
        instalment("delivered", "03-31", percent="30", milestone=True),
    )
    DESK.start(store, project(kind="fixed-price", price=Decimal("10000.01"), plan=plan), on=day("01-01"))
    store = yield
    DESK.add_extra(store, "p", instalment("x", "02-20", amount="450.00", extra=True), on=day("02-10"))
    store = yield
    store = yield
    DESK.release(store, "p", "delivered", on=day("04-08"))


@story
def reversed_(store):
    DESK.start(store, project(client="builder", tax_class="reversed"), on=day("01-01"))
    at(store, "62.50")
    work(store, hours("h1", on="01-12", hours="8"), hours("h2", on="01-13", hours="8"))
    yield


@story
def funded(store):
    DESK.start(store, project(kind="funded", funder="holding"), on=day("01-01"))
    work(store, hours("h1", on="01-12", hours="4"), hours("h2", on="01-13", hours="3.5"))
    work(store, hours("h3", on="01-13", hours="8", employee="ben"), approve=False)
    store = yield
    report = DESK.hours_report(
        store, "p", seller=SELLER, first=day("01-01"), last=day("01-31"), on=day("02-01"), language="nl"
    )
    assert f"The report says {dict(report.facts)['hours']} hours" in PAGE
    assert report.tables[0].total.cells[-1] == Decimal("7.5")


@story
def expense_(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "75.00")
    work(store, hours(on="01-12", hours="2"))
    DESK.spend(store, expense(on="01-12", cost="83.30", markup="12.5"))
    DESK.approve_expenses(store, ["e"], on=day("01-31"))
    store = yield
    DESK.correct_expense(
        store, "e", cost=Decimal("80.30"), markup=Decimal("12.5"), reason="The ticket was cheaper", on=day("02-03")
    )


@story
def estimate(store):
    made = Estimate(
        id="est",
        client="acme",
        title="Rollout",
        valid_until=day("01-31"),
        lines=(
            EstimateLine(text="Work", quantity=Decimal(24), price=Price.of("85.00", unit="HUR")),
            EstimateLine(text="Material", quantity=Decimal(3), price=Price.of("33.335")),
        ),
        plan=(instalment("a", "01-31", percent="50"), instalment("b", "02-28", percent="50")),
    )
    DESK.estimate(store, made, on=day("01-05"))
    DESK.send_estimate(store, "est", on=day("01-06"))
    DESK.accept_estimate(store, "est", project="p", on=day("01-20"))
    yield


@story
def credited(store):
    DESK.start(store, project(), on=day("01-01"))
    at(store, "70.00")
    work(store, hours(on="01-12", hours="10"))
    store = yield
    [document] = store.documents.page(limit=9)
    credit = Credit(
        id="c", document=document.number, line=1, quantity=Decimal(4), reason="Other rate", then=Then.REBILL
    )
    OFFICE.billing.credit(store, credit, on=day("02-01"), until=day("01-31"))
    at(store, "72.00", "new", on="02-09")


STORIES = {name.strip("-"): told for name, told in STORIES.items()}


def play(told, books):
    """Play a story month by month; every bill is made twice, and the second run finds nothing."""
    with books() as store:
        for party in ("acme", "holding"):
            OFFICE.crm.register(store, Party(id=party, name=party.title()), on=day("01-01"))
        builder = Party(id="builder", name="Builder", business=True, vat_id="NL000012014B01")
        OFFICE.crm.register(store, builder, on=day("01-01"))
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


def test_every_story_of_the_page_is_played():
    assert len(STORIES) == PAGE.count("\n## ")
    assert {row[0] for row in WORKED} == STORIES.keys() - {"funded"}


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("told", STORIES.values(), ids=STORIES.keys())
def test_a_story_comes_out_as_it_was_worked_by_hand(told, name):
    with STORES[name](OFFICE) as books:
        play(told, books)
        with books() as store:
            documents = store.documents.page(limit=99)
            balances = store.ledger.balances()
    mine = told.__name__.strip("_").replace("_", "-")
    assert sorted(map(line_of, documents)) == sorted(row[1:] for row in WORKED if row[0] == mine)
    assert sum(balances.values()) == 0
