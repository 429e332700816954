"""How stock is booked: what comes in and goes out, at cost, against what it was for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from ...domain.accounts import Chart
from ...domain.exact import EXACT, ZERO, exactly
from ...domain.ledger import LedgerEntry, Posting
from .moves import MoveKind, StockMove

#: What stands against the stock account. An assembly stands against itself: parts out, product in.
_AGAINST = {
    MoveKind.RECEIPT: "received",
    MoveKind.ISSUE: "cost",
    MoveKind.CUSTOMER_RETURN: "cost",
    MoveKind.SUPPLIER_RETURN: "difference",
    MoveKind.SURPLUS: "difference",
    MoveKind.SHORTAGE: "difference",
}
_ASSEMBLY = (MoveKind.ASSEMBLY_IN, MoveKind.ASSEMBLY_OUT)


@exactly
def booked(
    moves: Iterable[StockMove],
    amounts: Mapping[str, Decimal],
    prices: Mapping[str, Decimal],
    chart: Chart,
    currency: str,
) -> Iterator[LedgerEntry]:
    """Yield an entry per move, and one for all moves of an assembly, on the day of the move.

    Args:
        amounts: at cost, per move; below zero for what leaves.
        prices: what a supplier gives back, per move that sends goods back; the rest is a price difference.
    """
    together: dict[str, list[StockMove]] = {}
    for move in moves:
        together.setdefault(move.origin if move.kind in _ASSEMBLY else move.id, []).append(move)
    for id, mine in together.items():
        postings = [posting for move in mine for posting in _postings(move, amounts[move.id], prices, chart)]
        if postings:
            kind = "stock-assembly" if mine[0].kind in _ASSEMBLY else f"stock-{mine[0].kind}"
            yield LedgerEntry(id=f"stock:{id}", kind=kind, on=mine[0].on, currency=currency, postings=tuple(postings))


@exactly
def corrected(
    moves: Iterable[StockMove], differences: Mapping[str, Decimal], chart: Chart, *, cause: str, on: date, currency: str
) -> Iterator[LedgerEntry]:
    """Yield the one entry that corrects what earlier moves cost, on the day on which that became known."""
    sums: dict[str, Decimal] = {}
    for move in moves:
        for posting in _postings(move, differences[move.id], {}, chart, again=True):
            sums[posting.account] = sums.get(posting.account, ZERO) + posting.amount
    postings = tuple(Posting(account=account, amount=amount) for account, amount in sorted(sums.items()) if amount)
    if postings:
        id = f"stock-correction:{cause}:{currency}"
        yield LedgerEntry(id=id, kind="stock-correction", on=on, currency=currency, postings=postings)


def _postings(
    move: StockMove, amount: Decimal, prices: Mapping[str, Decimal], chart: Chart, *, again: bool = False
) -> Iterator[Posting]:
    against = EXACT.minus(amount)
    rows = [(chart.code("stock"), amount)]
    if move.id in prices:
        rows.append((chart.code("received"), prices[move.id]))
        against = EXACT.subtract(against, prices[move.id])
    if role := _AGAINST.get(move.kind):
        rows.append((chart.code(role), against))
    elif move.amount is not None and not again:  # what was added to the cost of an assembly
        rows.append((chart.code("cost", "assembly"), EXACT.minus(move.amount.amount)))
    yield from (Posting(account=account, amount=figure) for account, figure in rows if figure)
