"""The laws of a source hold for projects, on every store, whatever is said and in whatever order."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import strategies as st

from fanbilling.sources.projects import Estimate, EstimateLine, Projects, ProjectsDesk
from fanbilling.testing.contracts.sources import SourceContract
from tests.sources.projects.worlds import CLIENT, day, expense, hours, instalment, office, project, rate
from tests.stores import STORES, looked_at

DESK = ProjectsDesk()
DAYS = st.sampled_from(["01-05", "01-06", "02-28", "03-01"])
ON = DAYS.map(day)
IDS = st.sampled_from(["h1", "h2"])
PROJECTS = st.sampled_from(["work", "fixed", "own"])
FIXED = project("fixed", kind="fixed-price", price="1000.01")
PLANNED = project(
    "fixed",
    kind="fixed-price",
    price="1000.01",
    plan=(
        instalment("i1", "01-05", percent="30", milestone=True),
        instalment("i2", "01-06", percent="40"),
        instalment("i3", "03-01", percent="30", milestone=True),
    ),
)
PERCENTS = st.sampled_from([Decimal(0), Decimal(30), Decimal("33.33"), Decimal(55), Decimal(100)])
FIGURES = st.sampled_from([Decimal("0.5"), Decimal(8), Decimal(10)])


def calls(method, **arguments):
    """Commands of the desk, with drawn arguments."""
    return st.fixed_dictionaries(arguments).map(lambda drawn: partial(method, **drawn))


ENTRIES = st.builds(
    hours,
    id=IDS,
    project=PROJECTS,
    on=DAYS,
    hours=st.sampled_from(["0.5", "8", "20"]),
    billable=st.sampled_from(["0", "4"]),
    activity=st.sampled_from(["", "design"]),
    employee=st.sampled_from(["eva", "ben"]),
)
RULES = st.builds(
    rate,
    id=st.sampled_from(["r1", "r2", "r3"]),
    price=st.sampled_from(["100.00", "80.00"]),
    since=DAYS,
    employee=st.sampled_from(["", "eva"]),
    project=st.sampled_from(["", "work"]),
    activity=st.sampled_from(["", "design"]),
    client=st.sampled_from(["", "acme"]),
)
EXTRA = instalment("x", "02-28", amount="250.00", extra=True)
EXPENSES = st.builds(expense, id=st.just("e"), project=PROJECTS, on=DAYS, markup=st.sampled_from(["0", "12.5"]))
ESTIMATE = Estimate(
    id="est",
    client="acme",
    title="Offer",
    kind="time-and-material",
    lines=(EstimateLine(text="Design", quantity="10", price=rate().price, activity="design"),),
    valid_until=day("03-01"),
)
COMMANDS = st.one_of(
    calls(DESK.book, entry=ENTRIES, on=ON),
    calls(DESK.book, entry=ENTRIES, on=ON),
    calls(DESK.approve, ids=st.lists(IDS, min_size=1, max_size=2), on=ON),
    calls(DESK.correct, id=IDS, hours=FIGURES, billable=st.none() | FIGURES, reason=st.just("typo"), on=ON),
    calls(DESK.reject, id=IDS, reason=st.sampled_from(["not ours", "double"]), on=ON),
    calls(DESK.set_rate, rule=RULES, on=ON),
    calls(DESK.set_rate, rule=RULES, on=ON),
    calls(DESK.withdraw_rate, id=st.sampled_from(["r1", "r2"]), on=ON),
    calls(DESK.spend, expense=EXPENSES, on=ON),
    calls(DESK.approve_expenses, ids=st.just(["e"]), on=ON),
    calls(DESK.correct_expense, id=st.just("e"), cost=FIGURES, markup=FIGURES, reason=st.just("typo"), on=ON),
    calls(DESK.reject_expense, id=st.just("e"), reason=st.just("private"), on=ON),
    calls(DESK.state_progress, id=st.just("fixed"), percent=PERCENTS, day=ON, on=ON),
    calls(DESK.state_progress, id=st.just("fixed"), percent=PERCENTS, day=ON, on=ON),
    calls(DESK.release, id=st.just("fixed"), instalment=st.sampled_from(["i1", "i3"]), on=ON),
    calls(DESK.withdraw_release, id=st.just("fixed"), instalment=st.just("i1"), on=ON),
    calls(DESK.add_extra, id=st.just("fixed"), extra=st.just(EXTRA), on=ON),
    calls(DESK.close, id=PROJECTS, on=ON),
    calls(DESK.reopen, id=PROJECTS, on=ON),
    calls(DESK.send_estimate, id=st.just("est"), on=ON),
    calls(DESK.accept_estimate, id=st.just("est"), project=st.sampled_from(["est", "work"]), on=ON),
)


#: What has happened already: uniform stories seldom come as far as an approval or a correction.
BEFORE = {
    "nothing": (),
    "hours at a rate": (
        partial(DESK.book, entry=hours("h1", "work", "01-05"), on=day("01-05")),
        partial(DESK.book, entry=hours("h2", "work", "01-06", activity="design", employee="ben"), on=day("01-06")),
        partial(DESK.set_rate, rule=rate("r1", "100.00", "01-05"), on=day("01-05")),
        partial(DESK.approve, ids=["h1", "h2"], on=day("01-06")),
    ),
    "drafts": (
        partial(DESK.book, entry=hours("h1", "work", "01-06"), on=day("01-06")),
        partial(DESK.book, entry=hours("h2", "own", "01-06"), on=day("01-06")),
        partial(DESK.spend, expense=expense("e", "work", "01-05", markup="12.5"), on=day("01-05")),
    ),
    "progress": (
        partial(DESK.state_progress, id="fixed", percent=Decimal(30), day=day("01-05"), on=day("01-05")),
        partial(DESK.state_progress, id="fixed", percent=Decimal(55), day=day("01-06"), on=day("01-06")),
    ),
    "an offer": (partial(DESK.send_estimate, id="est", on=day("01-05")),),
}


def a_story(fixed, on, before, rest):
    """Three projects and an estimate, and then whatever comes."""
    return [
        lambda store: store.add(CLIENT),
        partial(DESK.start, project=project("work"), on=on),
        partial(DESK.start, project=fixed, on=on),
        partial(DESK.start, project=project("own", kind="internal"), on=on),
        partial(DESK.estimate, estimate=ESTIMATE, on=on),
        *before,
        *rest,
    ]


class TestProjectsKeepTheLaws(SourceContract):
    far = date(2026, 12, 31)

    @pytest.fixture
    def source(self):
        return Projects()

    @pytest.fixture(params=STORES)
    def books(self, request):
        with looked_at(request.param), STORES[request.param](office()) as books:
            yield books

    @pytest.fixture
    def commands(self):
        before = st.sampled_from([*BEFORE.values()])
        return st.builds(a_story, st.sampled_from([FIXED, PLANNED]), ON, before, st.lists(COMMANDS, max_size=9))
