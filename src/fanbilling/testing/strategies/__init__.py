"""Hypothesis strategies for the values of billing: everything that is legal, unless an argument says what is valid.

Names are plural, arguments are keyword-only and are strategies themselves.
"""

from .due import decisions, items, parties, touches
from .figures import (
    addresses,
    amounts,
    currencies,
    dated,
    days,
    ids,
    item_keys,
    lots,
    moneys,
    periods,
    prices,
    quantities,
    reasons,
    taxes,
    terms,
    texts,
)
from .issued import billed_entries, events, invoices, ledger_entries

__all__ = [
    "addresses",
    "amounts",
    "billed_entries",
    "currencies",
    "dated",
    "days",
    "decisions",
    "events",
    "ids",
    "invoices",
    "item_keys",
    "items",
    "ledger_entries",
    "lots",
    "moneys",
    "parties",
    "periods",
    "prices",
    "quantities",
    "reasons",
    "taxes",
    "terms",
    "texts",
    "touches",
]
