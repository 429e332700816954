"""Instalments, progress and extra work: figures worked by hand, and what always holds."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.projects import Project, Projects, ProjectsDesk
from tests.sources.projects.worlds import CLIENT, day, instalment, items, office, project
from tests.stores import STORES

DESK = ProjectsDesk()


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](office()) as books, books() as store:
        store.add(CLIENT)
        yield store


def fixed(*plan, price="1000.00", **more):
    return project(kind="fixed-price", price=Decimal(price), plan=plan, **more)


def thirds(*percents, milestone=False):
    return [instalment(f"i{n}", f"0{n}-28", percent=p, milestone=milestone) for n, p in enumerate(percents, 1)]


def amounts(store):
    return [str(i.price.total(i.quantity, 2)) for i in items(store).values()]


# ---------------------------------------------------------------------------------------------------------- instalments


def test_the_last_instalment_takes_the_rest_cent(store):
    """30% of 1000.01 is 300.003, 40% is 400.004; what is left is 1000.01 − 300.00 − 400.00 = 300.01."""
    DESK.start(store, fixed(*thirds("30", "40", "30"), price="1000.01"), on=day("01-01"))
    assert amounts(store) == ["300.00", "400.00", "300.01"]
    first = items(store)["p", "installment:i1"]
    assert (first.key.filed, first.bill_on, first.quantity, first.blocked) == (day("01-28"), day("01-28"), 1, None)
    assert dict(first.because.inputs) == {"percent": 30, "price": Decimal("1000.01"), "planned": day("01-28")}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: fixed(*thirds("30", "40", "29")), "99 of 100"),
        (lambda: fixed(instalment(amount="999.99")), "999.99 of 1000.00"),
        (lambda: fixed(instalment("a", percent="50"), instalment("b", amount="500.00")), "percentages and amounts"),
        (lambda: fixed(instalment(percent="50"), instalment(percent="50")), "share an id"),
        (lambda: fixed(instalment(amount="1000.001")), "parts of a cent"),
        (lambda: fixed(price="0"), "above zero"),
        (lambda: fixed(price="10.005"), "whole cents"),
        (lambda: fixed(*[instalment(f"i{n}", percent="10") for n in range(10)], price="0.05"), "less than nothing"),
        (lambda: project(price=Decimal(1)), "a price for a project that is time-and-material"),
        (lambda: project(plan=(instalment(amount="1"),)), "a price for a project"),
        (instalment, "a percentage or an amount"),
        (lambda: instalment(percent="1", amount="1"), "a percentage or an amount"),
        (lambda: instalment(percent="101"), "an instalment of 101"),
        (lambda: instalment(amount="0"), "an instalment of 0"),
        (lambda: instalment(percent="1", extra=True), "extra work by percentage"),
        (lambda: project(start=day("02-01"), end=day("01-31")), "ends before"),
    ],
)
def test_a_plan_that_does_not_add_up_is_refused(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        wrong()


@given(
    price=st.decimals("0.01", "99999.99", places=2),
    cuts=st.sets(st.integers(1, 99), max_size=5),
)
def test_whatever_the_percentages_the_instalments_are_the_price(price, cuts):
    """L11; a price that is too small for its plan is refused, and nothing is below zero."""
    edges = [0, *sorted(cuts), 100]
    plan = [instalment(f"i{n}", percent=b - a) for n, (a, b) in enumerate(itertools.pairwise(edges))]
    try:
        found = fixed(*plan, price=price).amounts
    except InvalidValue:
        assert price < Decimal("0.10")
        return
    assert sum(found.values()) == price
    assert min(found.values()) >= 0


def test_a_milestone_waits_until_it_is_reached_and_is_billed_from_that_day(store):
    DESK.start(store, fixed(*thirds("50", "50", milestone=True)), on=day("01-01"))
    assert items(store)["p", "installment:i1"].blocked.rule == "instalment.not-released"
    DESK.release(store, "p", "i1", on=day("01-10"))
    DESK.release(store, "p", "i1", on=day("01-11"))  # said again
    early = items(store)["p", "installment:i1"]
    assert (early.blocked, early.key.filed, early.bill_on) == (None, day("01-28"), day("01-10"))
    assert early.because.because[0].value == day("01-10")
    DESK.withdraw_release(store, "p", "i1", on=day("01-12"))
    assert items(store)["p", "installment:i1"].blocked
    assert [r.event.change for r in store.journal.after(0, limit=9)] == ["started", "released", "release-withdrawn"]


def test_only_a_milestone_is_released(store):
    DESK.start(store, fixed(*thirds("50", "50")), on=day("01-01"))
    with pytest.raises(RuleViolation, match="waits for no milestone"):
        DESK.release(store, "p", "i1", on=day("01-10"))
    for call in (DESK.release, DESK.withdraw_release):
        with pytest.raises(NotFound, match="p/i9"):
            call(store, "p", "i9", on=day("01-10"))


def test_extra_work_comes_on_top(store):
    DESK.start(store, fixed(*thirds("50", "50")), on=day("01-01"))
    extra = instalment("x", "03-15", amount="120.50", extra=True)
    for _ in range(2):
        DESK.add_extra(store, "p", extra, on=day("02-02"))
    assert amounts(store) == ["500.00", "500.00", "120.50"]
    assert items(store)["p", "installment:x"].because.input("agreed") == day("02-02")
    with pytest.raises(Conflict):
        DESK.add_extra(store, "p", instalment("x", "03-15", amount="121.00", extra=True), on=day("02-02"))
    with pytest.raises(InvalidValue, match="extra=True"):
        DESK.add_extra(store, "p", instalment("y", amount="1"), on=day("02-02"))


# ------------------------------------------------------------------------------------------------------------- progress


def stated(store, *percents, price="1000.00"):
    DESK.start(store, fixed(price=price), on=day("01-01"))
    for n, percent in enumerate(percents, 1):
        DESK.state_progress(store, "p", Decimal(percent), day=day(f"0{n}-28"), on=day(f"0{n}-28"))
    return by_month(store)


def by_month(store):
    asked = [Asked(agreement="p", since=date.min)]
    return {item.key.filed.month: item for item in Projects().items(store, asked, day("12-31"))}


def test_progress_that_is_lowered_lowers_what_was_added(store):
    """30% of 1000.00 is 300.00; 55% adds 250.00; 50% takes 50.00 of those 250.00 back and adds nothing itself."""
    found = stated(store, "30", "55")
    assert {month: str(item.quantity) for month, item in found.items()} == {1: "300.00", 2: "250.00"}
    DESK.state_progress(store, "p", Decimal(50), day=day("03-28"), on=day("03-28"))
    found = by_month(store)
    assert {month: item.quantity for month, item in found.items()} == {1: 300, 2: 200, 3: 0}
    assert {item.price.amount for item in found.values()} == {1}
    [lowered] = found[2].because.because
    assert (lowered.rule, lowered.value, lowered.input("on")) == ("progress.lowered", 50, day("03-28"))
    assert store.agenda.get("projects", "p").since <= day("02-28")


def test_progress_lowered_below_several_statements_lowers_all_of_them(store):
    """20, 40, 60 and then 30 percent of 1000.00: 200.00, then 100.00, then nothing."""
    found = stated(store, "20", "40", "60", "30")
    assert [found[month].quantity for month in (1, 2, 3, 4)] == [200, 100, 0, 0]


def test_progress_of_thirds_adds_up_to_the_price(store):
    """33.33% of 1000.01 is 333.303, 66.66% is 666.607: 333.30, then 333.31, then 1000.01 − 666.61 = 333.40."""
    found = stated(store, "33.33", "66.66", "100", price="1000.01")
    assert [str(found[month].quantity) for month in (1, 2, 3)] == ["333.30", "333.31", "333.40"]


def test_of_one_day_the_last_statement_counts(store):
    stated(store, "30")
    DESK.state_progress(store, "p", Decimal(35), day=day("01-28"), on=day("02-01"))
    assert amounts(store) == ["350.00"]
    DESK.state_progress(store, "p", Decimal(35), day=day("01-28"), on=day("02-02"))  # said again
    assert len(store.get(Project, "p").progress) == 2
    with pytest.raises(RuleViolation, match="something of 2026-02-01 is known"):
        DESK.state_progress(store, "p", Decimal(36), day=day("01-28"), on=day("01-31"))


def test_what_has_no_progress_refuses_it(store):
    DESK.start(store, project("hours"), on=day("01-01"))
    with pytest.raises(RuleViolation, match="no fixed price"):
        DESK.state_progress(store, "hours", Decimal(1), day=day("01-28"), on=day("01-28"))
    DESK.start(store, fixed(*thirds("50", "50")), on=day("01-01"))
    with pytest.raises(InvalidValue, match="instalments and progress"):
        DESK.state_progress(store, "p", Decimal(1), day=day("01-28"), on=day("01-28"))
    DESK.start(store, project("f", kind="fixed-price", price=Decimal(10)), on=day("01-01"))
    with pytest.raises(InvalidValue, match="use 0 to 100"):
        DESK.state_progress(store, "f", Decimal(101), day=day("01-28"), on=day("01-28"))


@given(
    price=st.decimals("0.01", "9999.99", places=2),
    said=st.lists(st.tuples(st.integers(1, 6), st.decimals(0, 100, places=2)), min_size=1, max_size=8),
)
def test_progress_adds_up_to_the_last_statement_and_is_never_below_zero(price, said):
    with MemoryBooks()() as store:
        store.add(CLIENT)
        DESK.start(store, fixed(price=price), on=day("01-01"))
        for known, (month, percent) in enumerate(said, 1):
            DESK.state_progress(store, "p", percent, day=date(2026, month, 28), on=date(2026, 8, known))
        quantities = [item.quantity for item in by_month(store).values()]
    last_month = max(month for month, _ in said)
    last = [percent for month, percent in said if month == last_month][-1]
    assert min(quantities) >= 0
    assert sum(quantities) == (price * last / 100).quantize(Decimal("0.01"), "ROUND_HALF_UP")
