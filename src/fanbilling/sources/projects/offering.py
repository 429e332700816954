"""Offering estimates: written, sent, accepted or not."""

from __future__ import annotations

from datetime import date

import attrs

from ...domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from ...domain.events import AgreementChanged
from ...domain.parties import Party
from ...domain.ports.sourcing import Between
from ...domain.ports.storage import Shelf
from .agreeing import start
from .estimates import Estimate, EstimateState
from .pricing import set_rate
from .reading import every
from .records import NAME


def estimate(store: Shelf, made: Estimate, *, on: date) -> None:
    """Keep a new estimate as a draft."""
    after = _as_made(made)
    store.get(Party, made.client)
    kept = store.get_many(Estimate, [made.id]).get(made.id)
    if kept is not None:
        if _as_made(kept) != after:
            raise Conflict("it stands for another estimate", where=f"estimate {made.id}", remedy="use a new id")
        return
    store.add(after)
    _happened(store, after, "estimated", on)


def send(store: Shelf, id: str, *, on: date) -> None:
    """Say that an estimate was sent."""
    _step(store, id, EstimateState.SENT, on)


def reject(store: Shelf, id: str, *, reason: str, on: date) -> None:
    """Say that a client does not want it, or that it is withdrawn."""
    if not reason.strip():
        raise InvalidValue("rejecting needs a reason", where=f"estimate {id}", remedy="say why, in a few words")
    _step(store, id, EstimateState.REJECTED, on, reason)


def expire(store: Shelf, *, on: date) -> tuple[str, ...]:
    """Let every estimate expire that was sent and can no longer be accepted."""
    where = {"state": EstimateState.SENT.value, "valid_until": Between(date.min, on)}
    ids = [one.id for one in every(store, Estimate, where) if one.valid_until < on]
    for id in ids:
        _step(store, id, EstimateState.EXPIRED, on)
    return tuple(ids)


def accept(store: Shelf, id: str, *, project: str, on: date) -> None:
    """Let an estimate become a project with its price, plan, budget and rates."""
    before = _held(store, id)
    where = f"estimate {id}"
    if before.state is EstimateState.ACCEPTED:
        if before.project != project:
            raise Conflict(f"it became project {before.project}", where=where, remedy="use that one")
        return
    after = before.stepped(EstimateState.ACCEPTED, on=on, project=project)
    if on > before.valid_until:
        raise RuleViolation(f"it was valid until {before.valid_until}", where=where, remedy="make another one")
    start(store, before.becomes(project), on=on)
    for rule in before.rates(project, on):
        set_rate(store, rule, on=on)
    store.replace(before, after)
    _happened(store, after, "estimate-accepted", on)


def _step(store: Shelf, id: str, state: EstimateState, on: date, reason: str = "") -> None:
    before = _held(store, id)
    if before.state is state and before.reason == reason:
        return
    after = before.stepped(state, on=on, reason=reason)
    store.replace(before, after)
    _happened(store, after, f"estimate-{state}", on)


def _held(store: Shelf, id: str) -> Estimate:
    """Return an estimate as it is now; nobody else decides on it meanwhile."""
    found = store.hold(Estimate, [id]).get(id)
    if found is None:
        raise NotFound("there is no such estimate", where=f"estimate {id}", remedy="make it first")
    return found


def _as_made(made: Estimate) -> Estimate:
    return attrs.evolve(made, state=EstimateState.DRAFT, decided=None, reason="", project="")


def _happened(store: Shelf, made: Estimate, change: str, on: date) -> None:
    store.journal.append(
        [AgreementChanged(party=made.client, on=on, source=NAME, agreement=made.id, change=change, since=on)]
    )
