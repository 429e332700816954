"""What is owed and what stands billed, computed a second time in fractions, by rules written from scratch.

Nothing of the engine is used here: only the values that go in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from fanbilling.domain.billed import BilledEntry
from fanbilling.domain.decisions import Decision, DecisionKind
from fanbilling.domain.items import BillableItem, ItemKey
from fanbilling.domain.terms import Terms
from fanbilling.domain.vat import TaxClass

Heap = dict[tuple, list[Fraction]]  # per terms: quantity and cents
CHANGE = date(2019, 1, 1)
NIL = Fraction(0)
EVERYTHING = None


def half_up(figure: Fraction) -> Fraction:
    """Round to a whole number, halves away from zero."""
    whole = Fraction((abs(figure) * 2 + 1) // 2)
    return whole if figure >= 0 else -whole


def name(terms: Terms) -> tuple:
    """Return terms as a plain tuple, in the order in which terms are sorted."""
    tax = (terms.tax.category, Fraction(terms.tax.rate))
    price = (Fraction(terms.price.amount), Fraction(terms.price.per), terms.price.unit)
    return (terms.payer, terms.currency, tax, price, terms.document)


def rate(item: BillableItem, day: date) -> Fraction:
    """Return the Dutch rate of a day in or around the winter of 2018-2019."""
    if item.tax_class is TaxClass.STANDARD:
        return Fraction(21)
    return Fraction(6) if day < CHANGE else Fraction(9)


def due(items: Iterable[BillableItem]) -> dict[ItemKey, Heap]:
    """Return what the sources say: quantities added up per key and terms, then money, rounded once."""
    heaps: dict[ItemKey, Heap] = {}
    for item in items:
        heap = heaps.setdefault(item.key, {})
        if item.blocked or not item.quantity:
            continue
        whole = Fraction(item.quantity)
        pieces = [(rate(item, item.supplied.start if item.supplied else item.tax_point), whole)]
        if item.supplied and item.tax_class is TaxClass.REDUCED and item.supplied.start < CHANGE < item.supplied.end:
            before = Fraction((CHANGE - item.supplied.start).days, item.supplied.days)
            first = half_up(whole * before * 10**6) / 10**6
            pieces = [(Fraction(6), first), (Fraction(9), whole - first)]
        for percent, quantity in pieces:
            price = (Fraction(item.price.amount), Fraction(item.price.per), item.price.unit)
            terms = (item.payer or item.client, item.currency, ("S", percent), price, item.document)
            heap.setdefault(terms, [NIL, NIL])[0] += quantity
    for heap in heaps.values():
        for terms, lot in heap.items():
            lot[1] = half_up(lot[0] * terms[3][0] / terms[3][1] * 100)
    return heaps


def owed(items: Sequence[BillableItem], decisions: Sequence[Decision]) -> tuple[dict[ItemKey, Heap], dict[str, list]]:
    """Return what is owed after the decisions, and per decision what it took: [(terms, quantity, cents)]."""
    heaps = due(items)
    took: dict[str, list] = {}
    for decision in decisions:
        if decision.withdrawn or decision.kind is DecisionKind.HELD:
            continue
        heap = heaps.get(decision.key, {})
        took[decision.id] = mine = _takes(heap, decision)
        for terms, quantity, cents in mine:
            heap[terms][0] -= quantity
            heap[terms][1] -= cents
            if decision.kind is DecisionKind.MOVED:
                to = heap.setdefault((decision.payer, *terms[1:]), [NIL, NIL])
                to[0] += quantity
                to[1] += cents
    return heaps, took


def _takes(heap: Heap, decision: Decision) -> list[tuple[tuple, Fraction, Fraction]]:
    own = name(decision.terms) if decision.terms else None
    own_first = [terms for terms in heap if terms == own]
    alike = sorted(terms for terms in heap if terms != own and own is not None and terms[2] == own[2])
    order = own_first + alike + sorted(terms for terms in heap if terms not in own_first and terms not in alike)
    remembered = Fraction(decision.amount) * 100 if decision.amount is not None else None
    if decision.target and remembered is None:
        remembered = NIL  # a credit that gave back no money
    if decision.kind is DecisionKind.MOVED:
        order = [terms for terms in order if terms[0] != decision.payer]
    mine = []
    if decision.kind is DecisionKind.CONCEDED:
        money = remembered or NIL
        for terms in order:
            cents = min(money, heap[terms][1])
            money -= cents
            mine.append((terms, NIL, cents))
        return mine
    wanted = Fraction(decision.quantity) if decision.quantity is not None else EVERYTHING
    for terms in order:
        there, money = heap[terms]
        quantity = there if wanted is EVERYTHING else min(wanted, there)
        if quantity == there:
            cents = money if quantity or wanted is EVERYTHING else NIL
        elif terms == own and quantity == wanted and remembered is not None:
            cents = min(remembered, money)
        else:
            cents = half_up(money * quantity / there)
        mine.append((terms, quantity, cents))
        if wanted is not EVERYTHING:
            wanted -= quantity
    return mine


def kept(items: Iterable[BillableItem], decisions: Iterable[Decision], until: date) -> dict[ItemKey, Fraction | None]:
    """Return how much of each key waits: a quantity, or everything."""
    waits: dict[ItemKey, Fraction | None] = {}
    for decision in decisions:
        ended = decision.withdrawn or (decision.until and decision.until <= until)
        if decision.kind is not DecisionKind.HELD or ended:
            continue
        before = waits.get(decision.key, NIL)
        both = before is not EVERYTHING and decision.quantity is not None
        waits[decision.key] = before + Fraction(decision.quantity) if both else EVERYTHING
    for item in items:
        if item.blocked:
            waits[item.key] = EVERYTHING
    return waits


def standing(entries: Iterable[BilledEntry]) -> Heap:
    """Return what stands billed per terms: lines and reversals added up."""
    heap: Heap = {}
    for entry in entries:
        lot = heap.setdefault(name(entry.terms), [NIL, NIL])
        lot[0] += Fraction(entry.lot.quantity)
        lot[1] += Fraction(entry.lot.amount) * 100
    return heap


def gaps(heap: Heap, billed: Heap) -> Heap:
    """Return owed − billed per terms."""
    zero = [NIL, NIL]
    return {
        terms: [heap.get(terms, zero)[n] - billed.get(terms, zero)[n] for n in (0, 1)]
        for terms in heap.keys() | billed.keys()
    }


def is_open(gap: Mapping[tuple, Sequence[Fraction]]) -> bool:
    """Whether anything is owed and not billed, or billed and not owed."""
    return any(quantity or cents for quantity, cents in gap.values())
