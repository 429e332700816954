"""The files of a folder: documents, e-invoices, papers, mails, a page per client, and the rows that were refused.

A file is written beside its place, forced to the disk and put in its place in one step: it is there whole, or not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

import attrs

from ..domain.invoices import Invoice
from ..domain.messages import Letter
from ..domain.notices import Notice, PlannedNotice
from ..domain.papers import Paper
from ..domain.ports.delivery import Mailer, Receipt, Rendered, Renderer
from ..domain.ports.storage import Store
from ..files import DRAFT, write_whole
from .tables import REJECTS, BadRow

INVOICES: Final = "invoices"
PAPERS: Final = "papers"
OUTBOX: Final = "outbox"
CLIENTS: Final = "clients"
PAGE: Final = 100

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")


class Form(StrEnum):
    """As what a paper is filed: its value is the ending of the file."""

    PDF = ".pdf"
    CSV = ".csv"


@attrs.frozen(kw_only=True)
class PaperFile:
    """A paper in the drawer ``papers`` of a folder.

    Args:
        name: what the file is called, without its ending: ``"quotation-Q-1"``. It begins with what it is, so that no
            two desks have one name.
        make: makes the paper; it is asked for one that has to be written, and not for the others.
        forms: as what it is filed.
        lasting: whether it was given out: such a file is written once, and again when it was lost, and never holds
            anything else. Another content is another name (``"quotation-Q-1-2"``). Without it the file says what holds
            on the day of the run.
        party: whose data it may hold; told to whoever erases it.
    """

    name: str
    make: Callable[[], Paper]
    forms: tuple[Form, ...] = (Form.PDF,)
    lasting: bool = True
    party: str = ""


@attrs.frozen
class Cabinet:
    """Where each kind of file of a folder is kept."""

    folder: Path

    def open(self) -> None:
        """Make the drawers, and clear away what a run that was stopped left half written."""
        for drawer in (INVOICES, PAPERS, OUTBOX, CLIENTS):
            (self.folder / drawer).mkdir(exist_ok=True)
        for drawer in (INVOICES, PAPERS, CLIENTS, "."):
            for draft in (self.folder / drawer).glob(f".*{DRAFT}"):
                draft.unlink(missing_ok=True)

    def document(self, number: str) -> Path:
        """Return where a document is kept."""
        return self.folder / INVOICES / f"{stem(number)}.pdf"

    def e_invoice(self, number: str) -> Path:
        """Return where the e-invoice of a document is kept."""
        return self.folder / INVOICES / f"{stem(number)}.xml"

    def paper(self, name: str, suffix: str) -> Path:
        """Return where a paper is kept in one of its forms."""
        return self.folder / PAPERS / f"{stem(name)}{suffix}"

    def mail(self, number: str) -> Path:
        """Return where the mail with a document is kept."""
        return self.folder / OUTBOX / f"{stem(number)}.eml"

    def page(self, client: str) -> Path:
        """Return where the page of a client is kept."""
        return self.folder / CLIENTS / f"{stem(client)}.html"

    def files_of(self, number: str) -> list[str]:
        """Return the files that there are about a document, as they are named within the folder."""
        there = (self.document(number), self.e_invoice(number), self.mail(number))
        return [self.named(path) for path in there if path.is_file()]

    def named(self, path: Path) -> str:
        """Return how a file is named within the folder."""
        return path.relative_to(self.folder).as_posix()

    def file(self, document: Invoice, renderer: Renderer) -> Rendered:
        """Render a document, and keep it if it was not kept yet."""
        rendered = renderer.render(document)
        place = self.document(document.number)
        if not place.is_file():
            write_whole(place, rendered.content)
        return rendered

    def documents(self, store: Store) -> Iterator[Invoice]:
        """Yield every document that was issued."""
        after = ("", 0)
        while page := store.documents.page(after=after, limit=PAGE):
            yield from page
            after = page[-1].series, page[-1].place

    def refuse(self, bad: Sequence[BadRow]) -> None:
        """Keep the rows that were refused for whoever puts them right; without any, there is no such file."""
        place = self.folder / REJECTS
        if bad:
            write_whole(place, rejects(bad))
        else:
            place.unlink(missing_ok=True)


@attrs.frozen
class FilingRenderer:
    """Renders for the mail, and keeps what it rendered: a document is filed before it is sent."""

    renderer: Renderer
    cabinet: Cabinet

    def render(self, document: Invoice) -> Rendered:
        return self.cabinet.file(document, self.renderer)


@attrs.frozen
class Outbox:
    """Hands letters to a mailer under the id that stands on them: the number of the document."""

    mailer: Mailer

    def send(self, letter: Letter, *, key: str) -> Receipt:
        return self.mailer.send(letter, key=letter.id)


def ready() -> Renderer:
    """Load everything that writes files, so that what is not installed is missed before anything is billed.

    Raises:
        ModuleNotFoundError: naming it.
    """
    import css_inline  # noqa: F401

    from ..adapters.rendering import html, letters  # noqa: F401
    from ..adapters.rendering.pdf import PdfRenderer

    return PdfRenderer()


def letter(document: Invoice, rendered: Rendered, _id: str, to: str) -> Letter:
    """Write the letter that goes with a document, under the number of that document."""
    from ..adapters.rendering.letters import invoice_letter

    return invoice_letter(document, rendered, stem(document.number), to)


def outbox(cabinet: Cabinet, on: date) -> Outbox:
    """Return the way out for mail: files that somebody may send on."""
    from ..adapters.mail.folder import FolderMailer

    return Outbox(FolderMailer(cabinet.folder / OUTBOX, on=on))


def mail_of(notice: Notice | PlannedNotice) -> str:
    """Return the name of the mail with a notice: what it is about, and the beginning of its id."""
    return f"{stem(f'{notice.purpose}-{notice.subject}')[:80]}-{notice.id[:12]}"


def stem(text: str) -> str:
    """Return the name of the file for a number or an id; it never leads out of its folder."""
    if _PLAIN.fullmatch(text):
        return text
    return (
        f"{re.sub('[^A-Za-z0-9]+', '-', text).strip('-')[:60]}-{hashlib.sha256(text.encode()).hexdigest()[:8]}".strip(
            "-"
        )
    )


def rejects(bad: Iterable[BadRow]) -> bytes:
    """Write refused rows as a table that a spreadsheet opens, and in which it computes nothing."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["file", "line", "column", "value", "problem", "expected"])
    for row in bad:
        cells = (row.file, str(row.line), row.column, row.value, row.problem, row.expected)
        writer.writerow([f"'{cell}" if _FORMULA.match(cell) else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")
