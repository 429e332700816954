"""Which moves a late one may have changed, and what they cost until now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from ...domain.exact import EXACT, ZERO
from ...domain.ports.sourcing import OneOf, Reading
from .moves import MoveKind, StockEntry, StockMove

R = TypeVar("R")

_PAGE = 500


@attrs.frozen(kw_only=True)
class Traced:
    """Every move of some products, and of all that was assembled from them.

    Args:
        origins: what was assembled together with them costs so far, of the parts that are not among these products.
        costs: what each move costs by now; below zero for what left.
    """

    products: frozenset[str]
    moves: tuple[StockMove, ...]
    origins: Mapping[str, Decimal]
    costs: Mapping[str, Decimal]


def every(reading: Reading, kind: type[R], where: Mapping[str, Any]) -> Iterator[R]:
    """Yield all records of a kind that meet the conditions, page by page, in the order of their ids."""
    after: tuple[Any, str] | None = None
    while True:
        page: Sequence[Any] = reading.find(kind, where, after=after, limit=_PAGE)
        yield from page
        if len(page) < _PAGE:
            return
        after = (page[-1].id, page[-1].id)


def every_of(reading: Reading, kind: type[R], key: str, values: Iterable[str]) -> Iterator[R]:
    """Yield all records of a kind of which a key has one of these values, however many values there are."""
    wanted = sorted(set(values))
    for start in range(0, len(wanted), _PAGE):
        yield from every(reading, kind, {key: OneOf(tuple(wanted[start : start + _PAGE]))})


def reach(reading: Reading, products: Collection[str]) -> tuple[frozenset[str], tuple[StockMove, ...]]:
    """Return the products whose cost depends on that of these, themselves included, with all moves of them."""
    moves: list[StockMove] = []
    seen: set[str] = set()
    wave = set(products)
    while wave:
        found = list(every_of(reading, StockMove, "product", wave))
        moves += found
        seen |= wave
        assemblies = {move.origin for move in found if move.kind is MoveKind.ASSEMBLY_OUT}
        wave = {
            move.product for move in every_of(reading, StockMove, "origin", assemblies) if move.kind.comes_in
        } - seen
    return frozenset(seen), tuple(moves)


def trace(reading: Reading, products: Collection[str]) -> Traced:
    """Return what has to be valued again when the cost of these products changes."""
    seen, moves = reach(reading, products)
    assemblies = {move.origin for move in moves if move.kind is MoveKind.ASSEMBLY_IN}
    outside = [
        move
        for move in every_of(reading, StockMove, "origin", assemblies)
        if move.kind is MoveKind.ASSEMBLY_OUT and move.product not in seen
    ]
    costs = spent(reading, [move.id for move in moves])
    return Traced(products=seen, moves=moves, origins=assembled(reading, outside), costs=costs)


def assembled(reading: Reading, parts: Sequence[StockMove]) -> dict[str, Decimal]:
    """Return what parts that went into assemblies cost, and what was added to them, per assembly."""
    costs = spent(reading, [part.id for part in parts])
    sums: dict[str, Decimal] = {}
    for part in parts:
        added = ZERO if part.amount is None else part.amount.amount
        sums[part.origin] = EXACT.add(EXACT.subtract(sums.get(part.origin, ZERO), costs[part.id]), added)
    return sums


def spent(reading: Reading, moves: Iterable[str]) -> dict[str, Decimal]:
    """Return what each of these moves costs by now, corrections included; below zero for what left."""
    sums: dict[str, Decimal] = {}
    for entry in every_of(reading, StockEntry, "move", moves):
        sums[entry.move] = EXACT.add(sums.get(entry.move, ZERO), entry.amount.amount)
    return sums
