"""Agreeing on projects: what is started, released, added and stated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from ...domain.periods import a_day
from ...domain.ports.storage import Shelf
from .records import Instalment, Progress, Project, ProjectKind
from .writing import Since, changed_from, held, replaced, told


def start(store: Shelf, project: Project, *, on: date) -> None:
    """Keep a new project."""
    kept = store.get_many(Project, [project.id]).get(project.id)
    if kept is not None:
        if _known_since(project, kept.known or on) != kept:
            raise Conflict("it stands for something else by now", where=f"project {project.id}", remedy="use a new id")
        return
    if project.closed is not None:
        raise InvalidValue("it is closed before it starts", where=f"project {project.id}", remedy="close it later")
    after = _known_since(project, on)
    day = project.start or on
    told(store, "started", on, {after: changed_from(None, after) or Since(day, day)})
    store.add(after)


def close(store: Shelf, id: str, *, on: date) -> None:
    """Close a project."""
    before = held(store, id)
    if before.closed is None:
        replaced(store, before, attrs.evolve(before, closed=on), "closed", on)


def reopen(store: Shelf, id: str, *, on: date) -> None:
    """Open a project again."""
    before = held(store, id)
    if before.closed is not None:
        replaced(store, before, attrs.evolve(before, closed=None), "reopened", on)


def release(store: Shelf, id: str, instalment: str, *, on: date) -> None:
    """Say that the milestone of an instalment was reached."""
    before = held(store, id)
    known = before.instalment(instalment)
    where = f"instalment {id}/{instalment}"
    if known is None:
        raise NotFound("there is no such instalment", where=where, remedy="see the plan of the project")
    if not known.milestone:
        raise RuleViolation("it waits for no milestone", where=where, remedy="it is billed on its planned day")
    if known.released is None:
        _replanned(store, before, known, attrs.evolve(known, released=on), on)


def withdraw(store: Shelf, id: str, instalment: str, *, on: date) -> None:
    """Take the release of an instalment back."""
    before = held(store, id)
    known = before.instalment(instalment)
    if known is None:
        raise NotFound(
            "there is no such instalment", where=f"instalment {id}/{instalment}", remedy="see the plan of the project"
        )
    if known.released is not None:
        _replanned(store, before, known, attrs.evolve(known, released=None), on)


def add_extra(store: Shelf, id: str, extra: Instalment, *, on: date) -> None:
    """Agree on extra work for an amount."""
    where = f"instalment {id}/{extra.id}"
    if not extra.extra:
        raise InvalidValue("it is part of the fixed price", where=where, remedy="write extra=True")
    before = held(store, id)
    known = before.instalment(extra.id)
    if known is not None:
        if attrs.evolve(extra, known=known.known) != known:
            raise Conflict("it stands for something else by now", where=where, remedy="use a new id")
        return
    after = attrs.evolve(before, plan=(*before.plan, attrs.evolve(extra, known=on)))
    replaced(store, before, after, "extra-work", on)


def state_progress(store: Shelf, id: str, percent: Decimal, *, day: date, on: date) -> None:
    """Say how far the work was at the end of a day."""
    said = Progress(on=day, percent=percent, known=on)
    before = held(store, id)
    if before.kind is not ProjectKind.FIXED_PRICE:
        raise RuleViolation("it has no fixed price", where=f"project {id}", remedy="book its hours")
    of_the_day = [one for one in before.progress if one.on == day]
    if of_the_day and of_the_day[-1].percent == said.percent:
        return
    if of_the_day and on < of_the_day[-1].known:
        raise RuleViolation(
            f"something of {of_the_day[-1].known} is known of it", where=f"project {id}", remedy="give a later day"
        )
    others = [one for one in before.progress if (one.on, one.known) != (day, on)]
    after = attrs.evolve(before, progress=tuple(sorted([*others, said], key=lambda one: (one.on, one.known))))
    replaced(store, before, after, "progress-stated", on)


def _replanned(store: Shelf, before: Project, known: Instalment, one: Instalment, on: date) -> None:
    change = "released" if one.released else "release-withdrawn"
    plan = tuple(one if other is known else other for other in before.plan)
    replaced(store, before, attrs.evolve(before, plan=plan), change, on)


def _known_since(project: Project, day: date) -> Project:
    """Return a project with the day on which it was agreed, itself and its plan."""
    a_day(day, where="on")
    return attrs.evolve(project, known=day, plan=tuple(attrs.evolve(one, known=day) for one in project.plan))
