"""The desk of stock on every store: what is kept, booked and corrected, with figures worked by hand."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling import Party
from fanbilling.adapters.rendering.words import tree
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.codec import dumps, loads
from fanbilling.domain.accounts import Chart
from fanbilling.domain.errors import (
    AdapterFailure,
    Conflict,
    ForeignCurrency,
    InvalidValue,
    NotEnoughStock,
    NotFound,
    RuleViolation,
)
from fanbilling.sources.orders.levels import corrections, costs, levels, moves_about
from fanbilling.sources.orders.moves import StockBalance, StockEntry, StockMove
from fanbilling.sources.orders.products import Component, Product
from fanbilling.sources.orders.stock import STOCK_RECORDS, StockDesk
from fanbilling.sources.orders.stock_audit import audit_stock
from fanbilling.sources.orders.stock_events import StockCorrected, StockMoved
from fanbilling.sources.orders.valuation import value
from tests.sources.orders.warehouse import (
    DESK,
    PRODUCTS,
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

FIFO_AND_AVERAGE = pytest.mark.parametrize("product", ["bolt", "nut"])


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](WAREHOUSE) as books, books() as store:
        stocked(store)
        yield store
        assert list(audit_stock(store)) == []


def entries(store):
    return {entry.id: entry for entry in store.ledger.entries(limit=999)}


def booked(store, id):
    return postings(entries(store)[f"stock:{id}"])


def everything(store):
    return kept(store, WAREHOUSE.records)


# ------------------------------------------------------------------------------------------------ booked, line by line


def test_a_receipt_an_issue_and_a_return_are_booked_at_cost(store):
    """In 60 at 5.00 and 40 at 6.50, out 75 × 5.60 = 420.00, back 5 × 5.60 = 28.00: 30 stay, 168.00."""
    DESK.book(store, [received("a", 60, 1, "300.00"), received("b", 40, 2, "260.00")], on=day(2))
    [issue] = DESK.book(store, [issued("i", 75, 3, about="delivery 7")], on=day(3))
    DESK.book(store, [move("r", "customer-return", 5, 4, origin="i")], on=day(4))
    assert (issue.quantity, issue.amount, issue.because.rule) == (-75, euro("-420.00"), "stock.average")
    assert booked(store, "a") == [("3000", Decimal("300.00")), ("1610", Decimal("-300.00"))]
    assert booked(store, "i") == [("3000", Decimal("-420.00")), ("7000", Decimal("420.00"))]
    assert booked(store, "r") == [("3000", Decimal("28.00")), ("7000", Decimal("-28.00"))]
    assert [entries(store)[f"stock:{id}"].on for id in ("a", "b", "i", "r")] == [day(1), day(2), day(3), day(4)]
    assert figures(levels(store)) == [("bolt", 30, Decimal("168.00"))]
    assert [one.id for one in moves_about(store, "delivery 7")] == ["i"]


def test_what_goes_back_to_a_supplier_takes_its_price_off_what_we_owe(store):
    """In 10 at 5.00 and 10 at 8.00 first in first out.

    6 went, so 4 of the first are left. Six of the first go back at 30.00: 4 × 5.00 and the oldest others, 2 × 8.00
    = 36.00 leave the stock. The 6.00 is a price difference.
    """
    DESK.book(
        store,
        [
            received("a", 10, 1, "50.00", product="nut"),
            received("b", 10, 2, "80.00", product="nut"),
            issued("i", 6, 3, product="nut"),
            move("back", "supplier-return", 6, 4, product="nut", origin="a"),
        ],
        on=day(4),
    )
    expected = [("3000", Decimal("-36.00")), ("1610", Decimal("30.00")), ("7090", Decimal("6.00"))]
    assert booked(store, "back") == expected
    assert figures(levels(store)) == [("nut", 8, Decimal("64.00"))]


def test_the_account_is_that_of_the_chart(store):
    desk = StockDesk("nl", Chart({"stock": "3100", "received": "1699", "cost": "7777"}))
    desk.book(store, [received("a", 1, 1, "9.00"), issued("i", 1, 1)], on=day(1))
    assert store.ledger.balances() == {
        ("3100", "EUR"): Decimal(0),
        ("1699", "EUR"): Decimal("-9.00"),
        ("7777", "EUR"): Decimal("9.00"),
    }


def test_what_costs_nothing_is_kept_and_not_booked(store):
    DESK.book(store, [received("gift", 2, 1, "0.00"), issued("i", 1, 2)], on=day(2))
    assert entries(store) == {}
    assert figures(levels(store)) == [("bolt", 1, Decimal(0))]


# ----------------------------------------------------------------------------------------------------- what comes late


def test_a_receipt_that_comes_in_late_corrects_what_left_after_it_at_the_average(store):
    """Known in time.

    60 in at 5.00 on the 1st, 30 out on the 3rd at 150.00, 10 on the 5th at 50.00. On the 20th it turns out that 40
    at 6.50 came in on the 2nd: 560.00 / 100 = 5.60, so 168.00 and 56.00: 18.00 and 6.00 more.
    """
    DESK.book(store, [received("a", 60, 1, "300.00"), issued("i", 30, 3), issued("j", 10, 5)], on=day(5))
    before = entries(store)
    DESK.book(store, [received("late", 40, 2, "260.00")], on=day(20))
    after = entries(store)
    assert {id: after[id] for id in before} == before  # what was booked stays
    correction = after["stock-correction:late:EUR"]
    assert correction.on == day(20)
    assert postings(correction) == [("3000", Decimal("-24.00")), ("7000", Decimal("24.00"))]
    assert sorted(after.keys() - before.keys()) == ["stock-correction:late:EUR", "stock:late"]
    found = corrections(store, "late")
    assert [(one.move, one.amount, one.known) for one in found] == [
        ("i", euro("-18.00"), day(20)),
        ("j", euro("-6.00"), day(20)),
    ]
    assert found[0].because.inputs == (("cost", Decimal("168.00")), ("was", Decimal("150.00")), ("move", "late"))
    assert costs(store, ["i", "j"]) == {"i": euro("168.00"), "j": euro("56.00")}
    assert figures(levels(store)) == [("bolt", 60, Decimal("336.00"))]  # 60 × 5.60


def test_a_receipt_that_comes_in_late_corrects_what_left_after_it_first_in_first_out(store):
    """10 at 5.00 on the 2nd and 10 at 8.00 on the 4th.

    out 12 on the 5th: 50.00 + 16.00 = 66.00. Late: 5 at 2.00 on the 1st, which goes first: 10.00 + 50.00 - 15.00 (3
    stay) = 5 × 2.00 + 7 × 5.00 = 45.00: 21.00 less.
    """
    nuts = {"product": "nut"}
    DESK.book(
        store,
        [received("a", 10, 2, "50.00", **nuts), received("b", 10, 4, "80.00", **nuts), issued("i", 12, 5, **nuts)],
        on=day(5),
    )
    DESK.book(store, [received("late", 5, 1, "10.00", **nuts)], on=day(20))
    correction = entries(store)["stock-correction:late:EUR"]
    assert postings(correction) == [("3000", Decimal("21.00")), ("7000", Decimal("-21.00"))]
    assert figures(levels(store)) == [("nut", 13, Decimal("95.00"))]  # 3 × 5.00 + 10 × 8.00


def test_what_came_back_is_corrected_with_what_it_takes_back(store):
    """10 at 5.00, 4 out at 20.00, 1 of them back at 5.00 in the other place.

    Late: 10 at 8.00, so 6.50 each: 26.00 and 6.50. Stock: -6.00 + 1.50; cost of sales the other way round.
    """
    DESK.book(store, [received("a", 10, 2, "50.00"), issued("i", 4, 3)], on=day(3))
    DESK.book(store, [move("r", "customer-return", 1, 4, origin="i", place="north")], on=day(4))
    DESK.book(store, [received("late", 10, 1, "80.00")], on=day(9))
    assert postings(entries(store)["stock-correction:late:EUR"]) == [
        ("3000", Decimal("-4.50")),
        ("7000", Decimal("4.50")),
    ]
    assert [(one.place, one.quantity, one.value.amount) for one in levels(store)] == [
        ("main", 16, Decimal("104.00")),  # 16 × 6.50
        ("north", 1, Decimal("6.50")),
    ]


def test_what_comes_back_after_a_correction_comes_at_the_corrected_cost(store):
    """10 at 5.00 and 10 late at 8.00: 4 left at 6.50 = 26.00, and 2 of them come back at 13.00."""
    DESK.book(store, [received("a", 10, 2, "50.00"), issued("i", 4, 3)], on=day(3))
    DESK.book(store, [received("late", 10, 1, "80.00")], on=day(9))
    [back] = DESK.book(store, [move("r", "customer-return", 2, 10, origin="i")], on=day(10))
    assert back.amount == euro("13.00")
    assert figures(levels(store)) == [("bolt", 18, Decimal("117.00"))]  # 130.00 - 26.00 + 13.00


def test_a_late_issue_corrects_later_issues(store):
    """FIFO, 1 at 1.00 and 1 at 2.00. The second was issued first: 1.00. A late one of the day before takes that."""
    nuts = {"product": "nut"}
    DESK.book(store, [received("a", 1, 1, "1.00", **nuts), received("b", 1, 1, "2.00", **nuts)], on=day(1))
    DESK.book(store, [issued("i", 1, 5, **nuts)], on=day(5))
    [late] = DESK.book(store, [issued("late", 1, 4, **nuts)], on=day(6))
    assert late.amount == euro("-1.00")
    assert costs(store, ["i"]) == {"i": euro("2.00")}


def test_the_same_question_about_the_past_has_the_same_answer_for_ever(store):
    """As it was known then, and as it is known by now, are both there."""
    DESK.book(store, [received("a", 60, 1, "300.00"), issued("i", 30, 3)], on=day(3))
    then = levels(store, on=day(3), known=day(3))
    DESK.book(store, [received("late", 40, 2, "260.00")], on=day(20))
    DESK.book(store, [issued("j", 10, 25)], on=day(25))
    assert levels(store, on=day(3), known=day(3)) == levels(store, on=day(19), known=day(19)) == then
    assert figures(then) == [("bolt", 30, Decimal("150.00"))]
    assert figures(levels(store, on=day(3))) == [("bolt", 70, Decimal("392.00"))]  # 70 × 5.60
    assert levels(store, on=day(25), known=day(25)) == levels(store)
    assert levels(store, product="nut") == levels(store, place="north") == ()


def test_a_correction_is_told_in_words(store):
    """In the reader's language, down to the layers."""
    DESK.book(store, [received("a", 60, 1, "300.00"), issued("i", 30, 3)], on=day(3))
    DESK.book(store, [received("late", 40, 2, "260.00")], on=day(20))
    [found] = corrections(store, "late")
    assert tree(found.because, "en", currency="EUR").replace("\xa0", " ").splitlines() == [
        "Corrected by −€18.00: €168.00, was €150.00, because late became known late",
        "└─ 30 of the 100 on hand, together worth €560.00: €168.00",
    ]
    assert tree(found.because, "nl", currency="EUR").replace("\xa0", " ").splitlines() == [
        "Gecorrigeerd met € −18,00: € 168,00, was € 150,00, want late werd te laat bekend",
        "└─ 30 van de 100 op voorraad, samen € 560,00 waard: € 168,00",
    ]


def test_every_reason_of_stock_has_words(store):
    nuts = {"product": "nut"}
    DESK.book(store, [received("a", 9, 1, "9.00"), received("n", 9, 1, "9.00", **nuts)], on=day(1))
    DESK.book(store, [issued("i", 3, 2), issued("j", 3, 2, **nuts)], on=day(2))
    DESK.book(store, [move("r", "customer-return", 1, 3, origin="i")], on=day(3))
    DESK.book(store, [move("s", "supplier-return", 1, 3, origin="a")], on=day(3))
    DESK.assemble(store, assembly("m", "set", 1, 4), on=day(4))
    DESK.count(store, count("c", 9, 5), on=day(5))
    DESK.book(store, [received("late", 9, 1, "99.00")], on=day(6))
    rules = {reason.rule for entry in store.find(StockEntry) for reason in entry.because.walk()}
    assert {"receipt", "average", "fifo", "layer", "returned", "sent-back", "assembled", "surplus", "corrected"} == {
        rule.removeprefix("stock.") for rule in rules
    }
    for language in ("en", "nl"):
        for entry in store.find(StockEntry):
            assert "stock." not in tree(entry.because, language, currency="EUR")


def test_a_late_move_that_changes_no_cost_corrects_nothing(store):
    DESK.book(store, [received("a", 10, 5, "50.00"), issued("i", 1, 6)], on=day(6))
    DESK.book(store, [received("late", 10, 2, "50.00")], on=day(7))
    assert sorted(entries(store)) == ["stock:a", "stock:i", "stock:late"]
    assert corrections(store, "late") == ()


def test_the_journal_says_what_moved_and_what_was_corrected(store):
    DESK.book(store, [received("a", 60, 1, "300.00"), issued("i", 30, 3)], on=day(3))
    DESK.book(store, [received("late", 40, 2, "260.00")], on=day(20))
    told = [one.event for one in store.journal.after(0, limit=99)]
    moved = [(one.move, one.kind, one.quantity, one.amount) for one in told if isinstance(one, StockMoved)]
    assert moved == [
        ("a", "receipt", 60, Decimal("300.00")),
        ("i", "issue", -30, Decimal("-150.00")),
        ("late", "receipt", 40, Decimal("260.00")),
    ]
    assert [one for one in told if isinstance(one, StockCorrected)] == [
        StockCorrected(party="", on=day(20), cause="late", moves=("i",))
    ]


# --------------------------------------------------------------------------------------------------------- never below


@FIFO_AND_AVERAGE
def test_more_than_there_is_does_not_leave_on_any_day(store, product):
    DESK.book(store, [received("a", 5, 2, "5.00", product=product), issued("i", 3, 9, product=product)], on=day(9))
    before = everything(store)
    for wrong, message in (
        (issued("j", 3, 9, product=product), "on 2026-01-09 there are 2 on hand and 3 are wanted"),
        (issued("j", 1, 1, product=product), "on 2026-01-01 there are 0 on hand and 1 are wanted"),
        (issued("j", 4, 5, product=product), r"on 2026-01-09 there are 1 on hand and 3 are wanted"),
    ):
        with pytest.raises(NotEnoughStock, match=message):
            DESK.book(store, [wrong], on=day(10))
    with pytest.raises(NotEnoughStock, match=f"product {product} at north"):
        DESK.book(store, [issued("j", 1, 10, product=product, place="north")], on=day(10))
    assert everything(store) == before


def test_one_move_too_many_keeps_all_of_them_out(store):
    DESK.book(store, [received("a", 5, 1, "5.00")], on=day(1))
    before = everything(store)
    with pytest.raises(NotEnoughStock):
        DESK.book(store, [issued("i", 3, 2), issued("j", 3, 2)], on=day(2))
    assert everything(store) == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_who_take_the_last_one_at_once(kind, tmp_path, request):
    """One of them gets it; whoever is too late is refused, or told to try again, and is refused then."""
    url = f"sqlite:///{tmp_path / 'books.db'}" if kind == "sqlite" else request.getfixturevalue("pg_url")
    with closing(SqlBooks(url, "nl", records=WAREHOUSE.records)) as books:
        with books() as store:
            stocked(store)
            DESK.book(store, [received("a", 1, 1, "1.00")], on=day(1))
        together, given = Barrier(2), []

        def take(id):
            try:
                with closing(SqlBooks(url, "nl", records=WAREHOUSE.records)) as own:
                    together.wait(60)
                    with own() as store:
                        given.append(DESK.book(store, [issued(id, 1, 2)], on=day(2)))
            except (NotEnoughStock, AdapterFailure, Conflict) as error:
                given.append(error)

        threads = [Thread(target=take, args=(id,)) for id in ("i", "j")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with books() as store:
            [won] = [one for one in given if isinstance(one, tuple)]
            assert len(given) == 2
            assert figures(levels(store)) == [("bolt", 0, Decimal(0))]
            [left] = [one for one in store.find(StockMove) if one.kind == "issue"]
            assert [left.id] == [entry.move for entry in won]
            with pytest.raises(NotEnoughStock):
                DESK.book(store, [issued("k", 1, 2)], on=day(2))
            assert list(audit_stock(store)) == []


# ------------------------------------------------------------------------------------------------- said again, refused


def test_saying_the_same_again_changes_nothing(store):
    moves = [received("a", 5, 1, "5.00"), issued("i", 2, 2), move("r", "customer-return", 1, 3, origin="i")]
    first = DESK.book(store, moves, on=day(3))
    DESK.count(store, count("c", 3, 4), on=day(4))
    before = everything(store)
    assert DESK.book(store, moves, on=day(9)) == first
    assert DESK.book(store, [moves[1]], on=day(9)) == (first[1],)
    DESK.count(store, count("c", 3, 4), on=day(9))
    stocked(store)
    assert everything(store) == before
    DESK.book(store, [*moves, issued("j", 1, 9)], on=day(9))
    assert figures(levels(store)) == [("bolt", 2, Decimal("2.00"))]


def test_one_id_stands_for_one_thing(store):
    DESK.book(store, [received("a", 5, 1, "5.00")], on=day(1))
    DESK.count(store, count("c", 4, 1), on=day(1))
    before = everything(store)
    for wrong in ([received("a", 6, 1, "5.00")], [issued("i", 1, 2), issued("i", 1, 2)], [issued("c", 1, 1)]):
        with pytest.raises(Conflict, match="it stands for another move"):
            DESK.book(store, wrong, on=day(2))
    with pytest.raises(Conflict, match="another count"):
        DESK.count(store, count("c", 5, 1), on=day(2))
    assert everything(store) == before


def test_what_does_not_fit_is_refused(store):
    store.add(Party(id="acme", name="Acme"))
    DESK.book(store, [received("a", 5, 2, "5.00", party="acme"), issued("i", 3, 3)], on=day(3))
    DESK.book(store, [move("r", "customer-return", 2, 4, origin="i")], on=day(4))
    before = everything(store)
    for error, wrong, message in (
        (NotFound, issued("x", 1, 5, product="unknown"), "product unknown"),
        (NotFound, issued("x", 1, 5, party="nobody"), "party nobody"),
        (NotFound, move("x", "customer-return", 1, 5, origin="j"), "no move 'j'"),
        (RuleViolation, issued("x", 1, 5, product="advice"), "no stock is kept of it"),
        (RuleViolation, move("x", "customer-return", 2, 5, origin="i"), "1 of i can come back, not 2"),
        (RuleViolation, move("x", "customer-return", 1, 2, origin="i"), "cannot take back issue i"),
        (RuleViolation, move("x", "customer-return", 1, 5, origin="a"), "cannot take back receipt a"),
        (RuleViolation, move("x", "supplier-return", 1, 5, origin="i"), "cannot take back issue i"),
        (RuleViolation, move("x", "customer-return", 1, 5, origin="i", product="nut"), "cannot take back"),
        (InvalidValue, move("x", "assembly-in", 1, 5, origin="i"), "use assemble"),
    ):
        with pytest.raises(error, match=message):
            DESK.book(store, [issued("good", 1, 5), wrong], on=day(5))
    dollars = attrs.evolve(received("x", 1, 5, "1.00"), amount=attrs.evolve(euro(1), currency="USD"))
    with pytest.raises(ForeignCurrency, match="for a product that is valued in EUR"):
        DESK.book(store, [dollars], on=day(5))
    with pytest.raises(InvalidValue):
        DESK.book(store, [issued("x", 1, 5)], on="2026-01-05")
    assert everything(store) == before


def test_the_store_of_another_administration_is_refused(store):
    other = StockDesk("be")
    for call in (
        lambda: other.book(store, [], on=day(1)),
        lambda: other.register(store, PRODUCTS[0], on=day(1)),
        lambda: other.count(store, count("c", 1, 1), on=day(1)),
    ):
        with pytest.raises(RuleViolation, match="the store is of administration 'nl'"):
            call()


# ----------------------------------------------------------------------------------------------------- counted, listed


def test_a_count_books_the_difference(store):
    """10 for 33.30: 8 counted is 2 too few, 6.66; then 9 counted is 1 too many, at 26.64 / 8 = 3.33."""
    DESK.book(store, [received("a", 10, 1, "33.30")], on=day(1))
    DESK.count(store, count("c1", 8, 2), on=day(2))
    DESK.count(store, count("c2", 8, 3), on=day(3))
    DESK.count(store, count("c3", 9, 4), on=day(4))
    DESK.count(store, count("c4", 10, 5, amount=euro("5.00")), on=day(5))
    assert booked(store, "c1") == [("3000", Decimal("-6.66")), ("7090", Decimal("6.66"))]
    assert booked(store, "c3") == [("3000", Decimal("3.33")), ("7090", Decimal("-3.33"))]
    assert "stock:c2" not in entries(store)
    assert figures(levels(store)) == [("bolt", 10, Decimal("34.97"))]  # 33.30 - 6.66 + 3.33 + 5.00


def test_a_count_of_an_earlier_day_is_held_against_that_day(store):
    """On the 2nd there were 10; 9 counted is 1 too few, although 5 more came on the 4th."""
    DESK.book(store, [received("a", 10, 1, "10.00"), received("b", 5, 4, "5.00")], on=day(4))
    DESK.count(store, count("c", 9, 2), on=day(6))
    assert figures(levels(store)) == [("bolt", 14, Decimal("14.00"))]


def test_what_nobody_knows_the_worth_of_is_not_counted_in(store):
    with pytest.raises(RuleViolation, match="there are 2 more than was known"):
        DESK.count(store, count("c", 2, 1), on=day(1))
    with pytest.raises(NotFound, match="product unknown"):
        DESK.count(store, count("c", 2, 1, product="unknown"), on=day(1))
    with pytest.raises(InvalidValue, match="a count of -1"):
        count("c", -1, 1)
    DESK.count(store, count("c", 2, 1, amount=euro("3.00")), on=day(1))
    assert figures(levels(store)) == [("bolt", 2, Decimal("3.00"))]


def test_records_survive_being_written_down(store):
    DESK.book(store, [received("a", 5, 1, "5.00", product="nut"), issued("i", 2, 2, product="nut")], on=day(2))
    DESK.book(store, [move("r", "customer-return", 1, 3, product="nut", origin="i")], on=day(3))
    DESK.count(store, count("c", 3, 4, product="nut"), on=day(4))
    for kind in STOCK_RECORDS:
        for record in store.find(kind):
            assert loads(kind, dumps(record)) == record


# ------------------------------------------------------------------------------------------------------------ products


def test_a_product_is_entered_and_changed(store):
    renamed = attrs.evolve(PRODUCTS[0], text="Bolt M8")
    DESK.register(store, renamed, on=day(2))
    assert store.get(Product, "bolt") == renamed
    DESK.register(store, attrs.evolve(renamed, method="fifo"), on=day(2))
    DESK.book(store, [received("a", 1, 1, "1.00")], on=day(3))
    for wrong in ({"method": "average"}, {"stocked": False}, {"unit": "KGM"}, {"currency": "USD"}):
        with pytest.raises(RuleViolation, match="something of it was moved already"):
            DESK.register(store, attrs.evolve(renamed, **({"method": "fifo"} | wrong)), on=day(4))
    DESK.register(store, attrs.evolve(renamed, method="fifo", text="Bolt"), on=day(4))


def test_no_product_is_a_part_of_itself(store):
    with pytest.raises(RuleViolation, match="it would be a part of itself"):
        DESK.register(store, attrs.evolve(PRODUCTS[0], components=(Component(product="box"),)), on=day(2))
    with pytest.raises(InvalidValue, match="it is a part of itself"):
        Product(id="a", text="A", components=(Component(product="a"),))
    with pytest.raises(InvalidValue, match="part 'unknown' is not known"):
        DESK.register(store, Product(id="a", text="A", components=(Component(product="unknown"),)), on=day(2))
    with pytest.raises(InvalidValue, match="a kit of nothing"):
        Product(id="a", text="A", kind="kit")
    with pytest.raises(InvalidValue, match="a quantity of 0"):
        Component(product="a", quantity=0)
    with pytest.raises(InvalidValue, match="an id of 101 characters"):
        Product(id="a" * 101, text="A")


# ---------------------------------------------------------------------------------------------------------------- laws

NAMES = ("bolt", "nut")


@st.composite
def histories(draw):
    """Moves of two products, each on a day of its own, of which there is enough in whatever order they are known."""
    moves, out = [], {}
    plenty = {name: received(f"{name}-0", 100, 1, draw(AMOUNTS), product=name) for name in NAMES}
    for n in range(2, draw(st.integers(4, 14))):
        product, quantity = draw(st.sampled_from(NAMES)), draw(st.sampled_from([1, 2, 3, 7]))
        kind = draw(st.sampled_from(["receipt", "issue", "issue", "back", "sent"]))
        others = {"product": product}
        if kind == "back" and out.get(product):
            origin = draw(st.sampled_from(out[product]))
            moves.append(move(f"m{n}", "customer-return", 1, n, origin=origin, **others))
            out[product].remove(origin)
        elif kind == "issue":
            moves.append(issued(f"m{n}", quantity, n, **others))
            out.setdefault(product, []).append(f"m{n}")
        elif kind == "sent":
            moves.append(move(f"m{n}", "supplier-return", 1, n, origin=f"{product}-0", **others))
        else:
            moves.append(received(f"m{n}", quantity, n, draw(AMOUNTS), **others))
    return list(plenty.values()), moves


AMOUNTS = st.integers(0, 50_000).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize("kind", STORES)
def test_what_is_known_late_ends_as_if_it_had_been_known_in_time(kind):
    """Each move by itself, in any order, with corrections: the same costs and values as all of them from scratch."""

    @tried(kind, 30)
    @given(history=histories(), data=st.data())
    def prove(history, data):
        plenty, moves = history
        with STORES[kind](WAREHOUSE) as books, books() as store:
            stocked(store)
            DESK.book(store, plenty, on=day(1))
            for heard, one in enumerate(_known(data, moves), 1):
                DESK.book(store, [one], on=date(2026, 2, heard))
                assert list(audit_stock(store)) == []
            for product in PRODUCTS[:2]:
                mine = [one for one in store.find(StockMove) if one.product == product.id]
                afresh = value(mine, method=product.method)
                assert {cost.move: abs(cost.amount) for cost in afresh.costs} == costs(store, [one.id for one in mine])
                [level] = levels(store, product=product.id)
                assert (level.quantity, level.value) == (afresh.quantity, afresh.value)
            assert len([id for id in entries(store) if id.startswith("stock-correction")]) <= len(moves)

    prove()


def _known(data, moves):
    """The moves in the order in which they become known: any, but a return after what it takes back."""
    left = list(moves)
    while left:
        names = {one.id for one in left}
        one = data.draw(st.sampled_from([one for one in left if one.origin not in names]))
        left.remove(one)
        yield one


@given(history=histories())
def test_one_at_a_time_is_all_at_once(history):
    plenty, moves = history
    found = []
    for batches in ([[one] for one in [*plenty, *moves]], [[*plenty, *moves]]):
        with MemoryBooks()() as store:
            stocked(store)
            for batch in batches:
                DESK.book(store, batch, on=day(31))
            found.append((levels(store), store.find(StockEntry), store.ledger.balances(), store.find(StockMove)))
            assert list(audit_stock(store)) == []
    one, all_ = found
    assert (one[0], one[2]) == (all_[0], all_[2])
    assert [(entry.id, entry.amount, entry.because) for entry in one[1]] == [
        (entry.id, entry.amount, entry.because) for entry in all_[1]
    ]


def test_a_move_on_the_last_day_or_later_reads_no_history():
    """It costs one step, however much went before: no question is asked that has an answer for every move."""
    with MemoryBooks()() as store:
        stocked(store)
        for n in range(1, 29):
            DESK.book(store, [received(f"r{n}", 2, n, "2.00"), issued(f"i{n}", 1, n)], on=day(n))
        asked = []
        DESK.book(_Watched(store, asked), [issued("last", 1, 28)], on=day(28))
        assert asked == []
        DESK.book(_Watched(store, asked), [issued("late", 1, 27)], on=day(28))
        assert StockMove in asked
        assert len(store.find(StockBalance)) == 1


class _Watched:
    """A store that tells of which kinds records were looked for by their keys."""

    def __init__(self, store, asked):
        self._store, self._asked = store, asked

    def find(self, kind, *args, **kwargs):
        self._asked.append(kind)
        return self._store.find(kind, *args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._store, name)
