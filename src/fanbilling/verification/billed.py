"""L1, L2 and L5: billed entries agree with the lines of documents, never give back too much, and do not overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import groupby

from ..domain.billed import BilledEntry
from ..domain.findings import Finding, differs
from ..domain.ports.storage import Store
from .facts import FIELDS, billed_line, shown
from .reading import billed_entries
from .tallies import Culprits, Difference, Tallies

#: The periods of one agreement that stand billed, per fact, each with the day of filing of its key.
Spans = dict[str, list[tuple[date, date, date]]]


def check_billed(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the billed entries: those of every key against one another, and the periods of every agreement."""
    for name, its in groupby(billed_entries(store), key=lambda entry: (entry.key.source, entry.key.agreement)):
        spans: Spans = defaultdict(list)
        for _, mine in groupby(its, key=lambda entry: entry.key):
            entries = list(mine)
            left: dict[int, list[Fraction]] = {}
            yield from _history(entries, left)
            for entry in entries:
                tallies.lines.found(*billed_line(entry), where=_name(entry))
                if entry.reverses is None and entry.supplied is not None and left[entry.revision][0]:
                    spans[entry.key.fact].append((entry.supplied.start, entry.supplied.end, entry.key.filed))
        yield from _overlaps(name, spans)


def tell_lines(culprits: Culprits) -> Iterator[Finding]:
    """Tell which lines and billed entries do not agree, and in what."""
    for (document, _), differences in groupby(culprits.differences(), key=lambda difference: difference.name):
        lines: list[Difference] = []
        entries: list[Difference] = []
        for difference in differences:
            (lines if difference.expected > difference.found else entries).append(difference)
        for line, entry in zip(lines, entries, strict=False):
            yield from _compared(line, entry)
        for line in lines[len(entries) :]:
            yield Finding(law="L1", where=line.where, expected="a billed entry", found="none")
        for entry in entries[len(lines) :]:
            found = f"none on {str(document)[:8]}"
            yield Finding(law="L1", where=entry.where, expected="a line on a document", found=found)


def _compared(line: Difference, entry: Difference) -> Iterator[Finding]:
    for field, expected, found in zip(FIELDS, line.fact, entry.fact, strict=True):
        if expected != found:
            where = f"{line.where}, {field} of the billed entry"
            yield differs("L1", where, shown(field, expected), shown(field, found))


def _history(entries: Sequence[BilledEntry], left: dict[int, list[Fraction]]) -> Iterator[Finding]:
    """Revisions follow each other; nothing gives back more than was taken, in quantity, net or VAT.

    Args:
        left: is filled with what is left of each line, by its revision.
    """
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


def _overlaps(agreement: tuple[str, str], spans: Spans) -> Iterator[Finding]:
    """Two keys of one line never stand billed for the same day."""
    for fact, periods in sorted(spans.items()):
        first, *others = sorted(periods)
        _, reach, owner = first
        for start, end, filed in others:
            if start < reach and filed != owner:
                where = "/".join((*agreement, fact))
                yield Finding(law="L2", where=where, expected=f"nothing before {reach}", found=f"billed from {start}")
            if end > reach:
                reach, owner = end, filed


def _name(entry: BilledEntry) -> str:
    key = entry.key
    return "/".join(filter(None, (key.source, key.agreement, key.filed.isoformat(), key.fact)))
