"""Assembly and disassembly on every store, and late costs that reach what was made: figures worked by hand."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.codec import dumps, loads
from fanbilling.domain.errors import (
    BillingError,
    Conflict,
    ForeignCurrency,
    InvalidValue,
    NotEnoughStock,
    NotFound,
    RuleViolation,
)
from fanbilling.sources.orders.assembly import Assembly
from fanbilling.sources.orders.levels import corrections, costs, levels, moves_about
from fanbilling.sources.orders.moves import StockMove
from fanbilling.sources.orders.products import Component, Product
from fanbilling.sources.orders.stock import StockDesk
from fanbilling.sources.orders.stock_audit import audit_stock
from tests.sources.orders.warehouse import (
    DESK,
    WAREHOUSE,
    assembly,
    count,
    day,
    euro,
    figures,
    issued,
    move,
    postings,
    received,
    stocked,
)
from tests.stores import STORES, kept, tried


@pytest.fixture(params=STORES)
def store(request):
    """10 bolts at 2.00 and 10 nuts at 1.00; a set is 2 bolts and a nut."""
    with STORES[request.param](WAREHOUSE) as books, books() as store:
        stocked(store)
        DESK.book(store, [received("b", 10, 1, "20.00"), received("n", 10, 1, "10.00", product="nut")], on=day(1))
        yield store
        assert list(audit_stock(store)) == []


def entry(store, id):
    [found] = [one for one in store.ledger.entries(limit=999) if one.id == id]
    return found


def everything(store):
    return kept(store, WAREHOUSE.records)


def test_a_product_costs_what_its_parts_cost_and_what_is_added(store):
    """4 sets: 8 bolts = 16.00, 4 nuts = 4.00, labour 10.00: 30.00, 7.50 each. One leaves at 7.50."""
    cost = DESK.assemble(store, assembly("a", "set", 4, 2, added=euro("10.00")), on=day(2))
    [sold] = DESK.book(store, [issued("i", 1, 3, product="set")], on=day(3))
    assert (cost, sold.amount) == (euro("30.00"), euro("-7.50"))
    booked = entry(store, "stock:a/1")
    assert (booked.kind, booked.on) == ("stock-assembly", day(2))
    assert postings(booked) == [
        ("3000", Decimal("-16.00")),
        ("7000", Decimal("-10.00")),
        ("3000", Decimal("-4.00")),
        ("3000", Decimal("30.00")),
    ]
    assert figures(levels(store)) == [
        ("bolt", 2, Decimal("4.00")),
        ("nut", 6, Decimal("6.00")),
        ("set", 3, Decimal("22.50")),
    ]
    assert [one.kind for one in moves_about(store, "a")] == ["assembly-out", "assembly-out", "assembly-in"]


def test_other_parts_than_usual_may_go_in(store):
    """One set of 3 bolts: 6.00."""
    said = assembly("a", "set", 1, 2, components=(Component(product="bolt", quantity=3),))
    assert DESK.assemble(store, said, on=day(2)) == euro("6.00")
    assert figures(levels(store, product="nut")) == [("nut", 10, Decimal("10.00"))]


def test_a_product_that_is_taken_apart_is_split_by_what_its_parts_are_worth(store):
    """A set of 6.01 (5.00 and 1.01 labour) into 2 bolts worth 4.00 and a nut worth 1.00: 6.01 × 4/5 = 4.808 = 4.81,
    and the 1.20 that is left.
    """  # noqa: D205
    DESK.assemble(store, assembly("a", "set", 1, 2, added=euro("1.01")), on=day(2))
    assert DESK.disassemble(store, assembly("d", "set", 1, 3), on=day(3)) == euro("6.01")
    assert costs(store, ["d", "d/1", "d/2"]) == {"d": euro("6.01"), "d/1": euro("4.81"), "d/2": euro("1.20")}
    assert figures(levels(store)) == [
        ("bolt", 10, Decimal("20.81")),  # 20.00 - 4.00 + 4.81
        ("nut", 10, Decimal("10.20")),
        ("set", 0, Decimal(0)),
    ]


def test_shares_may_be_stated_and_labour_added(store):
    """5.00 and 1.00 labour in shares of 1 and 2: 2.00 and 4.00. A share of nothing brings in nothing."""
    DESK.assemble(store, assembly("a", "set", 2, 2), on=day(2))
    said = assembly("d", "set", 1, 3, added=euro("1.00"), shares=(1, 2))
    assert DESK.disassemble(store, said, on=day(3)) == euro("6.00")
    assert costs(store, ["d", "d/1", "d/2"]) == {"d": euro("5.00"), "d/1": euro("2.00"), "d/2": euro("4.00")}
    DESK.disassemble(store, assembly("e", "set", 1, 4, shares=(0, 1)), on=day(4))
    assert costs(store, ["e/1", "e/2"]) == {"e/1": euro(0), "e/2": euro("5.00")}


def test_a_cost_that_comes_in_late_reaches_what_was_made_of_it_twice(store):
    """10 bolts at 2.00; 3 sets of 2 bolts (12.00) and a nut (3.00) make a box of 15.00, which is sold.

    On the 20th: 10 bolts at 4.00 came in on the 1st as well, so bolts are 3.00 each. The 6 bolts are 18.00, the sets
    and the box 6.00 more, and so is the cost of sales; the 4 bolts that were left stay right by themselves.
    """
    DESK.assemble(store, assembly("sets", "set", 3, 2), on=day(2))
    DESK.assemble(store, assembly("boxes", "box", 1, 3), on=day(3))
    DESK.book(store, [issued("i", 1, 4, product="box")], on=day(4))
    DESK.book(store, [received("late", 10, 1, "40.00")], on=day(20))
    assert {one.move: one.amount for one in corrections(store, "late")} == {
        "sets/1": euro("-6.00"),
        "sets": euro("6.00"),
        "boxes/1": euro("-6.00"),
        "boxes": euro("6.00"),
        "i": euro("-6.00"),
    }
    correction = entry(store, "stock-correction:late:EUR")
    assert (correction.on, postings(correction)) == (day(20), [("3000", Decimal("-6.00")), ("7000", Decimal("6.00"))])
    assert costs(store, ["i"]) == {"i": euro("21.00")}
    assert figures(levels(store, product="bolt")) == [("bolt", 14, Decimal("42.00"))]


def test_an_assembly_that_comes_in_late_is_held_against_every_day(store):
    """There were 10 bolts and 9 left on the 5th: 2 sets on the 3rd would have needed 4."""
    DESK.book(store, [issued("i", 9, 5)], on=day(5))
    before = everything(store)
    with pytest.raises(NotEnoughStock, match="on 2026-01-05 there are 6 on hand and 9 are wanted"):
        DESK.assemble(store, assembly("a", "set", 2, 3), on=day(6))
    with pytest.raises(NotEnoughStock, match="product set at main"):
        DESK.disassemble(store, assembly("d", "set", 1, 3, shares=(1, 1)), on=day(6))
    assert everything(store) == before


def test_saying_the_same_again_changes_nothing(store):
    made, apart = assembly("a", "set", 2, 2), assembly("d", "set", 1, 3)
    first = DESK.assemble(store, made, on=day(2)), DESK.disassemble(store, apart, on=day(3))
    before = everything(store)
    assert (DESK.assemble(store, made, on=day(9)), DESK.disassemble(store, apart, on=day(9))) == first
    for again in (
        lambda: DESK.assemble(store, attrs.evolve(made, quantity=1), on=day(9)),
        lambda: DESK.disassemble(store, made, on=day(9)),
        lambda: DESK.assemble(store, apart, on=day(9)),
    ):
        with pytest.raises(Conflict, match="another assembly"):
            again()
    with pytest.raises(Conflict, match="another move"):
        DESK.book(store, [issued("a/1", 1, 9)], on=day(9))
    assert everything(store) == before
    assert [loads(Assembly, dumps(one)) for one in store.find(Assembly)] == list(store.find(Assembly))


def test_what_cannot_be_made_is_refused(store):
    DESK.register(store, Product(id="dollar", text="Dollar part", currency="USD"), on=day(1))
    before = everything(store)
    for error, said, message in (
        (NotFound, assembly("a", "unknown", 1, 2), "product unknown"),
        (NotFound, assembly("a", "set", 1, 2, components=(Component(product="unknown"),)), "product unknown"),
        (RuleViolation, assembly("a", "bolt", 1, 2), "nobody said what bolt is made of"),
        (
            RuleViolation,
            assembly("a", "set", 1, 2, components=(Component(product="advice"),)),
            "no stock is kept of it",
        ),
        (ForeignCurrency, assembly("a", "set", 1, 2, components=(Component(product="dollar"),)), "valued in USD"),
        (ForeignCurrency, assembly("a", "set", 1, 2, added=attrs.evolve(euro(1), currency="USD")), "valued in EUR"),
    ):
        with pytest.raises(error, match=message):
            DESK.assemble(store, said, on=day(2))
    with pytest.raises(InvalidValue, match="1 shares for 2 parts"):
        DESK.disassemble(store, assembly("a", "set", 1, 2, shares=(1,)), on=day(2))
    with pytest.raises(RuleViolation, match="nobody knows what set is worth"):
        DESK.disassemble(store, assembly("a", "box", 1, 2), on=day(2))
    with pytest.raises(RuleViolation, match="the store is of administration 'nl'"):
        StockDesk("be").assemble(store, assembly("a", "set", 1, 2), on=day(2))
    assert everything(store) == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: assembly("a", "set", 0, 1), "a quantity of 0"),
        (lambda: assembly("a", "set", 1, 1, shares=(0, 0)), "nothing to split by"),
        (lambda: assembly("a", "set", 1, 1, shares=(1, -1)), "nothing to split by"),
        (lambda: assembly("a", "set", 1, 1, components=(Component(product="set"),)), "a part of itself"),
        (lambda: assembly("a", "set", 1, 1, added=euro("-1.00")), "is added"),
    ],
)
def test_an_assembly_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        wrong()


# ----------------------------------------------------------------------------------------------------------------- laws

DAYS = st.integers(2, 9)
SOME = st.sampled_from([1, 2, 3, "0.5"])
GOODS = st.sampled_from(["bolt", "nut", "set", "box"])
PLACES = st.sampled_from(["main", "main", "north"])
AMOUNTS = st.integers(0, 9_999).map(lambda cents: Decimal(cents) / 100)


def dealings():
    """What may be asked of the desk, with few ids, products and days, so that much collides."""
    made = st.sampled_from(["assemble", "disassemble"])
    return st.one_of(
        st.tuples(st.just("receipt"), GOODS, SOME, DAYS, PLACES, AMOUNTS),
        st.tuples(st.just("issue"), GOODS, SOME, DAYS, PLACES, AMOUNTS),
        st.tuples(
            st.sampled_from(["customer-return", "supplier-return"]), GOODS, SOME, DAYS, PLACES, st.integers(0, 9)
        ),
        st.tuples(made, st.sampled_from(["set", "box"]), SOME, DAYS, PLACES, AMOUNTS),
        st.tuples(st.just("count"), GOODS, st.integers(0, 9), DAYS, PLACES, AMOUNTS),
    )


def carry_out(store, n, command):
    """Do it, or be refused and have changed nothing."""
    what, product, quantity, on, place, extra = command
    others = {"product": product, "place": place}
    if what in ("receipt", "issue"):
        said = move(f"m{n}", what, quantity, on, extra if what == "receipt" else None, **others)
        DESK.book(store, [said], on=day(10 + n))
    elif what.endswith("return"):
        taken = "issue" if what == "customer-return" else "receipt"
        mine = [one for one in store.find(StockMove, {"product": product}) if one.kind == taken]
        if mine:
            origin = mine[extra % len(mine)].id
            DESK.book(store, [move(f"m{n}", what, quantity, on, origin=origin, **others)], on=day(10 + n))
    elif what == "count":
        DESK.count(store, count(f"m{n}", quantity, on, amount=euro(extra), **others), on=day(10 + n))
    else:
        shares = (1, 2) if (what, product) == ("disassemble", "set") else ()
        said = assembly(f"m{n}", product, quantity, on, place=place, added=euro(extra), shares=shares)
        getattr(DESK, what)(store, said, on=day(10 + n))


def keeps_the_law(store, commands):
    """L8 and L9 after every command, by arithmetic of its own; and who is refused has changed nothing."""
    stocked(store)
    for n, goods in enumerate(["bolt", "nut", "set"]):
        DESK.book(store, [received(f"first{n}", 9, 1, "10.00", product=goods)], on=day(1))
    for n, command in enumerate(commands):
        before = everything(store)
        try:
            carry_out(store, n, command)
        except BillingError:
            assert everything(store) == before
        assert list(audit_stock(store)) == []
    total = sum(level.value.amount for level in levels(store))
    assert store.ledger.balances()["3000", "EUR"] == total
    assert sum(store.ledger.balances().values()) == 0


@pytest.mark.parametrize("kind", STORES)
def test_whatever_is_done_in_whatever_order_the_stock_keeps_the_law(kind):
    @tried(kind, 60)
    @given(commands=st.lists(dealings(), min_size=4, max_size=14))
    def prove(commands):
        with STORES[kind](WAREHOUSE) as books, books() as store:
            keeps_the_law(store, commands)

    prove()


@given(
    cost=AMOUNTS,
    added=AMOUNTS,
    shares=st.lists(st.integers(0, 7), min_size=1, max_size=5).filter(any),
    late=AMOUNTS,
)
def test_no_cent_is_lost_when_something_is_taken_apart(cost, added, shares, late):
    """L11: the parts together are worth what left and what was added, also after its cost was corrected."""
    parts = [Product(id=f"p{n}", text="Part") for n in range(len(shares))]
    whole = Product(id="whole", text="Whole", components=tuple(Component(product=part.id) for part in parts))
    with MemoryBooks()() as store:
        for product in [*parts, whole]:
            DESK.register(store, product, on=day(1))
        DESK.book(store, [received("a", 3, 2, cost, product="whole")], on=day(2))
        said = assembly("d", "whole", 1, 3, added=euro(added), shares=shares)
        for amount in (None, late):
            if amount is not None:
                DESK.book(store, [received("late", 4, 1, amount, product="whole")], on=day(9))
            DESK.disassemble(store, said, on=day(3))
            spent = costs(store, ["d", *(f"d/{n}" for n in range(1, len(parts) + 1))])
            assert sum(one.amount for id, one in spent.items() if id != "d") == spent["d"].amount + added
