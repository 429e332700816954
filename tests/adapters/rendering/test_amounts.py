"""Every amount that is printed is a figure of the reason tree, and every figure that matters is printed."""

import io
import re
from decimal import Decimal
from html.parser import HTMLParser
from itertools import groupby

import pytest
from pypdf import PdfReader

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.domain.explain import explain
from tests.adapters.rendering.documents import SAMPLES

AMOUNT = {
    "nl": re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})*,\d{2,}(?!\d)"),
    "en": re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})*\.\d{2,}(?!\d)"),
}


class Words(HTMLParser):
    """The text of a page, without its style."""

    def __init__(self):
        super().__init__()
        self.texts, self.hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self.hidden += tag == "style"

    def handle_endtag(self, tag):
        self.hidden -= tag == "style"

    def handle_data(self, data):
        if not self.hidden:
            self.texts.append(data)


def as_text(document):
    return TextRenderer().render(document).content.decode()


def as_html(document):
    words = Words()
    words.feed(HtmlRenderer().render(document).content.decode())
    return "\n".join(words.texts)


def as_pdf(document):
    pages = PdfReader(io.BytesIO(PdfRenderer().render(document).content)).pages
    return "\n".join(page.extract_text() for page in pages)


def amounts(text, language):
    """The amounts in a text, without their signs: a credit note is printed the other way round."""
    group, mark = (".", ",") if language == "nl" else (",", ".")
    return {Decimal(found.replace(group, "").replace(mark, ".")) for found in AMOUNT[language].findall(text)}


def explained(document):
    """The figures of the reason tree, and the sums of its lines under one heading."""
    nodes = explain(document).walk()
    figures = {value for node in nodes for value in (node.value, *(fact for _, fact in node.inputs))}
    sections = [sum(line.net for line in lines) for _, lines in groupby(document.lines, key=lambda line: line.title)]
    return {abs(figure) for figure in (*figures, *sections) if isinstance(figure, Decimal)}


def told(document):
    """The figures that no reader may miss: nets, taxable amounts, VAT and what is to be paid."""
    taxes = [figure for subtotal in document.taxes for figure in (subtotal.base, subtotal.vat)]
    return {
        abs(f)
        for f in (*(line.net for line in document.lines), *taxes, document.totals.taxable, document.totals.payable)
    }


documents = pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES)
languages = pytest.mark.parametrize("language", ["nl", "en"])
layouts = pytest.mark.parametrize("layout", [as_text, as_html, as_pdf], ids=["text", "html", "pdf"])


@documents
@languages
@layouts
def test_every_amount_that_is_printed_has_its_reason(document, language, layout):
    sample = document(language)
    found = amounts(layout(sample), language)
    assert found
    assert found - explained(sample) == set()


@documents
@languages
@layouts
def test_every_figure_that_matters_is_printed(document, language, layout):
    sample = document(language)
    assert told(sample) - amounts(layout(sample), language) == set()


@documents
def test_the_samples_add_up(document):
    sample = document("nl")
    for subtotal in sample.taxes:
        new = sum(line.net for line in sample.lines if line.tax == subtotal.tax and not line.corrects)
        vat = sum(line.vat for line in sample.lines if line.tax == subtotal.tax and not line.corrects)
        assert abs(new * subtotal.tax.rate / 100 - vat) <= Decimal("0.005")
