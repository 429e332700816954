"""A registration: who comes to a session, who pays for it, what was agreed, and what became of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import ZERO, exact
from ...domain.periods import a_day
from ...domain.reasons import Reason
from ...domain.records import ERASED, record
from ...domain.texts import a_text, an_id
from ...domain.vat import TaxClass, to_tax_class
from .people import a_line, an_address
from .policies import HUNDRED, CancellationPolicy
from .states import SEATED, RegistrationState


class Purpose(StrEnum):
    """What a participant is told; the words of the message are found by it."""

    CONFIRMATION = "courses.confirmation"
    WAITING = "courses.waiting"
    OFFER = "courses.offer"
    MOVED = "courses.moved"
    CANCELLED = "courses.cancelled"
    CALLED_OFF = "courses.called-off"
    REMINDER = "courses.reminder"
    CERTIFICATE = "courses.certificate"


class Ending(StrEnum):
    """Who or what ended a registration."""

    CLIENT = "client"
    US = "us"
    SESSION = "session"
    LAPSED = "lapsed"
    OVER = "over"


#: Endings after which nothing is due, whatever was agreed.
OURS = (Ending.US, Ending.SESSION)


@attrs.frozen(kw_only=True)
class SeatTerms:
    """What was agreed about a seat on the day of registration; a later price list does not change it.

    Args:
        price: to be paid, excluding VAT, after the discount.
        list_price: of that day.
        agreed: why another price holds than the list's less the discount, if one does.
    """

    price: Decimal
    list_price: Decimal
    discount: Decimal = ZERO
    currency: str = "EUR"
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    bill_days_before: int | None = None
    cancellation: CancellationPolicy = CancellationPolicy()
    agreed: str = ""

    @property
    def because(self) -> Reason:
        """Why the price is what it is."""
        if self.agreed:
            return Reason("courses.price-agreed", self.price, (("list_price", self.list_price), ("why", self.agreed)))
        if self.discount:
            inputs = (("list_price", self.list_price), ("discount", self.discount))
            return Reason("courses.price-discounted", self.price, inputs)
        return Reason("courses.price", self.price)


@attrs.frozen(kw_only=True)
class News:
    """What the participant is to be told last: it takes the place of what was not sent yet.

    Args:
        revision: rises with each; also in the calendar.
        days: the most days that ever stood in the participant's calendar for it.
        was: the first day that it was moved from, where it was moved.
    """

    purpose: Purpose
    on: date
    revision: int = 0
    days: int = 0
    was: date | None = None


@attrs.frozen(kw_only=True)
class Fee:
    """What is owed besides the seat: for cancelling, moving, or sending somebody else; billed under a key of its own.

    Args:
        payer: who pays; settled when it is made, so that another payer of the seat does not take it over. Empty while
            nobody is known.
    """

    id: str
    on: date
    payer: str = ""
    amount: Decimal
    tax_class: TaxClass = attrs.field(converter=to_tax_class)
    text: str = ""
    because: Reason


@attrs.frozen(kw_only=True)
class Move:
    """That a registration went on in another session, as it was asked for: who pays from then on, and at which fee.

    Args:
        client, payer: absent is as before.
    """

    on: date
    from_session: str
    to_session: str
    client: str = ""
    payer: str = ""
    price: Decimal | None = None
    fee: Decimal | None = None
    fee_payer: str = ""
    reason: str = ""


@attrs.frozen(kw_only=True)
class Ended:
    """That a registration ended, on which day, by whom and why.

    Args:
        seat_due: whether the seat stays due in full.
        because: by which tier.
        fee: what was said to be owed instead of what the policy says.
    """

    on: date
    by: Ending
    reason: str = ""
    seat_due: bool = False
    because: Reason | None = None
    fee: Decimal | None = None


def _without_words(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    """Return moves that no longer say why."""
    return tuple(attrs.evolve(move, reason=ERASED) if move.reason else move for move in moves)


def _terms_without_words(terms: SeatTerms | None) -> SeatTerms | None:
    """Return terms that no longer say why another price was agreed."""
    return attrs.evolve(terms, agreed=ERASED) if terms and terms.agreed else terms


def _ended_without_words(ended: Ended | None) -> Ended | None:
    """Return an ending that no longer says why."""
    return attrs.evolve(ended, reason=ERASED) if ended and ended.reason else ended


@record(
    "courses.registration",
    keys=("session", "client", "state", "email", "participant", "place", "certificate", "offered_until"),
    party="client",
    personal={
        "name": "",
        "email": "",
        "reference": "",
        "moves": _without_words,
        "ended": _ended_without_words,
        "terms": _terms_without_words,
    },
)
@attrs.frozen(kw_only=True)
class Registration:
    """A seat in a session that somebody asked for.

    Args:
        participant: the id of the party who comes; its name and address are looked up there. Or else ``name`` and
            ``email``, of somebody of whom no party is kept. Or neither, while the client does not know who comes.
        client: for whom it is done, and who is billed unless its file, or ``payer``, says otherwise. Empty while that
            is not known: then the seat is kept, and cannot be billed before somebody says who pays.
        discount: in percent of the price; ``voucher`` says by which one.
        reference: what the payer wants to read beside it on the bill: an order number, a department.
        on: the day of registration, under which everything about it is filed; the desk fills in this and what follows.
        place: in the order of registration in its session.

    Raises:
        InvalidValue: for what cannot be kept or mailed; it names the field.
    """

    id: str
    session: str
    name: str = ""
    email: str = ""
    participant: str = ""
    client: str = ""
    payer: str = ""
    discount: Decimal = attrs.field(default=ZERO, converter=exact)
    voucher: str = ""
    reference: str = ""
    on: date | None = None
    place: int = 0
    state: RegistrationState = RegistrationState.REQUESTED
    terms: SeatTerms | None = None
    news: News | None = None
    offered_until: date | None = None
    fees: tuple[Fee, ...] = ()
    moves: tuple[Move, ...] = ()
    attended: tuple[date, ...] = ()
    ended: Ended | None = None
    certificate: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"registration {an_id(self.id, where='registration')}"
        an_id(self.session, where=f"{where}, session")
        for name in ("participant", "client", "payer"):
            if getattr(self, name):
                an_id(getattr(self, name), where=f"{where}, {name}")
        for name in ("name", "voucher", "reference"):
            object.__setattr__(self, name, a_line(getattr(self, name), where=f"{where}, {name}"))
        object.__setattr__(self, "email", an_address(self.email, where=f"{where}, email"))
        if self.participant and (self.name or self.email):
            raise InvalidValue(
                "a participant who is a party has name and address there",
                where=where,
                remedy="leave these out",
            )
        if self.payer and not self.client:
            raise InvalidValue("a payer without a client", where=f"{where}, payer", remedy="give the client as well")
        if not 0 <= self.discount <= HUNDRED:
            raise InvalidValue(f"a discount of {self.discount} percent", where=where, remedy="use 0 to 100")

    @property
    def filed(self) -> date:
        """Under which day everything about it is filed: the day of registration."""
        return self.on or date.min

    @property
    def seated(self) -> bool:
        """Whether it has a seat that is paid for."""
        return self.state in SEATED

    def asked(self) -> Registration:
        """Return it as it was asked for, without what the desk keeps of it."""
        return Registration(
            id=self.id,
            session=self.session,
            name=self.name,
            email=self.email,
            participant=self.participant,
            client=self.client,
            payer=self.payer,
            discount=self.discount,
            voucher=self.voucher,
            reference=self.reference,
        )


def a_reason(text: str, *, where: str) -> str:
    """Return why something was done, or refuse an empty one.

    Raises:
        InvalidValue: when it says nothing.
    """
    return a_text(text, where=f"{where}, reason", needed=True)


def a_day_of(registration: Registration, on: date) -> date:
    """Return the day on which something is done with a registration, or refuse one before it was made.

    Raises:
        InvalidValue: for a day before the day of registration.
    """
    if a_day(on, where="on") < registration.filed:
        raise InvalidValue(
            f"on {on} it did not exist", where=f"registration {registration.id}", remedy=f"it is of {registration.on}"
        )
    return on
