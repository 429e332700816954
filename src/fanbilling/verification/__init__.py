"""Verification: recompute the laws from the records, by arithmetic that shares nothing with what wrote them.

Every finding names the law, the place, what was expected and what was found. Nothing is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..domain.ports.storage import Store, UnitOfWork
from .billed import check_billed
from .documents import check_sums, check_text
from .findings import Finding
from .journal import check_journal
from .ledger import check_entries, check_open_items
from .seals import check_seals

__all__ = ["Finding", "verify"]

#: Everything that is checked, in the order of the report, with the law that is broken when it cannot even be read.
CHECKS: tuple[tuple[str, Callable[[Store], Iterator[Finding]]], ...] = (
    ("L4", check_seals),
    ("L4", check_text),
    ("L5", check_sums),
    ("L1", check_billed),
    ("L9", check_entries),
    ("L9", check_open_items),
    ("L4", check_journal),
)


def verify(books: UnitOfWork) -> list[Finding]:
    """Recompute the laws from everything that is kept; return what breaks one, or nothing.

    Checked are the numbers (L3), the seals (L4), the sums (L5), that lines and billed entries agree and never give
    back too much (L1, L5), that billed periods do not overlap (L2), the ledger and its control account (L9), payments
    and allocations (L10), and that every line has its reason (L18). What cannot be read is a finding too.
    """
    findings: list[Finding] = []
    with books() as store:
        for law, check in CHECKS:
            try:
                findings.extend(check(store))
            except Exception as error:  # noqa: BLE001  (damaged records may fail in any way; the other checks go on)
                where = (check.__doc__ or "").partition(".")[0]
                findings.append(Finding(law=law, where=where, expected="records that can be read", found=str(error)))
    return findings
