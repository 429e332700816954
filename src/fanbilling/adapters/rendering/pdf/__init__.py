"""Documents and other papers as PDF/A-3b by typst, with fonts of its own, the same bytes for the same document."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from ....domain.invoices import Invoice
from ....domain.papers import Paper
from ....domain.ports.delivery import Rendered
from ..look import Look
from ..paper_view import PaperView, paper_view
from ..transfers import square
from ..view import View, view
from .press import HERE, pressed

#: Kinds of papers that are laid out in a way of their own.
_LAYOUTS = {"certificate": "certificate.typ"}


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
        return pressed(
            self.template or _packaged("document.typ"),
            json.dumps(_data(document, self.look), ensure_ascii=False),
            on=document.on,
            fonts=self.fonts,
            where=f"document {document.number or document.id}",
        )


@attrs.frozen(kw_only=True)
class PdfPrinter:
    """Prints quotations, reports and certificates as PDF/A-3b, on A4.

    Args:
        look: logo and colour.
        templates: typst templates of your own by kind of paper, in the place of the packaged ones.
        fonts: folders with fonts beside the packaged ones, for scripts that those do not have.
    """

    look: Look = Look()
    templates: dict[str, bytes] = attrs.field(factory=dict, hash=False)
    fonts: tuple[str, ...] = ()

    def print(self, paper: Paper) -> Rendered:
        """Print a paper.

        Raises:
            AdapterFailure: when the template is wrong, when the fonts have hardly any of the signs, or in a process
                that was forked from one that had made a PDF.
        """
        template = self.templates.get(paper.kind) or _packaged(_LAYOUTS.get(paper.kind, "paper.typ"))
        return pressed(
            template,
            json.dumps(_common(paper_view(paper), self.look, paper.on), ensure_ascii=False),
            on=paper.on,
            fonts=self.fonts,
            where=f"{paper.kind} {paper.number or paper.id}",
        )


def _common(shown: View | PaperView, look: Look, on: date) -> dict[str, Any]:
    """Return what every template gets: the view, and how the house looks."""
    return {
        **attrs.asdict(shown, filter=lambda field, _: field.name not in ("transfer", "labels")),
        "line": shown.sender.line,
        "on": [on.year, on.month, on.day],
        "accent": look.accent,
        "logo": _logo(look),
    }


def _data(document: Invoice, look: Look) -> dict[str, Any]:
    shown = view(document)
    return {
        **_common(shown, look, document.on),
        "labels": {fact.label: fact.value for fact in shown.labels},
        "square": square(shown.payment.transfer) if shown.payment.transfer else "",
    }


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


@lru_cache(maxsize=8)
def _packaged(name: str) -> bytes:
    return (HERE / name).read_bytes()
