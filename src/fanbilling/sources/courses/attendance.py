"""What became of a registration: who was there, who gets a certificate, and under which number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import EXACT
from ...domain.periods import a_day
from .policies import HUNDRED
from .records import Session
from .registrations import Ended, Ending, Registration
from .seats import Room, over, stepped
from .states import RegistrationState, SessionState

_DIGITS = 10**12
_MODULUS = 97


def present(registration: Registration, session: Session, days: Sequence[date], on: date) -> Registration:
    """Return a registration whose participant was there on these days of the session, and on no others.

    Raises:
        InvalidValue: for a day that is not one of the session's, or has not come.
    """
    known = {one.day for one in session.days}
    for day in days:
        if a_day(day, where="days") not in known or day > on:
            what = "has not come" if day in known else f"is no day of session {session.id}"
            raise InvalidValue(f"{day} {what}", where=f"registration {registration.id}, days", remedy="leave it out")
    return attrs.evolve(registration, attended=tuple(sorted(set(days))))


def judged(registration: Registration, room: Room) -> Registration:
    """Return a registration of a session that was held: attended, a no-show, or never with a seat."""
    if room.session.state is not SessionState.DONE:
        return registration
    if not registration.seated:
        return over(registration, Ended(on=room.session.closed or room.session.end, by=Ending.OVER))
    state = RegistrationState.ATTENDED if registration.attended else RegistrationState.NO_SHOW
    passed = room.course.certified and share(registration, room.session) >= room.course.attendance
    number = certificate_number(registration) if passed else ""
    return attrs.evolve(stepped(registration, state), certificate=number)


def share(registration: Registration, session: Session) -> Decimal:
    """Return on how many percent of the days the participant was there."""
    days = len({one.day for one in session.days})
    return EXACT.divide(HUNDRED * len(registration.attended), Decimal(days))


def certificate_number(registration: Registration) -> str:
    """Return the number of a certificate: fourteen digits, the last two of which check the others (ISO 7064, mod 97).

    It follows from the registration and the session, and tells nothing about who has it.
    """
    digest = hashlib.sha256(f"{registration.id}\t{registration.session}".encode()).digest()
    digits = int.from_bytes(digest, "big") % _DIGITS
    return f"{digits:012}{_MODULUS + 1 - digits * 100 % _MODULUS:02}"


def is_certificate_number(text: str) -> bool:
    """Whether a text can be the number of a certificate: its check digits are right."""
    return len(text) == 14 and text.isascii() and text.isdigit() and int(text) % _MODULUS == 1
