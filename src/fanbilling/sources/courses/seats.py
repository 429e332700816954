"""Who has a seat: decided while the session is held, so that the last one is never given twice.

The session is the gate of its registrations: every command holds the sessions that it concerns first (in the order of
their ids), then the agenda rows of all registrations that it may change, at once, and only then reads what it decides
on. The journal comes last, for whoever writes in it keeps everybody else out of it. A billing run holds agenda rows and
never a session, so that nobody waits for one who waits for him.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import attrs

from ...domain.agenda import Touch
from ...domain.errors import Conflict, NotFound, RuleViolation
from ...domain.events import AgreementChanged
from ...domain.items import BillableItem
from ...domain.parties import Party
from ...domain.ports.sourcing import OneOf, Reading
from ...domain.ports.storage import Shelf
from .due import due
from .records import NAME, Course, Session
from .registrations import Ended, Ending, News, Purpose, Registration
from .states import OPEN_SESSIONS, TAKING, RegistrationState, SessionState, registration_stepped

_PAGE = 500


@attrs.frozen(kw_only=True)
class Room:
    """A session that is held, with its course."""

    session: Session
    course: Course

    @property
    def seated(self) -> RegistrationState:
        """The state of whoever gets a seat in it."""
        return RegistrationState.CONFIRMED if self.session.state is SessionState.CONFIRMED else RegistrationState.PLACED


@attrs.frozen(kw_only=True)
class Change:
    """A registration before and after, each in the session as it then was."""

    what: str
    before: Registration | None
    after: Registration
    was: Room
    room: Room

    def items(self) -> tuple[tuple[BillableItem, ...], tuple[BillableItem, ...]]:
        """Return what was due and what is due."""
        was = tuple(due(self.before, self.was.session, self.was.course)) if self.before else ()
        return was, tuple(due(self.after, self.room.session, self.room.course))


def change(what: str, before: Registration | None, after: Registration, room: Room, was: Room | None = None) -> Change:
    """Return a change, in a session that stays as it is unless ``was`` says what it was."""
    return Change(what=what, before=before, after=after, was=was or room, room=room)


def rooms(store: Shelf, sessions: Iterable[str]) -> dict[str, Room]:
    """Hold sessions, and return them with their courses.

    Raises:
        NotFound: when there is no such session.
    """
    wanted = sorted(set(sessions))
    held = store.hold(Session, wanted)
    for id in wanted:
        if id not in held:
            raise NotFound("there is none", where=f"session {id}", remedy="plan it first")
    courses = store.get_many(Course, {session.course for session in held.values()})
    return {id: Room(session=session, course=courses[session.course]) for id, session in held.items()}


def entered(store: Shelf, id: str, *others: str, leaving: bool = False) -> tuple[Registration, dict[str, Room]]:
    """Hold a registration with its session, and other sessions; return it as it now is.

    Args:
        leaving: whether a seat may come free: then whoever waits for one is held as well.

    Raises:
        NotFound: when there is no such registration or session.
        Conflict: when it was moved at the same moment.
    """
    session = store.get(Registration, id).session
    held = rooms(store, (session, *others))
    waiting = in_session(store, session, [RegistrationState.WAITING]) if leaving else ()
    store.agenda.hold([(NAME, id), *((NAME, one.id) for one in waiting)])
    registration = store.get(Registration, id)
    if registration.session != session:
        raise Conflict("it was moved at the same moment", where=f"registration {id}", remedy="read it again and retry")
    return registration, held


def in_session(
    reading: Reading, session: str, states: Sequence[RegistrationState], *, at_most: int | None = None
) -> Iterator[Registration]:
    """Yield the registrations of a session that are in one of these states, in the order of registration."""
    where = {"session": session, "state": OneOf(tuple(states))}
    after: tuple[int, str] | None = None
    left = at_most
    while left is None or left > 0:
        limit = _PAGE if left is None else min(left, _PAGE)
        page = reading.find(Registration, where, order_by="place", after=after, limit=limit)
        yield from page
        if len(page) < limit:
            return
        after = page[-1].place, page[-1].id
        left = None if left is None else left - limit


def free_seats(reading: Reading, session: Session) -> int:
    """Return how many seats nobody has."""
    return session.capacity - sum(1 for _ in in_session(reading, session.id, TAKING, at_most=session.capacity))


def opened(room: Room, on: date) -> None:
    """Refuse a session for which one cannot register any more.

    Raises:
        RuleViolation: when it began, is done or was called off.
    """
    session = room.session
    if session.state not in OPEN_SESSIONS or on > session.start:
        problem = f"it is {session.state}" if session.state not in OPEN_SESSIONS else f"it began on {session.start}"
        raise RuleViolation(problem, where=f"session {session.id}", remedy="choose another session")


def refuse_twice(reading: Reading, registration: Registration) -> None:
    """Refuse somebody who is in the session already, under whatever spelling of the address.

    Raises:
        RuleViolation: when another registration of the session has the same participant.
    """
    if registration.ended is not None:
        return
    for key in ("email", "participant"):
        if who := getattr(registration, key):
            found = reading.find(Registration, {"session": registration.session, key: who}, limit=_PAGE)
            for other in found:
                if other.id != registration.id and other.ended is None:
                    raise RuleViolation(
                        f"the participant is in session {registration.session} already: registration {other.id}",
                        where=f"registration {registration.id}, {key}",
                        remedy="use that one",
                    )


def numbered(store: Shelf, registration: Registration, room: Room) -> tuple[Registration, Room]:
    """Give a registration its place in the order of registration of a session, which is held."""
    session = attrs.evolve(room.session, registered=room.session.registered + 1)
    store.replace(room.session, session)
    return attrs.evolve(registration, place=session.registered), attrs.evolve(room, session=session)


def stepped(registration: Registration, state: RegistrationState) -> Registration:
    """Return a registration in another state, or refuse a step that there is not."""
    return attrs.evolve(registration, state=registration_stepped(registration.id, registration.state, state))


def told(
    registration: Registration, purpose: Purpose, on: date, session: Session, *, was: date | None = None
) -> Registration:
    """Return a registration whose participant is to be told something; ``was`` is the first day before it moved."""
    last = registration.news
    news = News(
        purpose=purpose,
        on=on,
        revision=last.revision + 1 if last else 0,
        days=max(last.days if last else 0, len(session.days)),
        was=was,
    )
    return attrs.evolve(registration, news=news)


def seated(registration: Registration, room: Room, on: date) -> Registration:
    """Return a registration that got a seat."""
    placed = attrs.evolve(stepped(registration, room.seated), offered_until=None)
    return told(placed, Purpose.CONFIRMATION, on, room.session)


def seated_or_waiting(store: Shelf, registration: Registration, room: Room, on: date) -> Registration:
    """Return a registration with a seat while there is one, else on the waiting list."""
    if free_seats(store, room.session) > 0:
        return seated(registration, room, on)
    return told(stepped(registration, RegistrationState.WAITING), Purpose.WAITING, on, room.session)


def over(registration: Registration, ended: Ended) -> Registration:
    """Return a registration that ended."""
    gone = stepped(registration, RegistrationState.CANCELLED)
    return attrs.evolve(gone, ended=ended, offered_until=None, certificate="")


def promote(store: Shelf, room: Room, on: date) -> list[Change]:
    """Give free seats to whoever waits longest; or offer them, where the course lets people think about it.

    Once the session began, its waiting list is over.

    Returns:
        What changed, still to be told.
    """
    session = room.session
    if session.state not in OPEN_SESSIONS or (free := free_seats(store, session)) <= 0:
        return []
    began = on > session.start
    waiting = in_session(store, session.id, [RegistrationState.WAITING], at_most=None if began else free)
    ids = [one.id for one in waiting]
    return keep(store, [_promoted(before, room, on, began=began) for before in held(store, ids)])


def _promoted(before: Registration, room: Room, on: date, *, began: bool) -> Change:
    """Say what becomes of whoever is next."""
    if began:
        return change("not-placed", before, over(before, Ended(on=on, by=Ending.OVER)), room)
    if room.course.offer_days is None:
        return change("promoted", before, seated(before, room, on), room)
    until = on + timedelta(days=room.course.offer_days)
    offered = attrs.evolve(stepped(before, RegistrationState.OFFERED), offered_until=until)
    return change("offered", before, told(offered, Purpose.OFFER, on, room.session), room)


def held(store: Shelf, ids: Sequence[str]) -> list[Registration]:
    """Hold the agenda rows of registrations, and return them as they now are, in the order given."""
    if not ids:
        return []
    store.agenda.hold([(NAME, id) for id in sorted(ids)])
    found = store.get_many(Registration, ids)
    return [found[id] for id in ids]


def write(store: Shelf, changes: Sequence[Change], *, on: date, freed: Sequence[Room] = ()) -> None:
    """Keep what changed, have asked again what is due otherwise, and write down what happened.

    Args:
        freed: the sessions in which seats may have come free by it: whoever waits there gets them.

    Raises:
        NotFound: when a client is not registered.
    """
    done = [*keep(store, changes), *(one for room in freed for one in promote(store, room, on))]
    if done:
        store.journal.append([_happened(one, on) for one in done])


def keep(store: Shelf, changes: Sequence[Change]) -> list[Change]:
    """Keep what changed, and have asked again what is due otherwise; return what is still to be told.

    Raises:
        NotFound: when a client is not registered.
    """
    payers = paying(store, [one.after for one in changes])
    for one in changes:
        if one.before is None:
            store.add(one.after)
        else:
            store.replace(one.before, one.after)
    touches = [_touch(one.after, was + now, payers) for one in changes for was, now in [one.items()] if was != now]
    if touches:
        store.agenda.touch(touches)
    return list(changes)


def paying(store: Shelf, registrations: Iterable[Registration], *others: str) -> Mapping[str, Party]:
    """Return everybody who is named as a client or payer, and others.

    Raises:
        NotFound: when one of them is not registered.
    """
    named = {id for one in registrations for id in (one.client, one.payer, *others) if id}
    parties = store.get_many(Party, named)
    for id in sorted(named - parties.keys()):
        raise NotFound(f"there is no party {id!r}", where="registration", remedy="register it first")
    return parties


def _touch(registration: Registration, items: tuple[BillableItem, ...], parties: Mapping[str, Party]) -> Touch:
    client = registration.client
    return Touch(
        source=NAME,
        agreement=registration.id,
        client=client,
        payer=registration.payer or (parties[client].billed_with if client else ""),
        since=registration.filed,
        ask_on=min(item.bill_on for item in items),
    )


def _happened(change: Change, on: date) -> AgreementChanged:
    after = change.after
    party = after.client or after.participant
    return AgreementChanged(party=party, on=on, source=NAME, agreement=after.id, change=change.what, since=after.filed)
