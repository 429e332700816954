"""The papers of courses: the certificate of everybody who was there enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from ....domain.parties import Party
from ....domain.ports.storage import Store
from ....office import Office
from ....sources.courses import Course, RegistrationState, Session, certificate
from ....sources.courses.registrations import Registration
from ...filing import PAGE, PaperFile


def certificates(store: Store, office: Office, _on: date) -> Iterator[PaperFile]:
    """Yield the certificate of each participant who has one, and whose name is known."""
    for page in _attended(store):
        sessions = store.get_many(Session, {one.session for one in page})
        courses = store.get_many(Course, {session.course for session in sessions.values()})
        parties = store.get_many(Party, {one.participant for one in page if one.participant})
        for one in page:
            session = sessions[one.session]
            name = parties[one.participant].name if one.participant else one.name
            if one.certificate and name and session.closed:
                course = courses[session.course]
                language = course.language or (parties[one.participant].language if one.participant else "")
                make = partial(
                    certificate,
                    one,
                    session,
                    course,
                    office.administration,
                    on=session.closed,
                    name=name,
                    language=language or str(office.settings.resolve("language").value),
                )
                party = one.participant or one.client
                yield PaperFile(name=f"certificate-{one.certificate}", make=make, party=party)


def _attended(store: Store) -> Iterator[list[Registration]]:
    after: tuple[str, str] | None = None
    while page := store.find(Registration, {"state": RegistrationState.ATTENDED}, after=after, limit=PAGE):
        yield list(page)
        after = page[-1].id, page[-1].id
