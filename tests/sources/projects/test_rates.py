"""Which rate wins, and the proof of it: by hand, and as properties of any set of rules."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling import Price
from fanbilling.domain.errors import Conflict, InvalidValue
from fanbilling.sources.projects import ProjectsDesk, RateRule, resolve_rate
from tests.sources.projects.worlds import CLIENT, day, hours, items, office, project, rate
from tests.stores import STORES

DESK = ProjectsDesk()
ENTRY = attrs.evolve(hours(activity="design", on="03-10"), client="acme")
NAMES = {"project": "p", "employee": "eva", "client": "acme", "activity": "design"}


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](office()) as books, books() as store:
        store.add(CLIENT)
        DESK.start(store, project(), on=day("01-01"))
        yield store


# -------------------------------------------------------------------------------------------------------------- by hand


def won(*rules, entry=ENTRY):
    return resolve_rate(rules, entry).rule


def test_the_rule_that_names_most_wins():
    """Two of the weak names beat the strongest one alone."""
    assert won(rate("all"), rate("one", project="p"), rate("two", client="acme", activity="design")) == "two"


@pytest.mark.parametrize(("strong", "weak"), [("project", "employee"), ("employee", "client"), ("client", "activity")])
def test_of_those_that_name_as_many_the_order_of_names_decides(strong, weak):
    pair = rate("a-weak", **{weak: NAMES[weak]}), rate("b-strong", **{strong: NAMES[strong]})
    assert won(*pair) == won(*reversed(pair)) == "b-strong"


def test_of_those_that_name_the_same_the_latest_first_day_wins_and_then_what_was_known_last():
    january, march = rate("january", known=day("03-09")), rate("march", since="03-01", known=day("02-01"))
    assert won(january, march) == "march"
    said_again = rate("said-again", since="03-01", known=day("02-02"))
    assert won(january, said_again, march) == "said-again"
    assert won(january, march, entry=attrs.evolve(ENTRY, on=day("02-28"))) == "january"


def test_a_rule_holds_from_its_first_day_through_its_last():
    rule = rate(since="03-10", until="03-10")
    assert [won(rule, entry=attrs.evolve(ENTRY, on=day(on))) for on in ("03-09", "03-10", "03-11")] == ["", "r", ""]
    assert won(attrs.evolve(rule, withdrawn=day("04-01"))) == ""


def test_the_proof_names_the_rule_that_won_and_why_each_other_lost():
    rules = [
        rate("house", "90.00"),
        rate("old", "100.00", employee="eva"),
        rate("new", "110.00", "03-01", employee="eva", known=day("02-02")),
        rate("first", "105.00", "03-01", employee="eva", known=day("02-01")),
        rate("for-acme", "95.00", client="acme"),
        rate("other", "1.00", employee="ben"),
    ]
    found = resolve_rate(rules, ENTRY)
    assert (found.price, found.rule) == (Price.of("110.00", unit="HUR"), "new")
    assert (found.because.rule, found.because.value) == ("rate.won", Decimal("110.00"))
    assert {(r.input("rule"), r.input("why"), r.value) for r in found.because.because} == {
        ("house", "names-less", Decimal("90.00")),
        ("old", "older", Decimal("100.00")),
        ("first", "known-earlier", Decimal("105.00")),
        ("for-acme", "names-weaker", Decimal("95.00")),
    }


def test_without_a_rule_it_says_what_was_looked_for():
    found = resolve_rate([rate(employee="ben")], ENTRY)
    assert (found.price, found.rule, found.because.rule) == (None, "", "rate.none")
    assert dict(found.because.inputs) == {**NAMES, "on": day("03-10")}


# ------------------------------------------------------------------------------------------------------------ any rules

DAYS = st.sampled_from([day(text) for text in ("01-01", "03-01", "03-10", "03-11")])
ANY = st.builds(
    RateRule,
    id=st.text("abcdefgh", min_size=2, max_size=2),
    price=st.sampled_from(["1.00", "2.00", "3.00"]).map(lambda text: Price.of(text, unit="HUR")),
    since=DAYS,
    known=DAYS,
    **{name: st.sampled_from(["", value, "other"]) for name, value in NAMES.items()},
)
SETS = st.lists(ANY, max_size=8, unique_by=(lambda rule: rule.id, lambda rule: rule.strength))


@given(rules=SETS, data=st.data())
def test_the_order_of_the_rules_does_not_matter(rules, data):
    assert resolve_rate(data.draw(st.permutations(rules)), ENTRY) == resolve_rate(rules, ENTRY)


@given(rules=SETS, surely=st.sets(st.sampled_from([*NAMES]), min_size=1), more=ANY, data=st.data())
def test_a_rule_that_names_less_never_takes_the_place_of_the_winner(rules, surely, more, data):
    rules = [*rules, rate("surely", **{name: NAMES[name] for name in surely})]
    winner = next(rule for rule in rules if rule.id == resolve_rate(rules, ENTRY).rule)
    kept = data.draw(st.sets(st.sampled_from([*NAMES]), max_size=sum(winner.criteria) - 1))
    weaker = attrs.evolve(more, id="weaker", **{name: NAMES[name] if name in kept else "" for name in NAMES})
    assert resolve_rate([*rules, weaker], ENTRY).rule == winner.id


@given(rules=SETS)
def test_a_loser_can_go_without_changing_the_price(rules):
    found = resolve_rate(rules, ENTRY)
    for loser in rules:
        if loser.id != found.rule:
            rest = resolve_rate([rule for rule in rules if rule is not loser], ENTRY)
            assert (rest.rule, rest.price) == (found.rule, found.price)


@given(rules=SETS)
def test_everything_that_applies_is_in_the_proof_once(rules):
    found = resolve_rate(rules, ENTRY)
    applies = [r.id for r in rules if r.since <= ENTRY.on and all(getattr(r, n) in ("", v) for n, v in NAMES.items())]
    told = [reason.input("rule") for reason in (found.because, *found.because.because) if reason.input("rule")]
    assert sorted(told) == sorted(applies)


# ------------------------------------------------------------------------------------------------------------- the desk


def test_a_tie_is_refused_at_the_door(store):
    DESK.set_rate(store, rate("a", employee="eva"), on=day("01-02"))
    with pytest.raises(Conflict, match="rate a of the same day says the same"):
        DESK.set_rate(store, rate("b", "120.00", employee="eva"), on=day("01-02"))
    DESK.set_rate(store, rate("c", "120.00", employee="eva"), on=day("01-03"))  # known later: no tie
    DESK.set_rate(store, rate("d", "130.00", employee="eva", currency="USD"), on=day("01-02"))  # other money: no tie


def test_the_same_rate_twice_is_one_and_another_with_its_id_is_refused(store):
    for on in ("01-02", "02-02"):
        DESK.set_rate(store, rate(), on=day(on))
    assert store.get(RateRule, "r").known == day("01-02")
    with pytest.raises(Conflict, match="rate r"):
        DESK.set_rate(store, rate(price="101.00"), on=day("01-02"))


def test_a_rate_in_other_money_prices_nothing(store):
    DESK.set_rate(store, rate(currency="USD"), on=day("01-01"))
    DESK.book(store, hours(), on=day("01-05"))
    DESK.approve(store, ["h"], on=day("01-06"))
    assert items(store)["p", "hours:h"].blocked.rule == "rate.none"


def test_a_new_rate_has_only_what_it_concerns_asked_again(store):
    """From the first hours since, in each project that has some; an internal project is never priced."""
    DESK.start(store, project("q"), on=day("01-01"))
    DESK.start(store, project("own", kind="internal"), on=day("01-01"))
    for id, where, on in (
        ("h1", "p", "01-05"),
        ("h2", "p", "02-05"),
        ("h5", "p", "02-20"),
        ("h3", "q", "01-31"),
        ("h4", "own", "02-05"),
    ):
        DESK.book(store, hours(id, where, on), on=day(on))
    store.agenda.answered([attrs.evolve(row, since=date(2099, 1, 1), ask_on=None) for row in store.agenda.all(limit=9)])
    DESK.set_rate(store, rate(since="02-01"), on=day("03-01"))
    rows = {row.agreement: (row.since, row.ask_on) for row in store.agenda.all(limit=9)}
    assert rows == {"p": (day("02-05"), day("02-05")), "q": (date(2099, 1, 1), None), "own": (date(2099, 1, 1), None)}


def test_what_could_not_be_kept_is_refused():
    for wrong, message in (
        ({"since": "03-01", "until": "02-28"}, "ends before"),
        ({"currency": "euro"}, "EUR"),
        ({"employee": "a\x00b"}, "cannot be printed"),
    ):
        with pytest.raises(InvalidValue, match=message):
            rate(**wrong)
    with pytest.raises(InvalidValue, match="HUR"):
        RateRule(id="r", price=Decimal(1), since=day("01-01"))
