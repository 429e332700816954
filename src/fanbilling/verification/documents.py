"""L4, L5 and L18: what stands beside a document is what it says, its figures add up, its lines have reasons."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..domain.chain import SealedRow
from ..domain.findings import Finding, differs
from ..domain.money import places
from ..domain.payments import Allocation
from ..domain.ports.sourcing import OneOf
from ..domain.ports.storage import Store
from .facts import open_item, told_document, written_line
from .reading import records, sealed_pages
from .seals import Chain
from .tallies import Tallies

#: A category and a rate, and what is added up under it: net, VAT, and whether the line is new (gives nothing back).
Rate = tuple[str, str]
Line = tuple[Fraction, Fraction, bool]


def check_documents(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the documents: numbers, dates and seals, what stands beside each, its sums and its reasons."""
    chain = Chain()
    for page in sealed_pages(store):
        for row in page:
            yield from chain.follow(row)
            yield from _read(row, tallies)
            tallies.told.expected(*told_document(row.id, row.number, row.total, row.currency))
            tallies.open_items.expected(*open_item(row.id, row.payer, row.currency), Fraction(row.total))
            tallies.last[f"series:{row.series}"] = row.place
        for allocation in records(store, Allocation, {"document": OneOf(tuple(row.id for row in page))}):
            tallies.allocated.found((allocation.id,), (allocation.document,))


def _read(row: SealedRow, tallies: Tallies) -> Iterator[Finding]:
    """Check what one document says; a text that is damaged may fail in any way, and the next one is read."""
    try:
        body = json.loads(row.body)
        findings = [*_beside(row, body), *_reasons(row.number, body), *_sums(row.number, body)]
        lines = [written_line(body, line) for line in body["lines"]]
    except Exception as error:  # noqa: BLE001
        found = f"{type(error).__name__}: {error}"
        yield Finding(law="L4", where=row.number, expected="a text that can be read", found=found)
        return
    yield from findings
    for name, fact in lines:
        tallies.lines.expected(name, fact, where=f"{row.number}, line {name[1]}")


def _beside(row: SealedRow, body: dict[str, Any]) -> Iterator[Finding]:
    """Compare the columns beside a document with its sealed text."""
    beside = {
        "id": (body["id"], row.id),
        "series": (body["series"], row.series),
        "date": (body["on"], row.on.isoformat()),
        "currency": (body["currency"], row.currency),
        "payer": (body["buyer"]["id"], row.payer),
        "total": (Fraction(body["totals"]["total"]), Fraction(row.total)),
    }
    for name, (sealed, found) in beside.items():
        if sealed != found:
            yield differs("L4", f"{row.number}, {name}", sealed, found)


def _reasons(number: str, body: dict[str, Any]) -> Iterator[Finding]:
    """See that every line says why it is there."""
    for line in body["lines"]:
        if not (line.get("because") and line["because"][0]):
            yield Finding(law="L18", where=f"{number}, line {line['number']}", expected="a reason", found="none")


def _sums(number: str, body: dict[str, Any]) -> Iterator[Finding]:
    """Add up a document: total = Σ line nets + Σ VAT per category and rate, to the cent."""
    lines: dict[Rate, list[Line]] = defaultdict(list)
    for line in body["lines"]:
        lines[tuple(line["tax"])].append((Fraction(line["net"]), Fraction(line["vat"]), not line.get("corrects")))
    net = sum((line[0] for mine in lines.values() for line in mine), Fraction())
    vat = sum((line[1] for mine in lines.values() for line in mine), Fraction())
    expected = {"lines": net, "taxable": net, "tax": vat, "total": net + vat, "payable": net + vat}
    for name, figure in expected.items():
        if figure != (found := Fraction(body["totals"][name])):
            yield differs("L5", f"{number}, {name}", figure, found)
    for subtotal in body["taxes"]:
        category, rate = subtotal["tax"]
        half_a_cent = Fraction(1, 2 * 10 ** places(body["currency"]))
        mine = lines.pop((category, rate), [])
        yield from _subtotal(f"{number}, {category} {rate}%", subtotal, mine, half_a_cent)
    for category, rate in lines:
        yield Finding(law="L5", where=number, expected=f"a subtotal for {category} {rate}%", found="none")


def _subtotal(where: str, subtotal: dict[str, Any], mine: list[Line], half_a_cent: Fraction) -> Iterator[Finding]:
    """Per category and rate: base = Σ nets, VAT = Σ shares, and the VAT on new lines is rate × base, rounded once."""
    for name, part in (("base", 0), ("vat", 1)):
        figure = sum((line[part] for line in mine), Fraction())
        if figure != (found := Fraction(subtotal[name])):
            yield differs("L5", f"{where}, {name}", figure, found)
    charged = sum((vat for _, vat, new in mine if new), Fraction())
    exact = sum((net for net, _, new in mine if new), Fraction()) * Fraction(subtotal["tax"][1]) / 100
    if abs(charged - exact) > half_a_cent:
        yield differs("L5", f"{where}, VAT on new lines", exact, charged)
