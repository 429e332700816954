"""Renderers with one fault each. They are named at the top of a module, for another process has to find them."""

import re

import attrs

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.domain.ports.delivery import Rendered


class Altered(TextRenderer):
    """Renders plain text, and does something to it."""

    def render(self, document):
        rendered = super().render(document)
        return attrs.evolve(rendered, content=self.altered(rendered.content.decode(), document).encode())


class Counts(Altered):
    """Says how many it made, as some formats do in their ids."""

    def __init__(self):
        self.made = 0

    def altered(self, text, document):
        self.made += 1
        return f"{text}\n{self.made}\n"


class HashesText(Altered):
    """Derives an id from ``hash``, which is another one in every process."""

    def altered(self, text, document):
        return f"{text}\n{hash(document.buyer.name)}\n"


class RoundsToEuros(Altered):
    """Prints large amounts without their cents."""

    def altered(self, text, document):
        return re.sub(r"(\d[.,]\d{3})[.,]\d\d", r"\1", text)


class ThroughAFloat(Altered):
    """Turns amounts into floats on their way: 0.10 loses its nought."""

    def altered(self, text, document):
        return re.sub(r"([.,]\d)0\b", r"\1", text)


class AlwaysEnglish(TextRenderer):
    def render(self, document):
        return super().render(attrs.evolve(document, language="en"))


class OnePage(Altered):
    """Has room for so many lines."""

    def altered(self, text, document):
        return "\n".join([*text.split("\n")[:60], *text.split("\n")[-30:]])


class ColumnByColumn(Altered):
    """Reads in two columns, one after the other."""

    def altered(self, text, document):
        lines = text.split("\n")
        return "\n".join([*lines[::2], *lines[1::2]])


class CutsLongNames(Altered):
    def altered(self, text, document):
        return text.replace(document.buyer.name, document.buyer.name[:12])


class LeavesTheNumberOut(Altered):
    def altered(self, text, document):
        return text.replace(document.number, "")


class ForgetsWhatItCorrects(TextRenderer):
    def render(self, document):
        return super().render(attrs.evolve(document, preceding=()))


class CreditsAsInvoices(TextRenderer):
    """Prints the size of every amount, whichever way it goes."""

    def render(self, document):
        lines = tuple(attrs.evolve(line, net=abs(line.net), quantity=abs(line.quantity)) for line in document.lines)
        taxes = tuple(attrs.evolve(tax, base=abs(tax.base), vat=abs(tax.vat)) for tax in document.taxes)
        figures = attrs.evolve(
            document.totals, taxable=abs(document.totals.taxable), payable=abs(document.totals.payable)
        )
        kind = type(document.kind).INVOICE
        return super().render(attrs.evolve(document, kind=kind, lines=lines, taxes=taxes, totals=figures))


class DoesNotEscape(HtmlRenderer):
    """Puts names into the page as they are."""

    def render(self, document):
        rendered = super().render(document)
        page = rendered.content.decode().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return attrs.evolve(rendered, content=page.encode())


class FillsInNames(Altered):
    """Uses what it printed as a template once more."""

    def altered(self, text, document):
        return re.sub(r"\{\{ 7 \* 7 \}\}", "49", text)


class WritesInTheDocument(TextRenderer):
    """Puts its own words where the document had others."""

    def render(self, document):
        object.__setattr__(document, "language", document.language.upper().lower())
        object.__setattr__(document, "due", document.on)
        return super().render(document)


class SaysNotWhatItMade(TextRenderer):
    def render(self, document):
        return Rendered(content=super().render(document).content, media_type="text", suffix="txt")
