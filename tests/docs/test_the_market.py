"""The source that the how-to writes keeps the laws that it says it keeps."""

from tests.docs.pages import ROOT, played

TestMarket = played(ROOT / "docs" / "how-to" / "write-a-source.md")["TestMarket"]
