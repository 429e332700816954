"""L10: never more is allocated than was paid or is to be paid, and nothing to or from what is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter

from ..archive import documents_of
from ..domain.findings import Finding, differs
from ..domain.opening import LoadedOpening, OldInvoice
from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store
from .facts import of_payment, open_item, told_allocation, told_payment
from .reading import PAGE, records
from .tallies import Culprits, Tallies


def check_payments(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the payments, each with its allocations."""
    payments = ((payment.id, payment) for payment in records(store, Payment))
    allocations = ((part.payment, part) for part in records(store, Allocation, order_by="payment"))
    both: Iterator[tuple[str, Payment | Allocation]] = merge(payments, allocations, key=itemgetter(0))
    for id, together in groupby(both, key=itemgetter(0)):
        left: dict[str, Fraction] = defaultdict(Fraction)
        known = False
        for _, record in together:
            amount, currency = Fraction(record.amount.amount), record.amount.currency
            if isinstance(record, Payment):
                known = True
                left[currency] += amount
                _paid(record, amount, tallies)
                continue
            left[currency] -= amount
            _allocated(record, amount, tallies)
            if not known:
                where, expected = f"allocation {record.id}", f"{of_payment(id)} on record"
                yield Finding(law="L10", where=where, expected=expected, found="none")
        for rest in left.values():
            if known and rest < 0:
                yield differs("L10", f"{of_payment(id)}, left to allocate", "nothing below 0", rest)


def check_allocations(store: Store, _: Tallies) -> Iterator[Finding]:
    """Read the allocations, document by document: never more than there is to pay on it."""
    sums: dict[str, Fraction] = {}
    for document, parts in groupby(records(store, Allocation, order_by="document"), key=attrgetter("document")):
        sums[document] = sum((Fraction(part.amount.amount) for part in parts), Fraction())
        if len(sums) == PAGE:
            yield from _overpaid(store, sums)
            sums = {}
    yield from _overpaid(store, sums)


def _overpaid(store: Store, sums: Mapping[str, Fraction]) -> Iterator[Finding]:
    for id, document in documents_of(store, sums).items():
        if isinstance(document, LoadedOpening):
            continue
        to_pay = document.open.amount if isinstance(document, OldInvoice) else document.totals.payable
        if sums[id] > Fraction(to_pay):
            yield differs("L10", f"{document.number}, allocated", f"at most {to_pay:f}", sums[id])


def tell_allocated(culprits: Culprits) -> Iterator[Finding]:
    """Tell which allocations are to documents that are not there."""
    for difference in culprits.differences():
        (allocation,), (document,) = difference.name, difference.fact
        yield Finding(law="L10", where=f"allocation {allocation}", expected=f"{document} on record", found="none")


def _paid(payment: Payment, amount: Fraction, tallies: Tallies) -> None:
    currency = payment.amount.currency
    tallies.told.expected(*told_payment(payment.id, payment.amount.amount, currency))
    tallies.open_items.expected(*open_item(of_payment(payment.id), payment.payer, currency), -amount)


def _allocated(allocation: Allocation, amount: Fraction, tallies: Tallies) -> None:
    payer, currency, document = allocation.payer, allocation.amount.currency, allocation.document
    tallies.told.expected(*told_allocation(allocation.payment, document, allocation.amount.amount, currency))
    tallies.allocated.expected((allocation.id,), (document,))
    tallies.open_items.expected(*open_item(of_payment(allocation.payment), payer, currency), amount)
    tallies.open_items.expected(*open_item(document, payer, currency), -amount)
