"""L4 and L10: what was issued, paid and allocated is told in the journal, in order, exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from ..domain.events import Event, InvoiceIssued, PaymentAllocated, PaymentReceived
from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store
from .findings import Finding
from .reading import journal, records, sealed_rows

#: What a telling and a record have in common: what it is, its ids and its amount.
Fact = tuple[str, ...]


def check_journal(store: Store) -> Iterator[Finding]:
    """Hold the journal against documents, payments and allocations."""
    told: Counter[Fact] = Counter()
    for position, recorded in enumerate(journal(store), 1):
        if recorded.position != position:
            yield Finding(
                law="L4", where="journal", expected=f"position {position}", found=f"position {recorded.position}"
            )
        if fact := _fact(recorded.event):
            told[fact] += 1
    kept = Counter(_kept(store))
    for fact in sorted(told.keys() | kept.keys()):
        if told[fact] != kept[fact]:
            law = "L4" if fact[0] == "document" else "L10"
            where = f"journal, {fact[0]} {fact[1][:40]}"
            yield Finding(law=law, where=where, expected=f"told {kept[fact]} times", found=f"told {told[fact]} times")


def _fact(event: Event) -> Fact | None:
    match event:
        case InvoiceIssued():
            return "document", event.document, event.number, str(Fraction(event.total))
        case PaymentReceived():
            return "payment", event.payment, str(Fraction(event.amount))
        case PaymentAllocated():
            return "allocation", event.payment, event.document, str(Fraction(event.amount))
    return None


def _kept(store: Store) -> Iterator[Fact]:
    for row in sealed_rows(store):
        yield "document", row.id, row.number, str(Fraction(row.total))
    for payment in records(store, Payment):
        yield "payment", payment.id, str(Fraction(payment.amount.amount))
    for allocation in records(store, Allocation):
        yield "allocation", allocation.payment, allocation.document, str(Fraction(allocation.amount.amount))
