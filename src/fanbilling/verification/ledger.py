"""L9 and L10: entries balance, balances are their sums, and open items are what documents and payments say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ..domain.payments import Allocation, Payment
from ..domain.ports.storage import Store
from .findings import Finding, differs
from .reading import ledger_entries, records, sealed_rows


def check_entries(store: Store) -> Iterator[Finding]:
    """Add up every entry (to zero) and every account (to its balance)."""
    balances: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for entry in ledger_entries(store):
        total = sum((Fraction(posting.amount) for posting in entry.postings), Fraction())
        if total:
            yield differs("L9", f"entry {entry.id}", Fraction(), total)
        for posting in entry.postings:
            balances[posting.account, entry.currency] += Fraction(posting.amount)
    kept = {account: Fraction(amount) for account, amount in store.ledger.balances().items()}
    for account in sorted(balances.keys() | kept.keys()):
        if balances.get(account, Fraction()) != kept.get(account, Fraction()):
            where = f"balance of {account[0]}"
            yield differs("L9", where, balances.get(account, Fraction()), kept.get(account, Fraction()))


def check_open_items(store: Store) -> Iterator[Finding]:
    """Compute what is open from documents, payments and allocations, and hold it against the control account."""
    expected = {row.id: Fraction(row.total) for row in sealed_rows(store)}
    expected |= {_item(p.id): -Fraction(p.amount.amount) for p in records(store, Payment)}
    for allocation in records(store, Allocation):
        amount = Fraction(allocation.amount.amount)
        for item, change in ((allocation.document, -amount), (_item(allocation.payment), amount)):
            if item not in expected:
                where = f"allocation {allocation.id}"
                yield Finding(law="L10", where=where, expected=f"{item} on record", found="none")
            expected[item] = expected.get(item, Fraction()) + change
    for item in [item for item, figure in expected.items() if item.startswith(_item("")) and figure > 0]:
        yield differs("L10", f"{item}, left to allocate", Fraction(), -expected[item])
    booked = _booked(store)
    for item in sorted(expected.keys() | booked.keys()):
        if expected.get(item, Fraction()) != booked.get(item, Fraction()):
            where = f"open item {item[:40]}"
            yield differs("L9", where, expected.get(item, Fraction()), booked.get(item, Fraction()))


def _booked(store: Store) -> dict[str, Fraction]:
    """Add up what is booked per open item."""
    booked: dict[str, Fraction] = defaultdict(Fraction)
    for entry in ledger_entries(store):
        for posting in entry.postings:
            if posting.item:
                booked[posting.item] += Fraction(posting.amount)
    return booked


def _item(payment: str) -> str:
    return f"payment:{payment}"
