"""Where courses are offered, and their sessions planned, confirmed, moved to other days, held and called off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import attrs

from ...domain.errors import Conflict, RuleViolation
from ...domain.periods import a_day
from ...domain.ports.messaging import forget_recipients
from ...domain.ports.sourcing import Between, Reading
from ...domain.ports.storage import Shelf, ours
from ...domain.records import kind_of
from .attendance import judged
from .records import NAME, Course, Session, SessionDay
from .registrations import Ended, Ending, Purpose, Registration, a_reason
from .seats import Room, change, free_seats, held, in_session, over, rooms, stepped, told, write
from .states import LIVE, OPEN_SESSIONS, RegistrationState, SessionState, session_stepped

_PAGE = 500


@attrs.frozen
class SessionsDesk:
    """Where courses are offered and their sessions planned; what was billed is corrected by the next run.

    ``on`` is the day on which something was done or heard of. Saying the same again changes nothing.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
    """

    administration: str = ""

    def add_course(self, store: Shelf, course: Course) -> None:
        """Offer a course.

        Raises:
            Conflict: when another course, or this one before it was changed, has this id.
        """
        known = ours(store, self.administration).get_many(Course, [course.id]).get(course.id)
        if known is None:
            store.add(course)
        elif known != course:
            raise Conflict(
                "it stands for something else by now", where=f"course {course.id}", remedy="change it, or use a new id"
            )

    def change_course(self, store: Shelf, course: Course) -> None:
        """Change a course: for whoever registers from now on; what was agreed with others stays agreed.

        Raises:
            NotFound: when there is no such course.
        """
        before = ours(store, self.administration).get(Course, course.id)
        if before != course:
            store.replace(before, course)

    def plan(self, store: Shelf, session: Session) -> None:
        """Plan a session of a course.

        Raises:
            NotFound: when there is no such course.
            Conflict: when another session, or this one before it was changed, has this id.
        """
        known = ours(store, self.administration).get_many(Session, [session.id]).get(session.id)
        if known is None:
            store.get(Course, session.course)
            store.add(session.planned())
        elif known.planned() != session.planned():
            raise Conflict(
                "it stands for something else by now",
                where=f"session {session.id}",
                remedy="reschedule or resize it, or use a new id",
            )

    def confirm_session(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that a session will be held: its registrations are confirmed with it.

        Raises:
            NotFound: when there is no such session.
            RuleViolation: when it was held or called off.
        """
        room = self._room(store, id, on)
        if room.session.state is not SessionState.CONFIRMED:
            after = _kept(store, room, state=session_stepped(id, room.session.state, SessionState.CONFIRMED))
            placed = (RegistrationState.PLACED,)
            _all(
                store, room, after, states=placed, what="confirmed", on=on, step=lambda one: stepped(one, after.seated)
            )

    def reschedule(
        self, store: Shelf, id: str, days: Sequence[SessionDay], *, on: date, place: str | None = None
    ) -> None:
        """Give a session other days, or another place; whoever has a seat or waits is told.

        Seats are taxed at the rate of the new first day, and what it costs to cancel is counted from it.

        Raises:
            NotFound: when there is no such session.
            InvalidValue: when the days are out of order.
            RuleViolation: when it was held or called off.
        """
        room = self._room(store, id, on)
        changed = attrs.evolve(room.session, days=tuple(days), place=room.session.place if place is None else place)
        if changed == room.session:
            return
        _open(room)
        after = _kept(store, room, days=changed.days, place=changed.place, revision=room.session.revision + 1)
        _all(
            store,
            room,
            after,
            states=LIVE,
            what="rescheduled",
            on=on,
            step=lambda one: _moved_along(one, on, room.session, after.session),
        )

    def resize(self, store: Shelf, id: str, capacity: int, *, on: date) -> None:
        """Give a session more or fewer seats; whoever waits gets those that come free.

        Raises:
            NotFound: when there is no such session.
            RuleViolation: when more seats are taken than there would be, or it was held or called off.
        """
        room = self._room(store, id, on)
        session = room.session
        if capacity == session.capacity:
            return
        _open(room)
        taken = session.capacity - free_seats(store, session)
        if capacity < taken:
            raise RuleViolation(f"{taken} seats are taken", where=f"session {id}", remedy="move or cancel some first")
        write(store, [], on=on, freed=[_kept(store, room, capacity=capacity, minimum=min(session.minimum, capacity))])

    def cancel_session(self, store: Shelf, id: str, *, on: date, reason: str) -> None:
        """Call a session off: nothing is due of any of its registrations, what was billed is given back, all are told.

        Raises:
            NotFound: when there is no such session.
            InvalidValue: when no reason is given.
            RuleViolation: when it was held.
        """
        a_reason(reason, where=f"session {id}")
        room = self._room(store, id, on)
        if room.session.state is not SessionState.CANCELLED:
            state = session_stepped(id, room.session.state, SessionState.CANCELLED)
            after = _kept(store, room, state=state, closed=on)
            ended = Ended(on=on, by=Ending.SESSION, reason=reason)
            _all(
                store,
                room,
                after,
                states=LIVE,
                what="called-off",
                on=on,
                step=lambda one: told(over(one, ended), Purpose.CALLED_OFF, on, after.session),
            )

    def finish(self, store: Shelf, id: str, *, on: date) -> None:
        """Say that a session was held: who was there on no day is a no-show, who was there enough gets a certificate.

        Raises:
            NotFound: when there is no such session.
            RuleViolation: when its last day has not come, or it was called off.
        """
        room = self._room(store, id, on)
        if room.session.state is SessionState.DONE:
            return
        if on < room.session.end:
            raise RuleViolation(f"its last day is {room.session.end}", where=f"session {id}", remedy="wait for it")
        after = _kept(store, room, state=session_stepped(id, room.session.state, SessionState.DONE), closed=on)
        _all(store, room, after, states=LIVE, what="held", on=on, step=lambda one: judged(one, after))

    def below_minimum(self, store: Shelf, *, until: date) -> list[tuple[Session, int]]:
        """Return the planned sessions that start by a day with fewer seats taken than their minimum, and how many."""
        planned = {"state": SessionState.PLANNED, "first": Between(None, a_day(until, where="until"))}
        found = [
            (one, one.capacity - free_seats(store, one)) for one in _sessions(ours(store, self.administration), planned)
        ]
        return [(session, taken) for session, taken in found if taken < session.minimum]

    def forget_participants(self, store: Shelf, *, before: date) -> int:
        """Erase name and address of who came to sessions that were over before a day; return of how many.

        The registration stays with what was agreed and billed, and so does the number of a certificate; a participant
        who is a party has a file of its own. GDPR art. 5: no longer than needed.
        """
        a_day(before, where="before")
        blank, forgotten = kind_of(Registration).blanked, 0
        closed = {
            "closed": Between(None, before - timedelta(days=1)),
            "participants": "known",
        }
        for session in list(_sessions(ours(store, self.administration), closed)):
            [room] = rooms(store, [session.id]).values()
            ids = [one.id for one in in_session(store, session.id, tuple(RegistrationState))]
            for registration in store.get_many(Registration, ids).values():
                after = attrs.evolve(blank(registration), reference=registration.reference, terms=registration.terms)
                if after != registration:
                    store.replace(registration, after)
                    forgotten += 1
            forget_recipients(store, NAME, ids)
            _kept(store, room, participants="forgotten")
        return forgotten

    def _room(self, store: Shelf, id: str, on: date) -> Room:
        """Hold a session."""
        a_day(on, where="on")
        return rooms(ours(store, self.administration), [id])[id]


def _open(room: Room) -> None:
    """Refuse a session that was held or called off."""
    if room.session.state not in OPEN_SESSIONS:
        raise RuleViolation(
            f"it is {room.session.state}", where=f"session {room.session.id}", remedy="plan another session"
        )


def _kept(store: Shelf, room: Room, **changes: Any) -> Room:
    """Keep a session that is held with some fields changed, and return it with its course."""
    after = attrs.evolve(room.session, **changes)
    store.replace(room.session, after)
    return attrs.evolve(room, session=after)


def _all(
    store: Shelf,
    was: Room,
    room: Room,
    *,
    states: Sequence[RegistrationState],
    what: str,
    on: date,
    step: Callable[[Registration], Registration],
) -> None:
    """Take the same step with all registrations of a session that are in one of these states."""
    ids = [one.id for one in in_session(store, room.session.id, states)]
    changes = [change(what, before, step(before), room, was) for before in held(store, ids)]
    write(store, changes, on=on)


def _moved_along(registration: Registration, on: date, was: Session, session: Session) -> Registration:
    """Return a registration of a session that got other days; what was attended on days that are gone, was not."""
    kept = tuple(day for day in registration.attended if day in {one.day for one in session.days})
    purpose = Purpose.MOVED if registration.seated else (registration.news.purpose if registration.news else None)
    after = attrs.evolve(registration, attended=kept)
    return told(after, purpose, on, session, was=was.start) if purpose else after


def _sessions(reading: Reading, where: Mapping[str, Any]) -> Iterator[Session]:
    """Yield the sessions that meet some conditions, in the order of their ids."""
    after: tuple[str, str] | None = None
    while page := reading.find(Session, where, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id, page[-1].id
