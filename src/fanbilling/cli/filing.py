"""The files of a folder: a PDF per document, a mail per document, a page per client, and the rows that were refused.

A file is written beside its place, forced to the disk and put in its place in one step: it is there whole, or not.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import attrs

from ..domain.invoices import Invoice
from ..domain.messages import Letter
from ..domain.ports.delivery import Mailer, Receipt, Rendered, Renderer
from ..domain.ports.storage import Store
from ..files import DRAFT, write_whole
from .tables import REJECTS, BadRow

INVOICES: Final = "invoices"
OUTBOX: Final = "outbox"
CLIENTS: Final = "clients"
PAGE: Final = 100

_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")


@attrs.frozen
class Cabinet:
    """Where each kind of file of a folder is kept."""

    folder: Path

    def open(self) -> None:
        """Make the drawers, and clear away what a run that was stopped left half written."""
        for drawer in (INVOICES, OUTBOX, CLIENTS):
            (self.folder / drawer).mkdir(exist_ok=True)
        for drawer in (INVOICES, CLIENTS, "."):
            for draft in (self.folder / drawer).glob(f".*{DRAFT}"):
                draft.unlink(missing_ok=True)

    def document(self, number: str) -> Path:
        """Return where a document is kept."""
        return self.folder / INVOICES / f"{stem(number)}.pdf"

    def mail(self, number: str) -> Path:
        """Return where the mail with a document is kept."""
        return self.folder / OUTBOX / f"{stem(number)}.eml"

    def page(self, client: str) -> Path:
        """Return where the page of a client is kept."""
        return self.folder / CLIENTS / f"{stem(client)}.html"

    def files_of(self, number: str) -> list[str]:
        """Return the files that there are about a document, as they are named within the folder."""
        there = [path for path in (self.document(number), self.mail(number)) if path.is_file()]
        return [path.relative_to(self.folder).as_posix() for path in there]

    def file(self, document: Invoice, renderer: Renderer) -> Rendered:
        """Render a document, and keep it if it was not kept yet."""
        rendered = renderer.render(document)
        place = self.document(document.number)
        if not place.is_file():
            write_whole(place, rendered.content)
        return rendered

    def missing(self, store: Store) -> Iterator[Invoice]:
        """Yield the documents of which there is no file."""
        after = ("", 0)
        while page := store.documents.page(after=after, limit=PAGE):
            yield from (document for document in page if not self.document(document.number).is_file())
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
