"""How far a session and a registration have come, and where each may go from there."""

from __future__ import annotations

from enum import StrEnum

from ...domain.errors import RuleViolation


class SessionState(StrEnum):
    """How far a session is: planned, certain to be held, held, or called off."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    DONE = "done"
    CANCELLED = "cancelled"


class RegistrationState(StrEnum):
    """How far a registration is.

    *Requested* waits for somebody to accept it, *offered* is a seat that is kept for somebody from the waiting list.
    A registration that is moved to another session goes on there: moved is something that happened to it, no state.
    """

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    PLACED = "placed"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no-show"
    CANCELLED = "cancelled"


_R = RegistrationState

#: From which state a session may go where.
SESSION_TRANSITIONS: dict[SessionState, frozenset[SessionState]] = {
    SessionState.PLANNED: frozenset({SessionState.CONFIRMED, SessionState.DONE, SessionState.CANCELLED}),
    SessionState.CONFIRMED: frozenset({SessionState.DONE, SessionState.CANCELLED}),
    SessionState.DONE: frozenset(),
    SessionState.CANCELLED: frozenset(),
}

#: From which state a registration may go where; what was attended can be put right afterwards.
REGISTRATION_TRANSITIONS: dict[RegistrationState, frozenset[RegistrationState]] = {
    _R.REQUESTED: frozenset({_R.WAITING, _R.PLACED, _R.CONFIRMED, _R.CANCELLED}),
    _R.WAITING: frozenset({_R.WAITING, _R.OFFERED, _R.PLACED, _R.CONFIRMED, _R.CANCELLED}),
    _R.OFFERED: frozenset({_R.WAITING, _R.PLACED, _R.CONFIRMED, _R.CANCELLED}),
    _R.PLACED: frozenset({_R.PLACED, _R.CONFIRMED, _R.ATTENDED, _R.NO_SHOW, _R.CANCELLED}),
    _R.CONFIRMED: frozenset({_R.PLACED, _R.CONFIRMED, _R.ATTENDED, _R.NO_SHOW, _R.CANCELLED}),
    _R.ATTENDED: frozenset({_R.ATTENDED, _R.NO_SHOW}),
    _R.NO_SHOW: frozenset({_R.ATTENDED, _R.NO_SHOW}),
    _R.CANCELLED: frozenset(),
}

#: Sessions for which one can register.
OPEN_SESSIONS = (SessionState.PLANNED, SessionState.CONFIRMED)

#: Whoever has a seat that is paid for.
SEATED = (_R.PLACED, _R.CONFIRMED, _R.ATTENDED, _R.NO_SHOW)

#: Whoever has a seat that nobody else can get.
TAKING = (_R.OFFERED, *SEATED)

#: Whoever still wants a seat, or has one.
LIVE = (_R.REQUESTED, _R.WAITING, *TAKING)


def session_stepped(id: str, before: SessionState, after: SessionState) -> SessionState:
    """Return the state to which a session goes, or refuse a step that there is not."""
    if after not in SESSION_TRANSITIONS[before]:
        raise RuleViolation(
            f"it is {before} and cannot become {after}", where=f"session {id}", remedy="plan another session"
        )
    return after


def registration_stepped(id: str, before: RegistrationState, after: RegistrationState) -> RegistrationState:
    """Return the state to which a registration goes, or refuse a step that there is not."""
    if after not in REGISTRATION_TRANSITIONS[before]:
        raise RuleViolation(
            f"it is {before} and cannot become {after}", where=f"registration {id}", remedy="register anew"
        )
    return after
