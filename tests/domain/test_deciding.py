"""Decisions and prices: what cannot be meant is refused, and what each takes."""

from decimal import Decimal

import pytest

from fanbilling.domain.decisions import Decision, DecisionKind, take
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.items import Price
from fanbilling.domain.lots import Lot
from fanbilling.domain.terms import Terms
from fanbilling.domain.vat import Tax
from tests.laws.engine import KEYS, LATE, ON

ONE = Price.of("1.00")
OWN = Terms("bob", "EUR", Tax("S", Decimal(21)), ONE)
ALIKE = Terms("cas", "EUR", Tax("S", Decimal(21)), ONE)
OTHER = Terms("ada", "EUR", Tax("S", Decimal(9)), ONE)
DUE = {OTHER: Lot(Decimal(5), Decimal(5)), ALIKE: Lot(Decimal(5), Decimal(5)), OWN: Lot(Decimal(5), Decimal(5))}


def decision(kind=DecisionKind.WAIVED, **fields):
    figures = {name: Decimal(fields.pop(name)) for name in ("quantity", "amount") if name in fields}
    return Decision(**{"id": "d", "key": KEYS[0], "kind": kind, "reason": "agreed", "on": ON, **figures, **fields})


def taken(made, due=DUE):
    return [(terms.payer, str(lot.quantity), str(lot.amount)) for terms, lot in take(due, made)]


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "0"},
        {"amount": "0"},
        {"kind": DecisionKind.CONCEDED},
        {"kind": DecisionKind.MOVED},
        {"reason": " "},
    ],
    ids=["a quantity of zero", "an amount of zero", "a concession of nothing", "a move to nobody", "no reason"],
)
def test_a_decision_that_says_nothing_is_refused(fields):
    with pytest.raises(InvalidValue):
        decision(**fields)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (decision(quantity="7", terms=OWN), [("bob", "5", "5"), ("cas", "2", "2.00")]),
        (decision(quantity="12", terms=OWN), [("bob", "5", "5"), ("cas", "5", "5"), ("ada", "2", "2.00")]),
        (decision(quantity="99"), [("ada", "5", "5"), ("bob", "5", "5"), ("cas", "5", "5")]),
        (decision(), [("ada", "5", "5"), ("bob", "5", "5"), ("cas", "5", "5")]),
        (decision(quantity="2", amount="1.50", terms=OWN, target="d1"), [("bob", "2", "1.50")]),
        (decision(quantity="2", terms=OWN, target="d1"), [("bob", "2", "0")]),
        (decision(quantity="5", amount="1.50", terms=OWN, target="d1"), [("bob", "5", "5")]),
        (decision(DecisionKind.CONCEDED, amount="7", terms=OWN), [("bob", "0", "5"), ("cas", "0", "2.00")]),
        (decision(DecisionKind.MOVED, payer="ada", terms=OWN, quantity="7"), [("bob", "5", "5"), ("cas", "2", "2.00")]),
        (decision(DecisionKind.MOVED, payer="ada", quantity="99"), [("bob", "5", "5"), ("cas", "5", "5")]),
        (decision(DecisionKind.HELD), []),
    ],
    ids=[
        "its own terms first, then those taxed alike",
        "then any",
        "never more than is there",
        "all of it",
        "a credit takes the money it gave back",
        "a credit that gave no money back takes none",
        "all of the quantity takes all of the money",
        "a concession takes money only",
        "a move takes its own terms first",
        "a move leaves what the new payer has",
        "a hold takes nothing",
    ],
)
def test_a_decision_takes(made, expected):
    assert taken(made) == expected


def test_a_hold_lasts_until_its_day():
    assert decision(DecisionKind.HELD).holds(LATE)
    assert not decision(DecisionKind.HELD, until=LATE).holds(LATE)
    assert decision(DecisionKind.HELD, until=LATE).holds(ON.replace(month=1, day=30))
    assert not decision().holds(LATE)


@pytest.mark.parametrize(
    ("amount", "per", "quantity", "total"),
    [
        ("100.00", "31", "16", "51.61"),
        ("0.333", "1", "10", "3.33"),
        ("0.005", "1", "1", "0.01"),
        ("0.005", "1", "-1", "-0.01"),
    ],
    ids=["16 of 31 days", "a third of a cent", "half a cent goes up", "half a cent given back"],
)
def test_a_price_times_a_quantity_is_rounded_once(amount, per, quantity, total):
    assert Price.of(amount, per=per).total(Decimal(quantity), 2) == Decimal(total)


@pytest.mark.parametrize(
    ("amount", "per"), [("-1", "1"), ("1", "0"), ("1", "-31")], ids=["negative", "per none", "per less"]
)
def test_a_price_is_not_negative_and_is_per_something(amount, per):
    with pytest.raises(InvalidValue, match="a price of"):
        Price.of(amount, per=per)
