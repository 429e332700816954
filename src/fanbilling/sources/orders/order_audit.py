"""Whether orders, deliveries, returns and stock moves agree: added up anew, in fractions, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeVar

from ...domain.findings import Finding, differs
from ...domain.ports.sourcing import OneOf, Reading
from ...domain.ports.storage import Store
from .deliveries import Delivery, Return
from .moves import MoveKind, StockMove
from .orders import Order

R = TypeVar("R")
Sums = defaultdict[tuple[str, str], Fraction]

_PAGE = 500


def order_findings(store: Store) -> Iterator[Finding]:
    """Yield what does not agree: more delivered than ordered, more back than delivered, deliveries without stock."""
    for page in _pages(store, Order):
        ids = OneOf(tuple(order.id for order in page))
        deliveries = [one for some in _pages(store, Delivery, order=ids) for one in some]
        returns = [one for some in _pages(store, Return, order=ids) for one in some]
        yield from _too_much(page, deliveries)
        yield from _too_much_back(deliveries, returns)
        yield from _stock(store, deliveries, returns)


def _too_much(orders: Sequence[Order], deliveries: Sequence[Delivery]) -> Iterator[Finding]:
    came: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for delivery in deliveries:
        for line in delivery.lines:
            came[delivery.order, line.line] += Fraction(line.quantity)
    wanted = {
        (order.id, line.id): None if order.over else Fraction(line.quantity) - Fraction(line.cancelled)
        for order in orders
        for line in order.lines
    }
    for key, quantity in sorted(came.items()):
        most = wanted.get(key, Fraction(0))
        if most is not None and quantity > most:
            yield differs("L8", f"order {key[0]}, line {key[1]}, delivered", most, quantity)


def _too_much_back(deliveries: Sequence[Delivery], returns: Sequence[Return]) -> Iterator[Finding]:
    left = {(one.id, line.line): Fraction(line.quantity) for one in deliveries for line in one.lines}
    for one in returns:
        for line in one.lines:
            key = (one.delivery, line.line)
            before = left.get(key, Fraction(0))
            left[key] = before - Fraction(line.quantity)
            if left[key] < 0:
                yield differs("L8", f"return {one.id}, line {line.line}", before, Fraction(line.quantity))


def _stock(store: Store, deliveries: Sequence[Delivery], returns: Sequence[Return]) -> Iterator[Finding]:
    """Yield the deliveries of which another quantity left the stock than was delivered, less what came back into it."""
    wanted = _wanted(deliveries, returns)
    found: Sums = defaultdict(Fraction)
    for start in range(0, len(deliveries), _PAGE):
        ids = OneOf(tuple(one.id for one in deliveries[start : start + _PAGE]))
        for move in (move for some in _pages(store, StockMove, about=ids) for move in some):
            sign = {MoveKind.ISSUE: 1, MoveKind.CUSTOMER_RETURN: -1}.get(move.kind, 0)
            found[move.about, move.product] += sign * Fraction(move.quantity)
    for key in sorted(wanted.keys() | found.keys()):
        if wanted[key] != found[key]:
            yield differs("L8", f"delivery {key[0]}, product {key[1]}, left the stock", wanted[key], found[key])


def _wanted(deliveries: Sequence[Delivery], returns: Sequence[Return]) -> Sums:
    """Return how much of which product should have left with each delivery, and stayed away."""
    sums: Sums = defaultdict(Fraction)
    leaving = {(one.id, line.line): line.leaving for one in deliveries for line in one.lines}
    moved = [(one.id, line.line, Fraction(line.quantity)) for one in deliveries for line in one.lines]
    back = [(one.delivery, line) for one in returns for line in one.lines if not line.scrapped]
    moved += [(delivery, line.line, -Fraction(line.quantity)) for delivery, line in back]
    for delivery, line, quantity in moved:
        for part in leaving.get((delivery, line), ()):
            sums[delivery, part.product] += quantity * Fraction(part.quantity)
    return sums


def _pages(reading: Reading, kind: type[R], **where: object) -> Iterator[Sequence[R]]:
    after: tuple[Any, str] | None = None
    while True:
        page: Sequence[Any] = reading.find(kind, where, after=after, limit=_PAGE)
        if not page:
            return
        yield page
        after = (page[-1].id, page[-1].id)
