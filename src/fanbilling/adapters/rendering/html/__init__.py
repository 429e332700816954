"""Documents and the client's page for a browser: one self-contained file each, that prints as well as it reads."""

from __future__ import annotations

import attrs
from jinja2 import TemplateError
from markupsafe import Markup

from ....domain.errors import AdapterFailure
from ....domain.invoices import Invoice
from ....domain.papers import Paper
from ....domain.ports.delivery import Rendered
from ..look import Look
from ..paper_view import paper_view
from ..templates import environment
from ..transfers import square
from ..view import view
from .client import client_page

__all__ = ["HtmlPrinter", "HtmlRenderer", "client_page"]

#: What a template of others can do wrong: its own errors, and those of what it tries with the data.
_MISTAKES = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@attrs.frozen(kw_only=True)
class HtmlRenderer:
    """Renders a document as HTML with its style inside; everything that stands in it is escaped.

    Args:
        look: logo and colour.
        template: a Jinja2 template of your own, in the place of the packaged one; it runs in a sandbox.
    """

    look: Look = Look()
    template: str = ""

    def render(self, document: Invoice) -> Rendered:
        """Render a document.

        Raises:
            AdapterFailure: when the template is wrong, or asks for something that it may not have.
        """
        shown = view(document)
        payment = shown.payment.transfer
        try:
            page = (
                environment().from_string(self.template)
                if self.template
                else environment().get_template("document.html")
            )
            text = page.render(
                shown=shown,
                look=self.look,
                square=Markup(square(payment)) if payment else "",  # noqa: S704 - drawn by us, from figures
            )
        except _MISTAKES as error:
            raise AdapterFailure(
                str(error), where=f"document {document.number or document.id}", remedy="correct the template"
            ) from error
        return Rendered(content=text.encode(), media_type="text/html; charset=utf-8", suffix=".html")


@attrs.frozen(kw_only=True)
class HtmlPrinter:
    """Prints quotations, reports and certificates as HTML with its style inside; everything in it is escaped.

    Args:
        look: logo and colour.
        templates: Jinja2 templates of your own by kind of paper; they run in a sandbox.
    """

    look: Look = Look()
    templates: dict[str, str] = attrs.field(factory=dict, hash=False)

    def print(self, paper: Paper) -> Rendered:
        """Print a paper.

        Raises:
            AdapterFailure: when the template is wrong, or asks for something that it may not have.
        """
        own = self.templates.get(paper.kind)
        packaged = "certificate.html" if paper.kind == "certificate" else "paper.html"
        try:
            page = environment().from_string(own) if own else environment().get_template(packaged)
            text = page.render(shown=paper_view(paper), look=self.look)
        except _MISTAKES as error:
            raise AdapterFailure(
                str(error), where=f"{paper.kind} {paper.number or paper.id}", remedy="correct the template"
            ) from error
        return Rendered(content=text.encode(), media_type="text/html; charset=utf-8", suffix=".html")
