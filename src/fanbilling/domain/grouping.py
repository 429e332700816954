"""Which parts come together on one document, and in what order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .billed import Part

#: What a document has one of: payer, currency, kind of document, and what is kept apart from the rest.
Group = tuple[str, str, str, str]


def together(part: Part) -> str:  # noqa: ARG001
    """Keep nothing apart: everything for one payer comes on one bill."""
    return ""


def grouped(parts: Iterable[Part], apart: Callable[[Part], str] = together) -> dict[Group, list[Part]]:
    """Put parts together that go on one document, in the order of payer, currency and kind.

    Args:
        apart: names what a part is kept apart with; parts with different names never share a document.
    """
    groups: dict[Group, list[Part]] = {}
    for part in parts:
        terms = part.terms
        groups.setdefault((terms.payer, terms.currency, terms.document, apart(part)), []).append(part)
    return dict(sorted(groups.items()))
