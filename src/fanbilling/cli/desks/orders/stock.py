"""What is in stock: quantity and value per product and place, what moved it, and whether the ledger says the same."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from ....domain.accounts import Chart
from ....domain.errors import NotFound
from ....domain.exact import EXACT, ZERO
from ....domain.money import Money
from ....domain.ports.storage import Store
from ....domain.reasons import Reason
from ....sources.orders import Product, StockMove
from ....sources.orders.levels import StockLevel
from ....sources.orders.moves import StockEntry
from ....sources.orders.tracing import every
from ...answers import answer
from ...columns import close_to
from ...place import looking
from ...screens import GOOD, HEAD, LANGUAGE, SOFT, WRONG, console, day, figure, money, number, short, table, text


@attrs.frozen(kw_only=True)
class Moved:
    """A line of the stock ledger with the move that it is about."""

    entry: StockEntry
    move: StockMove


@attrs.frozen(kw_only=True)
class Stock:
    """What there is of each product in each place, and what the account of stock says.

    Args:
        worth: per currency, what all stock is worth; of one product it says nothing of the account.
        booked: per currency, what stands on the account.
    """

    levels: Sequence[StockLevel]
    names: dict[str, str]
    worth: dict[str, Decimal]
    booked: dict[str, Decimal]
    account: str
    moves: Sequence[Moved] = ()

    @property
    def agrees(self) -> bool:
        """Whether stock and ledger say the same."""
        return self.worth == self.booked


def stock(args: Namespace) -> int:
    """Show what is in stock."""
    with looking(args.folder) as (place, store):
        found = stock_of(store, place.office.settings.accounts, on=args.on, product=args.product)
    if args.json:
        answer(of_stock(found))
    else:
        show_stock(found, args)
    return 0 if found.agrees else 1


def stock_of(store: Store, chart: Chart, *, on: date | None, product: str = "") -> Stock:
    """Return what there was at the end of a day, as it is booked.

    What came in late counts on its own day, and what it changes of earlier costs on the day on which it became known.

    Raises:
        NotFound: when there is no such product.
    """
    names = {one.id: one.text for one in every(store, Product, {})}
    if product and product not in names:
        hint = close_to(product, names) or "see the ids in products.csv"
        raise NotFound(f"there is no product {product!r}", where="stock", remedy=hint)
    entries = [one for one in every(store, StockEntry, {}) if on is None or _booked_on(one) <= on]
    found = list(_levels(entries))
    worth: dict[str, Decimal] = {}
    for level in found:
        worth[level.value.currency] = worth.get(level.value.currency, ZERO) + level.value.amount
    account = chart.code("stock")
    balances = store.ledger.balances(until=on)
    return Stock(
        levels=[level for level in found if product in ("", level.product)],
        names=names,
        worth={currency: amount for currency, amount in worth.items() if amount},
        booked={currency: amount for (code, currency), amount in balances.items() if code == account and amount},
        account=account,
        moves=_moves(store, product, entries) if product else (),
    )


def _booked_on(entry: StockEntry) -> date:
    return entry.known if entry.cause else entry.on


def _levels(entries: Iterable[StockEntry]) -> Iterator[StockLevel]:
    """Yield quantity and value of each product in each place, in their order."""
    sums: dict[tuple[str, str], tuple[Decimal, Money]] = {}
    for entry in entries:
        account = entry.product, entry.place
        quantity, value = sums.get(account, (ZERO, Money.zero(entry.amount.currency)))
        sums[account] = EXACT.add(quantity, entry.quantity), value + entry.amount
    for (product, place), (quantity, value) in sorted(sums.items()):
        yield StockLevel(product=product, place=place, quantity=quantity, value=value)


def _moves(store: Store, product: str, entries: Iterable[StockEntry]) -> list[Moved]:
    """Return what was booked of a product, in the order in which it was."""
    moves = {move.id: move for move in every(store, StockMove, {"product": product})}
    found = [Moved(entry=entry, move=moves[entry.move]) for entry in entries if entry.product == product]
    return sorted(found, key=lambda one: (_booked_on(one.entry), bool(one.entry.cause), one.move.order))


def of_stock(found: Stock) -> dict[str, Any]:
    """Return what a program sees: levels, moves, what it is all worth, what is booked, and whether that agrees."""
    return {
        "stock": [
            {
                "product": one.product,
                "text": found.names[one.product],
                "place": one.place,
                "quantity": f"{one.quantity:f}",
                "value": str(one.value.amount),
                "currency": one.value.currency,
            }
            for one in found.levels
        ],
        "moves": [
            {
                "move": one.move.id,
                "kind": _kind(one),
                "on": one.entry.on.isoformat(),
                "known": one.entry.known.isoformat(),
                "place": one.entry.place,
                "quantity": f"{one.entry.quantity:f}",
                "amount": str(one.entry.amount.amount),
                "currency": one.entry.amount.currency,
                "because": _told(one.entry.because),
            }
            for one in found.moves
        ],
        "value": {currency: str(amount) for currency, amount in found.worth.items()},
        "account": found.account,
        "booked": {currency: str(amount) for currency, amount in found.booked.items()},
        "agrees": found.agrees,
    }


def show_stock(found: Stock, args: Namespace) -> None:
    """Show it on one page."""
    out = console()
    when = f" at the end of {day(args.on)}" if args.on else ""
    out.print(text("\n ", ("Stock", HEAD), (when, SOFT)))
    if not found.levels:
        out.print(text("  Nothing came in or went out."))
    else:
        made = table("product", "description", "place", "quantity", "value", right=(3, 4))
        for one in found.levels:
            value = figure(one.value.amount, one.value.currency)
            made.add_row(one.product, found.names[one.product], one.place, number(one.quantity), value)
        out.print(made)
    if found.moves:
        out.print(text(" ", ("What moved it", HEAD)))
        made = table("day", "known", "what", "move", "quantity", "cost", "why", right=(4, 5))
        for moved in found.moves:
            entry = moved.entry
            cost = figure(entry.amount.amount, entry.amount.currency)
            quantity = number(entry.quantity) if entry.quantity else ""
            why, kind = _told(entry.because), _kind(moved).replace("-", " ")
            made.add_row(short(entry.on), short(entry.known), kind, entry.move, quantity, cost, why)
        out.print(made)
    _show_agreement(found)


def _show_agreement(found: Stock) -> None:
    out = console()
    worth, booked = (", ".join(_amounts(sums)) or "0.00" for sums in (found.worth, found.booked))
    if found.agrees:
        out.print(text("  ", (f"All stock is worth {worth}; account {found.account} says the same.", GOOD)))
    else:
        said = f"All stock is worth {worth}, but account {found.account} says {booked}. Give the command verify."
        out.print(text("  ", (said, WRONG)))
    out.print()


def _amounts(sums: dict[str, Decimal]) -> list[str]:
    return [money(Money(amount, currency)) for currency, amount in sorted(sums.items())]


def _kind(moved: Moved) -> str:
    return "correction" if moved.entry.cause else moved.move.kind.value


def _told(reason: Reason) -> str:
    """Return a reason in words."""
    from ....adapters.rendering.words import sentence

    parts = [sentence(one, LANGUAGE) for one in reason.because] if reason.rule == "stock.fifo" else []
    return "; ".join(parts) or sentence(reason, LANGUAGE)
