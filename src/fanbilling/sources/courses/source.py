"""What is due for registrations, and what their participants are to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import attrs

from ...domain.administrations import Administration
from ...domain.findings import Finding
from ...domain.items import BillableItem
from ...domain.notices import Notice
from ...domain.ports.sourcing import Ask, Asked, Reading
from ...domain.ports.storage import Store
from .audit import audited
from .desk import CoursesDesk
from .due import due
from .notices import noticed
from .records import NAME, Course, Session
from .registrations import Registration


@attrs.frozen
class Courses:
    """Says that a seat is due once somebody has it, and a fee once it is owed.

    An agreement is a registration, and all of it is filed under the day of registration. The VAT rate is that of the
    days of the session (over a change of rate, of each its own); the price is what was agreed on the day of
    registration.
    """

    @property
    def name(self) -> str:
        return NAME

    @property
    def records(self) -> tuple[type, ...]:
        return (Course, Session, Registration)

    @property
    def desk(self) -> CoursesDesk:
        """Where courses are planned, and registrations are taken, moved and cancelled."""
        return CoursesDesk()

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> Iterator[BillableItem]:
        found = reading.get_many(Registration, [one.agreement for one in asked])
        sessions = reading.get_many(Session, {one.session for one in found.values()})
        courses = reading.get_many(Course, {session.course for session in sessions.values()})
        for one in asked:
            registration = found.get(one.agreement)
            if registration is not None and registration.filed >= one.since:
                session = sessions[registration.session]
                yield from due(registration, session, courses[session.course])

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        return {}  # all of a registration is in every answer, also before it may be billed

    def notices(
        self, reading: Reading, administration: Administration, *, on: date, about: Sequence[str] | None = None
    ) -> Iterable[Notice]:
        return noticed(reading, administration, on=on, about=about)

    def audit(self, store: Store) -> Iterable[Finding]:
        return audited(store)
