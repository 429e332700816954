"""The command `courses`: the sessions with their seats, and of one session everybody who registered."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from ....domain.errors import NotFound
from ....domain.parties import Party
from ....domain.ports.sourcing import Between, OneOf
from ....domain.ports.storage import Store
from ....sources.courses import Course, RegistrationState, Session
from ....sources.courses.registrations import Registration
from ....sources.courses.states import TAKING
from ...answers import answer
from ...columns import close_to
from ...filing import PAGE
from ...place import looking
from ...screens import HEAD, SOFT, console, day, many, number, short, table, text


@attrs.frozen(kw_only=True)
class Participant:
    """Somebody who registered for a session."""

    registration: Registration
    name: str
    email: str


@attrs.frozen(kw_only=True)
class SeatsOf:
    """A session with everybody who registered for it, in that order."""

    session: Session
    course: Course
    participants: Sequence[Participant]

    @property
    def taken(self) -> int:
        """How many seats somebody has, or is offered."""
        return self._in(*TAKING)

    @property
    def free(self) -> int:
        """How many seats nobody has."""
        return self.session.capacity - self.taken

    @property
    def waiting(self) -> int:
        """How many wait for a seat, or for somebody to accept them."""
        return self._in(RegistrationState.WAITING, RegistrationState.REQUESTED)

    def _in(self, *states: RegistrationState) -> int:
        counts = Counter(one.registration.state for one in self.participants)
        return sum(counts[state] for state in states)


def courses(args: Namespace) -> int:
    """Show or answer which sessions there are, how many seats each has, and who comes."""
    with looking(args.folder) as (_, store):
        found = [seats for page in _sessions(store, args.on, args.session) for seats in _with_seats(store, page)]
        if args.session and not found:
            _refuse(store, args.session)
    found.sort(key=lambda one: (one.session.start, one.session.id))
    if args.json:
        answer({"sessions": [_of(one) for one in found]})
    elif args.session:
        _show_one(found[0])
    else:
        _show_all(found, args.on)
    return 0


def _sessions(store: Store, on: date | None, id: str) -> Iterator[Sequence[Session]]:
    if id:
        yield list(store.get_many(Session, [id]).values())
        return
    where = {"last": Between(on, None)} if on else {}
    after: tuple[str, str] | None = None
    while page := store.find(Session, where, after=after, limit=PAGE):
        yield page
        after = page[-1].id, page[-1].id


def _with_seats(store: Store, sessions: Sequence[Session]) -> Iterator[SeatsOf]:
    """Yield sessions with everybody who registered for them."""
    offered = store.get_many(Course, {one.course for one in sessions})
    registered = list(_registered(store, [one.id for one in sessions]))
    parties = store.get_many(Party, {id for one in registered if (id := one.participant or one.client)})
    everybody: dict[str, list[Participant]] = {one.id: [] for one in sessions}
    for one in sorted(registered, key=lambda one: one.place):
        everybody[one.session].append(_participant(one, parties))
    for session in sessions:
        yield SeatsOf(session=session, course=offered[session.course], participants=everybody[session.id])


def _registered(store: Store, sessions: Sequence[str]) -> Iterator[Registration]:
    after: tuple[str, str] | None = None
    where = {"session": OneOf(tuple(sessions))}
    while page := store.find(Registration, where, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id


def _participant(one: Registration, parties: Mapping[str, Party]) -> Participant:
    party = parties.get(one.participant)
    return Participant(
        registration=one, name=party.name if party else one.name, email=party.email if party else one.email
    )


def _refuse(store: Store, id: str) -> None:
    """Say that there is no such session, and which one looks most like it."""
    known = [one.id for page in _sessions(store, None, "") for one in page]
    raise NotFound(f"there is no session {id!r}", remedy=close_to(id, known) or "see the ids in sessions.csv")


def _of(one: SeatsOf) -> dict[str, Any]:
    session = one.session
    return {
        "session": session.id,
        "course": one.course.title,
        "state": session.state.value,
        "days": [
            {"start": f"{each.start:%Y-%m-%dT%H:%M}", "end": f"{each.end:%Y-%m-%dT%H:%M}"} for each in session.days
        ],
        "zone": session.zone,
        "place": session.place,
        "capacity": session.capacity,
        "minimum": session.minimum,
        "taken": one.taken,
        "free": one.free,
        "waiting": one.waiting,
        "participants": [
            {
                "registration": each.registration.id,
                "name": each.name,
                "email": each.email,
                "client": each.registration.client,
                "state": each.registration.state.value,
                "attended": [day_.isoformat() for day_ in each.registration.attended],
                "certificate": each.registration.certificate,
            }
            for each in one.participants
        ],
    }


def _show_all(found: Sequence[SeatsOf], on: date | None) -> None:
    out = console()
    if not found:
        out.print("No session is planned." if on is None else f"Every session is over on {day(on)}.")
        return
    since = f" · not over on {day(on)}" if on else ""
    out.print(text((many(len(found), "session"), HEAD), (since, SOFT)))
    made = table("session", "course", "first day", "state", "seats", "taken", "free", "waiting", right=(4, 5, 6, 7))
    for one in found:
        session = one.session
        counts = map(number, (session.capacity, one.taken, one.free, one.waiting))
        made.add_row(session.id, one.course.title, short(session.start), _state(one), *counts)
    out.print(made)
    out.print(text(("  Who comes to one of them: add --session ID.", SOFT)))


def _show_one(one: SeatsOf) -> None:
    out, session = console(), one.session
    out.print(text((f"{one.course.title}", HEAD), (f" · {session.id} · {_state(one)} · {session.place}", SOFT)))
    for hours in session.days:
        out.print(f"  {day(hours.day)}, {hours.start:%H:%M}–{hours.end:%H:%M}")
    seats = f"{number(one.taken)} of {many(session.capacity, 'seat')} taken, {number(one.free)} free"
    out.print(f"  {seats}, {number(one.waiting)} waiting\n")
    if not one.participants:
        out.print("  Nobody registered.")
        return
    made = table("registration", "who comes", "e-mail", "client", "state", "there", right=(5,))
    for each in one.participants:
        mine = each.registration
        there = f"{number(len(mine.attended))} of {number(len(session.days))}" if mine.attended else ""
        made.add_row(mine.id, each.name or "not known", each.email, mine.client or "nobody yet", _words(mine), there)
    out.print(made)


def _state(one: SeatsOf) -> str:
    """Write how far a session is, and whether too few come."""
    short_of = one.session.minimum - one.taken
    few = f", {number(short_of)} short" if short_of > 0 and one.session.state.value == "planned" else ""
    return f"{one.session.state.value}{few}"


def _words(registration: Registration) -> str:
    state = registration.state.value.replace("-", " ")
    until = registration.offered_until
    return f"{state} until {short(until)}" if until else state
