"""The certificate: who took part in which course, for how many hours, on which days, and under which number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from ...domain.administrations import Administration
from ...domain.exact import rounded
from ...domain.invoices import Buyer
from ...domain.languages import LANGUAGES
from ...domain.papers import Paper
from ...domain.parties import Address
from .attendance import share
from .records import Course, Session
from .registrations import Registration


def certificate(
    registration: Registration,
    session: Session,
    course: Course,
    administration: Administration,
    *,
    on: date,
    name: str,
    language: str = "",
) -> Paper:
    """Return the certificate of somebody who was there enough.

    Args:
        name: of the participant.
        language: absent means the course's.
    """
    address = Address(country=administration.seller.address.country)
    facts = (
        ("first-day", session.start),
        ("last-day", session.end if session.end != session.start else None),
        ("study-load", course.study_load),
        ("attendance", _percent(registration, session)),
        ("place", session.place),
        ("teacher", session.teacher),
        ("certificate-number", registration.certificate),
    )
    return Paper(
        id=f"certificate-{registration.certificate}",
        kind="certificate",
        number=registration.certificate,
        on=on,
        language=language or course.language or LANGUAGES[0],
        currency=administration.currency,
        seller=administration.seller,
        addressee=Buyer(
            id=registration.participant or registration.id,
            name=name,
            attention="",
            address=address,
            vat_id="",
            registration="",
            email="",
        ),
        title=course.title,
        facts=tuple((code, fact) for code, fact in facts if fact not in (None, "")),
        paragraphs=tuple(filter(None, course.certificate.split("\n\n"))),
        signatures=("teacher", "organiser"),
    )


def _percent(registration: Registration, session: Session) -> Decimal:
    """Return the attendance in whole percents."""
    return rounded(share(registration, session), 0)
