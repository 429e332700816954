"""What a seat costs somebody who registers on a day, and how it is taxed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import EXACT, exact, rounded
from ...domain.money import places
from .policies import HUNDRED
from .records import Course, Session
from .registrations import Registration, SeatTerms
from .seats import Room


def agreed(registration: Registration, room: Room, on: date) -> SeatTerms:
    """Return what is agreed with somebody who registers on a day.

    Raises:
        NotFound: when the course has no price on that day.
    """
    course = room.course
    list_price = room.session.price if room.session.price is not None else course.price.at(on)
    share = EXACT.divide(EXACT.multiply(list_price, HUNDRED - registration.discount), HUNDRED)
    return SeatTerms(
        price=rounded(share, places(course.currency)) if registration.discount else list_price,
        list_price=list_price,
        discount=registration.discount,
        currency=course.currency,
        tax_class=taxed(room.session, course),
        bill_days_before=course.bill_days_before,
        cancellation=course.cancellation,
    )


def taxed(session: Session, course: Course) -> str:
    """Return how a seat in a session is taxed: as the session says, or else the course."""
    return session.tax_class or course.tax_class


def repriced(terms: SeatTerms, price: Decimal | int | str, why: str, *, where: str) -> SeatTerms:
    """Return terms with another price, and why that was agreed.

    Raises:
        InvalidValue: for a price below zero.
    """
    figure = exact(price, where=f"{where}, price")
    if figure < 0:
        raise InvalidValue(f"a price of {figure}", where=f"{where}, price", remedy="use zero or more")
    return attrs.evolve(terms, price=figure, agreed=why)
