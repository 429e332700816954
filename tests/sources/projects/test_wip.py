"""Work in progress and the report of hours spent: figures worked by hand, and that they always add up (L6)."""

from datetime import date
from decimal import Decimal

import pytest

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Party, Then
from fanbilling.domain.errors import NotFound
from fanbilling.sources.projects import Projects
from tests.sources.projects.worlds import (
    CLIENT,
    HOLDING,
    SELLER,
    day,
    expense,
    hours,
    instalment,
    office,
    project,
    rate,
)
from tests.stores import STORES

OFFICE = office()
DESK = OFFICE.desk(Projects)
JANUARY, FEBRUARY, MARCH = (day("01-01"), day("01-31")), (day("02-01"), day("02-28")), (day("03-01"), day("03-31"))


@pytest.fixture(params=STORES)
def books(request):
    with STORES[request.param](OFFICE) as books:
        with books() as store:
            store.add(CLIENT)
            store.add(HOLDING)
            DESK.start(store, project(), on=day("01-01"))
            DESK.set_rate(store, rate(), on=day("01-01"))
        yield books


def bill(books, until, on):
    report = OFFICE.billing.run(books, until=until, on=on)
    assert report.failures == ()


def forward(books, days, id="p"):
    """(opening, booked, revalued, billed, written off, closing) in hours and in money."""
    first, last = days
    with books() as store:
        [found] = [one for one in DESK.work_in_progress(store, first=first, last=last) if one.project == id]
    names = ("opening", "booked", "revalued", "billed", "written_off", "closing")
    lots = [getattr(found.figures, name) for name in names]
    return tuple(str(lot.quantity.normalize() + 0) for lot in lots), tuple(f"{lot.amount:.2f}" for lot in lots)


def test_what_is_worked_and_not_billed_rolls_forward(books):
    """January: 8 h and 4 h at 100.00; 8 are approved and billed on 1 February. The 4 are corrected to 3 then."""
    with books() as store:
        DESK.book(store, hours("h1", on="01-05", hours="8"))
        DESK.book(store, hours("h2", on="01-06", hours="4"))
        DESK.approve(store, ["h1"], on=day("01-31"))
    bill(books, day("01-31"), day("02-01"))
    with books() as store:
        DESK.correct(store, "h2", hours=Decimal(3), reason="Lunch", on=day("02-03"))
    assert forward(books, JANUARY) == (
        ("0", "12", "0", "0", "0", "12"),
        ("0.00", "1200.00", "0.00", "0.00", "0.00", "1200.00"),
    )
    assert forward(books, FEBRUARY) == (
        ("12", "0", "-1", "8", "0", "3"),
        ("1200.00", "0.00", "-100.00", "800.00", "0.00", "300.00"),
    )
    assert forward(books, (day("01-01"), day("02-28")))[1] == (
        "0.00", "1200.00", "-100.00", "800.00", "0.00", "300.00",
    )  # fmt: skip


def test_a_rate_that_becomes_known_later_revalues(books):
    """8 h at 100.00, billed on 1 February. On 5 March 110.00 turns out to hold since January: 8 × 10.00 more."""
    with books() as store:
        DESK.book(store, hours(on="01-05"))
        DESK.approve(store, ["h"], on=day("01-31"))
    bill(books, day("01-31"), day("02-01"))
    with books() as store:
        DESK.set_rate(store, rate("new", "110.00", project="p"), on=day("03-05"))
    assert forward(books, FEBRUARY)[1] == ("800.00", "0.00", "0.00", "800.00", "0.00", "0.00")
    assert forward(books, (day("03-01"), day("03-10"))) == (
        ("0", "0", "0", "0", "0", "0"),
        ("0.00", "0.00", "80.00", "0.00", "0.00", "80.00"),
    )
    bill(books, day("02-28"), day("03-15"))
    assert forward(books, MARCH)[1] == ("0.00", "0.00", "80.00", "80.00", "0.00", "0.00")


def test_hours_without_a_rate_are_hours_and_worth_nothing_yet(books):
    with books() as store:
        DESK.start(store, project("q"), on=day("01-01"))
        DESK.withdraw_rate(store, "r", on=day("01-02"))
        DESK.book(store, hours("h", "q", "01-05"))
        DESK.set_rate(store, rate("late", "90.00"), on=day("02-10"))
    assert forward(books, JANUARY, "q")[1] == ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00")
    assert forward(books, JANUARY, "q")[0] == ("0", "8", "0", "0", "0", "8")
    assert forward(books, FEBRUARY, "q")[1] == ("0.00", "0.00", "720.00", "0.00", "0.00", "720.00")


def test_what_is_waived_or_given_off_is_written_off_on_the_day_of_the_decision(books):
    """Of 8 h at 100.00, 3 h are waived on 3 February, and 50.00 is given off; on 5 February the waiver is withdrawn."""
    key = ItemKey("projects", "p", day("01-05"), "hours:h")
    with books() as store:
        DESK.book(store, hours(on="01-05"))
        DESK.approve(store, ["h"], on=day("01-06"))
        for id, kind, figures in (
            ("w", DecisionKind.WAIVED, {"quantity": Decimal(3)}),
            ("c", DecisionKind.CONCEDED, {"amount": Decimal("50.00")}),
        ):
            OFFICE.billing.decide(
                store, Decision(id=id, key=key, kind=kind, reason="agreed", on=day("02-03"), **figures)
            )
        OFFICE.billing.withdraw(store, "w", on=day("02-05"))
    assert forward(books, (day("02-01"), day("02-04"))) == (
        ("8", "0", "0", "0", "3", "5"),
        ("800.00", "0.00", "0.00", "0.00", "350.00", "450.00"),
    )
    assert forward(books, FEBRUARY)[1] == ("800.00", "0.00", "0.00", "0.00", "50.00", "750.00")


@pytest.mark.parametrize(
    ("then", "figures"),
    [
        (Then.WAIVE, ("0.00", "0.00", "0.00", "-200.00", "200.00", "0.00")),
        (Then.REBILL, ("0.00", "0.00", "0.00", "-200.00", "0.00", "200.00")),
        (Then.HOLD, ("0.00", "0.00", "0.00", "-200.00", "0.00", "200.00")),
    ],
)
def test_what_a_credit_gives_back_is_written_off_or_open_again(books, then, figures):
    with books() as store:
        DESK.book(store, hours(on="01-05"))
        DESK.approve(store, ["h"], on=day("01-06"))
    bill(books, day("01-31"), day("01-31"))
    with books() as store:
        credit = Credit(id="c", document="2026-0001", quantity=Decimal(2), line=1, reason="Too much", then=then)
        OFFICE.billing.credit(store, credit, on=day("02-10"))
    assert forward(books, FEBRUARY)[1] == figures


def test_a_fixed_price_counts_from_the_day_on_which_it_was_planned_or_stated(books):
    """Instalments of 400.00 on 31 January (billed) and 600.00 on 31 March; progress 30%, then 20% of 1000.00."""
    plan = (instalment("a", "01-31", percent="40"), instalment("b", "03-31", percent="60", milestone=True))
    with books() as store:
        DESK.start(store, project("f", kind="fixed-price", price=Decimal(1000), plan=plan), on=day("01-01"))
        DESK.start(store, project("g", kind="fixed-price", price=Decimal(1000)), on=day("01-01"))
        DESK.state_progress(store, "g", Decimal(30), day=day("01-31"), on=day("01-31"))
    bill(books, day("01-31"), day("01-31"))
    with books() as store:
        DESK.state_progress(store, "g", Decimal(20), day=day("02-28"), on=day("02-28"))
    assert forward(books, JANUARY, "f")[1] == ("0.00", "400.00", "0.00", "400.00", "0.00", "0.00")
    assert forward(books, FEBRUARY, "f")[1] == ("0.00", "0.00", "0.00", "0.00", "0.00", "0.00")
    assert forward(books, MARCH, "f")[1] == ("0.00", "600.00", "0.00", "0.00", "0.00", "600.00")
    assert forward(books, FEBRUARY, "g")[1] == ("0.00", "0.00", "-100.00", "0.00", "0.00", "-100.00")


def test_it_is_printed_with_every_amount_explained_and_leaves_out_what_did_not_move(books):
    with books() as store:
        DESK.start(store, project("idle"), on=day("01-01"))
        DESK.book(store, hours(on="01-05"))
        DESK.spend(store, expense(on="01-05", cost="50.00", markup="10"))
        paper = DESK.wip_paper(store, seller=SELLER, first=day("01-01"), last=day("01-31"))
    money, in_hours = paper.tables
    assert paper.unexplained() == []
    assert [str(cell) for cell in money.total.cells[2:]] == ["0", "855.00", "0.00", "0", "0.00", "855.00"]
    assert [row.cells[:2] for row in money.rows] == [("Rollout", "acme")]
    assert [cell.normalize() for cell in in_hours.total.cells[2:]] == [0, 8, 0, 0, 0, 8]


# -------------------------------------------------------------------------------------------- the report of hours spent


def test_the_report_of_a_funded_project_has_the_approved_hours_per_employee(books):
    """Eva 4 + 2.5 in January and 3 in February, Ben 8 in February: 17.5; what is not approved is left out."""
    with books() as store:
        store.add(Party(id="funder", name="Fonds", language="en"))
        DESK.start(store, project("f", kind="funded", funder="funder"), on=day("01-01"))
        for id, name, on, count, activity in (
            ("h1", "eva", "01-05", "4", "research"),
            ("h2", "eva", "01-06", "2.5", "writing"),
            ("h3", "eva", "02-02", "3", "research"),
            ("h4", "ben", "02-02", "8", "research"),
            ("h5", "ben", "02-03", "8", "research"),
            ("h6", "ben", "03-01", "8", "research"),
        ):
            DESK.book(store, hours(id, "f", on, count, employee=name, activity=activity))
        DESK.approve(store, ["h1", "h2", "h3", "h4", "h6"], on=day("03-02"))
        report = DESK.hours_report(store, "f", seller=SELLER, first=day("01-01"), last=day("02-28"), on=day("03-02"))
        with pytest.raises(NotFound):
            DESK.hours_report(store, "x", seller=SELLER, first=day("01-01"), last=day("02-28"), on=day("03-02"))
    assert (report.kind, report.addressee.name, report.language) == ("hours-report", "Fonds", "en")
    assert dict(report.facts)["hours"] == Decimal("17.5")
    assert report.signatures == ("employee", "project-leader")
    months, ben, eva = report.tables
    assert [row.cells for row in months.all] == [
        ("ben", "2026-02", 8),
        ("eva", "2026-01", Decimal("6.5")),
        ("eva", "2026-02", 3),
        (None, None, Decimal("17.5")),
    ]
    assert (ben.title, ben.total.cells[-1]) == ("ben", 8)
    assert [row.cells for row in eva.rows] == [
        (day("01-05"), "research", "Advice", 4),
        (day("01-06"), "writing", "Advice", Decimal("2.5")),
        (day("02-02"), "research", "Advice", 3),
    ]
    bill(books, date(2026, 3, 31), date(2026, 3, 31))
    with books() as store:
        assert not store.documents.page(limit=9)
