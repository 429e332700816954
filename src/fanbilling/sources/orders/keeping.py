"""How moves are kept: valued, entered in the stock ledger, booked, and what they change of earlier costs corrected.

A move on or after the last day of its product and place costs one step. A late one values everything again that
depends on it; what was booked stays, and one entry books the differences on the day on which it became known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.accounts import Chart
from ...domain.exact import EXACT, ZERO, exactly
from ...domain.money import Money, places
from ...domain.ports.storage import Store
from ...domain.reasons import Reason
from .admission import new_ones, placed, refuse_strangers
from .booking import booked, corrected
from .holdings import Holding
from .moves import RETURNS, MoveKind, StockBalance, StockEntry, StockMove, balance_id, entry_id
from .products import Product
from .stock_events import StockCorrected, StockMoved
from .tracing import Traced, spent, trace
from .valuation import Replayed, Way, portion_of, replay

Balances = dict[tuple[str, str], StockBalance]


@attrs.frozen(kw_only=True)
class _Step:
    """What is written: the moves in their places, what everything cost, and what earlier moves cost until now."""

    moves: Sequence[StockMove]
    done: Replayed
    earlier: Traced | None
    products: Mapping[str, Product]
    balances: Balances
    on: date

    def currencies(self, moves: Iterable[StockMove]) -> dict[str, list[StockMove]]:
        """Return moves by the currency in which they are valued."""
        sorted_out: dict[str, list[StockMove]] = {}
        for move in moves:
            sorted_out.setdefault(self.products[move.product].currency, []).append(move)
        return sorted_out


@exactly
def keep(store: Store, given: Sequence[StockMove], chart: Chart, *, on: date) -> None:
    """Keep those of the moves that are new; nothing is written when one of them is refused.

    Args:
        on: the day on which they became known.
    """
    products: Mapping[str, Product] = store.hold(
        Product, sorted({move.product for move in given})
    )  # then what is read here stands still
    new = new_ones(store, given)
    if not new:
        return
    refuse_strangers(store, new, products)
    balances = _balances(store, new)
    moves = placed(store, new, balances.values(), on=on)
    if all(move.account not in balances or move.on >= balances[move.account].last for move in moves):
        holdings = {account: balance.holding for account, balance in balances.items()}
        earlier, done = None, replay(moves, _ways(products), holdings=holdings, origins=_origins(store, moves))
    else:
        earlier, products = _traced(store, products)
        balances = _balances(store, [*earlier.moves, *moves])
        in_order = sorted([*earlier.moves, *moves], key=lambda move: move.order)
        done = replay(in_order, _ways(products), origins=earlier.origins)
    step = _Step(moves=moves, done=done, earlier=earlier, products=products, balances=balances, on=on)
    _keep_balances(store, step)
    _enter(store, step, chart)
    if earlier is not None:
        _correct(store, step, earlier, chart)


def _ways(products: Mapping[str, Product]) -> dict[str, Way]:
    return {id: Way(product.method, product.currency) for id, product in products.items()}


def _balances(store: Store, moves: Iterable[StockMove]) -> Balances:
    ids = sorted({balance_id(*move.account) for move in moves})
    return {balance.account: balance for balance in store.get_many(StockBalance, ids).values()}


def _origins(store: Store, moves: Iterable[StockMove]) -> dict[str, Decimal]:
    """Return what the moves cost by now that are taken back."""
    wanted = {move.origin for move in moves if move.kind in RETURNS}
    return {id: cost.copy_abs() for id, cost in spent(store, wanted).items()}


def _traced(store: Store, products: Mapping[str, Product]) -> tuple[Traced, Mapping[str, Product]]:
    """Return everything that depends on these products, held: what was assembled from them, and so on."""
    while not (traced := trace(store, products.keys())).products <= products.keys():
        products = store.hold(Product, sorted(traced.products))
    return traced, products


def _keep_balances(store: Store, step: _Step) -> None:
    """Keep what is on hand now, of every product and place that something changed for."""
    last = {move.account: move for move in step.moves}  # they are in order
    for account in sorted(step.done.holdings):
        before = step.balances.get(account)
        after = _balance(account, step.done.holdings[account], last.get(account), before)
        if before is None:
            store.add(after)
        elif after != before:
            store.replace(before, after)


def _balance(
    account: tuple[str, str], holding: Holding, move: StockMove | None, before: StockBalance | None
) -> StockBalance:
    """Return what is on hand after the last of the moves, if one was of this account."""
    product, place = account
    return StockBalance(
        id=balance_id(product, place),
        product=product,
        place=place,
        last=max(one for one in (move and move.on, before and before.last) if one),
        sequence=max(one for one in (move and move.sequence, before and before.sequence) if one),
        holding=holding,
    )


def _enter(store: Store, step: _Step, chart: Chart) -> None:
    """Keep the moves, enter what they cost, and book it on their own day."""
    store.add(*step.moves)
    store.add(*(_entry(step, move, *step.done.costs[move.id], chart=chart) for move in step.moves))
    prices = _prices(store, step)
    amounts = {move.id: step.done.costs[move.id][0] for move in step.moves}
    for currency, moves in sorted(step.currencies(step.moves).items()):
        store.ledger.post(list(booked(moves, amounts, prices, chart, currency)))
    store.journal.append([_moved(step, move) for move in step.moves])


def _entry(
    step: _Step, move: StockMove, amount: Decimal, because: Reason, *, chart: Chart, cause: str = ""
) -> StockEntry:
    return StockEntry(
        id=entry_id(move.id, cause),
        move=move.id,
        product=move.product,
        place=move.place,
        on=move.on,
        known=max(step.on, move.on) if not cause else _day(step),
        quantity=ZERO if cause else move.signed,
        amount=Money(amount, step.products[move.product].currency),
        account=chart.code("stock"),
        because=because,
        cause=cause,
    )


def _prices(store: Store, step: _Step) -> dict[str, Decimal]:
    """Return what suppliers give back for what goes back to them: what it was bought for."""
    wanted = {move.origin for move in step.moves if move.kind is MoveKind.SUPPLIER_RETURN}
    receipts = store.get_many(StockMove, wanted) if wanted else {}
    return {
        move.id: portion_of(paid.amount, move.portion, places(paid.currency))
        for move in step.moves
        if move.kind is MoveKind.SUPPLIER_RETURN and move.portion and (paid := receipts[move.origin].amount)
    }


def _moved(step: _Step, move: StockMove) -> StockMoved:
    amount, _ = step.done.costs[move.id]
    return StockMoved(
        party="",
        on=move.on,
        move=move.id,
        product=move.product,
        place=move.place,
        kind=move.kind,
        quantity=move.signed,
        amount=amount,
        currency=step.products[move.product].currency,
    )


def _correct(store: Store, step: _Step, earlier: Traced, chart: Chart) -> None:
    """Enter by how much the cost of earlier moves changed, and book it in one entry on the day it became known."""
    cause = step.moves[0].id
    differences, touched, entries = {}, [], []
    for move in sorted(earlier.moves, key=lambda one: one.order):
        cost, because = step.done.costs[move.id]
        was = earlier.costs[move.id]
        difference = EXACT.subtract(cost, was)
        if difference:
            told = Reason(
                "stock.corrected",
                difference,
                (("cost", cost.copy_abs()), ("was", was.copy_abs()), ("move", cause)),
                (because,),
            )
            differences[move.id] = difference
            touched.append(move)
            entries.append(_entry(step, move, difference, told, chart=chart, cause=cause))
    if not touched:
        return
    store.add(*entries)
    for currency, moves in sorted(step.currencies(touched).items()):
        store.ledger.post(list(corrected(moves, differences, chart, cause=cause, on=_day(step), currency=currency)))
    store.journal.append([StockCorrected(party="", on=_day(step), cause=cause, moves=tuple(differences))])


def _day(step: _Step) -> date:
    """Return the day on which the last of the moves was known."""
    return max(step.on, *(move.on for move in step.moves))
