"""Events: what happened, with ids and figures, never personal text; names are looked up when shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

import attrs

from .errors import InvalidValue
from .periods import a_day

E = TypeVar("E", bound="Event")


@attrs.frozen(kw_only=True)
class Event:
    """Something that happened on a day and concerns one party."""

    party: str
    on: date

    def __attrs_post_init__(self) -> None:
        """Refuse a moment in the place of a day: what is written down once cannot be put right."""
        a_day(self.on, where=f"event of {self.party}")


@attrs.frozen
class Actor:
    """Who did it: a person's or a job's id in the host's own administration."""

    id: str


def acting(by: Actor, at: datetime) -> None:
    """Refuse what is no actor, or no moment, before anything is done by it.

    Raises:
        InvalidValue: when it is not.
    """
    if not isinstance(by, Actor):
        raise InvalidValue(f"{by!r} is not an actor", where="books, by", remedy='write by=Actor("eva")')
    if not isinstance(at, datetime):
        raise InvalidValue(f"{at!r} is not a moment", where="books, at", remedy="write at=datetime(2026, 1, 31, 12, 0)")


@attrs.frozen(kw_only=True)
class Recorded:
    """An event in the journal: its position, the moment and the actor of the transaction that wrote it."""

    position: int
    at: datetime
    by: str
    event: Event


EVENTS: dict[str, type[Event]] = {}
_NAMES: dict[type, str] = {}


def event(name: str) -> Callable[[type[E]], type[E]]:
    """Register a kind of event under a stable name: ``@event("invoice.issued")``.

    Raises:
        InvalidValue: when another class has the name.
    """

    def register(cls: type[E]) -> type[E]:
        if name in EVENTS and EVENTS[name].__qualname__ != cls.__qualname__:
            raise InvalidValue(f"taken by {EVENTS[name].__name__}", where=f"event {name}", remedy="choose another name")
        EVENTS[name] = cls
        _NAMES[cls] = name
        return cls

    return register


def name_of(cls: type[Event]) -> str:
    """Return the stable name of a kind of event.

    Raises:
        InvalidValue: when the class was not registered.
    """
    try:
        return _NAMES[cls]
    except KeyError:
        raise InvalidValue(
            f"{cls.__name__} is not registered", where="events", remedy="decorate it with @event(name)"
        ) from None


@event("party.registered")
@attrs.frozen(kw_only=True)
class PartyRegistered(Event):
    """A party was entered or changed."""


@event("party.erased")
@attrs.frozen(kw_only=True)
class PartyErased(Event):
    """The person data of a party was erased, as far as the law allows."""


@event("agreement.changed")
@attrs.frozen(kw_only=True)
class AgreementChanged(Event):
    """Something was agreed, changed or ended: from ``since`` on, other things may be due."""

    source: str
    agreement: str
    change: str
    since: date


@event("decision.made")
@attrs.frozen(kw_only=True)
class DecisionMade(Event):
    """Somebody decided about what is due."""

    decision: str
    kind: str
    agreement: str


@event("decision.withdrawn")
@attrs.frozen(kw_only=True)
class DecisionWithdrawn(Event):
    """A decision was taken back."""

    decision: str


@event("invoice.issued")
@attrs.frozen(kw_only=True)
class InvoiceIssued(Event):
    """An invoice or credit note was issued."""

    document: str
    number: str
    kind: str
    total: Decimal
    currency: str


@event("payment.received")
@attrs.frozen(kw_only=True)
class PaymentReceived(Event):
    """Money came in."""

    payment: str
    amount: Decimal
    currency: str


@event("payment.allocated")
@attrs.frozen(kw_only=True)
class PaymentAllocated(Event):
    """A part of a payment was set against a document."""

    payment: str
    document: str
    amount: Decimal
    currency: str
    rule: str


@event("opening.invoice")
@attrs.frozen(kw_only=True)
class OldInvoiceLoaded(Event):
    """An invoice of an old system came in with the opening balances; ``amount`` is what was still open of it."""

    document: str
    number: str
    amount: Decimal
    currency: str


@event("opening.billed")
@attrs.frozen(kw_only=True)
class BilledUntilLoaded(Event):
    """It was loaded with the opening balances until which day an old system billed an agreement."""

    source: str
    agreement: str
    until: date


@event("message.sent")
@attrs.frozen(kw_only=True)
class MessageSent(Event):
    """A document was sent."""

    message: str
    document: str


@event("message.failed")
@attrs.frozen(kw_only=True)
class MessageFailed(Event):
    """A document could not be sent; ``problem`` is the code of the failure."""

    message: str
    document: str
    problem: str


@event("notice.sent")
@attrs.frozen(kw_only=True)
class NoticeSent(Event):
    """A notice (a confirmation, a reminder) was sent; ``subject`` is the id of the record that it was about."""

    message: str
    source: str
    purpose: str
    subject: str


@event("notice.failed")
@attrs.frozen(kw_only=True)
class NoticeFailed(Event):
    """A notice could not be sent; ``problem`` is the code of the failure."""

    message: str
    source: str
    purpose: str
    subject: str
    problem: str
