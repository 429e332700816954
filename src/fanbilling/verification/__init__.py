"""Verification: recompute the laws from the records, by arithmetic that shares nothing with what wrote them.

Every finding names the law, the place, what was expected and what was found. Nothing is mended. Everything is read
once, a page at a time; only where something differs it is read once more (see :mod:`.tallies`). So the memory that it
takes does not grow with the books.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from ..domain.findings import Finding
from ..domain.ports.auditing import Auditing
from ..domain.ports.books import looking
from ..domain.ports.storage import Store, UnitOfWork
from .billed import check_billed, tell_lines
from .counters import check_counters
from .documents import check_documents
from .findings import Findings
from .journal import check_journal, tell_told
from .ledger import check_ledger, tell_open_items
from .messages import check_messages, check_notices, tell_messages
from .opening import check_openings
from .payments import check_allocations, check_payments, tell_allocated
from .tallies import Culprits, Sketch, Tallies

__all__ = ["Finding", "verify"]

#: Everything that is read, with the law that is broken when it cannot even be read.
CHECKS: dict[str, tuple[str, Callable[[Store, Tallies], Iterator[Finding]]]] = {
    "documents": ("L4", check_documents),
    "openings": ("L1", check_openings),
    "billed entries": ("L1", check_billed),
    "ledger": ("L9", check_ledger),
    "payments": ("L10", check_payments),
    "allocations": ("L10", check_allocations),
    "messages": ("L16", check_messages),
    "notices": ("L16", check_notices),
    "journal": ("L4", check_journal),
}


@attrs.frozen
class Comparison:
    """Two things that were read and have to agree: the law that says so, what is read for it, and how it is told."""

    law: str
    of: tuple[str, ...]
    tell: Callable[[Culprits], Iterator[Finding]]


#: By the names of the tallies.
COMPARISONS = {
    "lines": Comparison("L1", ("documents", "openings", "billed entries"), tell_lines),
    "told": Comparison("L4", ("documents", "openings", "payments", "journal"), tell_told),
    "open_items": Comparison("L9", ("documents", "openings", "payments", "ledger"), tell_open_items),
    "allocated": Comparison("L10", ("documents", "openings", "payments"), tell_allocated),
    "messages": Comparison("L16", ("messages", "notices", "journal"), tell_messages),
}


def verify(books: UnitOfWork, sources: Iterable[object] = ()) -> list[Finding]:
    """Recompute the laws from everything that is kept; return what breaks one, or nothing.

    Checked are the numbers and their counters (L3), the seals and the journal (L4), the sums (L5), that lines and
    billed entries agree and never give back too much (L1, L5), that billed periods do not overlap (L2), the ledger and
    its control account (L9), payments and allocations (L10), that every message has its own id and is told once (L16),
    and that every line has its reason (L18). What cannot be read is a finding too. A source checks what it keeps itself
    (see :mod:`fanbilling.domain.ports.auditing`): stock in quantity and value (L8), work in progress (L6). Of each
    check the first thousand findings per law are returned, and then how many more.

    Args:
        books: opened only to look where they know how (:class:`~fanbilling.domain.ports.books.ReadingBooks`).
        sources: those of the office, for what they keep; :meth:`Office.verify` gives them.
    """
    findings = Findings()
    with looking(books) as store:
        sketches = {name: Sketch() for name in COMPARISONS}
        tallies = Tallies(**sketches)
        unread = _read(store, tallies, findings)
        if not unread & {"documents", "journal"}:
            findings.extend("counters", check_counters(store, tallies.last))
        _compare(store, sketches, unread, findings)
        for source in sources:
            if isinstance(source, Auditing):
                findings.extend(source.name, _audited(source, store))
    return findings.all()


def _read(store: Store, tallies: Tallies, findings: Findings) -> set[str]:
    """Read everything once; return what could not be read to its end."""
    unread = set()
    for name, (law, check) in CHECKS.items():
        try:
            findings.extend(name, check(store, tallies))
        except Exception as error:  # noqa: BLE001  (damaged records may fail in any way; the other checks go on)
            unread.add(name)
            findings.extend(name, [Finding(law=law, where=name, expected="records that can be read", found=str(error))])
    return unread


def _audited(source: Auditing, store: Store) -> Iterator[Finding]:
    """Let a source check its own records; what cannot be read is a finding."""
    try:
        yield from source.audit(store)
    except Exception as error:  # noqa: BLE001  (damaged records may fail in any way; the other checks go on)
        where, expected = f"source {source.name}", "records that can be read"
        yield Finding(law="L1", where=where, expected=expected, found=str(error))


def _compare(store: Store, sketches: dict[str, Sketch], unread: set[str], findings: Findings) -> None:
    """Tell what differs, after reading everything once more where something does."""
    for name, comparison in COMPARISONS.items():
        if missing := sorted(unread & {*comparison.of}):
            where, found = ", ".join(comparison.of), f"{', '.join(missing)} cannot be read"
            findings.extend(name, [Finding(law=comparison.law, where=where, expected="a comparison", found=found)])
    whole = {name: sketch for name, sketch in sketches.items() if not unread & {*COMPARISONS[name].of}}
    if not any(sketch.differing() for sketch in whole.values()):
        return
    culprits = {name: Culprits(whole[name].searchable() if name in whole else []) for name in COMPARISONS}
    _read(store, Tallies(**culprits), Findings())  # what a check finds by itself is told already
    for name, comparison in COMPARISONS.items():
        findings.extend(name, comparison.tell(culprits[name]))
        if name in whole and (rest := len(whole[name].differing()) - len(whole[name].searchable())):
            where, found = f"{name}, not looked into", f"at least {rest} more differences"
            findings.extend(name, [Finding(law=comparison.law, where=where, expected="nothing more", found=found)])
