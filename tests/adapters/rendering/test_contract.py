"""Every renderer keeps the contract of one."""

import io

import pytest
from pypdf import PdfReader

from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
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
