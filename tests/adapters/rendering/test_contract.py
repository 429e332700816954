"""Every renderer keeps the contract of one."""

import io
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.adapters.rendering.ubl import Profile, UblRenderer
from fanbilling.testing.contracts import RendererContract


class TestText(RendererContract):
    @pytest.fixture
    def renderer(self):
        return TextRenderer()


class TestHtml(RendererContract):
    @pytest.fixture
    def renderer(self):
        return HtmlRenderer()


class TestPdf(RendererContract):
    @pytest.fixture
    def renderer(self):
        return PdfRenderer()

    def text_of(self, rendered):
        pages = PdfReader(io.BytesIO(rendered.content)).pages
        return "\n".join(page.extract_text() for page in pages)


@pytest.mark.parametrize("profile", Profile)
class TestUbl(RendererContract):
    @pytest.fixture
    def renderer(self, profile):
        return UblRenderer(profile=profile)

    def text_of(self, rendered):
        """What a program shows of it: the kind, and every text and amount, written as either reader is used to."""
        root = ET.fromstring(rendered.content)
        shown = [root.tag.rpartition("}")[2]]
        for element in root.iter():
            text = (element.text or "").strip()
            shown += [text, f"{Decimal(text):.2f}".replace(".", ",")] if element.get("currencyID") else [text]
        return "\n".join(filter(None, shown))
