"""The contract of a renderer: whatever a document says is what people read, the same every time and everywhere.

class TestMine(RendererContract):
    @pytest.fixture
    def renderer(self): return MyRenderer()
    def text_of(self, rendered): return ...       # what people read; text and HTML are read already
"""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from ...domain.invoices import Invoice
from ...domain.ports.delivery import Rendered, Renderer
from . import papers

each_paper = pytest.mark.parametrize("paper", papers.PAPERS)
each_language = pytest.mark.parametrize("language", ["nl", "en"])

#: What a program elsewhere does: it renders what it is handed, and hands the bytes back.
_PROGRAM = """
import pickle, sys
renderer, documents = pickle.load(sys.stdin.buffer)
pickle.dump([renderer.render(document).content for document in documents], sys.stdout.buffer)
"""
_PLACES: tuple[dict[str, str], ...] = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LANG": "C", "LC_ALL": "C"},
)


class RendererContract:
    """Every rule of a renderer, one test each."""

    @pytest.fixture
    def renderer(self) -> Renderer:
        """The renderer that is held to the rules."""
        raise NotImplementedError("override the fixture renderer: return yours")

    def text_of(self, rendered: Rendered) -> str:
        """Return what people read in a rendered document; override it for anything but text and HTML."""
        if rendered.media_type.startswith("text/html"):
            return _read(rendered.content.decode())
        if rendered.media_type.startswith("text/"):
            return rendered.content.decode()
        raise NotImplementedError(f"override text_of: return what people read in {rendered.media_type}")

    def elsewhere(self, renderer: Renderer, documents: Sequence[Invoice], place: Mapping[str, str]) -> list[bytes]:
        """Render in a new process, in other surroundings; override it when your renderer cannot be pickled."""
        child = subprocess.run(  # noqa: S603 - this very Python, with a program of our own
            [sys.executable, "-c", _PROGRAM],
            input=pickle.dumps((renderer, list(documents))),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **place},
            capture_output=True,
            check=False,
        )
        assert child.returncode == 0, f"a renderer works in another process: {child.stderr.decode()[-2000:]}"
        found: list[bytes] = pickle.loads(child.stdout)  # noqa: S301 - written by the program above
        return found

    @each_paper
    def test_the_same_document_gives_the_same_bytes(self, renderer: Renderer, paper: str) -> None:
        """Rendered again, and after another document, a document is the same bytes (law L17)."""
        first = renderer.render(papers.PAPERS[paper]("nl"))
        renderer.render(papers.named("Somebody else"))
        assert renderer.render(papers.PAPERS[paper]("nl")) == first, "the same document gives the same bytes"

    def test_another_process_gives_the_same_bytes(self, renderer: Renderer) -> None:
        """In another process, with other hashes, in another locale and time zone, it is the same bytes (law L17)."""
        documents = [make(language) for make in papers.PAPERS.values() for language in ("nl", "en")]
        here = [renderer.render(document).content for document in documents]
        for place in _PLACES:
            assert self.elsewhere(renderer, documents, place) == here, f"the same bytes in another process ({place})"

    @each_language
    @each_paper
    def test_every_amount_is_read(self, renderer: Renderer, paper: str, language: str) -> None:
        """Every net amount, base, VAT and total is read to the cent, in the customs of the document's language."""
        document = papers.PAPERS[paper](language)
        text = self.text_of(renderer.render(document))
        for figure in papers.figures(document):
            assert _is_read(figure, text, language), f"every amount is read to the cent: {figure} in {language!r}"

    @each_language
    @each_paper
    def test_number_and_names_are_read(self, renderer: Renderer, paper: str, language: str) -> None:
        """Its number, who sends it, who pays it, and what every line is for."""
        document = papers.PAPERS[paper](language)
        text = _squeezed(self.text_of(renderer.render(document)))
        assert _squeezed(document.number) in text, "the number is read"
        assert _squeezed(document.seller.name) in text, "the seller's name is read"
        assert _squeezed(document.buyer.name) in text, "the buyer's name is read"
        for line in document.lines:
            assert _squeezed(line.text) in text, f"what every line is for is read: {line.text}"

    def test_a_credit_note_says_what_it_corrects(self, renderer: Renderer) -> None:
        """A correction points back: the number of the document that it corrects is read (law L4)."""
        for language in ("nl", "en"):
            text = self.text_of(renderer.render(papers.given_back(language)))
            assert "2026-0017" in text, "a credit note says which document it corrects"

    def test_a_credit_note_is_not_an_invoice(self, renderer: Renderer) -> None:
        """What is given back is not asked for: the two kinds do not read the same."""
        credit = papers.given_back("en")
        [line] = credit.lines
        sale = papers.paper(
            [papers.sold("Book", "2", "34.95", "69.90", tax=line.tax, vat="6.29")], "en", corrects="2026-0017"
        )
        texts = [_squeezed(self.text_of(renderer.render(document))) for document in (credit, sale)]
        assert texts[0] != texts[1], "a credit note is not read as an invoice"

    @each_language
    def test_many_lines_come_in_order(self, renderer: Renderer, language: str) -> None:
        """However many lines there are, and over however many pages, each is read once and in order."""
        document = papers.many_lines(language)
        text = self.text_of(renderer.render(document))
        read = re.findall(r"Article-\d{3}\.", text)
        assert read == [line.text for line in document.lines], "many lines are read once each, in order"

    def test_both_languages_are_spoken(self, renderer: Renderer) -> None:
        """A document is in its own language, whatever this machine's is."""
        texts = {_words(self.text_of(renderer.render(papers.two_rates(language)))) for language in ("nl", "en")}
        assert len(texts) == 2, "a document is in its own language: Dutch and English have other words"

    @pytest.mark.parametrize("name", papers.HOSTILE)
    def test_a_name_stays_a_name(self, renderer: Renderer, name: str) -> None:
        """Whatever stands in a name is read as it is, and nothing else happens."""
        text = self.text_of(renderer.render(papers.named(papers.HOSTILE[name])))
        wanted = papers.HOSTILE[name]
        assert _squeezed(wanted) in _squeezed(text), f"a name stays a name: {wanted!r} is read as it is"

    @each_paper
    def test_a_document_is_not_changed(self, renderer: Renderer, paper: str) -> None:
        """A document is only read: after rendering it says what it said before (law L4)."""
        document = papers.PAPERS[paper]("nl")
        before = repr(document)
        renderer.render(document)
        assert repr(document) == before, "a document is not changed by rendering it"

    @each_paper
    def test_it_says_what_it_made(self, renderer: Renderer, paper: str) -> None:
        """The bytes come with their media type and the ending of a file name, the same for every document."""
        rendered = renderer.render(papers.PAPERS[paper]("nl"))
        assert isinstance(rendered.content, bytes), "the content is bytes"
        assert rendered.content, "the content is not empty"
        kind = re.fullmatch(r"[a-z]+/[a-z0-9.+-]+(; ?charset=[\w-]+)?", rendered.media_type)
        assert kind, f"the media type is one: {rendered.media_type!r}"
        assert re.fullmatch(r"\.[a-z0-9.]+", rendered.suffix), f"the suffix is the end of a name: {rendered.suffix!r}"
        other = renderer.render(papers.named("Somebody else"))
        same = (other.media_type, other.suffix) == (rendered.media_type, rendered.suffix)
        assert same, "media type and suffix are the same for every document"


class _Reader(HTMLParser):
    """Reads a page as people do: without its style and its programs, with its signs unescaped."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("style", "script", "title")
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "script", "title")
        self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if self._hidden <= 0:
            self.texts.append(data)


def _read(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return "".join(reader.texts)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W\d]+", text))


def _is_read(figure: Decimal, text: str, language: str) -> bool:
    """Whether an amount stands in a text by itself, as the language writes it, its thousands apart or not."""
    apart, mark = (r"[.\s]?", ",") if language == "nl" else (r"[,\s]?", r"\.")
    whole, cents = f"{figure:,.2f}".split(".")
    pattern = rf"(?<!\d)(?<!\d[.,]){apart.join(whole.split(','))}{mark}{cents}(?!\d)"
    return re.search(pattern, text) is not None
