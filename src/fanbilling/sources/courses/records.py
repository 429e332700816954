"""What is offered: courses, and the sessions in which they are given."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import attrs

from ...domain.dated import EVER, Dated
from ...domain.errors import InvalidValue
from ...domain.exact import exact
from ...domain.languages import LANGUAGES
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import a_text, an_id
from ...domain.vat import TaxClass, to_tax_class
from .people import a_line
from .policies import HUNDRED, CancellationPolicy, a_tax_class
from .states import SessionState

#: The name of the source, in every key.
NAME = "courses"

Figure = Decimal | int | str


def a_number(number: Figure | None) -> Decimal | None:
    """Return an exact number, or nothing where nothing was given."""
    return None if number is None else exact(number, where="course")


def prices(price: Dated[Decimal] | Figure) -> Dated[Decimal]:
    """Return what a seat costs from which day; one price is one that always held."""
    return price if isinstance(price, Dated) else Dated(((EVER, exact(price, where="price")),))


@record("courses.course")
@attrs.frozen(kw_only=True)
class Course:
    """What is taught, and on which conditions. A change holds for whoever registers afterwards.

    Args:
        price: of a seat, excluding VAT, by the day of registration; one figure is a price that always holds.
        tax_class: education may be exempt, course by course (Wet OB art. 11(1)(o), Uitvoeringsbesluit art. 8).
        language: of the course and its messages, ``"nl"`` or ``"en"``; absent means as the participant's.
        reviewed: whether somebody looks at a registration before it gets a seat.
        bill_days_before: how many days before the first day a seat is billed; below zero is after it. Absent: on the
            day of registration.
        offer_days: how many days somebody from the waiting list has to take a seat; absent: it is theirs at once.
        cancellation: what is owed by whoever cancels.
        study_load: hours of study, for the certificate.
        certificate: what the certificate says besides; ``certified`` is whether there is one.
        attendance: of how many percent of the days one has to be there for it.

    Raises:
        InvalidValue: when id or title is missing, or a figure is impossible.
    """

    id: str
    title: str
    description: str = ""
    price: Dated[Decimal] = attrs.field(converter=prices)
    currency: str = "EUR"
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    language: str = ""
    reviewed: bool = False
    bill_days_before: int | None = None
    offer_days: int | None = None
    cancellation: CancellationPolicy = CancellationPolicy()
    certified: bool = True
    certificate: str = ""
    study_load: Decimal | None = attrs.field(default=None, converter=a_number)
    attendance: Decimal = attrs.field(default=HUNDRED, converter=exact)

    def __attrs_post_init__(self) -> None:
        where = f"course {an_id(self.id, where='course')}"
        a_text(self.title, where=f"{where}, title", needed=True)
        for text in (self.description, self.certificate):
            a_text(text, where=where)
        places(self.currency)
        if self.language and self.language not in LANGUAGES:
            raise InvalidValue(f"nothing is written in {self.language!r}", where=where, remedy=" or ".join(LANGUAGES))
        for price in self.price.steps:
            _not_below_zero(price[1], "a price", where)
        _not_below_zero(self.study_load, "a study load", where)
        if not 0 < self.attendance <= HUNDRED:
            raise InvalidValue(f"attendance of {self.attendance} percent", where=where, remedy="use 1 to 100")
        if self.offer_days is not None and self.offer_days < 0:
            raise InvalidValue(f"an offer of {self.offer_days} days", where=where, remedy="use zero or more")


@attrs.frozen(kw_only=True)
class SessionDay:
    """One day of a session, from when until when, at the hours of its place.

    Raises:
        InvalidValue: when it ends before it starts or on another day, or its hours have a zone of their own.
    """

    start: datetime
    end: datetime

    def __attrs_post_init__(self) -> None:
        for moment in (self.start, self.end):
            if type(moment) is not datetime or moment.tzinfo is not None:
                raise InvalidValue(
                    f"{moment!r} is no local time", where="session day", remedy="write datetime(2026, 3, 12, 9, 30)"
                )
        if self.end <= self.start or self.end.date() != self.start.date():
            raise InvalidValue(
                f"from {self.start} to {self.end}", where="session day", remedy="let it end later on the same day"
            )

    @property
    def day(self) -> date:
        """The day."""
        return self.start.date()


@record(
    "courses.session",
    keys=("course", "state", "first", "last", "closed", "participants"),
    personal=("teacher",),
)
@attrs.frozen(kw_only=True)
class Session:
    """A course on certain days in a certain place, with so many seats.

    Args:
        days: with their hours, in order.
        zone: whose hours those are, as ``"Europe/Amsterdam"``.
        title: what stands on the bill for it, in the client's words (days, place); absent means the course's title.
        minimum: fewer seats taken, and it is not held.
        price, tax_class: of a seat in this session, where that is not the course's.
        state, revision, registered, closed, participants: kept by the desk: how far it is, how often its days or place
            changed, how many registrations it ever had, on which day it was done or called off, and whether its
            participants are still known.
        first, last: follow from the days.

    Raises:
        InvalidValue: when there are no days, or they are out of order, or a figure is impossible.
    """

    id: str
    course: str
    days: tuple[SessionDay, ...]
    zone: str = "Europe/Amsterdam"
    place: str = ""
    teacher: str = ""
    title: str = ""
    capacity: int
    minimum: int = 0
    price: Decimal | None = attrs.field(default=None, converter=a_number)
    tax_class: TaxClass | None = attrs.field(default=None, converter=a_tax_class)
    state: SessionState = SessionState.PLANNED
    revision: int = 0
    registered: int = 0
    closed: date | None = None
    participants: str = "known"
    first: date | None = None
    last: date | None = None

    def __attrs_post_init__(self) -> None:
        where = f"session {an_id(self.id, where='session')}"
        an_id(self.course, where=f"{where}, course")
        a_text(self.zone, where=f"{where}, zone", needed=True)
        for text in (self.place, self.teacher, self.title):
            a_text(text, where=where)
        if not self.days or any(later.start < earlier.end for earlier, later in pairwise(self.days)):
            raise InvalidValue("its days are missing or out of order", where=where, remedy="give them in order")
        if type(self.capacity) is not int or self.capacity < 1:
            raise InvalidValue(f"a capacity of {self.capacity!r}", where=where, remedy="use 1 or more")
        if type(self.minimum) is not int or not 0 <= self.minimum <= self.capacity:
            raise InvalidValue(f"a minimum of {self.minimum!r}", where=where, remedy="use 0 up to the capacity")
        _not_below_zero(self.price, "a price", where)
        object.__setattr__(self, "first", self.days[0].day)
        object.__setattr__(self, "last", self.days[-1].day)

    @property
    def start(self) -> date:
        """The first day."""
        return self.days[0].day

    @property
    def end(self) -> date:
        """The last day."""
        return self.days[-1].day

    def planned(self) -> Session:
        """Return it as it was planned, without what the desk keeps of it."""
        return attrs.evolve(
            self, state=SessionState.PLANNED, revision=0, registered=0, closed=None, participants="known"
        )


def a_reference(text: str, *, where: str) -> str:
    """Return what the payer wants to be mentioned beside a seat, or refuse it."""
    return a_line(text, where=where)


def a_date(day: date | None, *, where: str) -> date | None:
    """Return a day, or nothing where nothing was given."""
    return None if day is None else a_day(day, where=where)


def _not_below_zero(number: Decimal | None, what: str, where: str) -> None:
    if number is not None and number < 0:
        raise InvalidValue(f"{what} of {number}", where=where, remedy="use zero or more")
