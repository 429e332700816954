"""L10: never more is allocated than was paid, and nothing to a document or from a payment that is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from heapq import merge
from itertools import groupby
from operator import itemgetter

from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store
from .facts import of_payment, open_item, told_allocation, told_payment
from .findings import Finding, differs
from .reading import records
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
