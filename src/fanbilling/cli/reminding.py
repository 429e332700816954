"""Sending what is due to be told: every notice of every desk, once; stopped anywhere, the next time sends the rest."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ..delivery import NoticeWriter
from ..domain.messages import NO_ADDRESS, Letter, MessageState
from ..domain.notices import Notice, PlannedNotice
from ..domain.ports.delivery import Rendered
from ..domain.reports import Failure
from .answers import answer, of_reminded
from .filing import OUTBOX, PAPERS, Cabinet, Form, mail_of, outbox, ready
from .outcomes import Reminded, Told
from .papers import printers
from .place import BY, Place, open_place
from .progress import Watch, silent, watched
from .running import give_out, import_desks, imported, read_rows
from .screens import (
    HEAD,
    MOST,
    SOFT,
    console,
    day,
    many,
    show_bad_rows,
    show_notes,
    show_skipped,
    show_unmailed,
    table,
    text,
)


def remind(args: Namespace) -> int:
    """Send every notice that is due, and show or answer what was sent."""
    with watched(quiet=args.json) as watch:
        done = remind_folder(args.folder, on=args.on, skip_bad=args.skip_bad, watch=watch)
    if args.json:
        answer(of_reminded(done))
    else:
        show(done, args)
    return 0 if done.clean else 1


def remind_folder(folder: Path, *, on: date, skip_bad: bool = False, watch: Watch = silent) -> Reminded:
    """Read who there is and what was agreed as it was known on a day, and send every notice that is due on it.

    Nothing is billed; decisions, payments and credits wait for the next run.

    Args:
        skip_bad: import the good rows when others are bad; else nothing is imported and nothing sent.
        watch: is told how far it is.
    """
    place = open_place(folder, billed=False)
    try:
        rows, bad = read_rows(folder, on=on)
        if bad and not skip_bad:
            return Reminded(rejected=bad, ran=False)
        ready()
        write, printer = _writer(place), printers()[Form.PDF]
        cabinet = Cabinet(folder)
        cabinet.open()
        work = imported(place, lambda work: import_desks(work, rows), until=None, on=on, skip_bad=skip_bad)
        if work.bad and not skip_bad:
            return Reminded(rejected=(*bad, *work.bad), ran=False)
        watch("rows", work.done)
        told: list[Told] = []

        def note(notices: Sequence[PlannedNotice]) -> None:
            mine = [_told(cabinet, one) for one in notices if one.state is MessageState.SENT]
            told.extend(mine)
            watch("mails", len(mine))

        report = place.office.delivery.notify(
            place.books, mailer=outbox(cabinet, on), write=write, printer=printer, on=on, by=BY, watch=note
        )
        filed = list(give_out(place, on=on, watch=watch))
    finally:
        place.books.close()
    failures = (*report.failures, *(one for one in filed if isinstance(one, Failure)))
    return Reminded(
        imported=work.done,
        sent=tuple(told),
        dropped=report.dropped,
        skipped=tuple(failure for failure in failures if failure.code != NO_ADDRESS),
        unmailed=tuple(failure.payer for failure in failures if failure.code == NO_ADDRESS),
        rejected=(*bad, *work.bad),
        papers=tuple(one for one in filed if isinstance(one, str)),
        notes=tuple(work.notes),
    )


def _writer(place: Place) -> NoticeWriter:
    """Return what writes notices, under the names of their mails; what is not installed is missed by now."""
    from ..adapters.rendering.notices import NoticeLetters

    letters = NoticeLetters(administration=place.office.administration)

    def write(notice: Notice, printed: Rendered | None, _id: str, to: str) -> Letter:
        return letters(notice, printed, mail_of(notice), to)

    return write


def _told(cabinet: Cabinet, one: PlannedNotice) -> Told:
    file = cabinet.named(cabinet.mail(mail_of(one)))
    return Told(purpose=one.purpose, subject=one.subject, client=one.concerns, file=file)


def show(done: Reminded, args: Namespace) -> None:
    """Show what was told to whom."""
    if not done.ran:
        show_bad_rows(
            done.rejected,
            "so nothing was imported and nothing sent:",
            "Correct them and give the command again, or add --skip-bad to send without them.",
        )
        return
    out = console()
    if done.sent:
        out.print(text((f"{many(len(done.sent), 'notice')} sent", HEAD), (f" · on {day(args.on)}", SOFT)))
        made = table("notice", "about", "client", "mail")
        for one in done.sent[:MOST]:
            made.add_row(_purpose(one.purpose), one.subject, one.client, text((one.file, SOFT)))
        out.print(made)
        if len(done.sent) > MOST:
            out.print(text((f"  and {many(len(done.sent) - MOST, 'more', 'more')} in {args.folder / OUTBOX}", SOFT)))
    elif done.skipped or done.unmailed:
        out.print(text(("Nothing was sent.", HEAD)))
    else:
        out.print(text((f"Nothing to send: everything due on {day(args.on)} was sent already.", HEAD)))
    if done.dropped:
        out.print(text((f"  {many(done.dropped, 'notice')} of no use any more, and not sent", SOFT)))
    if done.papers:
        out.print(f"  {many(len(done.papers), 'paper')} written to {args.folder / PAPERS}.")
    show_bad_rows(done.rejected, "and were left out:", "Correct them and give the command again.")
    show_notes(done.notes)
    show_skipped(done.skipped)
    show_unmailed(done.unmailed, "notice")


def _purpose(purpose: str) -> str:
    """Write what a notice is for: the last word of its code."""
    return purpose.rpartition(".")[2].replace("-", " ")
