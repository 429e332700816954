"""What always holds of seats, recomputed from what is kept, by arithmetic that shares nothing with the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from ...domain.findings import Finding, differs
from ...domain.ports.storage import Store
from .records import Course, Session
from .registrations import Registration

_PAGE = 500
_GIVEN = {"offered", "placed", "confirmed", "attended", "no-show"}
_OPEN = {"planned", "confirmed"}


def audited(store: Store) -> Iterator[Finding]:
    """Yield what is not so: more seats taken than there are, one person twice, a free seat while somebody waits."""
    after: tuple[str, str] | None = None
    while page := store.find(Session, {}, after=after, limit=_PAGE):
        after = page[-1].id, page[-1].id
        courses = store.get_many(Course, {session.course for session in page})
        for session in page:
            where = f"session {session.id}"
            if session.course not in courses:
                yield differs("seats", where, f"course {session.course}", "none")
            yield from _seats(session, list(_registered(store, session.id)), where)


def _seats(session: Session, registered: list[Registration], where: str) -> Iterable[Finding]:
    taken = [one for one in registered if one.state.value in _GIVEN]
    waiting = [one.id for one in registered if one.state.value == "waiting"]
    if len(taken) > session.capacity:
        yield differs("seats", where, f"at most {session.capacity} seats taken", f"{len(taken)} taken")
    if waiting and len(taken) < session.capacity and session.state.value in _OPEN:
        yield differs("seats", where, "nobody waiting while a seat is free", f"{', '.join(waiting[:5])} waiting")
    if session.state.value not in _OPEN and waiting:
        yield differs("seats", where, f"nobody waiting, for it is {session.state}", f"{', '.join(waiting[:5])} waiting")
    for who, times in Counter(_who(one) for one in registered if one.ended is None).items():
        if who and times > 1:
            ids = [one.id for one in registered if one.ended is None and _who(one) == who]
            yield differs("seats", where, "everybody once", f"{' and '.join(ids)} for one participant")
    if len({one.place for one in registered}) < len(registered):
        yield differs("seats", where, "a place of its own for each registration", "one place twice")
    for one in registered:
        if (one.ended is not None) != (one.state.value == "cancelled"):
            yield differs("seats", f"registration {one.id}", "an ending when it is cancelled, and only then", one.state)


def _who(registration: Registration) -> str:
    """Return what identifies the participant within a session; nothing when nobody is known."""
    return registration.participant or registration.email.casefold()


def _registered(store: Store, session: str) -> Iterator[Registration]:
    after: tuple[str, str] | None = None
    while page := store.find(Registration, {"session": session}, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id, page[-1].id
