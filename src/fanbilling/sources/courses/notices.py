"""What participants are to be told: what became of their seat, a reminder, and their certificate.

Of a registration only the last news is due: who is moved before the confirmation went out hears of the new session
alone. A reminder goes a week before the first day to whoever heard nothing of the seat since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

import attrs

from ...domain.administrations import Administration
from ...domain.notices import CalendarEvent, Notice
from ...domain.parties import Party
from ...domain.ports.sourcing import Between, OneOf, Reading
from ...domain.reasons import Fact
from .certificates import certificate
from .records import NAME, Course, Session, SessionDay
from .registrations import News, Purpose, Registration
from .states import OPEN_SESSIONS, RegistrationState

R = TypeVar("R")

_PAGE = 500
_WEEK = timedelta(days=7)

#: For how many days after a session is over its participants are told.
AFTERWARDS = timedelta(days=30)

_R = RegistrationState

#: In which states of a registration news of a kind still holds.
_HOLDS: dict[Purpose, tuple[RegistrationState, ...]] = {
    Purpose.CONFIRMATION: (_R.PLACED, _R.CONFIRMED),
    Purpose.MOVED: (_R.PLACED, _R.CONFIRMED),
    Purpose.WAITING: (_R.WAITING,),
    Purpose.OFFER: (_R.OFFERED,),
    Purpose.CANCELLED: (_R.CANCELLED,),
    Purpose.CALLED_OFF: (_R.CANCELLED,),
}


def noticed(
    reading: Reading, administration: Administration, *, on: date, about: Sequence[str] | None
) -> Iterator[Notice]:
    """Yield the notices that are due on a day: of sessions to come, and of those that were over a while ago at most."""
    pages = _asked(reading, on) if about is None else iter([[*reading.get_many(Registration, about).values()]])
    for registrations in pages:
        sessions = reading.get_many(Session, {one.session for one in registrations})
        courses = reading.get_many(Course, {session.course for session in sessions.values()})
        parties = reading.get_many(Party, {one.participant for one in registrations if one.participant})
        for one in registrations:
            session, party = sessions[one.session], parties.get(one.participant)
            name = party.name if party is not None else one.name
            told = _Told(registration=one, session=session, course=courses[session.course], name=name)
            yield from (notice for notice in told.notices(administration) if notice.is_due(on))


@attrs.frozen(kw_only=True)
class _Told:
    """A registration with its session, its course and the name of its participant, and what is told."""

    registration: Registration
    session: Session
    course: Course
    name: str

    def notices(self, administration: Administration) -> Iterator[Notice]:
        mine, session = self.registration, self.session
        if session.participants != "known" or mine.news is None:
            return  # nobody is known any more, or nothing was decided yet
        news = mine.news
        if mine.state in _HOLDS[news.purpose]:
            yield self._notice(news.purpose, news, on=news.on, until=self._useful, calendar=self._calendar(news))
        week_before = session.start - _WEEK
        if mine.state in (_R.PLACED, _R.CONFIRMED) and news.on < week_before:
            yield self._notice(Purpose.REMINDER, news, on=week_before, until=session.start)
        if mine.state is _R.ATTENDED and mine.certificate and self.name and session.closed is not None:
            notice = self._notice(Purpose.CERTIFICATE, news, on=session.closed, until=session.closed + AFTERWARDS)
            paper = certificate(mine, session, self.course, administration, on=session.closed, name=self.name)
            yield attrs.evolve(notice, paper=paper)

    @property
    def _useful(self) -> date:
        """Until which day it is of use to hear of the seat."""
        return max(self.session.start, self.session.closed + AFTERWARDS if self.session.closed else self.session.start)

    def _notice(
        self, purpose: Purpose, news: News, *, on: date, until: date, calendar: tuple[CalendarEvent, ...] = ()
    ) -> Notice:
        mine = self.registration
        return Notice(
            source=NAME,
            purpose=purpose.value,
            subject=mine.id,
            revision=news.revision,
            party="" if mine.email else mine.participant or mine.client,
            client=mine.client,
            name=mine.name,
            email=mine.email,
            language=self.course.language,
            on=on,
            until=until,
            facts=tuple((name, fact) for name, fact in self._facts(news) if fact not in (None, "")),
            calendar=calendar,
        )

    def _facts(self, news: News) -> Iterator[tuple[str, Fact]]:
        session, ended = self.session, self.registration.ended
        first = session.days[0]
        yield "course", self.course.title
        yield "day", session.start
        yield "last_day", session.end if session.end != session.start else None
        yield "time", f"{first.start:%H:%M}–{first.end:%H:%M}"
        yield "place", session.place
        yield "teacher", session.teacher
        yield "reference", self.registration.reference
        yield "old_day", news.was if news.was != session.start else None
        yield "offered_until", self.registration.offered_until
        yield "reason", ended.reason if ended is not None else None
        yield "certificate", self.registration.certificate

    def _calendar(self, news: News) -> tuple[CalendarEvent, ...]:
        """Return an entry for each day, and one that takes out each day that is gone."""
        if news.purpose in (Purpose.WAITING, Purpose.OFFER):
            return ()
        days = self.session.days
        over = self.registration.state is _R.CANCELLED
        return tuple(
            self._event(news, place, days[min(place, len(days) - 1)], cancelled=over or place >= len(days))
            for place in range(max(news.days, len(days)))
        )

    def _event(self, news: News, place: int, day: SessionDay, *, cancelled: bool) -> CalendarEvent:
        return CalendarEvent(
            uid=f"{self.registration.id} {place + 1}",
            revision=news.revision,
            stamp=datetime.combine(news.on, time(), UTC),
            start=day.start,
            end=day.end,
            zone=self.session.zone,
            title=self.course.title,
            description=self.course.description,
            location=self.session.place,
            cancelled=cancelled,
        )


def _asked(reading: Reading, on: date) -> Iterator[list[Registration]]:
    """Yield pages of registrations of which there may be something to tell on a day."""
    to_come = {"state": OneOf(OPEN_SESSIONS), "last": Between(on, None)}
    over = {"closed": Between(on - AFTERWARDS, None)}
    for where in (to_come, over):
        for sessions in _paged(reading, Session, where):
            yield from _paged(reading, Registration, {"session": OneOf(tuple(one.id for one in sessions))})


def _paged(reading: Reading, kind: type[R], where: Mapping[str, Any]) -> Iterator[list[R]]:
    """Yield pages of the records that meet some conditions, in the order of their ids."""
    after: tuple[str, str] | None = None
    while page := reading.find(kind, where, after=after, limit=_PAGE):
        yield list(page)
        last: Any = page[-1]
        after = last.id, last.id
