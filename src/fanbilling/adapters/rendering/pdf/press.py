"""Setting pages by typst: data and a template become a PDF/A-3b, the same bytes for the same data."""

from __future__ import annotations

import os
import re
import threading
from datetime import date
from pathlib import Path

import typst

from ....domain.errors import AdapterFailure
from ....domain.ports.delivery import Rendered

HERE = Path(__file__).parent
#: What typst says of a text that no font can print.
_UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_MOST_SIGNS = 200
_EPOCH = date(1970, 1, 1)
_RAN_IN: set[int] = set()  # the processes in which typst ran: this one, and those it was forked from
_MINE = threading.local()  # a compiler does one thing at a time


def pressed(template: bytes, written: str, *, on: date, fonts: tuple[str, ...], where: str) -> Rendered:
    """Set the pages.

    The data goes to the template as data, never as text of the template, so whatever stands in a client's name is
    printed and nothing else.

    Args:
        written: the data, as one JSON text.
        on: the day that the file says it was made on.
        fonts: folders with fonts beside the packaged ones.
        where: what it is, for an error.

    Raises:
        AdapterFailure: when the template is wrong, when the fonts have hardly any of the signs, or in a process that
            was forked from one that had made a PDF.
    """
    for _ in range(_MOST_SIGNS):
        try:
            content = _compiler(fonts).compile(
                template,
                format="pdf",
                sys_inputs={"document": written},
                pdf_standards=["a-3b"],
                timestamp=(on - _EPOCH).days * 86_400,
            )
            break
        except typst.TypstError as error:
            unknown = _UNKNOWN.search(str(error))
            if unknown is None:
                raise AdapterFailure(str(error), where=where) from error
            # An issued document must reach its reader: a sign that no font has is printed as a question mark.
            written = written.translate({ord(sign): "?" for sign in unknown[1]})
    else:
        raise AdapterFailure(
            "hardly any of its signs can be printed",
            where=where,
            remedy="fonts=… takes folders with fonts that have more signs",
        )
    if not isinstance(content, bytes):
        raise AdapterFailure("typst gave no file", where=where)
    return Rendered(content=content, media_type="application/pdf", suffix=".pdf")


def _compiler(fonts: tuple[str, ...]) -> typst.Compiler:
    """One compiler for all documents of a thread: reading fonts costs more than setting a page."""
    _RAN_IN.add(os.getpid())
    if len(_RAN_IN) > 1:
        # typst's own threads do not survive a fork: it would wait for them for ever.
        raise AdapterFailure(
            "this process was forked from one that had already made a PDF",
            where="PdfRenderer",
            remedy="start processes with spawn or forkserver, or make the first PDF in them",
        )
    found: dict[tuple[str, ...], typst.Compiler] = vars(_MINE).setdefault("compilers", {})
    if fonts not in found:
        folders = [str(HERE / "fonts"), *fonts]
        found[fonts] = typst.Compiler(font_paths=folders, ignore_system_fonts=True, root=str(HERE))
    return found[fonts]
