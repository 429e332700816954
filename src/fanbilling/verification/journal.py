"""L4, L10 and L16: what was issued, paid, allocated and sent is told in the journal, in order, exactly once."""

from __future__ import annotations

from collections.abc import Iterator

from ..domain.events import Event, InvoiceIssued, OldInvoiceLoaded, PaymentAllocated, PaymentReceived
from ..domain.findings import Finding
from ..domain.ports.storage import Store
from .facts import told_allocation, told_document, told_old_invoice, told_payment
from .messages import planned, reached, told_message
from .reading import journal
from .tallies import Culprits, Fact, Name, Tallies


def check_journal(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the journal: its positions follow each other without a gap."""
    sent_until = reached(store)
    for position, recorded in enumerate(journal(store), 1):
        found = recorded.position
        if found != position:
            yield Finding(law="L4", where="journal", expected=f"position {position}", found=f"position {found}")
        tallies.last["journal"] = found
        if told := _told(recorded.event):
            tallies.told.found(*told)
        if message := told_message(recorded.event):
            tallies.messages.found(*message)
        if isinstance(recorded.event, InvoiceIssued) and found <= sent_until:
            tallies.messages.expected(*planned(recorded.event.document, recorded.event.party, found))


def tell_told(culprits: Culprits) -> Iterator[Finding]:
    """Tell what the journal says too often, too seldom or with other figures."""
    for difference in culprits.differences():
        what, id = map(str, difference.name)
        yield Finding(
            law="L4" if what == "document" else "L10",
            where=f"journal, {what} {id[:40]}",
            expected=f"told {difference.expected} times",
            found=f"told {difference.found} times",
        )


def _told(event: Event) -> tuple[Name, Fact] | None:
    match event:
        case InvoiceIssued():
            return told_document(event.document, event.number, event.total, event.currency)
        case OldInvoiceLoaded():
            return told_old_invoice(event.document, event.amount, event.currency)
        case PaymentReceived():
            return told_payment(event.payment, event.amount, event.currency)
        case PaymentAllocated():
            return told_allocation(event.payment, event.document, event.amount, event.currency)
    return None
