"""Hours and expenses as the folder tells them: each booked once, and approved, corrected or rejected by later rows."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Generic, TypeVar

import attrs

from ....domain.vat import TaxClass
from ....sources.projects import EntryState, Expense, ProjectsDesk, TimeEntry
from ...importing import Import, Refused, by_key, still_to_do
from ...tables import Folder, Table
from .rows import EXPENSES, HOURS, ExpenseRow, HoursRow

R = TypeVar("R", HoursRow, ExpenseRow)
E = TypeVar("E", TimeEntry, Expense)


@attrs.frozen
class Wanted:
    """How an entry has to be: its two figures, and its state."""

    figures: tuple[Decimal, Decimal]
    state: EntryState


@attrs.frozen(kw_only=True)
class Booking(Generic[R, E]):
    """How entries of one kind are told to the desk.

    Args:
        entry: makes the entry that a first row tells of.
        fixed: the columns that cannot change, with the field of the entry that each is about.
    """

    table: Table[R]
    kind: type[E]
    entry: Callable[[R], E]
    fixed: dict[str, str]
    book: Callable[..., None]
    approve: Callable[..., None]
    correct: Callable[..., None]
    reject: Callable[..., None]

    def carry_out(self, work: Import, folder: Folder) -> None:
        """Book every entry, and bring it to what its rows say."""
        rows = folder.of(self.table)
        kept = work.store.get_many(self.kind, {row.id for row in rows})
        for mine in by_key(self.table, rows):
            first, known = mine[0], kept.get(mine[0].id)
            states = [Wanted(row.figures, EntryState(row.state)) for row in mine]
            if known is None:
                if not work.carry_out(self.table, first, partial(self._begin, work, first, states[0])):
                    continue
                now = states[0]
            elif work.cannot_change(self.table, first, self._fixed(self.entry(first), known)):
                continue
            else:
                now = Wanted(known.figures, known.state)
            for row, wanted in still_to_do(mine, states, now, same=Wanted.__eq__):
                if not work.carry_out(self.table, row, partial(self._change, work, row, now, wanted)):
                    break
                now = wanted

    def _begin(self, work: Import, row: R, wanted: Wanted) -> None:
        """Book an entry, and approve or reject it at once where its first row says so."""
        self.book(work.store, self.entry(row), on=row.entered or min(row.date, work.on))
        self._change(work, row, attrs.evolve(wanted, state=EntryState.DRAFT), wanted)

    def _change(self, work: Import, row: R, now: Wanted, wanted: Wanted) -> None:
        on = row.entered or min(row.date, work.on)
        if wanted.state is EntryState.REJECTED:
            if wanted.figures != now.figures:
                problem = "This rejects, and says another figure at once."
                raise Refused(problem, "Leave the figures as they were.", column="state")
            self.reject(work.store, row.id, reason=row.reason, on=on)
            return
        if wanted.figures != now.figures or now.state is EntryState.REJECTED:
            if not row.reason:
                raise Refused("This corrects, and does not say why.", "Fill reason, in a few words.", column="reason")
            self.correct(work.store, row.id, wanted.figures, reason=row.reason, on=on)
        if wanted.state is EntryState.APPROVED:
            self.approve(work.store, [row.id], on=on)
        elif now.state is EntryState.APPROVED:
            problem = "What was approved is no draft again."
            raise Refused(problem, "Reject it and say why, or correct it.", column="state")

    def _fixed(self, said: E, kept: E) -> dict[str, tuple[object, object]]:
        return {column: (_shown(getattr(said, n)), _shown(getattr(kept, n))) for column, n in self.fixed.items()}


def _shown(fact: Any) -> Any:
    return fact.value if isinstance(fact, TaxClass) else fact


def _time(row: HoursRow) -> TimeEntry:
    hours, billable = row.figures
    return TimeEntry(
        id=row.id,
        project=row.project,
        employee=row.employee,
        on=row.date,
        hours=hours,
        billable=billable,
        activity=row.activity,
        text=row.text,
    )


def _expense(row: ExpenseRow) -> Expense:
    return Expense(
        id=row.id,
        project=row.project,
        on=row.date,
        text=row.text,
        cost=row.cost,
        markup=row.markup,
        tax_class=TaxClass(row.tax),
    )


def import_hours(work: Import, folder: Folder) -> None:
    """Book, approve, correct and reject hours."""
    desk: ProjectsDesk = work.office.projects

    def correct(store: Any, id: str, figures: tuple[Decimal, Decimal], **more: Any) -> None:
        desk.correct(store, id, hours=figures[0], billable=figures[1], **more)

    Booking(
        table=HOURS,
        kind=TimeEntry,
        entry=_time,
        fixed={"project": "project", "employee": "employee", "date": "on", "activity": "activity", "text": "text"},
        book=desk.book,
        approve=desk.approve,
        correct=correct,
        reject=desk.reject,
    ).carry_out(work, folder)


def import_expenses(work: Import, folder: Folder) -> None:
    """Book, approve, correct and reject expenses."""
    desk: ProjectsDesk = work.office.projects

    def correct(store: Any, id: str, figures: tuple[Decimal, Decimal], **more: Any) -> None:
        desk.correct_expense(store, id, cost=figures[0], markup=figures[1], **more)

    Booking(
        table=EXPENSES,
        kind=Expense,
        entry=_expense,
        fixed={"project": "project", "date": "on", "text": "text", "tax": "tax_class"},
        book=desk.spend,
        approve=desk.approve_expenses,
        correct=correct,
        reject=desk.reject_expense,
    ).carry_out(work, folder)
