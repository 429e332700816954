"""The audit of stock finds what was tampered with, and the tests of stock find what was programmed wrongly."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import BillingError
from fanbilling.domain.ledger import LedgerEntry, Posting
from fanbilling.sources.orders import admission, assembly, booking, holdings, keeping, stock, tracing, valuation
from fanbilling.sources.orders.moves import StockBalance, StockEntry, StockMove, entry_id
from fanbilling.sources.orders.stock_audit import audit_stock
from tests.laws.test_planted_defects import plant
from tests.sources.orders import test_stock, test_stock_assembly, test_valuation
from tests.sources.orders.warehouse import DESK, day, euro, issued, move, received, stocked
from tests.sources.orders.warehouse import assembly as an_assembly


@pytest.fixture
def store():
    with MemoryBooks("nl")() as store:
        stocked(store)
        DESK.book(store, [received("b", 10, 1, "20.00"), received("n", 10, 1, "10.00", product="nut")], on=day(1))
        DESK.book(store, [issued("i", 3, 2), issued("j", 4, 2, product="nut")], on=day(2))
        DESK.book(store, [move("r", "customer-return", 1, 3, origin="i")], on=day(3))
        DESK.assemble(store, an_assembly("a", "set", 2, 4, added=euro("1.00")), on=day(4))
        DESK.book(store, [received("late", 10, 1, "30.00")], on=day(9))
        assert list(audit_stock(store)) == []
        yield store


def change(store, kind, id, **fields):
    before = store.get(kind, id)
    store.replace(before, attrs.evolve(before, **fields))


def change_holding(store, id, **fields):
    change(store, StockBalance, id, holding=attrs.evolve(store.get(StockBalance, id).holding, **fields))


def book_more(store):
    postings = (Posting(account="3000", amount=Decimal(1)), Posting(account="7000", amount=Decimal(-1)))
    store.ledger.post([LedgerEntry(id="x", kind="x", on=day(9), currency="EUR", postings=postings)])


#: What somebody did to the books, and what the audit says first.
TAMPERED = {
    "a quantity that moved": (lambda s: change(s, StockMove, "i", quantity=Decimal(2)), "stock entries of move i"),
    "what was paid": (lambda s: change(s, StockMove, "n", amount=euro("11.00")), "stock entries of move n"),
    "a cost": (lambda s: change(s, StockEntry, entry_id("i"), amount=euro("-6.01")), "stock entries of move i"),
    "a correction": (lambda s: s.remove(StockEntry, entry_id("i", "late")), "stock entries of move i"),
    "a move that went": (lambda s: s.remove(StockMove, "j"), "stock entries of move j"),
    "a day": (lambda s: change(s, StockMove, "i", on=day(1), sequence=0), "bolt at main after move i of 2026-01-01"),
    "a quantity on hand": (lambda s: change_holding(s, "main/bolt", quantity=Decimal(1)), "balance of bolt at main"),
    "a value on hand": (lambda s: change_holding(s, "main/bolt", amount=Decimal(1)), "balance of bolt at main"),
    "layers": (lambda s: change_holding(s, "main/nut", layers=()), "balance of nut at main, in layers"),
    "the last day": (lambda s: change(s, StockBalance, "main/set", last=day(9)), "balance of set at main, last day"),
    "a balance that went": (lambda s: s.remove(StockBalance, "main/set"), "balance of set at main, by the entries"),
    "the ledger": (book_more, "stock on account 3000 in EUR"),
}


@pytest.mark.parametrize(("tamper", "where"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_was_tampered_with_is_found(store, tamper, where):
    tamper(store)
    found = list(audit_stock(store))
    assert {one.law for one in found} == {"L8"}
    assert where in [one.where for one in found]
    assert all(one.expected != one.found for one in found)


def test_what_was_expected_and_found_is_told_in_figures(store):
    """Of i: 3 at 5.00 / 2 = 2.50 by now; 6.00 booked and 1.50 corrected."""
    change(store, StockEntry, entry_id("i"), amount=euro("-6.01"))
    found = {one.where: (one.expected, one.found) for one in audit_stock(store)}
    assert found["stock entries of move i"] == ("-3, -7.5", "-3, -7.51")


# -------------------------------------------------------------------------------------------------------------- defects

HUNT = settings(
    max_examples=120,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

#: What goes wrong: the function, what it says, and what it says with the defect.
DEFECTS = {
    # what leaves
    "the last one leaves cents behind": (
        holdings.share,
        "amount if part == whole else rounded(EXACT.divide(EXACT.multiply(amount, part), whole), decimals)",
        "rounded(EXACT.multiply(rounded(EXACT.divide(amount, whole), decimals), part), decimals)",
    ),
    "the newest goes first": (holdings.Holding.plus, "(*self.layers, layer)", "(layer, *self.layers)"),
    "an average keeps its value": (
        holdings.at_average,
        "holding.minus(quantity, cost)",
        "holding.minus(quantity, ZERO)",
    ),
    "a layer is used up twice": (holdings.first_in_first_out, "layers[taken:]", "layers[max(0, taken - 1) :]"),
    "a part of a layer leaves all its value": (holdings._rest, "EXACT.subtract(layer.amount, amount)", "layer.amount"),
    "the oldest goes back to the supplier": (
        holdings.back_to_supplier,
        "layers=(*own, *others)",
        "layers=holding.layers",
    ),
    "layers are mixed up by what goes back": (holdings.back_to_supplier, "in_order[one.move]", "-in_order[one.move]"),
    "more goes back than the stock is worth": (holdings.back_to_supplier, "min(price, holding.amount)", "price"),
    "the last one that goes back leaves a value": (
        holdings.back_to_supplier,
        "holding.amount if quantity == holding.quantity else min(price, holding.amount)",
        "min(price, holding.amount)",
    ),
    "more leaves than is there": (valuation._taken, "move.quantity > before.quantity", "False"),
    "the last one may not leave": (
        valuation._taken,
        "move.quantity > before.quantity",
        "move.quantity >= before.quantity",
    ),
    "everything is first in, first out": (valuation._taken, "way.method is Method.FIFO", "before.layers is not None"),
    # what comes in
    "a return comes in whole": (valuation.portion_of, "EXACT.subtract(until, before)", "amount"),
    "every return is the first": (admission.placed, "gone.get(move.origin, ZERO)", "ZERO"),
    "what an assembly adds is forgotten": (
        valuation._remember,
        "EXACT.add(EXACT.add(origins.get(move.origin, ZERO), amount), added)",
        "EXACT.add(origins.get(move.origin, ZERO), amount)",
    ),
    "an assembly costs its last part": (valuation._remember, "origins.get(move.origin, ZERO)", "ZERO"),
    "the parts come in at the cost of all": (assembly.taken_apart, "start += weight", "pass"),
    # when it comes in
    "what comes in late changes nothing": (keeping.keep, "move.on >= balances[move.account].last", "True"),
    "what comes in late goes last": (keeping.keep, "key=lambda move: move.order", "key=lambda move: move.sequence"),
    "what was made is not traced": (tracing.reach, "move.kind is MoveKind.ASSEMBLY_OUT", "False"),
    "parts outside are forgotten": (tracing.trace, "assembled(reading, outside)", "{}"),
    "a correction forgets the ones before it": (tracing.spent, "sums.get(entry.move, ZERO)", "ZERO"),
    "a return forgets what its issue was corrected by": (
        keeping._origins,
        "spent(store, wanted)",
        "{e.move: e.amount.amount for e in store.get_many(StockEntry, [entry_id(w) for w in wanted]).values()}",
    ),
    "all of one day is first": (admission.placed, "enumerate(moves, last + 1)", "enumerate(moves, 1)"),
    "the balance stays behind": (keeping._balance, "holding=holding", "holding=before.holding if before else holding"),
    "the last day falls": (keeping._balance, "last=max(", "last=min("),
    "a late count is of today": (stock.StockDesk.count, "on=count.on)", "on=None)"),
    # what is booked
    "a correction is booked the other way round": (booking.corrected, "differences[move.id]", "-differences[move.id]"),
    "a correction is dated back": (keeping._correct, "on=_day(step), currency", "on=step.moves[0].on, currency"),
    "labour is booked again with every correction": (booking._postings, "and not again", ""),
    "a price difference is lost": (booking._postings, "against = EXACT.subtract(against, prices[move.id])", "pass"),
    "a correction changes quantities": (keeping._entry, "ZERO if cause else move.signed", "move.signed"),
}


def prove():
    """What was worked by hand, on books in memory, and then whatever may be done."""
    for module in (test_valuation, test_stock, test_stock_assembly):
        for name, case in vars(module).items():
            if name.startswith("test_") and not hasattr(case, "hypothesis") and not hasattr(case, "pytestmark"):
                _try(module, case)
    abide()


def _try(module, case):
    wanted = case.__code__.co_varnames[: case.__code__.co_argcount]
    if wanted == ("store",):
        with MemoryBooks("nl")() as store:
            stocked(store)
            if module is test_stock_assembly:
                goods = [received("b", 10, 1, "20.00"), received("n", 10, 1, "10.00", product="nut")]
                DESK.book(store, goods, on=day(1))
            case(store)
            assert list(audit_stock(store)) == []
    elif not wanted:
        case()


@HUNT
@given(commands=st.lists(test_stock_assembly.dealings(), min_size=4, max_size=14))
def abide(commands):
    with MemoryBooks("nl")() as store:
        test_stock_assembly.keeps_the_law(store, commands)


@pytest.mark.parametrize("defect", DEFECTS.values(), ids=DEFECTS.keys())
def test_a_planted_defect_is_caught(monkeypatch, defect):
    plant(monkeypatch, *defect)
    with pytest.raises((AssertionError, BillingError, ArithmeticError, LookupError, pytest.fail.Exception)):
        prove()


def test_without_a_defect_nothing_is_caught():
    prove()
