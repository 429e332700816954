"""Projects, their instalments and their rates: started, released, stated, set and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import partial

from ....domain.items import Price
from ....domain.vat import TaxClass
from ....sources.projects import Instalment, Project, ProjectKind, RateRule
from ...importing import Import, by_key, still_to_do
from ...tables import Folder
from .rows import INSTALLMENTS, PROJECTS, RATES, InstallmentRow, ProjectRow, RateRow


def import_projects(work: Import, folder: Folder) -> None:
    """Start every project with the plan of its price, and say of it what its rows say."""
    rows = folder.of(PROJECTS)
    kept = work.store.get_many(Project, {row.id for row in rows})
    plans: dict[str, list[InstallmentRow]] = {}
    for [planned, *_] in by_key(INSTALLMENTS, folder.of(INSTALLMENTS)):
        if planned.extra != "yes":
            plans.setdefault(planned.project, []).append(planned)
    for mine in by_key(PROJECTS, rows):
        first, known = mine[0], kept.get(mine[0].id)
        plan = plans.get(first.id, ())
        if known is None:
            if not work.carry_out(PROJECTS, first, partial(_start, work, first, plan)):
                continue
        elif work.cannot_change(PROJECTS, first, _fixed(first, known)):
            continue
        _state_progress(work, mine, known)
        days = [row.closed for row in mine]
        for row, closed in still_to_do(mine, days, known.closed if known else None, same=_same_day):
            work.carry_out(PROJECTS, row, partial(_close, work, row.id, closed))


def _start(work: Import, row: ProjectRow, plan: Sequence[InstallmentRow]) -> None:
    project = Project(
        id=row.id,
        client=row.client,
        title=row.title,
        kind=ProjectKind(row.kind),
        currency=work.office.administration.currency,
        tax_class=TaxClass(row.tax),
        price=row.price,
        plan=tuple(map(_instalment, plan)),
        budget=row.budget,
        start=row.start,
        end=row.end,
        funder=row.funder,
    )
    work.office.projects.start(work.store, project, on=row.entered or min(row.start or work.on, work.on))


def _state_progress(work: Import, rows: Sequence[ProjectRow], known: Project | None) -> None:
    """State of every day how far the work was, where that is not what was said of it last."""
    of_days: dict[date, list[tuple[ProjectRow, Decimal]]] = {}
    for row in rows:
        if row.progress is not None and row.progress_on is not None:
            of_days.setdefault(row.progress_on, []).append((row, row.progress))
    said = {one.on: one.percent for one in known.progress} if known else {}
    for day, stated in of_days.items():
        mine, percents = [row for row, _ in stated], [percent for _, percent in stated]
        last = said.get(day)
        to_do = list(zip(mine, percents, strict=True))
        if last is not None:
            to_do = still_to_do(mine, percents, last, same=Decimal.__eq__)
        for row, percent in to_do:
            on = row.entered or min(day, work.on)
            command = partial(work.office.projects.state_progress, work.store, row.id, percent, day=day, on=on)
            work.carry_out(PROJECTS, row, command)


def _close(work: Import, id: str, closed: date | None) -> None:
    desk = work.office.projects
    desk.reopen(work.store, id, on=work.on)
    if closed is not None:
        desk.close(work.store, id, on=closed)


def import_installments(work: Import, folder: Folder) -> None:
    """Agree on extra work, and release instalments or take that back."""
    rows = folder.of(INSTALLMENTS)
    kept = work.store.get_many(Project, {row.project for row in rows})
    for mine in by_key(INSTALLMENTS, rows):
        first, project = mine[0], kept.get(mine[0].project)
        if project is None:  # its project was refused, and says so
            continue
        known = project.instalment(first.id)
        said = _instalment(first)
        if known is None:
            on = first.entered or min(first.date, work.on)
            if not work.carry_out(
                INSTALLMENTS, first, partial(work.office.projects.add_extra, work.store, first.project, said, on=on)
            ):
                continue
        elif work.cannot_change(INSTALLMENTS, first, _fixed_of_instalment(said, known)):
            continue
        days = [row.released for row in mine]
        for row, released in still_to_do(mine, days, known.released if known else None, same=_same_day):
            if not work.carry_out(INSTALLMENTS, row, partial(_release, work, row, released)):
                break


def _release(work: Import, row: InstallmentRow, released: date | None) -> None:
    """Release an instalment on a day, whatever was said of it before."""
    desk = work.office.projects
    desk.withdraw_release(work.store, row.project, row.id, on=row.entered or work.on)
    if released is not None:
        desk.release(work.store, row.project, row.id, on=released)


def import_rates(work: Import, folder: Folder) -> None:
    """Set every rate, and take back those that a later row takes back."""
    rows = folder.of(RATES)
    kept = work.store.get_many(RateRule, {row.id for row in rows})
    for mine in by_key(RATES, rows):
        first, known = mine[0], kept.get(mine[0].id)
        said = _rule(first, work.office.administration.currency)
        if known is None:
            on = first.entered or min(first.since, work.on)
            if not work.carry_out(RATES, first, partial(work.office.projects.set_rate, work.store, said, on=on)):
                continue
        elif work.cannot_change(RATES, first, _fixed_of_rate(said, known)):
            continue
        last = mine[-1]
        if last.withdrawn and (known is None or known.withdrawn is None):
            withdraw = partial(work.office.projects.withdraw_rate, work.store, last.id, on=last.withdrawn)
            work.carry_out(RATES, last, withdraw)


def _instalment(row: InstallmentRow) -> Instalment:
    return Instalment(
        id=row.id,
        text=row.text,
        on=row.date,
        percent=row.percent,
        amount=row.amount,
        milestone=row.milestone == "yes",
        extra=row.extra == "yes",
    )


def _rule(row: RateRow, currency: str) -> RateRule:
    return RateRule(
        id=row.id,
        price=Price.of(row.price, unit="HUR"),
        employee=row.employee,
        project=row.project,
        client=row.client,
        activity=row.activity,
        since=row.since,
        until=row.until,
        currency=currency,
    )


def _same_day(one: date | None, other: date | None) -> bool:
    return one == other


def _fixed(row: ProjectRow, kept: Project) -> dict[str, tuple[object, object]]:
    """Return what the first row of a project says that cannot change, and what is kept."""
    said = {"kind": row.kind, "tax": row.tax}
    known = {"kind": kept.kind.value, "tax": kept.tax_class.value}
    for name in ("client", "title", "price", "budget", "start", "end", "funder"):
        said[name], known[name] = getattr(row, name), getattr(kept, name)
    return {name: (said[name], known[name]) for name in said}


def _fixed_of_instalment(said: Instalment, kept: Instalment) -> dict[str, tuple[object, object]]:
    columns = {"text": "text", "date": "on", "percent": "percent", "amount": "amount"}
    found = {column: (getattr(said, name), getattr(kept, name)) for column, name in columns.items()}
    return found | {name: (_yes(getattr(said, name)), _yes(getattr(kept, name))) for name in ("milestone", "extra")}


def _fixed_of_rate(said: RateRule, kept: RateRule) -> dict[str, tuple[object, object]]:
    names = ("project", "employee", "client", "activity", "until")
    found = {name: (getattr(said, name), getattr(kept, name)) for name in names}
    return found | {"price": (said.price.amount, kept.price.amount), "from": (said.since, kept.since)}


def _yes(said: bool) -> str:  # noqa: FBT001 - a word for a column
    return "yes" if said else "no"
