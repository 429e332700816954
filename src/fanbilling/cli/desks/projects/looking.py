"""Looking back on projects: the work in progress of some days, and the report of hours spent."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ....domain.errors import NotFound
from ....domain.lots import Lot
from ....domain.money import Money
from ....domain.papers import Paper
from ....domain.ports.sourcing import Between
from ....domain.ports.storage import Store
from ....sources.projects import EntryState, Project, TimeEntry, WorkInProgress
from ....sources.projects.reading import every
from ...answers import answer
from ...columns import close_to
from ...filing import Cabinet, Form, PaperFile
from ...papers import filed
from ...place import Place, Usage, looking
from ...screens import HEAD, SOFT, console, day, figure, number, table, text

if TYPE_CHECKING:
    from rich.console import Console

PARTS: Final = ("opening", "booked", "revalued", "billed", "written_off", "closing")
NAMES: Final = 16
"""How wide the names of projects are at least."""
HEADS: Final = ("opening", "booked", "revalued", "billed", "written off", "closing")


# ---------------------------------------------------------------------------------------------------- work in progress


def wip(args: Namespace) -> int:
    """Show how the work in progress of every project went, and file it on paper when asked to."""
    _forward(args)
    with looking(args.folder) as (place, store):
        seller = place.office.administration.seller
        found = place.office.projects.work_in_progress(
            store, first=args.since, last=args.until, country=seller.address.country
        )
        moved = [one for one in found if one.figures.moved]
        papers = [_wip_paper(place, store, args)] if args.pdf else []
        written = _filed(place, papers)
    if args.json:
        projects = [_of_progress(one) for one in moved]
        answer({"from": str(args.since), "until": str(args.until), "projects": projects, "papers": written})
    else:
        _show_progress(moved, args)
        _show_papers(written)
    return 0


def _wip_paper(place: Place, store: Store, args: Namespace) -> PaperFile:
    administration = place.office.administration
    make = partial(
        place.office.projects.wip_paper,
        store,
        seller=administration.seller,
        first=args.since,
        last=args.until,
        currency=administration.currency,
        language=place.language,
    )
    return PaperFile(name=f"wip-{args.since}-{args.until}", make=make, lasting=False)


def _show_progress(found: Sequence[WorkInProgress], args: Namespace) -> None:
    out = console()
    out.print(text(("Work in progress", HEAD), (f" · {day(args.since)} to {day(args.until)}", SOFT)))
    if not found:
        out.print(text("\n  Nothing was worked, billed or waiting in those days."))
        return
    for currency in sorted({one.currency for one in found}):
        mine = [one for one in found if one.currency == currency]
        rows = [[one.title, *(figure(lot.amount, currency) for lot in _lots(one))] for one in mine]
        if len(mine) > 1:
            sums = [sum((lot.amount for lot in lots), Money.zero(currency).amount) for lots in _columns(mine)]
            rows.append(["all", *(figure(amount, currency) for amount in sums)])
        _show_rows(out, f"In {currency}", rows)
    if worked := [one for one in found if any(lot.quantity for lot in _lots(one))]:
        _show_rows(out, "In hours", [[one.title, *(number(lot.quantity) for lot in _lots(one))] for one in worked])
    out.print(text(("  closing = opening + booked + revalued − billed − written off\n", SOFT)))


def _show_rows(out: Console, title: str, rows: Sequence[Sequence[str]]) -> None:
    """Show a row per project; where the screen is too narrow for that, a column of figures per project."""
    made = table("project", *HEADS, right=range(1, 7), title=title)
    needed = sum(max(map(len, column)) + 2 for column in zip(HEADS, *(row[1:] for row in rows), strict=True)) + 2
    if out.width - needed >= NAMES:
        for row in rows:
            made.add_row(*row)
    else:
        made = table("project", "", "", right=[2], title=title)
        for name, *figures in rows:
            for place, (head, cell) in enumerate(zip(HEADS, figures, strict=True)):
                made.add_row("" if place else name, head, cell, end_section=head == HEADS[-1])
    out.print(made)


def _of_progress(one: WorkInProgress) -> dict[str, Any]:
    """Return the work in progress of one project: in money, and in hours."""
    named = dict(zip(PARTS, _lots(one), strict=True))
    return {
        "project": one.project,
        "title": one.title,
        "client": one.client,
        "currency": one.currency,
        "money": {name: f"{Money(lot.amount, one.currency).amount:f}" for name, lot in named.items()},
        "hours": {name: f"{lot.quantity:f}" for name, lot in named.items()},
    }


def _lots(one: WorkInProgress) -> list[Lot]:
    return [getattr(one.figures, part) for part in PARTS]


def _columns(found: Sequence[WorkInProgress]) -> list[tuple[Lot, ...]]:
    return list(zip(*map(_lots, found), strict=True))


# ------------------------------------------------------------------------------------------- the report of hours spent


def hours_report(args: Namespace) -> int:
    """File the report of the approved hours of a project: to sign, and as a table."""
    _forward(args)
    with looking(args.folder) as (place, store):
        project = _project(store, args.project)
        make = partial(
            place.office.projects.hours_report,
            store,
            project.id,
            seller=place.office.administration.seller,
            first=args.since,
            last=args.until,
            on=args.until,
            language=place.language,
        )
        paper = make()
        forms = tuple(form for form, asked in ((Form.PDF, args.pdf), (Form.CSV, args.csv)) if asked) or tuple(Form)
        name = f"hours-{project.id}-{args.since}-{args.until}"
        one = PaperFile(name=name, make=lambda: paper, forms=forms, lasting=False, party=project.client)
        written = _filed(place, [one])
        waiting = sum((one.hours for one in _drafts(store, project, args)), Decimal(0))
    _show_hours(project, paper, args)
    if waiting:
        console().print(text(("  not approved, and not in it: ", SOFT), f"{number(waiting)} hours"))
    _show_papers(written or [f"papers/{name} is as it was"])
    return 0


def _drafts(store: Store, project: Project, args: Namespace) -> Iterator[TimeEntry]:
    """Yield the hours of those days that wait for approval."""
    where = {"project": project.id, "state": EntryState.DRAFT.value, "on": Between(args.since, args.until)}
    return every(store, TimeEntry, where)


def _project(store: Store, id: str) -> Project:
    """Return a project by its id.

    Raises:
        NotFound: with the id that looks most like it.
    """
    if project := store.get_many(Project, [id]).get(id):
        return project
    there = [project.id for project in store.find(Project, limit=1000)]
    remedy = close_to(id, there) or "see the ids in projects.csv"
    raise NotFound("there is no such project", where=f"project {id}", remedy=remedy)


def _show_hours(project: Project, paper: Paper, args: Namespace) -> None:
    out = console()
    out.print(text((project.title, HEAD), (f" · {day(args.since)} to {day(args.until)}", SOFT)))
    months = paper.tables[0]
    if not months.rows:
        out.print(text("\n  No hours of those days are approved."))
        return
    made = table("employee", "month", "hours", right=[2])
    for row in months.rows:
        made.add_row(str(row.cells[0]), str(row.cells[1]), _hours(row.cells[2]))
    if months.total is not None:
        made.add_row("all", "", _hours(months.total.cells[2]), style=HEAD)
    out.print(made)


def _hours(cell: Any) -> str:
    return number(cell)


# ---------------------------------------------------------------------------------------------------------------- both


def _forward(args: Namespace) -> None:
    """Refuse days that run backwards.

    Raises:
        Usage: when the last day is before the first.
    """
    if args.until < args.since:
        raise Usage(
            f"the last day is before the first, {args.since}", where=f"--until {args.until}", remedy="give a later day"
        )


def _filed(place: Place, papers: Sequence[PaperFile]) -> list[str]:
    """File papers, and return the files that hold something new."""
    cabinet = Cabinet(place.folder)
    if papers:
        cabinet.open()
    return [cabinet.named(path) for one in papers for path in filed(cabinet, one)]


def _show_papers(written: Sequence[str]) -> None:
    for name in written:
        console().print(text(("  filed: ", SOFT), name), soft_wrap=True)
