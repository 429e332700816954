"""Every printer of papers keeps the contract of one; a table for a spreadsheet is one."""

import csv
import io
from datetime import date
from decimal import Decimal

import attrs
import pytest
from pypdf import PdfReader

from fanbilling.adapters.rendering import dutch, english
from fanbilling.adapters.rendering.csv import CsvPrinter
from fanbilling.adapters.rendering.html import HtmlPrinter
from fanbilling.adapters.rendering.pdf import PdfPrinter
from fanbilling.adapters.rendering.text import TextPrinter
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.papers import Column, Figure, Row, Table
from fanbilling.testing.contracts import PrinterContract
from fanbilling.testing.contracts.printing import paper


class TestText(PrinterContract):
    @pytest.fixture
    def printer(self):
        return TextPrinter()


class TestHtml(PrinterContract):
    @pytest.fixture
    def printer(self):
        return HtmlPrinter()


class TestCsv(PrinterContract):
    whole = False

    @pytest.fixture
    def printer(self):
        return CsvPrinter()

    def text_of(self, rendered):
        rows = csv.reader(io.StringIO(rendered.content.decode("utf-8-sig"), newline=""), delimiter=";")
        return "\n".join(cell for row in rows for cell in row)


class TestPdf(PrinterContract):
    @pytest.fixture
    def printer(self):
        return PdfPrinter()

    def text_of(self, rendered):
        pages = PdfReader(io.BytesIO(rendered.content)).pages
        return "\n".join(page.extract_text() for page in pages)


HOURS = (Column("day", Figure.DAY), Column("description"), Column("hours", Figure.NUMBER))


def table(title, *rows, total=None):
    return Table(title=title, columns=HOURS, rows=rows, total=total)


def worked(day, text, hours):
    return Row(cells=(date(2026, 3, day), text, Decimal(hours)))


def rows_of(one):
    text = CsvPrinter().print(one).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_tables_with_the_same_columns_become_one_and_totals_are_left_out():
    total = Row(cells=("Totaal", "", Decimal("1234.5")))
    one = attrs.evolve(
        paper("nl", "hours-report"),
        tables=(
            table("Eva", worked(2, "Overleg", "1230"), worked(3, "Verslag", "4.5"), total=total),
            table("=Noor", worked(2, "-3 dagen; en meer", "7.25")),
        ),
    )
    assert rows_of(one) == [
        ["", "Dag", "Omschrijving", "Uren"],
        ["Eva", "2026-03-02", "Overleg", "1230"],
        ["Eva", "2026-03-03", "Verslag", "4,5"],
        ["'=Noor", "2026-03-02", "'-3 dagen; en meer", "7,25"],
    ]


def test_tables_with_other_columns_follow_after_an_empty_line():
    rates = Table(columns=(Column("vat"), Column("amount", Figure.MONEY)), rows=(Row(cells=("21%", Decimal("-4.20"))),))
    one = attrs.evolve(paper("en", "wip"), tables=(table("", worked(2, "Talks", "8")), rates))
    assert rows_of(one) == [
        ["Day", "Description", "Hours"],
        ["2026-03-02", "Talks", "8"],
        [],
        ["VAT", "Amount"],
        ["21%", "-4.20"],
    ]


def test_a_template_of_ones_own_is_for_its_kind_of_paper():
    own = HtmlPrinter(templates={"wip": "<p>{{ shown.title }}</p>"})
    assert own.print(paper("en", "wip")).content == b"<p>Work in progress Q-2026-014</p>"
    assert b"<table" in own.print(paper("en", "quotation")).content
    pdf = PdfPrinter(templates={"wip": b"#let d = json(bytes(sys.inputs.document))\n#d.title"})
    [page] = PdfReader(io.BytesIO(pdf.print(paper("en", "wip")).content)).pages
    assert page.extract_text().strip() == "Work in progress Q-2026-014"


@pytest.mark.parametrize(
    "printer",
    [HtmlPrinter(templates={"wip": "{{ shown.nothing }}"}), PdfPrinter(templates={"wip": b"#nothing"})],
    ids=["html", "pdf"],
)
def test_a_wrong_template_is_told_with_the_paper(printer):
    with pytest.raises(AdapterFailure, match="nothing") as found:
        printer.print(paper("en", "wip"))
    assert found.value.where == "wip Q-2026-014"


@pytest.mark.parametrize("words", [dutch, english], ids=["dutch", "english"])
@pytest.mark.parametrize("catalogue", ["LABELS", "EVENTS", "RULES"])
def test_no_desk_gives_the_word_of_another_one_another_meaning(words, catalogue):
    modules = words._MODULES
    said = [name for module in modules for name in getattr(module, catalogue)]
    assert len(said) == len(set(said)) == len(getattr(words, catalogue))
