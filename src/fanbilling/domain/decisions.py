"""Decisions: what we ourselves changed about what is due, with reason and author."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from .errors import InvalidValue
from .exact import ZERO, an_exact, between, rounded
from .items import ItemKey
from .lots import Lot
from .money import places
from .periods import a_day
from .terms import Terms
from .texts import a_text, an_id, one_of


class DecisionKind(StrEnum):
    """What a decision does to what is due."""

    WAIVED = "waived"  # forgo: we do not ask for it (again)
    RETURNED = "returned"  # forgo, for the one document that carries it: billable again afterwards
    CONCEDED = "conceded"  # concede: money only
    MOVED = "moved"  # move: another pays
    HELD = "held"  # wait: until a day, or until it is withdrawn

    @property
    def lasting(self) -> bool:
        """Whether it still counts after the document that carried it."""
        return self is not DecisionKind.RETURNED


class Then(StrEnum):
    """What happens to what a credit note gives back."""

    WAIVE = "waive"  # we do not ask for it again
    REBILL = "rebill"  # billable again, at today's terms
    HOLD = "hold"  # kept back until the hold is withdrawn


def to_kind(word: DecisionKind | str) -> DecisionKind:
    """Turn a word into a kind of decision, or refuse it."""
    return one_of(DecisionKind, word)


def to_then(word: Then | str) -> Then:
    """Turn a word into what happens next, or refuse it."""
    return one_of(Then, word)


@attrs.frozen(kw_only=True)
class Decision:
    """One decision about one key.

    Args:
        id: the caller's own id; the same id with the same content is the same decision.
        terms: which lines are meant first; absent means whatever is due.
        quantity: how much; absent means all of it.
        amount: for a concession, how much money; for what a credit gives back, the money that went with it.
        payer: for a move, who pays from now on.
        until: for a hold, the first day on which it may be billed again; absent means until withdrawn.
        target: the document that a credit gives back, the lines with these terms.
        document: the document that carried the decision, if one did.
        withdrawn: the day on which the decision was taken back.

    Raises:
        InvalidValue: for a quantity or amount of zero, a concession without an amount, or no reason.
    """

    id: str
    key: ItemKey
    kind: DecisionKind = attrs.field(converter=to_kind)
    reason: str
    by: str = ""
    on: date
    terms: Terms | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    payer: str = ""
    until: date | None = None
    target: str = ""
    document: str = ""
    withdrawn: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a decision that says nothing or the opposite of what it means."""
        an_id(self.id, where="decision")
        a_day(self.on, where=f"decision {self.id}")
        if self.until is not None:
            a_day(self.until, where=f"decision {self.id}, until")
        for name, figure in (("quantity", self.quantity), ("amount", self.amount)):
            if figure is not None and not an_exact(figure, where=f"decision {self.id}, {name}"):
                raise InvalidValue(
                    f"a {name} of zero decides nothing", where=f"decision {self.id}", remedy="leave it out for all"
                )
        if self.kind is DecisionKind.CONCEDED and self.amount is None:
            raise InvalidValue("a concession needs an amount", where=f"decision {self.id}", remedy="say how much money")
        if self.kind is DecisionKind.MOVED and not self.payer:
            raise InvalidValue("a move needs a payer", where=f"decision {self.id}", remedy="say who pays")
        a_text(self.reason, where=f"decision {self.id}, reason", needed=True)

    def holds(self, until: date) -> bool:
        """Whether this keeps something back in a run that looks until a day."""
        return self.kind is DecisionKind.HELD and (self.until is None or self.until > until)


def take(lots: Mapping[Terms, Lot], decision: Decision) -> list[tuple[Terms, Lot]]:
    """Say from which lots a decision takes how much: its own terms first, then those taxed alike, then any.

    Never more than is there. What a credit gave back takes exactly its money from its own terms, and no money where it
    gave none back (a line that was conceded in full). A concession takes money only, a move leaves what the new payer
    has already, a hold takes nothing.
    """
    if decision.kind is DecisionKind.HELD:
        return []
    own = decision.terms
    order = sorted(lots, key=lambda terms: (terms != own, own is None or terms.tax != own.tax, terms))
    if decision.kind is DecisionKind.CONCEDED:
        return _money(lots, order, decision.amount or ZERO)
    if decision.kind is DecisionKind.MOVED:
        order = [terms for terms in order if terms.payer != decision.payer]
    wanted = decision.quantity
    remembered = decision.amount or ZERO if decision.target else decision.amount
    taken = []
    for terms in order:
        lot = lots[terms]
        quantity = lot.quantity if wanted is None else between(wanted, lot.quantity)
        if not quantity and not (wanted is None and lot.amount):
            continue
        share = lot.share(quantity, terms.currency)
        if remembered is not None and terms == own and quantity == wanted and quantity != lot.quantity:
            share = Lot(quantity, between(remembered, lot.amount))
        taken.append((terms, share))
        if wanted is not None:
            wanted -= quantity
            if not wanted:
                break
    return taken


def _money(lots: Mapping[Terms, Lot], order: list[Terms], wanted: Decimal) -> list[tuple[Terms, Lot]]:
    taken = []
    for terms in order:
        amount = between(rounded(wanted, places(terms.currency)), lots[terms].amount)
        if amount:
            taken.append((terms, Lot(ZERO, amount)))
            wanted -= amount
    return taken
