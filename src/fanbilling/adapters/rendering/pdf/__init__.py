"""Documents on paper: PDF/A-3b by typst, with fonts of its own, the same bytes for the same document."""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
import typst

from ....domain.errors import AdapterFailure
from ....domain.invoices import Invoice
from ....domain.ports.delivery import Rendered
from ..look import Look
from ..transfers import square
from ..view import View, view

_HERE = Path(__file__).parent
#: What typst says of a text that no font can print.
_UNKNOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_MOST_SIGNS = 200
_EPOCH = date(1970, 1, 1)
_RAN_IN: set[int] = set()  # the processes in which typst ran: this one, and those it was forked from
_MINE = threading.local()  # a compiler does one thing at a time


@attrs.frozen(kw_only=True)
class PdfRenderer:
    """Renders a document as PDF/A-3b, on A4, for a window envelope.

    The document goes to the template as data, never as text of the template, so whatever stands in a client's name is
    printed and nothing else.

    Args:
        look: logo and colour.
        template: a typst template of your own, in the place of the packaged one.
        fonts: folders with fonts beside the packaged ones, for scripts that those do not have.
    """

    look: Look = Look()
    template: bytes = b""
    fonts: tuple[str, ...] = ()

    def render(self, document: Invoice) -> Rendered:
        """Render a document.

        Raises:
            AdapterFailure: when the template is wrong, when the fonts have hardly any of the signs, or in a process
                that was forked from one that had made a PDF.
        """
        written = json.dumps(_data(document, self.look), ensure_ascii=False)
        where = f"document {document.number or document.id}"
        for _ in range(_MOST_SIGNS):
            try:
                content = self._set(written, document)
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
                remedy="PdfRenderer(fonts=…) takes folders with fonts that have more signs",
            )
        if not isinstance(content, bytes):
            raise AdapterFailure("typst gave no file", where=f"document {document.number or document.id}")
        return Rendered(content=content, media_type="application/pdf", suffix=".pdf")

    def _set(self, written: str, document: Invoice) -> object:
        """Set the pages."""
        return _compiler(self.fonts).compile(
            self.template or _packaged(),
            format="pdf",
            sys_inputs={"document": written},
            pdf_standards=["a-3b"],
            timestamp=(document.on - _EPOCH).days * 86_400,
        )


def _data(document: Invoice, look: Look) -> dict[str, Any]:
    shown = view(document)
    return {
        **attrs.asdict(shown, filter=lambda field, _: field.name not in ("transfer", "labels")),
        "labels": {fact.label: fact.value for fact in shown.labels},
        "line": shown.sender.line,
        "square": _square(shown),
        "on": [document.on.year, document.on.month, document.on.day],
        "accent": look.accent,
        "logo": _logo(look),
    }


def _square(shown: View) -> str:
    return square(shown.payment.transfer) if shown.payment.transfer else ""


def _logo(look: Look) -> str:
    """The logo as an SVG picture: a photograph goes inside one, for data is text here."""
    if look.media_type == "image/svg+xml":
        return look.logo.decode()
    if not look.logo:
        return ""
    width, height = look.size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="{look.logo_address}"/></svg>'
    )


@lru_cache(maxsize=1)
def _packaged() -> bytes:
    return (_HERE / "document.typ").read_bytes()


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
        folders = [str(_HERE / "fonts"), *fonts]
        found[fonts] = typst.Compiler(font_paths=folders, ignore_system_fonts=True, root=str(_HERE))
    return found[fonts]
