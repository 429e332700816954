"""Papers besides bills: what the desks give out, filed in a drawer of its own, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from ..domain.errors import BillingError
from ..domain.papers import Paper
from ..domain.ports.printing import Printer
from ..domain.reports import Failure
from ..files import write_whole
from .desks import DESKS
from .filing import Cabinet, Form, PaperFile
from .place import BY, Place


def printers() -> Mapping[Form, Printer]:
    """Return what prints each form; loaded here, so that what is not installed is missed before anything is done."""
    from ..adapters.rendering.csv import CsvPrinter
    from ..adapters.rendering.pdf import PdfPrinter

    return {Form.PDF: PdfPrinter(), Form.CSV: CsvPrinter()}


def file_papers(place: Place, *, on: date) -> Iterator[str | Failure]:
    """File the papers of all desks; yield each file that was written, and what was in the way of the others."""
    cabinet, with_what = Cabinet(place.folder), printers()
    taken: dict[Path, str] = {}
    with place.books.reading(by=BY) as store:
        for desk in DESKS:
            for one in desk.papers(store, place.office, on):
                if (other := taken.setdefault(cabinet.paper(one.name, ""), desk.name)) != desk.name:
                    problem = f"{other} has a paper of that name too"
                    yield Failure(payer=one.name, code="not-filed", problem=problem)
                    continue
                try:
                    yield from map(cabinet.named, filed(cabinet, one, with_what))
                except (BillingError, OSError) as error:
                    yield Failure(payer=one.party or one.name, code="not-filed", problem=f"{one.name}: {error}")


def filed(cabinet: Cabinet, one: PaperFile, with_what: Mapping[Form, Printer] | None = None) -> list[Path]:
    """File a paper in its forms, and return the files that were written: none, when all is there already."""
    with_what = with_what or printers()
    written: list[Path] = []
    paper: Paper | None = None
    for form in one.forms:
        place = cabinet.paper(one.name, form.value)
        if one.lasting and place.is_file():
            continue
        paper = paper or one.make()
        content = with_what[form].print(paper).content
        if not (place.is_file() and place.read_bytes() == content):
            write_whole(place, content)
            written.append(place)
    return written
