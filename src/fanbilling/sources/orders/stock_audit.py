"""L8: stock, worked out again from its moves with fractions and plain sums, and held against everything that is kept.

Nothing here is shared with the way in which stock is written: no replay, no holdings, no rounding of decimals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from ...domain.findings import Finding, differs
from ...domain.money import places
from ...domain.ports.sourcing import OneOf
from ...domain.ports.storage import Store
from .moves import MoveKind, StockBalance, StockEntry, StockMove
from .products import Method, Product

_PAGE = 500
_IN = ("receipt", "customer-return", "assembly-in", "surplus")

#: Costs by move; and per account what came in and is left: quantity, value and move.
Costs = Mapping[str, Fraction]
Lot = list[Any]


def audit_stock(store: Store) -> Iterator[Finding]:
    """Yield what breaks law L8: quantities and values that do not follow from the moves, product after product.

    What is on hand is what came in less what left, on no day below zero, and without quantity there is no value. The
    balances, the stock ledger and the account of stock in the ledger all say the same.
    """
    totals: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for product in _all(store, Product, {}):
        if product.in_stock:
            yield from _of_product(store, product, totals)
    booked = store.ledger.balances()
    for account, total in sorted(totals.items()):
        found = Fraction(booked.get(account, 0))
        if total != found:
            yield differs("L8", f"stock on account {account[0]} in {account[1]}", total, found)


def _of_product(store: Store, product: Product, totals: dict[tuple[str, str], Fraction]) -> Iterator[Finding]:
    moves = sorted(_all(store, StockMove, {"product": product.id}), key=lambda move: (move.on, move.sequence, move.id))
    entered: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
    by_place: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
    for entry in _all(store, StockEntry, {"product": product.id}):
        quantity, amount = Fraction(entry.quantity), Fraction(entry.amount.amount)
        for sums in (entered[entry.move], by_place[entry.place]):
            sums[0] += quantity
            sums[1] += amount
        totals[entry.account, entry.amount.currency] += amount
    origins, made = _origins(store, moves)
    yield from _portions([*made, *(move for move in moves if move.kind is not MoveKind.ASSEMBLY_IN)])
    costs = dict(_worked_out(moves, product, origins))
    for move in moves:
        expected = [Fraction(move.quantity) * (1 if move.kind in _IN else -1), costs[move.id]]
        if expected != (found := entered.pop(move.id, [])):
            yield differs("L8", f"stock entries of move {move.id}", expected, found)
    for id in sorted(entered):
        yield differs("L8", f"stock entries of move {id}", "a move", "none")
    balances = {one.place: one for one in _all(store, StockBalance, {"product": product.id})}
    yield from _of_places(product, moves, costs, balances)
    for place, (quantity, amount) in sorted(by_place.items()):
        balance = balances.get(place)
        kept = [Fraction(balance.holding.quantity), Fraction(balance.holding.amount)] if balance else []
        if kept != [quantity, amount]:
            yield differs("L8", f"balance of {product.id} at {place}, by the entries", [quantity, amount], kept)


def _of_places(
    product: Product, moves: Sequence[StockMove], costs: Costs, balances: Mapping[str, StockBalance]
) -> Iterator[Finding]:
    """Add up each place: on no day below zero, no value without quantity, layers that make the whole, the last day."""
    levels: dict[str, list[Fraction]] = defaultdict(lambda: [Fraction(), Fraction()])
    last: dict[str, date] = {}
    for move in moves:
        quantity, value = levels[move.place]
        quantity += Fraction(move.quantity) * (1 if move.kind in _IN else -1)
        value += costs[move.id]
        levels[move.place], last[move.place] = [quantity, value], move.on
        where = f"{product.id} at {move.place} after move {move.id} of {move.on}"
        if quantity < 0 or value < 0:
            yield differs("L8", where, "nothing below zero", (quantity, value))
        if not quantity and value:
            yield differs("L8", where, "no value without quantity", value)
    for place, balance in sorted(balances.items()):
        where = f"balance of {product.id} at {place}"
        layers, holding = balance.holding.layers, balance.holding
        if levels[place] != (found := [Fraction(holding.quantity), Fraction(holding.amount)]):
            yield differs("L8", where, levels[place], found)
        summed = [
            sum((Fraction(one.quantity) for one in layers), Fraction()),
            sum((Fraction(one.amount) for one in layers), Fraction()),
        ]
        if product.method is Method.FIFO and summed != levels[place]:
            yield differs("L8", f"{where}, in layers", levels[place], summed)
        if balance.last != last.get(place):
            yield differs("L8", f"{where}, last day", last.get(place), balance.last)


def _worked_out(
    moves: Sequence[StockMove], product: Product, origins: dict[str, Fraction]
) -> Iterator[tuple[str, Fraction]]:
    """Yield what each move costs: below zero for what left."""
    unit = Fraction(10) ** places(product.currency)
    lots: dict[str, list[Lot]] = defaultdict(list)
    order = {move.id: place for place, move in enumerate(moves)}
    for move in moves:
        quantity, mine = Fraction(move.quantity), lots[move.place]
        if move.kind in _IN:
            cost = _came_in(move, origins, unit)
            mine.append([quantity, cost, move.id])
            yield move.id, cost
        else:
            back = move.origin if move.kind is MoveKind.SUPPLIER_RETURN else ""
            if product.method is Method.FIFO:
                mine.sort(key=lambda lot: (lot[2] != back, order[lot[2]]))
                cost = _oldest_first(mine, quantity, unit)
            else:
                price = _part_of(origins.get(back, Fraction()), move, unit) if back else None
                cost = _on_average(mine, quantity, price, unit)
            yield move.id, -cost
        if move.kind in ("receipt", "issue"):
            origins[move.id] = cost


def _came_in(move: StockMove, origins: Mapping[str, Fraction], unit: Fraction) -> Fraction:
    if move.kind in ("customer-return", "assembly-in"):
        return _part_of(origins.get(move.origin, Fraction()), move, unit)
    return Fraction(move.amount.amount) if move.amount is not None else Fraction()


def _part_of(cost: Fraction, move: StockMove, unit: Fraction) -> Fraction:
    """Return what a part is worth: the whole up to its end, less the whole up to its start, each in whole cents."""
    if move.portion is None:
        return Fraction()
    start, end, of = (Fraction(point) for point in (move.portion.start, move.portion.end, move.portion.of))
    return _cents(cost * end / of, unit) - _cents(cost * start / of, unit)


def _on_average(lots: list[Lot], quantity: Fraction, price: Fraction | None, unit: Fraction) -> Fraction:
    """Take from everything there is, as one lot."""
    there, value = sum((lot[0] for lot in lots), Fraction()), sum((lot[1] for lot in lots), Fraction())
    if quantity >= there:
        cost = value
    else:
        cost = min(price, value) if price is not None else _cents(value * quantity / there, unit)
    lots[:] = [[there - quantity, value - cost, ""]]
    return cost


def _oldest_first(lots: list[Lot], quantity: Fraction, unit: Fraction) -> Fraction:
    """Take whole lots from the front, and of the last one a part."""
    cost = Fraction()
    while lots and quantity >= lots[0][0]:
        taken = lots.pop(0)
        quantity, cost = quantity - taken[0], cost + taken[1]
    if lots and quantity:
        part = _cents(lots[0][1] * quantity / lots[0][0], unit)
        lots[0][0] -= quantity
        lots[0][1] -= part
        cost += part
    return cost


def _cents(amount: Fraction, unit: Fraction) -> Fraction:
    """Round half up to whole cents; nothing here is below zero."""
    return Fraction((2 * amount * unit + 1) // 2) / unit


def _origins(store: Store, moves: Sequence[StockMove]) -> tuple[dict[str, Fraction], list[StockMove]]:
    """Return what assemblies cost, of their parts as the stock ledger has it and what was added; and what they made."""
    sums: dict[str, Fraction] = defaultdict(Fraction)
    made: list[StockMove] = []
    names = sorted({move.origin for move in moves if move.kind is MoveKind.ASSEMBLY_IN})
    for start in range(0, len(names), _PAGE):
        found = list(_all(store, StockMove, {"origin": OneOf(tuple(names[start : start + _PAGE]))}))
        made += [one for one in found if one.kind is MoveKind.ASSEMBLY_IN]
        parts = {one.id: one for one in found if one.kind is MoveKind.ASSEMBLY_OUT}
        for part in parts.values():
            sums[part.origin] += Fraction(part.amount.amount) if part.amount is not None else 0
        ids = sorted(parts)
        for first in range(0, len(ids), _PAGE):
            for entry in _all(store, StockEntry, {"move": OneOf(tuple(ids[first : first + _PAGE]))}):
                sums[parts[entry.move].origin] -= Fraction(entry.amount.amount)
    return sums, made


def _portions(moves: Sequence[StockMove]) -> Iterator[Finding]:
    """Follow the portions of each origin: no part of it comes twice, and of an assembly all of it comes."""
    portions: dict[tuple[str, MoveKind], list[tuple[Fraction, Fraction, Fraction]]] = defaultdict(list)
    for move in moves:
        if move.portion is not None:
            points = move.portion.start, move.portion.end, move.portion.of
            portions[move.origin, move.kind].append(tuple(map(Fraction, points)))  # type: ignore[arg-type]
    for (origin, kind), mine in sorted(portions.items()):
        reached = Fraction()
        for start, end, _ in sorted(mine):
            if start != reached:
                yield differs("L8", f"portions of {origin}, {kind}", reached, start)
            reached = end
        whole = mine[0][2]
        if reached > whole or (kind is MoveKind.ASSEMBLY_IN and reached != whole):
            yield differs("L8", f"portions of {origin}, {kind}", whole, reached)


def _all(store: Store, kind: type[Any], where: Mapping[str, Any]) -> Iterator[Any]:
    after: tuple[Any, str] | None = None
    while page := store.find(kind, where, after=after, limit=_PAGE):
        yield from page
        after = (page[-1].id, page[-1].id)
