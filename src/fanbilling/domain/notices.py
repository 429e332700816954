"""Notices: what is told to somebody about something agreed, beside the documents: a confirmation, a reminder.

*Notices to send = due − sent.* A source says which are due on a day; what is kept of each says how far it came.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

import attrs

from .errors import InvalidValue
from .languages import LANGUAGES
from .messages import MessageState, stepped
from .papers import Paper
from .periods import a_day
from .reasons import Fact
from .records import ERASED, record
from .texts import a_text, an_id


@attrs.frozen(kw_only=True)
class CalendarEvent:
    """Something to be put in a calendar, at the hours of a place.

    Args:
        uid: the caller's own id of it; the same one is the same entry in the calendar, changed or cancelled.
        revision: rises with every change, so that a calendar knows which is the latest.
        stamp: the day, or the moment, on which it was put down like this; given, for there is no clock here.
        start, end: at local time, without a zone of their own.
        zone: whose time that is, as ``"Europe/Amsterdam"``.
        cancelled: whether it is taken out of the calendar again.

    Raises:
        InvalidValue: when an id, a title or a zone is missing, or it ends before it starts.
    """

    uid: str
    revision: int = 0
    stamp: date | datetime
    start: datetime
    end: datetime
    zone: str = "Europe/Amsterdam"
    title: str
    description: str = ""
    location: str = ""
    cancelled: bool = False

    def __attrs_post_init__(self) -> None:
        where = f"calendar event {an_id(self.uid, where='calendar event')}"
        a_text(self.title, where=f"{where}, title", needed=True)
        a_text(self.zone, where=f"{where}, zone", needed=True)
        for text in (self.description, self.location):
            a_text(text, where=where)
        if not isinstance(self.stamp, datetime):
            a_day(self.stamp, where=f"{where}, stamp")
        elif self.stamp.tzinfo is None:
            raise InvalidValue("a moment without a zone", where=f"{where}, stamp", remedy="give a day, or a zone")
        if self.revision < 0:
            raise InvalidValue(f"a revision of {self.revision}", where=where, remedy="count from 0 upwards")
        if self.start.tzinfo or self.end.tzinfo:
            raise InvalidValue("hours with a zone of their own", where=where, remedy="give local time, and its zone")
        if self.end <= self.start:
            raise InvalidValue(f"it ends at {self.end}, and starts at {self.start}", where=where, remedy="turn them")


@attrs.frozen(kw_only=True)
class Notice:
    """One thing that somebody is to be told, as a source says that it is due.

    Its id follows from source, purpose, subject, revision and recipient: the same notice is sent once, and whoever
    raises the revision (a session was moved) has it sent anew.

    Args:
        purpose: what it is for, such as ``"courses.confirmation"``; the words are found by it.
        subject: the id of the record that it is about.
        party: who receives it; empty when that is nobody of whom a record is kept.
        client: in whose file it is told that it was sent; absent means the party's.
        name, email: of who receives it; absent means those of the party.
        language: absent means that of the party, or of the administration.
        on: the day from which it is due.
        until: the last day on which it is of any use; absent means for as long as the source says that it is due.
        facts: what its words are filled with, as pairs.
        calendar: what goes with it for a calendar.
        paper: what goes with it in print, a certificate; it is printed in the language of the notice.

    Raises:
        InvalidValue: when it is about nothing or for nobody, or a text cannot be printed.
    """

    source: str
    purpose: str
    subject: str
    revision: int = 0
    party: str = ""
    client: str = ""
    name: str = ""
    email: str = ""
    language: str = ""
    on: date
    until: date | None = None
    facts: tuple[tuple[str, Fact], ...] = ()
    calendar: tuple[CalendarEvent, ...] = ()
    paper: Paper | None = None

    def __attrs_post_init__(self) -> None:
        where = f"notice {self.purpose} {self.subject}"
        for id in (self.source, self.purpose, self.subject, *filter(None, (self.party, self.client))):
            an_id(id, where=where)
        for text in (self.name, self.email, *(fact for _, fact in self.facts if isinstance(fact, str))):
            a_text(text, where=where)
        if not self.recipient:
            raise InvalidValue("it is for nobody", where=where, remedy="give a party or an e-mail address")
        if self.language and self.language not in LANGUAGES:
            raise InvalidValue(f"no mail is written in {self.language!r}", where=where, remedy=" or ".join(LANGUAGES))
        a_day(self.on, where=where)

    @property
    def recipient(self) -> str:
        """Who receives it: an address of its own, or else the party."""
        return self.email.strip().casefold() or self.party

    @property
    def id(self) -> str:
        """Its one stable id."""
        return notice_id(self.source, self.purpose, self.subject, self.revision, self.recipient)

    def is_due(self, on: date) -> bool:
        """Whether it is to be sent on a day: not before it is due, and not when it is of no use any more."""
        return self.on <= on and (self.until is None or on <= self.until)

    def planned(self) -> PlannedNotice:
        """Return what is kept of it from the moment on which it is sent."""
        return PlannedNotice(
            id=self.id,
            source=self.source,
            purpose=self.purpose,
            subject=self.subject,
            revision=self.revision,
            party=self.party,
            client=self.client,
            email=self.email,
            on=self.on,
        )


@record(
    "delivery.notice",
    keys=("state", "party", "source", "subject", "on"),
    party="party",
    personal={"email": ERASED, "problem": ""},
)
@attrs.frozen(kw_only=True)
class PlannedNotice:
    """A notice that was sent, or is on its way, or could not be sent; what it said is not kept.

    Args:
        email: the address of its own that it went to; empty when it went to the party's.
        on: the day from which it was due.
        code: when it could not be sent, the stable code of why; ``problem`` says it in words.
    """

    id: str
    source: str
    purpose: str
    subject: str
    revision: int = 0
    party: str = ""
    client: str = ""
    email: str = ""
    on: date
    state: MessageState = MessageState.SENDING
    code: str = ""
    problem: str = ""

    @property
    def concerns(self) -> str:
        """In whose file it is told: the client's, or the party's; nobody's when neither is known."""
        return self.client or self.party

    @property
    def about(self) -> str:
        """What it is about, in a few words."""
        return f"{self.purpose} {self.subject}"

    def failed(self, code: str, problem: str) -> PlannedNotice:
        """Return it as one that could not be sent, with the code and the words of why."""
        return attrs.evolve(self.after(MessageState.FAILED), code=code, problem=problem)

    def after(self, state: MessageState) -> PlannedNotice:
        """Return it in another state.

        Raises:
            RuleViolation: when it cannot go there.
        """
        return attrs.evolve(self, state=stepped(self.id, self.state, state), code="", problem="")


def notice_id(source: str, purpose: str, subject: str, revision: int, recipient: str) -> str:
    """Derive the id of a notice from what it is about and whom it is for."""
    text = "\t".join((source, purpose, subject, str(revision), recipient))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
