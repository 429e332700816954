"""Which parts come together on one document, and in what order."""

from __future__ import annotations

from collections.abc import Iterable

from .billed import Part

#: What a document has one of: payer, currency and kind of document.
Group = tuple[str, str, str]


def grouped(parts: Iterable[Part]) -> dict[Group, list[Part]]:
    """Put parts together that go on one document, in the order of payer, currency and kind."""
    groups: dict[Group, list[Part]] = {}
    for part in parts:
        groups.setdefault((part.terms.payer, part.terms.currency, part.terms.document), []).append(part)
    return dict(sorted(groups.items()))
