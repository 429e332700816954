"""L4, L5 and L18: what stands beside a document is what it says, its figures add up, its lines have reasons."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ..domain.money import places
from ..domain.ports.storage import Store
from .findings import Finding, differs
from .reading import sealed_rows


def check_text(store: Store) -> Iterator[Finding]:
    """Compare the columns beside each document with its sealed text, and see that every line has a reason."""
    for row in sealed_rows(store):
        body = json.loads(row.body)
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
        for line in body["lines"]:
            if not (line.get("because") and line["because"][0]):
                yield Finding(
                    law="L18", where=f"{row.number}, line {line['number']}", expected="a reason", found="none"
                )


def check_sums(store: Store) -> Iterator[Finding]:
    """Add up each document: total = Σ line nets + Σ VAT per category and rate, to the cent."""
    for row in sealed_rows(store):
        body = json.loads(row.body)
        yield from _subtotals(row.number, body)
        net = sum((Fraction(line["net"]) for line in body["lines"]), Fraction())
        vat = sum((Fraction(line["vat"]) for line in body["lines"]), Fraction())
        expected = {"lines": net, "taxable": net, "tax": vat, "total": net + vat, "payable": net + vat}
        for name, figure in expected.items():
            if figure != Fraction(body["totals"][name]):
                yield differs("L5", f"{row.number}, {name}", figure, Fraction(body["totals"][name]))


def _subtotals(number: str, body: dict[str, Any]) -> Iterator[Finding]:
    """Per category and rate: base = Σ nets, VAT = Σ shares, and the VAT on new lines is rate × base, rounded once."""
    lines: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in body["lines"]:
        lines[tuple(line["tax"])].append(line)
    for subtotal in body["taxes"]:
        category, rate = subtotal["tax"]
        mine = lines.pop((category, rate), [])
        where = f"{number}, {category} {rate}%"
        for name, part in (("base", "net"), ("vat", "vat")):
            figure = sum((Fraction(line[part]) for line in mine), Fraction())
            if figure != Fraction(subtotal[name]):
                yield differs("L5", f"{where}, {name}", figure, Fraction(subtotal[name]))
        new = [line for line in mine if not line.get("corrects")]
        charged = sum((Fraction(line["vat"]) for line in new), Fraction())
        exact = sum((Fraction(line["net"]) for line in new), Fraction()) * Fraction(rate) / 100
        if abs(charged - exact) > Fraction(1, 2 * 10 ** places(body["currency"])):
            yield differs("L5", f"{where}, VAT on new lines", exact, charged)
    for category, rate in lines:
        yield Finding(law="L5", where=number, expected=f"a subtotal for {category} {rate}%", found="none")
