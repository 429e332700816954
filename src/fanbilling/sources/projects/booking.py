"""Booking hours and expenses: written, approved, corrected, rejected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import attrs

from ...domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from ...domain.exact import ZERO, exactly
from ...domain.ports.storage import Shelf
from .entries import (
    DAY_OF_HOURS,
    EntryState,
    Expense,
    TimeEntry,
    as_booked,
    booked,
    corrected,
    stepped,
)
from .reading import every
from .records import Project
from .writing import Since, held, hold_all, told

E = TypeVar("E", TimeEntry, Expense)


def book(store: Shelf, entry: E, *, on: date) -> None:
    """Keep a new entry as a draft."""
    project = held(store, entry.project)
    kept = store.get_many(type(entry), [entry.id]).get(entry.id)
    where = f"entry {entry.id}"
    if kept is not None:
        if as_booked(kept) != attrs.evolve(entry, client="", state=EntryState.DRAFT, history=()):
            raise Conflict("it stands for another entry", where=where, remedy="correct that one, or use a new id")
        return
    _within(project, entry.on, where)
    _fits(store, entry)
    after = booked(entry, client=project.client, on=on)
    store.add(after)
    told(store, "booked", on, {project: Since(entry.on, entry.on)})


def approve(store: Shelf, kind: type[E], ids: Iterable[str], *, on: date) -> None:
    """Approve entries, all of them or none."""
    _step_all(store, kind, ids, EntryState.APPROVED, on=on)


def reject(store: Shelf, kind: type[E], id: str, *, reason: str, on: date) -> None:
    """Turn an entry down."""
    if not reason.strip():
        raise InvalidValue("rejecting needs a reason", where=f"entry {id}", remedy="say why, in a few words")
    _step_all(store, kind, [id], EntryState.REJECTED, on=on, reason=reason)


def correct(store: Shelf, kind: type[E], id: str, figure: Decimal, billed: Decimal, *, reason: str, on: date) -> None:
    """Give an entry other figures."""
    hold_all(store, [store.get(kind, id).project])
    before = store.get(kind, id)
    if not reason.strip():
        raise InvalidValue("a correction needs a reason", where=f"entry {id}", remedy="say why, in a few words")
    if before.figures == (figure, billed) and before.state is not EntryState.REJECTED:
        return
    after = corrected(before, figure, billed, on=on, reason=reason)
    _fits(store, after)
    _kept(store, [(before, after)], "corrected", on)


def _step_all(
    store: Shelf, kind: type[E], ids: Iterable[str], state: EntryState, *, on: date, reason: str = ""
) -> None:
    """Take entries to a state, all of them or none; those that are there already stay as they are."""
    ordered = sorted(set(ids))
    known = store.get_many(kind, ordered)
    if missing := [id for id in ordered if id not in known]:
        raise NotFound("there is no such entry", where=f"entry {missing[0]}", remedy="book it first")
    hold_all(store, [entry.project for entry in known.values()])
    known = store.get_many(kind, ordered)
    steps = []
    for id in ordered:
        before = known[id]
        if before.state is not state:
            steps.append((before, stepped(before, state, on=on, reason=reason)))
        elif reason and before.history[-1].reason != reason:
            raise Conflict(f"it is {state} for another reason", where=f"entry {id}", remedy="leave it at that")
    _kept(store, steps, state.value, on)


def _kept(store: Shelf, steps: Iterable[tuple[E, E]], change: str, on: date) -> None:
    """Keep entries as they became, and have their projects asked again from the earliest of them."""
    days: dict[str, date] = {}
    for before, after in steps:
        store.replace(before, after)
        days[after.project] = min(after.on, days.get(after.project, after.on))
    if days:
        projects = store.get_many(Project, days)
        told(store, change, on, {projects[id]: Since(day, day) for id, day in days.items()})


def _within(project: Project, day: date, where: str) -> None:
    """Refuse a day on which nothing can be booked on a project."""
    if project.start is not None and day < project.start:
        raise RuleViolation(f"the project starts on {project.start}", where=where, remedy="use a later day")
    for last, what in ((project.end, "ends"), (project.closed, "was closed")):
        if last is not None and day > last:
            raise RuleViolation(f"the project {what} on {last}", where=where, remedy="use an earlier day")


@exactly
def _fits(store: Shelf, entry: TimeEntry | Expense) -> None:
    """Refuse more hours of somebody on one day than the day has."""
    if not isinstance(entry, TimeEntry):
        return
    others = every(store, TimeEntry, {"employee": entry.employee, "on": entry.on})
    hours = sum((one.hours for one in others if one.id != entry.id and one.state is not EntryState.REJECTED), ZERO)
    if hours + entry.hours > DAY_OF_HOURS:
        raise RuleViolation(
            f"{entry.employee} has {hours} hours on {entry.on} already",
            where=f"entry {entry.id}",
            remedy=f"book at most {DAY_OF_HOURS - hours}",
        )
