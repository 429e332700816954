"""Estimates: what they say, and the project that they become without anything being typed twice."""

from decimal import Decimal

import pytest

from fanbilling import Party, Price
from fanbilling.codec import dumps, loads
from fanbilling.domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.sources.projects import Estimate, EstimateLine, EstimateState, Project, ProjectsDesk, RateRule
from tests.sources.projects.worlds import CLIENT, SELLER, day, hours, instalment, items, office
from tests.stores import STORES

DESK = ProjectsDesk()


def hour(price):
    return Price.of(price, unit="HUR")


def line(text="Design", quantity="10", price=hour("95.50"), activity="design"):
    return EstimateLine(text=text, quantity=Decimal(quantity), price=price, activity=activity)


MATERIAL = line("Printer", "3", Price.of("33.335"), "")


def estimate(*lines, id="est", **more):
    more = {"title": "Rollout", "valid_until": day("02-28")} | more
    return Estimate(id=id, client="acme", lines=lines or (line(), MATERIAL), **more)


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](office()) as books, books() as store:
        store.add(CLIENT)
        yield store


def sent(store, made):
    DESK.estimate(store, made, on=day("02-01"))
    DESK.send_estimate(store, made.id, on=day("02-02"))


def test_each_line_is_rounded_once():
    """10 × 95.50 = 955.00; 3 × 33.335 = 100.005, so 100.01; together 1055.01."""
    made = estimate()
    assert [made.amount(one) for one in made.lines] == [Decimal("955.00"), Decimal("100.01")]
    assert (made.total, made.hours) == (Decimal("1055.01"), 10)


def test_a_fixed_price_becomes_a_project_with_its_plan_and_budget(store):
    plan = (instalment("start", "03-01", percent="40"), instalment("end", "06-01", percent="60", milestone=True))
    sent(store, estimate(plan=plan, tax_class="reversed"))
    for _ in range(2):
        DESK.accept_estimate(store, "est", project="rollout", on=day("02-10"))
    kept = store.get(Project, "rollout")
    assert (kept.client, kept.title, kept.kind, kept.price) == ("acme", "Rollout", "fixed-price", Decimal("1055.01"))
    assert (kept.budget, kept.estimate, kept.tax_class, kept.known) == (10, "est", "reversed", day("02-10"))
    # 40% of 1055.01 is 422.004; the rest is 1055.01 − 422.00 = 633.01
    assert [str(item.price.amount) for item in items(store, "rollout").values()] == ["422.00", "633.01"]
    made = store.get(Estimate, "est")
    assert (made.state, made.project, made.decided) == ("accepted", "rollout", day("02-10"))
    changes = [recorded.event.change for recorded in store.journal.after(0, limit=9)]
    assert changes == ["estimated", "estimate-sent", "started", "estimate-accepted"]


def test_hours_become_a_project_with_the_rates_of_the_estimate(store):
    made = estimate(line(), line("Build", "20", hour("80.00"), "build"), MATERIAL, kind="time-and-material")
    sent(store, made)
    DESK.accept_estimate(store, "est", project="rollout", on=day("02-10"))
    rules = {rule.activity: rule for rule in store.find(RateRule)}
    assert {activity: rule.price.amount for activity, rule in rules.items()} == {
        "design": Decimal("95.50"),
        "build": Decimal("80.00"),
    }
    assert {(rule.project, rule.since) for rule in rules.values()} == {("rollout", day("02-10"))}
    DESK.book(store, hours(project="rollout", on="02-11", activity="build"))
    assert items(store, "rollout")["rollout", "hours:h"].price.amount == 80


def test_only_what_was_sent_and_is_still_valid_is_accepted(store):
    DESK.estimate(store, estimate(), on=day("02-01"))
    with pytest.raises(RuleViolation, match="draft and cannot become accepted"):
        DESK.accept_estimate(store, "est", project="rollout", on=day("02-10"))
    DESK.send_estimate(store, "est", on=day("02-02"))
    with pytest.raises(RuleViolation, match="valid until 2026-02-28"):
        DESK.accept_estimate(store, "est", project="rollout", on=day("03-01"))
    assert not store.find(Project)
    DESK.accept_estimate(store, "est", project="rollout", on=day("02-28"))
    with pytest.raises(Conflict, match="became project rollout"):
        DESK.accept_estimate(store, "est", project="other", on=day("02-28"))
    with pytest.raises(RuleViolation, match="accepted and cannot become rejected"):
        DESK.reject_estimate(store, "est", reason="Too late", on=day("02-28"))


def test_a_rejected_one_says_why_and_is_over(store):
    sent(store, estimate())
    with pytest.raises(InvalidValue, match="needs a reason"):
        DESK.reject_estimate(store, "est", reason=" ", on=day("02-10"))
    for _ in range(2):
        DESK.reject_estimate(store, "est", reason="Too expensive", on=day("02-10"))
    assert store.get(Estimate, "est").reason == "Too expensive"
    with pytest.raises(RuleViolation, match="rejected and cannot become sent"):
        DESK.send_estimate(store, "est", on=day("02-10"))


def test_what_is_no_longer_valid_expires(store):
    for id, until in (("a", "02-09"), ("b", "02-10")):
        sent(store, estimate(id=id, valid_until=day(until)))
    DESK.estimate(store, estimate(id="never-sent", valid_until=day("01-01")), on=day("01-01"))
    assert DESK.expire_estimates(store, on=day("02-10")) == ("a",)
    assert DESK.expire_estimates(store, on=day("02-10")) == ()
    states = {made.id: made.state for made in store.find(Estimate)}
    assert states == {"a": EstimateState.EXPIRED, "b": EstimateState.SENT, "never-sent": EstimateState.DRAFT}


def test_one_id_stands_for_one_estimate(store):
    sent(store, estimate())
    DESK.estimate(store, estimate(), on=day("02-05"))  # the same, told once more
    with pytest.raises(Conflict):
        DESK.estimate(store, estimate(title="Other"), on=day("02-05"))
    with pytest.raises(NotFound):
        DESK.send_estimate(store, "nothing", on=day("02-05"))
    with pytest.raises(NotFound):
        DESK.estimate(store, Estimate(id="e2", client="nobody", title="T", lines=(line(),), valid_until=day("02-28")),
                      on=day("02-05"))  # fmt: skip
    kept = store.get(Estimate, "est")
    assert loads(Estimate, dumps(kept)) == kept


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: estimate(kind="internal"), "nobody pays"),
        (lambda: Estimate(id="e", client="acme", title="T", lines=(), valid_until=day("02-28")), "no lines"),
        (lambda: estimate(line(), line(price=hour("99.00")), kind="time-and-material"), "two rates for 'design'"),
        (lambda: estimate(plan=(instalment(percent="90"),)), "90 of 100"),
        (lambda: line(quantity="0"), "quantity of 0"),
        (lambda: line(text=" "), "text is missing"),
        (lambda: line(price=Decimal(1)), "Price.of"),
        (lambda: estimate(title=""), "text is missing"),
    ],
)
def test_an_estimate_that_could_become_no_project_is_refused(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        wrong()


def test_it_is_printed_with_every_amount_explained(store):
    """1055.01 with 21% VAT of 221.5521, so 221.55: 1276.56; instalments of 422.00 and 633.01."""
    plan = (instalment("start", "03-01", percent="40"), instalment("end", "06-01", percent="60"))
    DESK.estimate(store, estimate(plan=plan), on=day("02-01"))
    paper = DESK.estimate_paper(store, "est", seller=SELLER, on=day("02-02"))
    assert paper.unexplained() == []
    amounts = [str(amount) for _, column, amount in paper.amounts() if column.name != "price"]
    assert amounts == ["955.00", "100.01", "1055.01", "1055.01", "221.55", "1276.56", "422.00", "633.01"]
    assert (paper.kind, paper.number, paper.addressee.name, paper.title) == ("estimate", "est", "Acme B.V.", "Rollout")
    assert dict(paper.facts)["valid-until"] == day("02-28")


def test_a_buyer_abroad_is_estimated_without_vat(store):
    store.add(Party(id="gmbh", name="GmbH", country="DE", business=True, vat_id="DE129273398"))
    made = Estimate(id="e", client="gmbh", title="T", lines=(line(),), valid_until=day("02-28"))
    DESK.estimate(store, made, on=day("02-01"))
    paper = DESK.estimate_paper(store, "e", seller=SELLER, on=day("02-02"))
    [vat] = paper.tables[1].rows
    assert vat.cells == (0, Decimal("955.00"), Decimal("0.00"))
    assert vat.because.input("category") == "AE"
    assert paper.unexplained() == []
