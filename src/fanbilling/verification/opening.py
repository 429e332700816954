"""L1, L9 and L10: what opening balances brought stands as it was loaded, in what is billed and in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from ..domain.findings import Finding, differs
from ..domain.opening import BilledBefore, OldInvoice
from ..domain.payments import Allocation
from ..domain.ports.sourcing import OneOf
from ..domain.ports.storage import Store
from .facts import billed_line, open_item, told_old_invoice
from .reading import PAGE, records
from .tallies import Tallies


def check_openings(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read what openings brought: old invoices with what was open of them, and what stood billed."""
    invoices = records(store, OldInvoice)
    while page := list(islice(invoices, PAGE)):
        for invoice in page:
            amount, currency = invoice.open.amount, invoice.open.currency
            tallies.told.expected(*told_old_invoice(invoice.id, amount, currency))
            tallies.open_items.expected(*open_item(invoice.id, invoice.payer, currency), Fraction(amount))
        for allocation in records(store, Allocation, {"document": OneOf(tuple(invoice.id for invoice in page))}):
            tallies.allocated.found((allocation.id,), (allocation.document,))
    for before in records(store, BilledBefore):
        where = f"opening {before.opening}, {before.row}"
        total = sum((Fraction(entry.lot.amount) for entry in before.entries), Fraction())
        if total != Fraction(before.ours.amount):
            yield differs("L1", f"{where}, net", total, Fraction(before.ours.amount))
        for entry in before.entries:
            tallies.lines.expected(*billed_line(entry), where=f"{where}, line {entry.line}")
