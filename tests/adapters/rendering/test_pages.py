"""A document of many pages reads as one: heads are repeated, and totals never stand alone."""

import io

import attrs
import pytest
from pypdf import PdfReader

from fanbilling.adapters.rendering.pdf import PdfRenderer
from tests.adapters.rendering.documents import document, forty_lines, one_line


def pages(made):
    return [page.extract_text() for page in PdfReader(io.BytesIO(PdfRenderer().render(made).content)).pages]


@pytest.mark.parametrize("count", range(20, 44))
def test_totals_have_a_line_above_them(count):
    [total] = [page for page in pages(document(forty_lines().lines[:count])) if "Te betalen" in page]
    assert "2,5 uur" in total


@pytest.mark.parametrize("count", [28, 29, 30, 31])
def test_no_heading_stands_at_the_foot_of_a_page(count):
    lines = [attrs.evolve(line, title=f"Kop {place}.") for place, line in enumerate(forty_lines().lines[:count], 1)]
    for page in pages(document(lines)):
        assert page.count("Kop ") == page.count("2,5 uur")


def test_every_page_has_the_heads_and_its_place():
    made = pages(forty_lines())
    assert len(made) == 2
    for place, page in enumerate(made, 1):
        assert "Omschrijving" in page
        assert "2026-0003" in page
        assert f"Pagina {place} van 2" in page


def test_a_section_that_goes_on_has_its_heading_again():
    lines = [attrs.evolve(line, title="Een lang project") for line in forty_lines().lines]
    made = pages(document(lines))
    assert len(made) > 1
    assert [page.count("Een lang project") for page in made] == [1] * len(made)


def test_it_is_archival_and_says_what_it_is():
    content = PdfRenderer().render(one_line()).content
    reader = PdfReader(io.BytesIO(content))
    assert b"<pdfaid:part>3</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    assert reader.metadata.title == "Factuur 2026-0001"
    assert reader.metadata.author == "Brinkhoff Software"
    assert reader.metadata.creation_date.date() == one_line().on
    assert reader.root_object["/Lang"] == "nl"


def test_its_fonts_are_its_own():
    fonts = set()
    for page in PdfReader(io.BytesIO(PdfRenderer().render(one_line()).content)).pages:
        fonts |= {font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert {font.partition("-")[0] for font in fonts} == {"SourceSans3"}


def test_no_word_of_a_long_text_is_lost():
    """Two thousand words in a line, three hundred in a heading, sixty in a name: all of them are on paper."""
    made = one_line()
    words = [f"woord{n}w" for n in range(2360)]
    line = attrs.evolve(made.lines[0], text=" ".join(words[:2000]), title=" ".join(words[2000:2300]))
    buyer = attrs.evolve(made.buyer, name=" ".join(words[2300:]))
    printed = "".join("".join(page.split()) for page in pages(attrs.evolve(document([line, *made.lines]), buyer=buyer)))
    assert [word for word in words if word not in printed] == []


def test_the_payment_is_on_the_page_of_the_total():
    for count in range(24, 40):
        [total] = [page for page in pages(document(forty_lines().lines[:count])) if "Te betalen" in page]
        assert "Onder vermelding van" in total
