"""L1, L2 and L5: billed entries agree with the lines of documents, never give back too much, and do not overlap."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

from ..domain.billed import BilledEntry
from ..domain.ports.storage import Store
from .findings import Finding, differs
from .reading import billed_entries, sealed_rows

#: The periods that stand billed, per source, agreement and fact, each with the day of filing of its key.
Spans = dict[tuple[str, str, str], list[tuple[date, date, date]]]


def check_billed(store: Store) -> Iterator[Finding]:
    """Hold every billed entry against its line, and the entries of every key against one another."""
    lines = {
        (row.id, line["number"]): (row.number, line)
        for row in sealed_rows(store)
        for line in json.loads(row.body)["lines"]
    }
    spans: Spans = defaultdict(list)
    for _, mine in groupby(billed_entries(store), key=lambda entry: entry.key):
        entries = list(mine)
        for entry in entries:
            yield from _agrees(entry, *lines.pop((entry.document, entry.line), ("", None)))
        yield from _history(entries)
        _collect(entries, spans)
    for number, line in lines.values():
        yield Finding(law="L1", where=f"{number}, line {line['number']}", expected="a billed entry", found="none")
    yield from _overlaps(spans)


def _agrees(entry: BilledEntry, number: str, line: dict[str, Any] | None) -> Iterator[Finding]:
    if line is None:
        yield Finding(
            law="L1", where=_name(entry), expected="a line on a document", found=f"none on {entry.document[:8]}"
        )
        return
    key = entry.key
    facts = {
        "key": (line["key"], [key.source, key.agreement, key.filed.isoformat(), key.fact]),
        "quantity": (Fraction(line["quantity"]), Fraction(entry.lot.quantity)),
        "net": (Fraction(line["net"]), Fraction(entry.lot.amount)),
        "VAT": (Fraction(line["vat"]), Fraction(entry.vat)),
        "category": (line["tax"][0], entry.terms.tax.category),
        "rate": (Fraction(line["tax"][1]), Fraction(entry.terms.tax.rate)),
        "giving back": (bool(line.get("corrects")), entry.reverses is not None),
    }
    for name, (expected, found) in facts.items():
        if found != expected:
            yield differs("L1", f"{number}, line {line['number']}, {name} of the billed entry", expected, found)


def _history(entries: Sequence[BilledEntry]) -> Iterator[Finding]:
    """Revisions follow each other; nothing gives back more than was taken, in quantity, net or VAT."""
    left: dict[int, list[Fraction]] = {}
    for n, entry in enumerate(entries):
        figures = [Fraction(entry.lot.quantity), Fraction(entry.lot.amount), Fraction(entry.vat)]
        if entry.revision != n:
            yield Finding(law="L1", where=_name(entry), expected=f"revision {n}", found=f"revision {entry.revision}")
        if entry.reverses is None:
            left[entry.revision] = figures
        elif entry.reverses not in left:
            found = f"revision {entry.reverses}"
            yield Finding(law="L5", where=_name(entry), expected="an earlier line to give back", found=found)
        else:
            before = left[entry.reverses]
            after = [was + change for was, change in zip(before, figures, strict=True)]
            if any(was * now < 0 or (now and not was) for was, now in zip(before, after, strict=True)):
                yield differs("L5", f"{_name(entry)}, given back", [-figure for figure in before], figures)
            left[entry.reverses] = after


def _collect(entries: Sequence[BilledEntry], spans: Spans) -> None:
    """Note the periods of one key that stand billed after reversals."""
    standing: dict[int, Fraction] = defaultdict(Fraction)
    for entry in entries:
        standing[entry.revision if entry.reverses is None else entry.reverses] += Fraction(entry.lot.quantity)
    for entry in entries:
        if entry.reverses is None and entry.supplied is not None and standing[entry.revision]:
            key, period = entry.key, entry.supplied
            spans[key.source, key.agreement, key.fact].append((period.start, period.end, key.filed))


def _overlaps(spans: Spans) -> Iterator[Finding]:
    """Two keys of one line never stand billed for the same day."""
    for name, periods in spans.items():
        for (_, end, one), (start, _, other) in pairwise(sorted(periods)):
            if start < end and one != other:
                yield Finding(
                    law="L2", where="/".join(name), expected=f"nothing before {end}", found=f"billed from {start}"
                )


def _name(entry: BilledEntry) -> str:
    key = entry.key
    return "/".join(filter(None, (key.source, key.agreement, key.filed.isoformat(), key.fact)))
