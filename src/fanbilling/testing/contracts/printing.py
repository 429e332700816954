"""The contract of a printer: whatever a paper says is what people read, the same every time.

class TestMine(PrinterContract):
    @pytest.fixture
    def printer(self): return MyPrinter()
    def text_of(self, rendered): return ...       # what people read
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import attrs
import pytest

from ...domain.administrations import Seller
from ...domain.invoices import Buyer
from ...domain.papers import Column, Figure, Paper, Row, Table
from ...domain.parties import Address
from ...domain.ports.delivery import Rendered
from ...domain.ports.printing import Printer

each_language = pytest.mark.parametrize("language", ["nl", "en"])
each_kind = pytest.mark.parametrize("kind", ["quotation", "hours-report", "certificate", "a-kind-of-your-own"])

#: Texts that would be more than text, if a printer let them.
HOSTILE = ("<script>alert(1)</script>", "=1+1", '#read("/etc/passwd")', "{{ 7*7 }}", "$x$ *b* _i_ \\ @ref", "&amp;")


def paper(language: str = "nl", kind: str = "quotation") -> Paper:
    """Return a paper with a column of every kind, two tables, and a text of everything."""
    columns = (
        Column("day", Figure.DAY),
        Column("description"),
        Column("state", Figure.WORD),
        Column("quantity", Figure.NUMBER),
        Column("price", Figure.PRICE),
        Column("discount", Figure.PERCENT),
        Column("amount", Figure.MONEY),
    )
    cells = (
        date(2026, 3, 14),
        "Scanner",
        "placed",
        Decimal("2.5"),
        Decimal("1234.5678"),
        Decimal("7.5"),
        Decimal("-2854.94"),
    )
    return Paper(
        id="p1",
        kind=kind,
        number="Q-2026-014",
        on=date(2026, 3, 2),
        language=language,
        currency="EUR",
        seller=Seller(name="Brinkhoff Software", address=Address(city="Utrecht", country="NL")),
        addressee=Buyer(
            id="ardent",
            name="Ardent Logistiek",
            attention="",
            address=Address(city="Rotterdam", country="NL"),
            vat_id="",
            registration="",
            email="",
        ),
        title="Magazijn",
        facts=(("valid-until", date(2026, 4, 1)), ("reference", "mail 27-02")),
        tables=(
            Table(
                columns=columns,
                rows=(Row(cells=cells),),
                total=Row(cells=(None, "Som", None, None, None, None, Decimal("-2854.94"))),
            ),
            Table(title="Eva", columns=columns[:2], rows=(Row(cells=(date(2026, 3, 15), "Overleg")),)),
        ),
        paragraphs=("Eerste alinea.", "Tweede alinea."),
        signatures=("client",),
    )


class PrinterContract:
    """Every rule of a printer, one test each."""

    #: Whether it prints the letter head and what a paper says besides its tables.
    whole = True

    @pytest.fixture
    def printer(self) -> Printer:
        """The printer that is held to the rules."""
        raise NotImplementedError("override the fixture printer: return yours")

    def text_of(self, rendered: Rendered) -> str:
        """Return what people read on a printed paper; override it for anything but text and HTML."""
        if rendered.media_type.startswith("text/html"):
            return _read(rendered.content.decode())
        if rendered.media_type.startswith("text/"):
            return rendered.content.decode("utf-8-sig")
        raise NotImplementedError(f"override text_of: return what people read in {rendered.media_type}")

    @each_kind
    def test_the_same_paper_gives_the_same_bytes(self, printer: Printer, kind: str) -> None:
        """Printed again, and after another paper, a paper is the same bytes (law L17)."""
        first = printer.print(paper(kind=kind))
        printer.print(attrs.evolve(paper(kind=kind), title="Another"))
        assert printer.print(paper(kind=kind)) == first, "the same paper gives the same bytes"

    @each_language
    def test_every_figure_is_read(self, printer: Printer, language: str) -> None:
        """Every figure is read to its last decimal, in the customs of the paper's language."""
        text = _squeezed(self.text_of(printer.print(paper(language))))
        mark, other = (",", ".") if language == "nl" else (".", ",")
        for whole, rest in (("2", "5"), ("1234", "5678"), ("7", "5"), ("2854", "94")):
            written = {f"{whole}{mark}{rest}", f"{whole[:1]}{other}{whole[1:]}{mark}{rest}"}
            assert any(figure in text for figure in written), f"every figure is read: {whole}.{rest} in {language!r}"

    @each_kind
    @each_language
    def test_every_text_is_read(self, printer: Printer, language: str, kind: str) -> None:
        """Who sends it, whom it is for, its number and its texts."""
        text = _squeezed(self.text_of(printer.print(paper(language, kind))))
        tables = () if kind == "certificate" else ("Scanner", "Eva", "Overleg")
        letter = ("Q-2026-014", "BrinkhoffSoftware", "ArdentLogistiek", "Magazijn", "Eerstealinea.", "Tweedealinea.")
        for expected in (*(letter if self.whole else ()), *tables):
            assert _squeezed(expected).casefold() in text.casefold(), f"every text is read: {expected}"

    @pytest.mark.parametrize("hostile", HOSTILE)
    def test_a_text_is_only_a_text(self, printer: Printer, hostile: str) -> None:
        """Whatever stands in a name or a cell is read as it stands there, and does nothing."""
        rows = (Row(cells=(date(2026, 3, 15), hostile)),)
        one = attrs.evolve(
            paper(),
            title=hostile,
            paragraphs=(hostile,),
            facts=(("reference", hostile),),
            tables=(Table(title=hostile, columns=(Column("day", Figure.DAY), Column("description")), rows=rows),),
        )
        assert _squeezed(hostile) in _squeezed(self.text_of(printer.print(one))), f"a text is only a text: {hostile}"


class _Reader(HTMLParser):
    """Collects what people read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.texts.append(data)


def _read(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    return " ".join(reader.texts)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
