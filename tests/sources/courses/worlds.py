"""A small school, for the tests of courses: two courses, one taxed and one exempt, and sessions with few seats."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from fanbilling import Address, Administration, Office, Party, Seller
from fanbilling.sources.courses import (
    CancellationPolicy,
    CancellationTier,
    Course,
    Courses,
    Registration,
    Session,
    SessionDay,
)
from fanbilling.sources.manual import Manual

START = date(2026, 5, 18)
EARLY = date(2026, 3, 2)

#: Free until four weeks before, half until one week before, then all of it.
WEEKS = CancellationPolicy(
    tiers=(
        CancellationTier(within=4, unit="weeks", percent=50),
        CancellationTier(within=1, unit="weeks", percent=100),
    )
)


def office(**more):
    """An office that gives courses."""
    seller = Seller(name="De Leerkamer B.V.", address=Address(city="Zwolle", country="NL"), email="info@leer.example")
    administration = Administration(id="school", seller=seller)
    return Office(administration=administration, sources=[Courses(), Manual()], **more)


def course(id="safety", **changes):
    fields = {"title": "Safety", "price": "400.00", "cancellation": WEEKS, "study_load": 12}
    return Course(id=id, **(fields | changes))


def day(on, hours=(9, 17)):
    """One day of a session."""
    first, last = hours
    return SessionDay(start=datetime.combine(on, time(first, 30)), end=datetime.combine(on, time(last)))


def session(id="may", start=START, days=2, **changes):
    fields = {"course": "safety", "capacity": 2, "place": "Zwolle"}
    return Session(id=id, days=tuple(day(start + timedelta(days=n)) for n in range(days)), **(fields | changes))


def registration(id="r1", **changes):
    fields = {"session": "may", "name": "Noor Bos", "email": f"{id}@bos.example", "client": "acme"}
    return Registration(id=id, **(fields | changes))


PARTIES = (
    Party(id="acme", name="Acme B.V.", email="acme@acme.example"),
    Party(id="beta", name="Beta B.V.", email="beta@beta.example"),
    Party(id="noor", name="Noor Bos", email="noor@bos.example"),
)


def opened(desk, store, *sessions, courses=(course(),)):
    """Enter the parties, the courses and the sessions."""
    store.add(*PARTIES)
    for one in courses:
        desk.add_course(store, one)
    for one in sessions or (session(),):
        desk.plan(store, one)


def euro(text):
    return Decimal(text)
