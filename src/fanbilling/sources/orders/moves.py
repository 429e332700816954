"""What comes into stock and leaves it, and what stands on hand: the records of stock."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import ZERO, exact
from ...domain.money import Money
from ...domain.periods import a_day
from ...domain.reasons import Reason
from ...domain.records import record
from ...domain.texts import a_text, an_id, one_of
from .holdings import Holding
from .products import a_name

#: Where goods lie when nothing else is said.
MAIN = "main"


class MoveKind(StrEnum):
    """Why a quantity comes in or goes out."""

    RECEIPT = "receipt"
    ISSUE = "issue"
    CUSTOMER_RETURN = "customer-return"
    SUPPLIER_RETURN = "supplier-return"
    ASSEMBLY_OUT = "assembly-out"
    ASSEMBLY_IN = "assembly-in"
    SURPLUS = "surplus"
    SHORTAGE = "shortage"

    @property
    def comes_in(self) -> bool:
        """Whether it adds to what is on hand."""
        return self in _COMES_IN


_COMES_IN = {MoveKind.RECEIPT, MoveKind.CUSTOMER_RETURN, MoveKind.ASSEMBLY_IN, MoveKind.SURPLUS}
_HAS_AMOUNT = {MoveKind.RECEIPT, MoveKind.SURPLUS}
#: What takes an earlier move back.
RETURNS = (MoveKind.CUSTOMER_RETURN, MoveKind.SUPPLIER_RETURN)
_HAS_ORIGIN = {MoveKind.CUSTOMER_RETURN, MoveKind.SUPPLIER_RETURN, MoveKind.ASSEMBLY_OUT, MoveKind.ASSEMBLY_IN}


def to_move_kind(word: MoveKind | str) -> MoveKind:
    """Turn a word into why a quantity moves, or refuse it."""
    return one_of(MoveKind, word)


@attrs.frozen(kw_only=True)
class Portion:
    """Which part of a whole: from one point up to another, of so many.

    Portions that follow each other take the whole without losing a cent, in whatever order they are looked at: each
    takes what the whole is worth up to its end, rounded, less what it is worth up to its start (law L11).
    """

    start: Decimal
    end: Decimal
    of: Decimal

    def __attrs_post_init__(self) -> None:
        """Refuse more than the whole."""
        if not (ZERO <= self.start <= self.end <= self.of and self.of):
            raise InvalidValue(
                f"{self.start:f} up to {self.end:f} of {self.of:f}",
                where="portion",
                remedy="take no more than all of it",
            )


@record("orders.move", keys=("product", "place", "on", "origin", "about", "party"), party="party")
@attrs.frozen(kw_only=True)
class StockMove:
    """A quantity of one product that came in or went out on a day, as somebody said it; never changed.

    Args:
        id: the caller's own id; unique over all moves.
        on: the day on which it moved.
        quantity: how much; always above zero, for its kind says in which direction.
        amount: for a receipt what all of it costs, for a surplus what all of it is worth, for what goes into an
            assembly what is added to its cost (labour).
        origin: for a return the move that it takes back; for an assembly its id.
        about: the order, delivery or other paper that it stems from.
        party: the supplier or the client, where there is one.
        sequence: which of several on one day was first; the desk gives it.
        portion: which part of the cost of its origin comes back with it; the desk gives it.
        known: the day on which it became known; the desk gives it.

    Raises:
        InvalidValue: for a move that could not be valued.
    """

    id: str
    kind: MoveKind = attrs.field(converter=to_move_kind)
    product: str
    place: str = MAIN
    on: date
    quantity: Decimal = attrs.field(converter=exact)
    amount: Money | None = None
    origin: str = ""
    about: str = ""
    party: str = ""
    sequence: int = 0
    portion: Portion | None = None
    known: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a move without a quantity, a receipt without an amount, a return of nothing."""
        where = f"move {an_id(self.id, where='move')}"
        a_name(self.product, where=f"{where}, product")
        a_place(self.place, where=f"{where}, place")
        a_day(self.on, where=where)
        for text in (self.origin, self.about, self.party):
            a_text(text, where=where)
        if self.quantity <= 0:
            raise InvalidValue(f"a quantity of {self.quantity}", where=where, remedy="use more than zero")
        if self.kind in _HAS_AMOUNT and self.amount is None:
            raise InvalidValue("nobody said what it is worth", where=where, remedy="give the amount of all of it")
        if self.amount is not None and self.amount.amount < 0:
            raise InvalidValue(f"an amount of {self.amount}", where=where, remedy="use zero or more")
        if self.kind in _HAS_ORIGIN and not self.origin:
            raise InvalidValue("nobody said what it belongs to", where=where, remedy="name the move that comes back")

    @property
    def account(self) -> tuple[str, str]:
        """Product and place: what is on hand is kept for each."""
        return self.product, self.place

    @property
    def signed(self) -> Decimal:
        """The quantity, below zero when it leaves."""
        return self.quantity if self.kind.comes_in else -self.quantity

    @property
    def order(self) -> tuple[date, int, str]:
        """When it happened, among all other moves."""
        return self.on, self.sequence, self.id


@record("orders.stock_entry", keys=("product", "place", "on", "known", "move", "cause"))
@attrs.frozen(kw_only=True)
class StockEntry:
    """A line of the stock ledger: what a move did to quantity and value; corrected by a further line, never changed.

    Args:
        id: made of its move and its cause.
        on: the day of its move.
        known: the day on which it became known.
        quantity: below zero for what left; a correction has none.
        amount: at cost, below zero for what left.
        account: the ledger account that it was booked on.
        cause: for a correction, the move that came in late and changed this cost; else empty.
    """

    id: str
    move: str
    product: str
    place: str
    on: date
    known: date
    quantity: Decimal
    amount: Money
    account: str
    because: Reason
    cause: str = ""


@record("orders.stock_balance", keys=("product", "place"))
@attrs.frozen(kw_only=True)
class StockBalance:
    """What is on hand of one product in one place, after the last move of it.

    Args:
        id: the place and the product, as ``main/bolt``.
        last: the day of the last move.
        sequence: the highest one that was given.
    """

    id: str
    product: str
    place: str
    last: date
    sequence: int
    holding: Holding

    @property
    def account(self) -> tuple[str, str]:
        """Product and place."""
        return self.product, self.place


@record("orders.stock_count", keys=("product", "place", "on"))
@attrs.frozen(kw_only=True)
class StockCount:
    """How much somebody counted of a product at the end of a day; the difference is booked.

    Args:
        counted: what was there; zero or more.
        amount: what the surplus is worth, if there is one; absent means what the rest of it is worth on average.

    Raises:
        InvalidValue: for less than nothing.
    """

    id: str
    product: str
    place: str = MAIN
    on: date
    counted: Decimal = attrs.field(converter=exact)
    amount: Money | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse to count less than nothing."""
        where = f"count {an_id(self.id, where='count')}"
        a_name(self.product, where=f"{where}, product")
        a_place(self.place, where=f"{where}, place")
        a_day(self.on, where=where)
        if self.counted < ZERO:
            raise InvalidValue(f"a count of {self.counted}", where=where, remedy="use zero or more")


def a_place(text: str, *, where: str) -> str:
    """Return the name of a place, or refuse one with a slash: that stands between place and product.

    Raises:
        InvalidValue: for anything else.
    """
    if "/" in a_name(text, where=where):
        raise InvalidValue(f"{text!r} has a slash in it", where=where, remedy="name the place without one")
    return text


def balance_id(product: str, place: str) -> str:
    """Return the id under which is kept what is on hand of a product in a place."""
    return f"{place}/{product}"


def entry_id(move: str, cause: str = "") -> str:
    """Return the id of a line of the stock ledger: no two moves and causes share one, whatever they are called."""
    return f"{len(cause)}:{cause}:{move}"
