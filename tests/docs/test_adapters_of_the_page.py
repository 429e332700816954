"""The renderer, mailer and payment feed that the how-to writes keep the contracts that it says they keep."""

import pytest

from tests.docs.pages import ROOT, played

NAMES = played(ROOT / "docs" / "how-to" / "write-an-adapter.md")
TestProviderMailer, TestProviderFeed = NAMES["TestProviderMailer"], NAMES["TestProviderFeed"]


class TestMarkdown(NAMES["TestMarkdown"]):
    @pytest.fixture
    def renderer(self):
        return MarkdownRenderer()


class MarkdownRenderer(NAMES["MarkdownRenderer"]):
    """The page's own, where another process can find it."""
