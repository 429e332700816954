"""What a client reads on paper of what was done at the desks."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Party, Price
from fanbilling.adapters.rendering.html import HtmlRenderer
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.text import TextRenderer
from fanbilling.sources.manual import Line
from tests.desks.worlds import STORES, office

DAY = date(2026, 3, 1)


def as_text(document, renderer):
    content = renderer.render(document).content
    if isinstance(renderer, PdfRenderer):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode()


@pytest.fixture
def world():
    """One client with a billed line."""
    desk = office()
    with STORES["memory"](desk) as books:
        with books() as store:
            desk.crm.register(store, Party(id="a", name="A"), on=DAY)
            work = Line(id="w", client="a", on=DAY, text="Work", price=Price.of(10), quantity=Decimal(3))
            desk.manual.add(store, work, on=DAY)
        desk.billing.run(books, until=DAY, on=DAY)
        yield desk, books


@pytest.mark.parametrize("renderer", [TextRenderer(), HtmlRenderer(), PdfRenderer()], ids=["text", "html", "pdf"])
def test_the_reason_of_a_credit_stands_on_the_credit_note(world, renderer):
    """It is written for the client to read."""
    desk, books = world
    credit = Credit(id="c", document="2026-0001", line=1, quantity=Decimal(1), reason="Travel was not agreed")
    with books() as store:
        note = desk.billing.credit(store, credit, on=DAY)
    assert "Travel was not agreed" in " ".join(as_text(note, renderer).split())


@pytest.mark.parametrize("renderer", [TextRenderer(), HtmlRenderer(), PdfRenderer()], ids=["text", "html", "pdf"])
def test_the_reason_of_a_decision_of_ours_does_not(world, renderer):
    """It is in the reason tree, for us."""
    desk, books = world
    waiver = Decision(
        id="d",
        key=ItemKey("manual", "w", DAY),
        kind=DecisionKind.WAIVED,
        quantity=Decimal(1),
        reason="They were angry",
        on=DAY,
    )
    with books() as store:
        desk.billing.decide(store, waiver)
        [draft] = desk.billing.preview(store, "a", until=DAY, on=DAY)
        note = desk.billing.issue(store, draft)
    assert "angry" not in as_text(note, renderer)
    assert any(r.input("reason") == "They were angry" for r in draft.explain().walk())
