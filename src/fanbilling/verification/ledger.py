"""L9: entries balance, balances are their sums, and open items are what documents and payments say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ..domain.findings import Finding, differs
from ..domain.ports.storage import Store
from .facts import open_item
from .reading import ledger_entries
from .tallies import Culprits, Tallies


def check_ledger(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the ledger: add up every entry (to zero) and every account (to its balance)."""
    balances: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for entry in ledger_entries(store):
        total = Fraction()
        for posting in entry.postings:
            amount = Fraction(posting.amount)
            total += amount
            balances[posting.account, entry.currency] += amount
            if posting.item:
                tallies.open_items.found(*open_item(posting.item, posting.party, entry.currency), amount)
        if total:
            yield differs("L9", f"entry {entry.id}", Fraction(), total)
    kept = {account: Fraction(amount) for account, amount in store.ledger.balances().items()}
    for account in sorted(balances.keys() | kept.keys()):
        if balances.get(account, Fraction()) != kept.get(account, Fraction()):
            where = f"balance of {account[0]}"
            yield differs("L9", where, balances.get(account, Fraction()), kept.get(account, Fraction()))


def tell_open_items(culprits: Culprits) -> Iterator[Finding]:
    """Tell which open items are not what documents, payments and allocations leave open."""
    for difference in culprits.differences():
        (item,), (party, currency) = difference.name, difference.fact
        where = f"open item {str(item)[:40]} of {party}, {currency}"
        yield differs("L9", where, difference.expected, difference.found)
