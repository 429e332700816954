"""What the rows of courses.csv, sessions.csv and registrations.csv say, and what they have to agree with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import attrs

from ....sources.courses import CancellationTier, SessionDay
from ....sources.courses.due import SEAT
from ...columns import DAY, ENTERED, ID, NUMBER, TAX, TEXT, YES_NO, Later, Problems, Wrong, choice, column
from ...tables import Found, Index, Table
from ..files import Names
from .kinds import (
    ADDRESS,
    AHEAD,
    AT_LEAST,
    ATTENDED,
    CANCELLATION,
    DAYS,
    OFFER,
    PERSON,
    SEATS,
    SUBSTITUTION,
    ZONE,
)

HUNDRED: Final = Decimal(100)
SAID_ON: Final = "Day on which it was said; a run on an earlier day does not see the row"


@attrs.frozen(kw_only=True)
class CourseRow:
    """A course, and on which conditions one comes; a later row holds for whoever registers from then on."""

    row: int
    id: str = column(ID, "Id of the course", "PLAN-1", required=True)
    title: str = column(TEXT, "What it is called", "Planning for beginners", required=True)
    description: str = column(TEXT, "What it is about", "Two days with your own planning")
    price: Decimal = column(NUMBER, "Price of a seat, without VAT", "495,00", required=True)
    since: dt.date | None = column(
        DAY, "In a later row: first day on which its price holds", "2026-07-01", later=Later.OWN, name="from"
    )
    tax: str = column(TAX, "VAT class of a seat; education may be exempt", "exempt", required=True)
    language: str = column(choice("nl", "en"), "Language of its messages; empty: the participant's", "nl")
    reviewed: str = column(YES_NO, "Whether somebody looks at a registration before it gets a seat", "no", default="no")
    bill_days: int | None = column(
        AHEAD, "How many days before the first day a seat is billed; empty: at once on registration", "14"
    )
    offer_days: int | None = column(
        OFFER, "How many days somebody from the waiting list may think; empty: the seat is theirs at once", "3"
    )
    cancellation: tuple[CancellationTier, ...] = column(
        CANCELLATION, "What is owed by whoever cancels within how long", "50% within 14 days, 100% within 2 days"
    )
    substitution: Decimal | None = column(
        SUBSTITUTION, "What it costs to send somebody else; no: nobody else may come", "25,00", default=Decimal(0)
    )
    fee_text: str = column(TEXT, "What a fee is called on the bill; empty: as the course", "Late cancellation")
    certified: str = column(YES_NO, "Whether there is a certificate", "yes", default="yes")
    certificate: str = column(TEXT, "What the certificate says besides", "Passed the final exercise")
    study_load: Decimal | None = column(NUMBER, "Hours of study, for the certificate", "14")
    attendance: Decimal = column(
        NUMBER, "Of how many percent of the days one has to be there for it", "80", default=HUNDRED
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-01-05", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if first and self.since:
            yield "from", Wrong("The first row of a course says its price, and changes nothing.", "Leave this empty.")
        if not 0 < self.attendance <= HUNDRED:
            yield "attendance", Wrong("This is no percentage of the days.", "Write 1 to 100.")


@attrs.frozen(kw_only=True)
class SessionRow:
    """A session, and what became of it: other days or another place, more seats, certain, held or called off."""

    row: int
    id: str = column(ID, "Id of the session", "PLAN-1-MARCH", required=True)
    course: str = column(ID, "The course", "PLAN-1", required=True, later=Later.FIXED, stands_in="courses.csv")
    date: dt.date = column(DAY, SAID_ON, "2026-01-05", required=True, later=Later.OWN)
    days: tuple[SessionDay, ...] = column(
        DAYS,
        "Its days with their hours; in a later row: its new ones",
        "2026-03-12 09:30-16:30, 2026-03-13 09:30-16:30",
        required=True,
        later=Later.OWN,
    )
    zone: str = column(ZONE, "Whose hours those are", "Europe/Amsterdam", default="Europe/Amsterdam", later=Later.FIXED)
    place: str = column(TEXT, "Where it is held; in a later row: where it is held now", "Utrecht", later=Later.OWN)
    teacher: str = column(TEXT, "Who teaches", "M. de Wit", later=Later.FIXED)
    title: str = column(
        TEXT, "What stands on the bill; empty: the title of the course", "Planning, Utrecht", later=Later.FIXED
    )
    capacity: int | None = column(
        SEATS, "How many seats; in a later row: how many from now on", "12", required=True, later=Later.OWN
    )
    minimum: int = column(AT_LEAST, "Fewer seats taken, and it is not held", "4", default=0, later=Later.FIXED)
    price: Decimal | None = column(
        NUMBER, "Price of a seat in this session, where that is not the course's", "445,00", later=Later.FIXED
    )
    tax: str = column(TAX, "VAT class, where that is not the course's", "exempt", later=Later.FIXED)
    state: str = column(
        choice("confirmed", "done", "cancelled"),
        "It will be held, was held, or was called off",
        "done",
        later=Later.OWN,
    )
    reason: str = column(TEXT, "Why it was called off, as participants may read it", "Teacher is ill", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-01-05", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if first and self.state not in {"", "confirmed"}:
            yield "state", Wrong("A session is planned before it is over.", "Give this a later row of its own.")
        if first and self.capacity is not None and self.minimum > self.capacity:
            yield "minimum", Wrong("This is more than there are seats.", f"Write 0 to {self.capacity}.")
        if first and any(later.start < earlier.end for earlier, later in zip(self.days, self.days[1:], strict=False)):
            yield "days", Wrong("The days are out of order.", "Write the first day first.")
        if self.state == "cancelled" and not self.reason:
            yield "reason", Wrong("Whoever has a seat wants to know why.", "Fill reason.")
        if not first and not (self.days or self.place or self.capacity or self.state):
            yield "state", Wrong("This row says nothing new about its session.", "Fill what is different.")


@attrs.frozen(kw_only=True)
class RegistrationRow:
    """A seat that somebody asked for; in a later row: who comes instead, who pays, whereto it moved, how it ended."""

    row: int
    id: str = column(ID, "Id of the registration", "R-1001", required=True)
    date: dt.date = column(DAY, SAID_ON, "2026-02-03", required=True, later=Later.OWN)
    session: str = column(
        ID, "The session; in a later row: to which it moved", "PLAN-1-MARCH", required=True, later=Later.OWN,
        stands_in="sessions.csv",
    )  # fmt: skip
    client: str = column(
        ID, "Who is billed; may be empty until that is known", "ardent", later=Later.OWN, stands_in="clients.csv"
    )
    payer: str = column(
        ID, "Who pays for the client, where its own file says otherwise", "kroon", later=Later.OWN,
        stands_in="clients.csv",
    )  # fmt: skip
    name: str = column(PERSON, "Who comes; in a later row: who comes instead", "Mara Voorbeeld", later=Later.OWN)
    email: str = column(ADDRESS, "Where that person is told of it", "mara@voorbeeld.example", later=Later.OWN)
    participant: str = column(
        ID, "Or the client who comes, in the place of name and email", "voorbeeld", later=Later.OWN,
        stands_in="clients.csv",
    )  # fmt: skip
    discount: Decimal = column(NUMBER, "Percent off the price", "10", default=Decimal(0), later=Later.FIXED)
    voucher: str = column(PERSON, "By which voucher", "EARLY", later=Later.FIXED)
    reference: str = column(PERSON, "What stands beside it on the bill", "INK-118", later=Later.FIXED)
    attended: tuple[dt.date, ...] | str = column(
        ATTENDED, "In a later row: on which days the participant was there", "all", later=Later.OWN
    )
    status: str = column(
        choice("accepted", "cancelled", "cancelled-by-us"),
        "In a later row: it got the seat that was asked for or offered, or ended",
        "cancelled",
        later=Later.OWN,
    )
    fee: Decimal | None = column(
        NUMBER, "What moving costs; or cancelling, instead of what was agreed", "75,00", later=Later.OWN
    )
    fee_payer: str = column(
        ID, "Who pays for moving; empty: who pays from then on", "ardent", later=Later.OWN, stands_in="clients.csv"
    )
    reason: str = column(TEXT, "Why it ended or moved", "Ill", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-03", later=Later.OWN)

    @property
    def somebody(self) -> bool:
        """Whether it says who comes."""
        return bool(self.name or self.email or self.participant)

    @property
    def paid(self) -> bool:
        """Whether it says who pays."""
        return bool(self.client or self.payer)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.participant and (self.name or self.email):
            yield "participant", Wrong("This one has name and address in clients.csv.", "Leave name and email empty.")
        if self.discount > HUNDRED:
            yield "discount", Wrong("This is more than the price itself.", "Write 0 to 100.")
        yield from self._first_problems() if first else self._later_problems()

    def _first_problems(self) -> Problems:
        if not (self.email or self.participant or self.client):
            yield "email", Wrong("Nobody can be told of this seat.", "Give an address, a participant or a client.")
        if self.payer and not self.client:
            yield "client", Wrong("There is a payer, but nobody for whom.", "Fill client as well.")
        for name in ("attended", "status", "fee", "fee_payer"):
            if getattr(self, name) not in {"", None}:
                yield name, Wrong("The first row asks for the seat.", "Give this a later row of its own.")

    def _later_problems(self) -> Problems:
        moved, over = bool(self.session), self.status.startswith("cancelled")
        if over and not self.reason:
            yield "reason", Wrong("This does not say why it ended.", "Fill reason.")
        if over and (moved or self.somebody or self.attended):
            yield "status", Wrong("This row goes on and ends at once.", "Give the end a row of its own.")
        if self.fee is not None and not moved and not over:
            yield "fee", Wrong("Only moving and cancelling have a fee here.", "Leave this empty.")
        if self.fee_payer and (not moved or self.fee is None):
            yield "fee_payer", Wrong("There is no fee for moving that somebody could pay.", "Leave this empty.")
        if not (moved or self.somebody or self.paid or self.attended or self.status):
            yield "status", Wrong("This row says nothing new about its seat.", "Fill what is different.")


COURSES: Final = Table(file="courses.csv", row=CourseRow, stamp=("from", "entered"))
SESSIONS: Final = Table(file="sessions.csv", row=SessionRow, stamp=("date", "entered"), counts_from="date")
REGISTRATIONS: Final = Table(
    file="registrations.csv", row=RegistrationRow, stamp=("date", "entered"), counts_from="date"
)


def in_time(index: Index) -> Found:
    """Nothing happens with a session or a registration before there is one."""
    tables: tuple[Table[Any], ...] = (SESSIONS, REGISTRATIONS)
    for table in tables:
        for row in index.folder.of(table):
            first = index.first(table, row.id)
            if first and row.date < first.date:
                yield table, row, "date", Wrong(f"There is one only from {first.date}.", "Write that or a later day.")


def named(index: Index, table: Table[Any], row: Names) -> Found:
    """A row names a registration that there is, its seat or a fee of it, and the day of registration."""
    yield from index.refer(table, row, "agreement", REGISTRATIONS, row.agreement)
    first = index.first(REGISTRATIONS, row.agreement)
    if row.fact != SEAT and not row.fact.startswith("fee:"):
        yield (
            table,
            row,
            "fact",
            Wrong("A registration has no such part.", f"Write {SEAT}, or fee:cancelled for a fee."),
        )
    if first and row.filed != first.date:
        yield table, row, "filed", Wrong("The registration has another date.", f"Write {first.date}.")
