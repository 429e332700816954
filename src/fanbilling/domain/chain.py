"""The chain of issued documents: each seals the one before it, so that none can be changed or slipped in unseen."""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal

import attrs


@attrs.frozen(kw_only=True)
class SealedRow:
    """A document as it lies in the archive: its place in its series, its sealed text, and its link to the one before.

    Args:
        place: 1 for the first document of the series, 2 for the next.
        total: what the document comes to, VAT included.
        body: the sealed text, in which number and place are left open; it was ready before they were given.
        chain: what :func:`chain` makes of the link before it, the number and the text.
    """

    series: str
    place: int
    number: str
    id: str
    on: date
    payer: str
    currency: str
    total: Decimal
    body: str
    chain: str


def chain(previous: str, number: str, body: str) -> str:
    """Return the link of a document: a digest of the previous link (none: ``""``), its number and its text.

    No digest, number or canonical text holds a line break, so the three cannot run into one another.
    """
    return hashlib.sha256(f"{previous}\n{number}\n{body}".encode()).hexdigest()
