"""One run over a folder: read the rows, bill, settle, file and send; stopped anywhere, the next run does the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

import attrs

from ..domain.errors import BillingError, RuleViolation
from ..domain.invoices import DocumentKind, Invoice
from ..domain.messages import NO_ADDRESS
from ..domain.ports.delivery import Renderer
from ..domain.ports.storage import Store
from ..domain.reports import Failure
from .clients import import_clients
from .dealings import import_credits, import_decisions, import_payments
from .desks import DESKS
from .einvoices import EInvoices
from .filing import Cabinet, FilingRenderer, outbox, ready
from .folder import read_folder
from .importing import Import
from .outcomes import Incomplete, Issued, Outcome
from .pages import write_pages
from .papers import file_papers, printers
from .place import BY, Place, open_place
from .progress import Watch, silent
from .tables import BadRow, Folder


class Undone(RuleViolation):
    """Some rows are wrong, so nothing of the folder was imported."""

    code = "import-undone"


def run_folder(folder: Path, *, until: date, on: date, skip_bad: bool = False, watch: Watch = silent) -> Outcome:
    """Bill a folder: what was known on a day, until a day.

    Args:
        skip_bad: import the good rows when others are bad; else nothing is imported and nothing billed.
        watch: is told how far it is.
    """
    place = open_place(folder, billed=False)
    try:
        rows, bad = read_rows(folder, on=on)
        if bad and not skip_bad:
            return Outcome(rejected=bad, ran=False)
        return _Run(place=place, rows=rows, until=until, on=on, skip_bad=skip_bad, watch=watch)(bad)
    finally:
        place.books.close()


def read_rows(folder: Path, *, on: date) -> tuple[Folder, tuple[BadRow, ...]]:
    """Read the tables of a folder as they were known on a day, and every row that is wrong."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix.lower() == ".csv"}
    rows, bad = read_folder(files)
    return rows.known(on), bad


def import_rows(work: Import, rows: Folder) -> None:
    """Bring the books to what the rows say: who there is, what was agreed, decided and paid, and what is given back."""
    import_agreed(work, rows)
    import_payments(work, rows)
    import_credits(work, rows)


def import_agreed(work: Import, rows: Folder) -> None:
    """Bring the books to who there is, what was agreed at every desk, and what was decided about it."""
    import_desks(work, rows)
    import_decisions(work, rows)


def import_desks(work: Import, rows: Folder) -> None:
    """Bring the books to who there is, and what was agreed and registered at every desk."""
    import_clients(work, rows)
    for desk in DESKS:
        desk.carry_out(work, rows)


def imported(place: Place, bring: Callable[[Import], None], *, until: date | None, on: date, skip_bad: bool) -> Import:
    """Import in one transaction; when a row is bad and none may be left out, nothing of it remains.

    Args:
        bring: brings the books to what the rows say.
        until: until which day is billed; absent when nothing is.
    """
    with suppress(Undone), place.books(by=BY) as store:
        place.see(store, until=until, on=on)
        work = Import(office=place.office, store=store, on=on)
        bring(work)
        if work.bad and not skip_bad:
            raise Undone("a row is bad", remedy="correct it, or leave it out")
    return work


def give_out(place: Place, *, on: date, watch: Watch) -> Iterator[str | Failure]:
    """File the papers of the desks and write the pages; yield the papers written, and what could not be."""
    for one in file_papers(place, on=on):
        watch("papers", 1)
        yield one
    for client, problem in write_pages(place, on=on):
        watch("pages", 1)
        if problem:
            yield Failure(payer=client, code="not-filed", problem=problem)


@attrs.define(kw_only=True)
class _Run:
    """A run on its way: the steps, and what came of them so far."""

    place: Place
    rows: Folder
    until: date
    on: date
    skip_bad: bool
    watch: Watch
    cabinet: Cabinet = attrs.field(init=False)
    renderer: Renderer = attrs.field(init=False, factory=ready)
    issued: list[Issued] = attrs.field(init=False, factory=list)
    skipped: list[Failure] = attrs.field(init=False, factory=list)
    unmailed: list[Failure] = attrs.field(init=False, factory=list)
    incomplete: list[Incomplete] = attrs.field(init=False, factory=list)
    papers: list[str] = attrs.field(init=False, factory=list)
    drafted: int = attrs.field(init=False, default=0)

    @cabinet.default
    def _cabinet(self) -> Cabinet:
        return Cabinet(self.place.folder)

    def __call__(self, bad: Sequence[BadRow]) -> Outcome:
        EInvoices(self.place).ready()
        printers()
        self.cabinet.open()
        work = self._import()
        if work.bad and not self.skip_bad:
            return Outcome(rejected=(*bad, *work.bad), ran=False)
        self._bill()
        waiting = self._import_waiting() if work.waiting else []
        self._settle()
        sent = self._send()
        self._file()
        rejected = (*bad, *work.bad, *waiting)
        if self.skip_bad:
            self.cabinet.refuse(rejected)
        issued = tuple(attrs.evolve(one, files=tuple(self.cabinet.files_of(one.number))) for one in self.issued)
        return Outcome(
            imported=work.done,
            drafted=self.drafted,
            issued=issued,
            skipped=tuple(self.skipped),
            unmailed=tuple(failure.payer for failure in self.unmailed),
            rejected=rejected,
            incomplete=tuple(self.incomplete),
            sent=sent,
            papers=tuple(self.papers),
            notes=tuple(work.notes),
        )

    def _work(self, store: Store) -> Import:
        return Import(office=self.place.office, store=store, on=self.on)

    def _import(self) -> Import:
        work = imported(
            self.place,
            lambda work: import_rows(work, self.rows),
            until=self.until,
            on=self.on,
            skip_bad=self.skip_bad,
        )
        if not work.bad or self.skip_bad:
            self._note(work.issued)
            self.watch("rows", work.done)
        return work

    def _import_waiting(self) -> list[BadRow]:
        """Try again what was about something on no bill; what is given back to be billed anew, is billed anew."""
        with self.place.books(by=BY) as store:
            work = self._work(store)
            import_payments(work, self.rows)
            import_credits(work, self.rows)
        self._note(work.issued)
        if work.issued:
            self._bill()
        return [*work.bad, *work.waiting]

    def _bill(self) -> None:
        report = self.place.office.billing.run(self.place.books, until=self.until, on=self.on, by=BY, watch=self._note)
        self.drafted += report.documents + len(report.failures)
        self.skipped += report.failures

    def _note(self, documents: Iterable[Invoice]) -> None:
        mine = [_issued(document) for document in documents]
        self.issued += mine
        self.watch("bills", len(mine))

    def _settle(self) -> None:
        """Set what was paid too much, or too early, against the bills that came now."""
        with self.place.books(by=BY) as store:
            self.place.office.receivables.settle(store, on=self.on)

    def _send(self) -> int:
        report = self.place.office.delivery.send(
            self.place.books,
            renderer=FilingRenderer(self.renderer, self.cabinet),
            mailer=outbox(self.cabinet, self.on),
            letter=EInvoices(self.place).letter,
            on=self.on,
            by=BY,
            watch=lambda messages: self.watch("mails", len(messages)),
        )
        self.unmailed += [failure for failure in report.failures if failure.code == NO_ADDRESS]
        self.skipped += [failure for failure in report.failures if failure.code != NO_ADDRESS]
        return report.sent

    def _file(self) -> None:
        """File what was not sent, or whose file was lost, papers and pages; what cannot be, is told."""
        e_invoices = EInvoices(self.place)
        with self.place.books.reading(by=BY) as store:
            for document in self.cabinet.documents(store):
                try:
                    if not self.cabinet.document(document.number).is_file():
                        self.cabinet.file(document, self.renderer)
                    if e_invoices.wanted(document) and (incomplete := e_invoices.file(document)):
                        self.incomplete.append(incomplete)
                except (BillingError, OSError) as error:
                    self.skipped.append(Failure(payer=document.payer, code="not-filed", problem=str(error)))
        for one in give_out(self.place, on=self.on, watch=self.watch):
            if isinstance(one, Failure):
                self.skipped.append(one)
            else:
                self.papers.append(one)


def _issued(document: Invoice) -> Issued:
    return Issued(
        number=document.number,
        payer=document.payer,
        credit=document.kind is DocumentKind.CREDIT_NOTE,
        total=document.payable,
    )
