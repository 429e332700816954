"""What stock is worth and what left it cost: figures worked by hand, and law L8 for both methods."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling import Money
from fanbilling.domain.errors import ForeignCurrency, InexactNumber, InvalidValue, NotEnoughStock
from fanbilling.sources.orders.moves import Portion
from fanbilling.sources.orders.valuation import value
from tests.sources.orders.warehouse import day, euro, issued, move, received

METHODS = ("average", "fifo")
every_method = pytest.mark.parametrize("method", METHODS)


# ------------------------------------------------------------------------------------------------------ worked by hand


def test_out_of_two_receipts_first_in_first_out():
    """In 60 at 5.00 and 40 at 6.50; out 75: 60 × 5.00 + 15 × 6.50 = 300.00 + 97.50. 25 × 6.50 = 162.50 stay."""
    found = value([received("a", 60, 1, "300.00"), received("b", 40, 2, "260.00"), issued("i", 75, 3)], method="fifo")
    assert (found.cost("i"), found.quantity, found.value) == (euro("397.50"), 25, euro("162.50"))
    [issue] = found.issues
    assert (issue.quantity, issue.amount, issue.because.rule) == (-75, euro("-397.50"), "stock.fifo")
    assert [(one.input("receipt"), one.input("quantity"), one.value) for one in issue.because.because] == [
        ("a", 60, Decimal("300.00")),
        ("b", 15, Decimal("97.50")),
    ]


def test_out_of_two_receipts_at_the_average():
    """560.00 / 100 = 5.60; out 75 × 5.60 = 420.00; 25 × 5.60 = 140.00 stay."""
    found = value(
        [received("a", 60, 1, "300.00"), received("b", 40, 2, "260.00"), issued("i", 75, 3)], method="average"
    )
    assert (found.cost("i"), found.quantity, found.value) == (euro("420.00"), 25, euro("140.00"))
    [issue] = found.issues
    assert issue.because.rule == "stock.average"
    assert issue.because.inputs == (("quantity", 75), ("worth", Decimal("560.00")), ("on_hand", 100))


def test_an_average_that_is_no_whole_cent_is_never_rounded_itself():
    """10 left at 12.00 and 20 in at 12.50.

    370/30 = 12.333…. Ten cost 123.33, ten of 246.67 cost 123.34 (123.335 half up), and the last ten take the 123.33
    that is left: 370.00 in all. A rounded 12.33 would leave 0.10.
    """
    moves = [received("a", 10, 1, "120.00"), received("b", 20, 1, "250.00", sequence=1)]
    moves += [issued(f"i{n}", 10, 2, sequence=n) for n in (1, 2, 3)]
    found = value(moves, method="average")
    assert [found.cost(f"i{n}").amount for n in (1, 2, 3)] == [Decimal("123.33"), Decimal("123.34"), Decimal("123.33")]
    assert (found.quantity, found.value) == (0, euro(0))


def test_a_layer_that_does_not_divide_loses_no_cent():
    """3 for 10.00: one costs 3.33, the next 6.67/2 = 3.335 = 3.34, the last the 3.33 that is left."""
    moves = [received("a", 3, 1, "10.00"), *(issued(f"i{n}", 1, 2, sequence=n) for n in (1, 2, 3))]
    found = value(moves, method="fifo")
    assert [found.cost(f"i{n}").amount for n in (1, 2, 3)] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
    assert found.value == euro(0)


def test_a_client_brings_back_at_what_it_left_at():
    """Out 4 of 10 at 5.00 = 20.00. Then 10 in at 8.00: 30.00 + 80.00 for 16. Back 1 = 5.00, and the other 3 = 15.00."""
    moves = [
        received("a", 10, 1, "50.00"),
        issued("i", 4, 2),
        received("b", 10, 3, "80.00"),
        move("r1", "customer-return", 1, 4, origin="i"),
        move("r2", "customer-return", 3, 5, origin="i"),
    ]
    for method in METHODS:
        found = value(moves, method=method)
        assert (found.cost("i"), found.cost("r1"), found.cost("r2")) == (euro("20.00"), euro("5.00"), euro("15.00"))
        assert (found.quantity, found.value) == (20, euro("130.00"))  # 110.00 + 20.00


def test_returns_of_an_issue_that_does_not_divide_close_to_the_cent():
    """3 left at 10.00: back 1 = 3.33 (10/3), back 1 = 6.67 - 3.33 = 3.34, back 1 = 10.00 - 6.67 = 3.33."""
    moves = [received("a", 3, 1, "10.00"), issued("i", 3, 2)]
    moves += [move(f"r{n}", "customer-return", 1, 3, origin="i", sequence=n) for n in (1, 2, 3)]
    for method in METHODS:
        found = value(moves, method=method)
        assert [found.cost(f"r{n}").amount for n in (1, 2, 3)] == [Decimal("3.33"), Decimal("3.34"), Decimal("3.33")]
        assert (found.quantity, found.value) == (3, euro("10.00"))


def test_what_goes_back_to_the_supplier_goes_at_its_purchase_price():
    """In 10 at 5.00 and 10 at 8.00; 4 of the second go back at 32.00. FIFO: 50.00 + 48.00; average: 130.00 - 32.00."""
    moves = [
        received("a", 10, 1, "50.00"),
        received("b", 10, 2, "80.00"),
        move("back", "supplier-return", 4, 3, origin="b"),
        issued("i", 10, 4),
    ]
    fifo, average = (value(moves, method=method) for method in ("fifo", "average"))
    assert fifo.cost("back") == average.cost("back") == euro("32.00")
    assert (fifo.cost("i"), fifo.value) == (euro("50.00"), euro("48.00"))
    assert (average.cost("i"), average.value) == (euro("61.25"), euro("36.75"))  # 98.00 × 10/16 = 61.25


def test_never_more_goes_back_to_a_supplier_than_the_stock_is_worth():
    """10 at 1.00 and 10 at 100.00 make 50.50 each.

    Out 15 = 757.50; 252.50 stay for 5. At 100.00 each, 3 of them would take 300.00: they take 252.50, and when 5 go
    back they take exactly what is there.
    """
    moves = [received("a", 10, 1, "10.00"), received("b", 10, 1, "1000.00", sequence=1), issued("i", 15, 2)]
    three = value([*moves, move("back", "supplier-return", 3, 3, origin="b")], method="average")
    assert (three.cost("back"), three.quantity, three.value) == (euro("252.50"), 2, euro(0))
    cheap = value([*moves, move("back", "supplier-return", 5, 3, origin="a")], method="average")
    assert (cheap.cost("back"), cheap.quantity, cheap.value) == (euro("252.50"), 0, euro(0))


@every_method
def test_each_place_is_valued_by_itself(method):
    """1 at 10.00 here, 1 at 20.00 there: what leaves there costs 20.00."""
    moves = [
        received("a", 1, 1, "10.00"),
        received("b", 1, 1, "20.00", place="north"),
        issued("i", 1, 2, place="north"),
    ]
    found = value(moves, method=method)
    assert (found.cost("i"), found.quantity, found.value) == (euro("20.00"), 1, euro("10.00"))
    with pytest.raises(NotEnoughStock):
        value([*moves, issued("j", 2, 3)], method=method)


@every_method
def test_moves_of_one_day_go_by_their_sequence(method):
    first, then = received("a", 1, 1, "1.00", sequence=1), issued("i", 1, 1, sequence=2)
    assert value([then, first], method=method).cost("i") == euro("1.00")
    with pytest.raises(NotEnoughStock, match="on 2026-01-01 there are 0 on hand and 1 are wanted"):
        value([first, attrs.evolve(then, sequence=0)], method=method)


@every_method
def test_nothing_moved_is_nothing(method):
    found = value([], method=method)
    assert (found.quantity, found.value, found.costs) == (0, euro(0), ())


@every_method
def test_other_currencies_have_their_own_smallest_unit(method):
    """3 for 1,000 yen: one costs 333 yen; there are no parts of a yen."""
    moves = [attrs.evolve(received("a", 3, 1, "1"), amount=Money.of("1000", "JPY")), issued("i", 1, 2)]
    found = value(moves, method=method)
    assert (found.cost("i"), found.value) == (Money.of("333", "JPY"), Money.of("667", "JPY"))


# ------------------------------------------------------------------------------------------------------------- refused


@every_method
def test_what_cannot_be_valued_is_refused(method):
    a, dollars = received("a", 1, 1, "1.00"), attrs.evolve(received("b", 1, 1, "1.00"), amount=Money.of(1, "USD"))
    with pytest.raises(ForeignCurrency):
        value([a, dollars], method=method)
    with pytest.raises(InvalidValue, match="several products"):
        value([a, received("b", 1, 1, "1.00", product="nut")], method=method)
    with pytest.raises(InvalidValue, match="move r: nobody knows what it is worth"):
        value([a, move("r", "customer-return", 1, 2, origin="unknown")], method=method)
    with pytest.raises(InvalidValue, match="up to 2 of 1"):
        value([a, issued("i", 1, 2), move("r", "customer-return", 2, 3, origin="i")], method=method)
    with pytest.raises(InvalidValue, match="'lifo' is none of them"):
        value([a], method="lifo")
    with pytest.raises(InvalidValue, match="it is not among the moves"):
        value([a], method=method).cost("i")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: received("a", 0, 1, "1.00"), "use more than zero"),
        (lambda: received("a", 1, 1, "-1.00"), "an amount of EUR -1.00"),
        (lambda: move("a", "receipt", 1, 1), "nobody said what it is worth"),
        (lambda: move("a", "customer-return", 1, 1), "nobody said what it belongs to"),
        (lambda: issued("a", 1, 1, place="a/b"), "has a slash"),
        (lambda: issued("a", 1, 1, product="p" * 101), "an id of 101 characters"),
        (lambda: issued(" a", 1, 1), "is not an id"),
        (lambda: attrs.evolve(issued("a", 1, 1), on="2026-01-01"), "not a day"),
        (lambda: attrs.evolve(issued("a", 1, 1), kind="theft"), "'theft' is none of them"),
        (lambda: Portion(start=Decimal(0), end=Decimal(0), of=Decimal(0)), "no more than all of it"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        wrong()


def test_a_quantity_is_exact():
    with pytest.raises(InexactNumber):
        attrs.evolve(issued("a", 1, 1), quantity=0.5)


# ---------------------------------------------------------------------------------------------------------------- laws

CENTS = st.integers(0, 5_000).map(lambda cents: Decimal(cents) / 100)
QUANTITIES = st.sampled_from([Decimal(1), Decimal(2), Decimal(3), Decimal(7), Decimal("0.5"), Decimal("2.25")])


@st.composite
def stories(draw):
    """Receipts, issues and returns of one product in two places, of which there is always enough."""
    moves, there, out = [], {"main": Decimal(0), "north": Decimal(0)}, {}
    for n in range(draw(st.integers(1, 14))):
        place, quantity = draw(st.sampled_from(["main", "north"])), draw(QUANTITIES)
        others = {"on": day(1 + n // 2), "sequence": n, "place": place}
        kind = draw(st.sampled_from(["receipt", "issue", "all", "back"]))
        if kind == "back" and out:
            origin = draw(st.sampled_from(sorted(out)))
            quantity = min(quantity, out[origin])
            made = attrs.evolve(move(f"m{n}", "customer-return", quantity, 1, origin=origin), **others)
            out[origin] -= quantity
            out = {id: left for id, left in out.items() if left}
        elif kind in ("issue", "all") and there[place]:
            quantity = there[place] if kind == "all" else min(quantity, there[place])
            made = attrs.evolve(issued(f"m{n}", quantity, 1), **others)
            out[made.id] = quantity
        else:
            made = attrs.evolve(received(f"m{n}", quantity, 1, draw(CENTS)), **others)
        there[place] += made.signed
        moves.append(made)
    return moves


@every_method
@given(moves=stories(), data=st.data())
def test_what_came_in_is_what_left_and_what_is_there(method, moves, data):
    """L8, in quantity and in value, after every move; and the order in which moves are given does not matter."""
    whole = value(data.draw(st.permutations(moves)), method=method)
    for end in range(1, len(moves) + 1):
        some = moves[:end]
        found = value(some, method=method)
        assert found.costs == whole.costs[:end]  # what comes later changes no cost
        assert found.quantity == sum(one.signed for one in some)
        paid = sum(Fraction(one.amount.amount) for one in some if one.amount is not None)
        left = sum(Fraction(cost.amount.amount) for cost in found.issues)
        back = sum(Fraction(found.cost(one.id).amount) for one in some if one.kind == "customer-return")
        assert Fraction(found.value.amount) == paid + back + left
        assert found.value.amount >= 0
        if not found.quantity:
            assert found.value == euro(0)


@every_method
@given(moves=stories())
def test_an_issue_costs_what_its_reason_says(method, moves):
    """Worked out again from the reason: value × quantity / on hand, half up; from layers it is their sum (law L18)."""
    for cost in value(moves, method=method).issues:
        leaves = cost.because.because or (cost.because,)
        for leaf in leaves:
            part = Fraction(leaf.input("worth")) * Fraction(leaf.input("quantity")) / Fraction(leaf.input("on_hand"))
            assert Fraction(leaf.value) == Fraction((part * 200 + 1) // 2, 100)
        assert sum(Fraction(leaf.value) for leaf in leaves) == -Fraction(cost.amount.amount)
        assert sum(Fraction(leaf.input("quantity")) for leaf in leaves) == -Fraction(cost.quantity)
