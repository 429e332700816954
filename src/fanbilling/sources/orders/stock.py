"""The desk of stock: what comes in, what goes out, what is assembled and counted, in quantity and in value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.accounts import Chart
from ...domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from ...domain.exact import EXACT, ZERO, exactly
from ...domain.money import Money, places
from ...domain.periods import a_day
from ...domain.ports.storage import Store, ours
from .assembly import Assembly, parts_of, put_together, refuse_mixed, taken_apart
from .holdings import share
from .keeping import keep
from .levels import StockLevel, levels
from .moves import MoveKind, StockBalance, StockCount, StockEntry, StockMove, balance_id, entry_id
from .products import Component, Product, refuse_circles
from .stock_events import ProductRegistered, StockCounted

#: The kinds of records that stock keeps.
STOCK_RECORDS: tuple[type, ...] = (Product, StockMove, StockEntry, StockBalance, StockCount, Assembly)

_ASSEMBLED = (MoveKind.ASSEMBLY_IN, MoveKind.ASSEMBLY_OUT)


@attrs.frozen
class StockDesk:
    """Keeps stock in quantity and value, and books it at cost. Saying the same again changes nothing.

    ``on`` is the day on which something became known; when it happened is in what is said. What comes in late changes
    what later moves cost: that is corrected in one entry on the day on which it became known, and what was booked
    before stays as it is.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
        accounts: by which chart it books.
    """

    administration: str = ""
    accounts: Chart = Chart()

    def register(self, store: Store, product: Product, *, on: date) -> None:
        """Enter a product, or change it.

        Raises:
            InvalidValue: when a part is not registered.
            RuleViolation: when it would be a part of itself, or something was moved and how it is valued would change.
        """
        a_day(on, where="on")
        known = ours(store, self.administration).hold(Product, [product.id]).get(product.id)
        if known == product:
            return
        refuse_circles(store, product)
        if known is None:
            store.add(product)
        else:
            if _valued(known) != _valued(product) and store.find(StockBalance, {"product": product.id}, limit=1):
                raise RuleViolation(
                    "something of it was moved already: how it is valued stays as it is",
                    where=f"product {product.id}",
                    remedy="keep kind, unit, method and currency, or register another product",
                )
            store.replace(known, product)
        store.journal.append([ProductRegistered(party="", on=on, product=product.id)])

    def book(self, store: Store, moves: Sequence[StockMove], *, on: date) -> tuple[StockEntry, ...]:
        """Take in receipts, issues and returns, all of them or none; what each cost when it was booked.

        Raises:
            NotFound: when a product, a party or what comes back is not known.
            RuleViolation: when no stock is kept of a product, or more comes back than is left.
            NotEnoughStock: when more leaves than is there, on its day or on a later one.
            Conflict: when an id stands for another move.
        """
        a_day(on, where="on")
        ours(store, self.administration)
        for move in moves:
            if move.kind in _ASSEMBLED:
                raise InvalidValue(f"a move of kind {move.kind}", where=f"move {move.id}", remedy="use assemble")
        keep(store, moves, self.accounts, on=on)
        entries = store.get_many(StockEntry, [entry_id(move.id) for move in moves])
        return tuple(entries[entry_id(move.id)] for move in moves)

    def assemble(self, store: Store, assembly: Assembly, *, on: date) -> Money:
        """Make a product of its parts: they leave the stock, and it comes in at what they cost and what is added.

        Returns:
            What the whole quantity cost.

        Raises:
            NotFound: when a product is not registered.
            RuleViolation: when nobody said what it is made of.
            NotEnoughStock: when there is too little of a part.
            Conflict: when the id stands for another assembly.
        """
        a_day(on, where="on")
        _, parts, new = self._assembling(store, assembly, apart=False)
        if new:
            keep(store, put_together(assembly, parts), self.accounts, on=on)
            store.add(assembly)
        return store.get(StockEntry, entry_id(assembly.id)).amount

    def disassemble(self, store: Store, assembly: Assembly, *, on: date) -> Money:
        """Take a product apart: it leaves the stock, and its parts come in, each at its share of what it cost.

        Returns:
            What the whole quantity cost, and what was added.

        Raises:
            NotFound: when a product is not registered.
            RuleViolation: when nobody said what it is made of, or what its parts are worth.
            NotEnoughStock: when there is too little of the product.
            Conflict: when the id stands for another assembly.
        """
        a_day(on, where="on")
        product, parts, new = self._assembling(store, assembly, apart=True)
        if new:
            names = {balance_id(part.product, assembly.place) for part in parts}
            holdings = {one.product: one.holding for one in store.get_many(StockBalance, names).values()}
            moves = taken_apart(assembly, parts, holdings, product.currency)
            keep(store, moves, self.accounts, on=on)
            store.add(attrs.evolve(assembly, apart=True))
        amount = abs(store.get(StockEntry, entry_id(assembly.id)).amount)
        return amount if assembly.added is None else amount + assembly.added

    @exactly
    def count(self, store: Store, count: StockCount, *, on: date) -> None:
        """Write down how much somebody counted at the end of a day, and book the difference, if there is one.

        It is the difference with what is known now: when something that was before it comes in late, count again.

        Raises:
            NotFound: when the product is not registered.
            RuleViolation: when there is more than was known, and nobody knows what it is worth.
            NotEnoughStock: when what is not there left later.
            Conflict: when the id stands for another count.
        """
        a_day(on, where="on")
        product = self._held(store, [count.product])[count.product]
        if not _is_new(store, count, what="count"):
            return
        there = levels(store, product=count.product, place=count.place, on=count.on)
        difference = EXACT.subtract(count.counted, there[0].quantity if there else ZERO)
        if difference:
            keep(store, [_difference(count, product, there, difference)], self.accounts, on=on)
        store.add(count)
        told = StockCounted(
            party="", on=count.on, count=count.id, product=count.product, place=count.place, difference=difference
        )
        store.journal.append([told])

    def _assembling(
        self, store: Store, assembly: Assembly, *, apart: bool
    ) -> tuple[Product, tuple[Component, ...], bool]:
        """Return the product, the parts of the whole quantity, and whether the assembly is new; all of them held."""
        products = self._held(store, [assembly.product, *(component.product for component in assembly.components)])
        product = products[assembly.product]
        parts = parts_of(assembly, product)
        if not assembly.components:
            products = self._held(store, [product.id, *product.parts])
        refuse_mixed(assembly, parts, products)
        return product, parts, _is_new(store, attrs.evolve(assembly, apart=apart), what="assembly")

    def _held(self, store: Store, ids: Iterable[str]) -> dict[str, Product]:
        """Return products, and keep others from moving them until the transaction ends; refuse unknown ones."""
        wanted = sorted(set(ids))
        found = ours(store, self.administration).hold(Product, wanted)
        if missing := [id for id in wanted if id not in found]:
            raise NotFound("there is none", where=f"product {missing[0]}", remedy="register the product first")
        return found


def _is_new(store: Store, said: Assembly | StockCount, *, what: str) -> bool:
    """Whether nobody said this before.

    Raises:
        Conflict: when the id stands for something else.
    """
    known = store.get_many(type(said), [said.id]).get(said.id)
    if known is not None and known != said:
        raise Conflict(f"the id stands for another {what}", where=f"{what} {said.id}", remedy="use a new id")
    return known is None


def _valued(product: Product) -> tuple[object, ...]:
    """Return what decides how the stock of a product is kept and valued."""
    return product.in_stock, product.unit, product.method, product.currency


def _difference(count: StockCount, product: Product, there: Sequence[StockLevel], difference: Decimal) -> StockMove:
    """Return the move that makes what is known what was counted."""
    more = difference > 0
    return StockMove(
        id=count.id,
        kind=MoveKind.SURPLUS if more else MoveKind.SHORTAGE,
        product=count.product,
        place=count.place,
        on=count.on,
        quantity=difference.copy_abs(),
        amount=_surplus(count, product, there, difference) if more else None,
        about=count.id,
    )


def _surplus(count: StockCount, product: Product, there: Sequence[StockLevel], difference: Decimal) -> Money:
    """Return what a surplus is worth: what somebody said, or what the rest of it is on average."""
    if count.amount is not None:
        return count.amount
    if not there or not there[0].quantity:
        raise RuleViolation(
            f"there are {difference:f} more than was known, and nobody knows what they are worth",
            where=f"count {count.id}",
            remedy="give the amount",
        )
    worth = share(there[0].value.amount, difference, there[0].quantity, places(product.currency))
    return Money(worth, product.currency)
