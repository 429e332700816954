"""The demo: a sample company, billed month by month in a folder that may be thrown away."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import attrs

from ..domain.leakage import Unbilled
from ..samples import DEFAULT, Sample, Suggestion, names, sample
from .columns import close_to
from .filing import CLIENTS, INVOICES, OUTBOX, PAPERS
from .outcomes import Outcome, Reminded
from .place import BOOKS, Usage, looking
from .progress import Watch, watched
from .reminding import remind_folder
from .rows import TABLES
from .running import run_folder
from .screens import HEAD, NAME, SOFT, console, day, month_of, number, show_bad_rows, show_skipped, table, text, totals
from .tables import REJECTS
from .views import unbilled_table

FOLDER: Final = "fanbilling-demo"
MARK: Final = ".fanbilling-demo"
"""A file that says: this folder was made by the demo, and may be made anew."""

_KINDS: Final = (
    (INVOICES, "*.pdf", "documents, as PDF"),
    (INVOICES, "*.xml", "e-invoices"),
    (PAPERS, "*.pdf", "other papers, as PDF"),
    (PAPERS, "*.csv", "tables for a spreadsheet"),
    (OUTBOX, "*.eml", "mails: documents and notices"),
    (CLIENTS, "*.html", "client pages: what is open, and all that happened"),
)
"""What is filed, in which drawer, under what ending."""


@attrs.frozen(kw_only=True)
class Month:
    """What the run of one month did, and what was told to whom on its day."""

    until: date
    outcome: Outcome
    reminded: Reminded


@attrs.frozen(kw_only=True)
class Story:
    """What came of all months: what is on no bill, and what is open."""

    sample: Sample
    months: Sequence[Month]
    unbilled: Sequence[Unbilled]
    open: str


def demo(args: Namespace) -> int:
    """Make the folder of a sample company, bill it month by month, and show what came of it."""
    company = _called(args.name or DEFAULT)
    folder: Path = args.into or Path(FOLDER if company.name == DEFAULT else f"{FOLDER}-{company.name}")
    prepare(folder, company)
    with watched() as watch:
        months = bill(folder, company, watch)
    with looking(folder) as (place, store):
        unbilled = list(place.office.billing.why_not(store, until=company.runs[-1][0]))
        owed = totals(item.open for item in place.office.receivables.open_items(store))
    show(folder, Story(sample=company, months=months, unbilled=unbilled, open=owed))
    return 0 if all(month.outcome.clean and month.reminded.clean for month in months) else 1


def _called(name: str) -> Sample:
    """Return the company of a name.

    Raises:
        Usage: with the names there are.
    """
    there = names()
    if name not in there:
        remedy = " ".join(filter(None, (close_to(name, there), f"There are {', '.join(there)}.")))
        raise Usage(f"there is no sample company {name!r}", where="demo", remedy=remedy)
    return sample(name)


def prepare(folder: Path, company: Sample) -> None:
    """Make the folder anew: the files of the company, and nothing of an earlier demo.

    Raises:
        Usage: when something else is there.
    """
    if folder.exists() and not (folder / MARK).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise Usage(
            "there is something here that is no demo, and it stays as it is",
            where=str(folder),
            remedy="name another folder: fanbilling demo --into DIR",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("Made by fanbilling demo, which makes this folder anew each time.\n", encoding="utf-8")
    for old in _made_before(folder):
        old.unlink(missing_ok=True)
    for name, content in company.files.items():
        (folder / name).write_bytes(content)


def _made_before(folder: Path) -> list[Path]:
    """Return the files that an earlier demo made, of whatever company; what somebody put beside them stays."""
    books = [folder / f"{BOOKS}{ending}" for ending in ("", "-wal", "-shm")]
    filed = (file for drawer, kind, _ in _KINDS for file in (folder / drawer).glob(kind))
    tables = [folder / table.file for table in TABLES]
    return [*books, *tables, folder / REJECTS, *filed]


def bill(folder: Path, company: Sample, watch: Watch) -> list[Month]:
    """Bill and remind month by month, each with what was known on its day; stop at a month that cannot be billed."""
    months: list[Month] = []
    for until, on in company.runs:
        outcome = run_folder(folder, until=until, on=on, watch=watch)
        reminded = Reminded(ran=False) if outcome.rejected else remind_folder(folder, on=on, watch=watch)
        months.append(Month(until=until, outcome=outcome, reminded=reminded))
        if outcome.rejected:
            break
    return months


def show(folder: Path, story: Story) -> None:
    """Show what came of it, on one page."""
    out = console()
    for month in story.months:
        show_bad_rows(month.outcome.rejected, "so the demo stops here:")
        show_skipped((*month.outcome.skipped, *month.reminded.skipped))
    out.print(text("\n ", (story.sample.title, HEAD), (f", {story.sample.about}", SOFT)))
    out.print(_months(story.months))
    out.print(
        text(f"  Open on {day(story.sample.runs[-1][1])}, payments and credit notes taken off: ", (story.open, HEAD))
    )
    out.print(text("\n ", (f"Not billed, and why ({number(len(story.unbilled))})", HEAD)))
    out.print(unbilled_table(story.unbilled))
    out.print(text(" ", ("Where everything is", HEAD)))
    out.print(_places(folder))
    out.print(text(" ", ("What to try next", HEAD), "\n"))
    for command, why in _next(folder, story):
        out.print(text("  ", (f"# {why}", SOFT)), soft_wrap=True)
        out.print(text("  ", (command, NAME)), soft_wrap=True)
    if others := [name for name in names() if name != story.sample.name]:
        out.print(
            text("\n  ", (f"Other companies to try, as in fanbilling demo {others[0]}: ", SOFT), ", ".join(others))
        )
    out.print()


def _months(months: Sequence[Month]) -> object:
    made = table("month", "rows read", "drafted", "issued", "credits", "sent", "told", "total", right=range(1, 8))
    for month in months:
        one = month.outcome
        counts = (one.imported, one.drafted, len(one.issued), sum(doc.credit for doc in one.issued), one.sent)
        told = number(len(month.reminded.sent))
        made.add_row(month_of(month.until), *map(number, counts), told, totals(doc.total for doc in one.issued))
    outcomes = [month.outcome for month in months]
    issued = [doc for one in outcomes for doc in one.issued]
    sums = (
        sum(one.imported for one in outcomes),
        sum(one.drafted for one in outcomes),
        len(issued),
        sum(doc.credit for doc in issued),
        sum(one.sent for one in outcomes),
        sum(len(month.reminded.sent) for month in months),
    )
    made.add_section()
    cells = ("all", *map(number, sums), totals(doc.total for doc in issued))
    made.add_row(*(text((cell, HEAD)) for cell in cells))
    return made


def _places(folder: Path) -> object:
    made = table("", "")
    made.show_header = False
    for drawer, pattern, what in _KINDS:
        if count := sum(1 for _ in (folder / drawer).glob(pattern)):
            made.add_row(text((f"{folder / drawer}{os.sep}", NAME)), f"{number(count)} {what}")
    made.add_row(text((str(folder / BOOKS), NAME)), "the books: what was agreed, decided, billed and paid")
    made.add_row(text((f"{folder / '*.csv'}", NAME)), "the rows that were billed: change one, and run again")
    return made


def _next(folder: Path, story: Story) -> list[tuple[str, str]]:
    """Return commands to copy, with what each shows."""
    call = program()
    return [
        (f"{call} {one.command.format(folder=folder, number=number_)}", one.why)
        for one in story.sample.suggestions
        for number_ in (_numbers(one, story.months) if one.payer else [""])
    ]


def _numbers(one: Suggestion, months: Sequence[Month]) -> list[str]:
    """Return the numbers of the documents that a suggestion is about."""
    mine = [month.outcome.issued for month in months if month.until == one.month]
    return [document.number for issued in mine for document in issued if document.payer == one.payer]


def program() -> str:
    """Return how this command was called, so that what is shown can be copied."""
    called = Path(sys.argv[0])
    if (called.parent.name, called.name) != ("fanbilling", "__main__.py"):
        return "fanbilling"
    python = Path(sys.executable)
    script = python.with_name(f"fanbilling{python.suffix}")
    called, words = (script, "") if script.is_file() else (python, " -m fanbilling")
    return f"{called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called}{words}"
