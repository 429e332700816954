"""Courses as the folder tells them: what the books do not know of all three files, in the order in which it was said.

The order counts: of the last seat, of who is next on the waiting list, and of what it costs to cancel. So the rows of
sessions and registrations are carried out by their days, whichever file they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import attrs

from ....domain.dated import EVER, Dated
from ....sources.courses import CancellationPolicy, Course, RegistrationState, Session
from ....sources.courses.registrations import Registration
from ...importing import Import, by_key, still_to_do
from ...tables import Folder, Row, Table
from .kinds import NO
from .registering import RegistrationRows
from .rows import COURSES, REGISTRATIONS, SESSIONS, CourseRow, RegistrationRow, SessionRow


@attrs.frozen(kw_only=True)
class Step:
    """A row that the books do not know of, the day on which it was said, and what is to be done."""

    day: date
    table: Table[Any]
    row: Row
    command: Callable[[], object]

    @property
    def when(self) -> tuple[date, date, int, int]:
        """By what steps are ordered: what was said on one day, in the order of the files and their lines."""
        order = (COURSES, SESSIONS, REGISTRATIONS).index(self.table)
        return self.day, self.row.entered or date.min, order, self.row.row


def import_courses(work: Import, folder: Folder) -> None:
    """Offer the courses, plan their sessions and take the registrations, and everything that was said of them later.

    What fails takes the later rows about the same thing along. Offers that nobody took in time end on their day.
    """
    steps = [*_course_steps(work, folder), *_session_steps(work, folder), *_registration_steps(work, folder)]
    failed: set[tuple[Table[Any], tuple[str, ...]]] = set()
    for step in sorted(steps, key=lambda step: step.when):
        thing = step.table, step.table.key_of(step.row)
        if thing in failed:
            continue
        if step.table is not COURSES:
            work.office.courses.lapse_offers(work.store, on=step.day)
        if not work.carry_out(step.table, step.row, step.command):
            failed.add(thing)
    work.office.courses.lapse_offers(work.store, on=work.on)
    _note_waiting(work, [step.row for step in steps if isinstance(step.row, RegistrationRow)])


def _note_waiting(work: Import, rows: Sequence[RegistrationRow]) -> None:
    """Say in the outcome of the run who asked for a seat, and is on the waiting list when all rows are done."""
    kept = work.store.get_many(Registration, {row.id for row in rows})
    for id, row in {row.id: row for row in rows if not row.attended}.items():
        if id in kept and kept[id].state is RegistrationState.WAITING:
            session = kept[id].session
            work.note(REGISTRATIONS, row, f"Session {session} is full: registration {id} is on the waiting list.")


# ------------------------------------------------------------------------------------------------------------- courses


def _course_steps(work: Import, folder: Folder) -> Iterator[Step]:
    rows = folder.of(COURSES)
    kept = work.store.get_many(Course, {row.id for row in rows})
    for mine in by_key(COURSES, rows):
        states, known = _courses(mine, work.office.administration.currency), kept.get(mine[0].id)
        todo = list(zip(mine, states, strict=True))
        if known is not None:
            todo = still_to_do(mine, states, known, same=Course.__eq__)
        for n, (row, state) in enumerate(todo):
            desk = work.office.courses
            command = desk.add_course if known is None and n == 0 else desk.change_course
            yield Step(day=row.entered or date.min, table=COURSES, row=row, command=partial(command, work.store, state))


def _courses(rows: Sequence[CourseRow], currency: str) -> list[Course]:
    """Return the course as each row leaves it."""
    states: list[Course] = []
    price = Dated(((EVER, rows[0].price),))
    for row in rows:
        price = price.changed(row.since or EVER, row.price) if row.since or row.price != price.at(EVER) else price
        states.append(_course(row, price, currency))
    return states


def _course(row: CourseRow, price: Dated[Any], currency: str) -> Course:
    return Course(
        id=row.id,
        title=row.title,
        description=row.description,
        price=price,
        currency=currency,
        tax_class=row.tax,
        language=row.language,
        reviewed=row.reviewed == "yes",
        bill_days_before=row.bill_days,
        offer_days=row.offer_days,
        cancellation=CancellationPolicy(
            tiers=row.cancellation,
            substitution=None if row.substitution == NO else row.substitution,
            text=row.fee_text,
        ),
        certified=row.certified == "yes",
        certificate=row.certificate,
        study_load=row.study_load,
        attendance=row.attendance,
    )


# ------------------------------------------------------------------------------------------------------------ sessions


def _session_steps(work: Import, folder: Folder) -> Iterator[Step]:
    rows = folder.of(SESSIONS)
    kept = work.store.get_many(Session, {row.id for row in rows})
    for mine in by_key(SESSIONS, rows):
        known = kept.get(mine[0].id)
        if known is not None and work.cannot_change(SESSIONS, mine[0], _fixed(mine[0], known)):
            continue
        todo = list(mine)
        if known is not None:
            said = (known.days, known.place, known.capacity, known.state.value)
            todo = [row for row, _ in still_to_do(mine, _said(mine), said, same=tuple.__eq__)]
        for row in todo:
            plan = known is None and row is mine[0]
            command = partial(_plan if plan else _change, work, row)
            yield Step(day=row.date, table=SESSIONS, row=row, command=command)


def _said(rows: Sequence[SessionRow]) -> list[tuple[Any, ...]]:
    """Return days, place, seats and state of a session as each row leaves them."""
    states: list[tuple[Any, ...]] = []
    place, capacity, state = "", rows[0].capacity, "planned"
    days = rows[0].days
    for row in rows:
        days, place, capacity = row.days or days, row.place or place, row.capacity or capacity
        state = row.state or state
        states.append((days, place, capacity, state))
    return states


def _plan(work: Import, row: SessionRow) -> None:
    session = Session(
        id=row.id,
        course=row.course,
        days=row.days,
        zone=row.zone,
        place=row.place,
        teacher=row.teacher,
        title=row.title,
        capacity=row.capacity or 0,
        minimum=row.minimum,
        price=row.price,
        tax_class=row.tax or None,
    )
    work.office.courses.plan(work.store, session)
    _become(work, row)


def _change(work: Import, row: SessionRow) -> None:
    """Do what a later row says of a session: its days and place, its seats, and then its state."""
    desk = work.office.courses
    if row.days or row.place:
        days = row.days or work.store.get(Session, row.id).days
        desk.reschedule(work.store, row.id, days, on=row.date, place=row.place or None)
    if row.capacity:
        desk.resize(work.store, row.id, row.capacity, on=row.date)
    _become(work, row)


def _become(work: Import, row: SessionRow) -> None:
    desk = work.office.courses
    if row.state == "confirmed":
        desk.confirm_session(work.store, row.id, on=row.date)
    elif row.state == "done":
        desk.finish(work.store, row.id, on=row.date)
    elif row.state == "cancelled":
        desk.cancel_session(work.store, row.id, on=row.date, reason=row.reason)


def _fixed(row: SessionRow, known: Session) -> dict[str, tuple[object, object]]:
    return {
        "course": (row.course, known.course),
        "zone": (row.zone, known.zone),
        "teacher": (row.teacher, known.teacher),
        "title": (row.title, known.title),
        "price": (row.price, known.price),
        "tax": (row.tax, known.tax_class.value if known.tax_class else ""),
    }


# ------------------------------------------------------------------------------------------------------- registrations


def _registration_steps(work: Import, folder: Folder) -> Iterator[Step]:
    rows = folder.of(REGISTRATIONS)
    kept: Mapping[str, Registration] = work.store.get_many(Registration, {row.id for row in rows})
    sessions = work.store.get_many(Session, {one.session for one in kept.values()})
    for mine in by_key(REGISTRATIONS, rows):
        known = kept.get(mine[0].id)
        session = sessions[known.session] if known else None
        told = RegistrationRows(work=work, rows=mine, known=known, session=session)
        for row in told.to_do():
            yield Step(day=row.date, table=REGISTRATIONS, row=row, command=partial(told.carry_out, row))
