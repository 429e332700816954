"""Quotations: what we offer a client, until when, and what became of it."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.events import Event, event
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.records import ERASED, record
from ...domain.texts import a_text, one_of
from .lines import OrderLine
from .products import a_name


class QuotationState(StrEnum):
    """How far a quotation is."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    EXPIRED = "expired"


#: What may become of a quotation.
QUOTATION_STEPS: dict[QuotationState, tuple[QuotationState, ...]] = {
    QuotationState.DRAFT: (QuotationState.SENT, QuotationState.REJECTED),
    QuotationState.SENT: (QuotationState.ACCEPTED, QuotationState.REJECTED, QuotationState.EXPIRED),
    QuotationState.ACCEPTED: (),
    QuotationState.REJECTED: (),
    QuotationState.EXPIRED: (),
}


def to_quotation_state(word: QuotationState | str) -> QuotationState:
    """Turn a word into how far a quotation is, or refuse it."""
    return one_of(QuotationState, word)


@record(
    "orders.quotation",
    keys=("client", "state", "alternative_to", "on"),
    party="client",
    personal={"reference": "", "reason": ERASED},
)
@attrs.frozen(kw_only=True)
class Quotation:
    """What we offer one client at which prices, until a day.

    Args:
        id: the caller's own id, of at most 100 characters.
        on: the day of the quotation: it decides the prices of the list, and the VAT that is shown.
        valid_until: the last day on which it can be accepted.
        reference: what the client calls it.
        alternative_to: the quotation of which this is another variant; only one of them is accepted.
        wanted: the day on which the client would like to have it.
        state, order, decided, reason: what became of it; the desk gives them.

    Raises:
        InvalidValue: for a quotation that could not be printed or accepted.
    """

    id: str
    client: str
    on: date
    valid_until: date
    lines: tuple[OrderLine, ...]
    title: str = ""
    reference: str = ""
    currency: str = "EUR"
    alternative_to: str = ""
    wanted: date | None = None
    state: QuotationState = attrs.field(default=QuotationState.DRAFT, converter=to_quotation_state)
    order: str = ""
    decided: date | None = None
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a quotation that ends before it begins."""
        where = f"quotation {a_name(self.id, where='quotation')}"
        a_name(self.client, where=f"{where}, client")
        for text in (self.title, self.reference, self.reason, self.alternative_to):
            a_text(text, where=where)
        for day in (self.on, self.valid_until, self.wanted, self.decided):
            if day is not None:
                a_day(day, where=where)
        places(self.currency)
        if self.valid_until < self.on:
            raise InvalidValue(f"it ends before {self.on}", where=where, remedy="let it hold until a later day")
        if self.alternative_to == self.id:
            raise InvalidValue("it is an alternative to itself", where=where, remedy="name another one")

    @property
    def root(self) -> str:
        """The quotation of which it and its alternatives are variants."""
        return self.alternative_to or self.id

    def moved(self, state: QuotationState) -> Quotation:
        """Return the quotation a step further.

        Raises:
            RuleViolation: when it cannot take that step.
        """
        if state not in QUOTATION_STEPS[self.state]:
            raise RuleViolation(
                f"it was {self.state}, and cannot be {state}", where=f"quotation {self.id}", remedy="make a new one"
            )
        return attrs.evolve(self, state=state)


@event("quotation.changed")
@attrs.frozen(kw_only=True)
class QuotationChanged(Event):
    """Something was offered to a client, or it was decided about; ``subject`` is the id of the quotation."""

    subject: str
    change: str
