"""Facts as both sides of a comparison write them: the same fact gives the same tuple, 1.0 and 1.00 as well."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ..domain.billed import BilledEntry
from .tallies import Fact, Name

#: What the line of a document and its billed entry both say, in the order of their facts.
FIELDS = (
    "key", "payer", "client", "date", "currency", "supplied", "text", "category", "unit", "giving back",
    "quantity", "price", "per", "net", "VAT", "rate",
)  # fmt: skip
FIGURES = frozenset(FIELDS[10:])


def written_line(body: Mapping[str, Any], line: Mapping[str, Any]) -> tuple[Name, Fact]:
    """Return what a sealed document says of one of its lines."""
    amount, per, unit = line["price"]
    category, rate = line["tax"]
    words = (
        tuple(line["key"]),
        body["buyer"]["id"],
        line["client"],
        body["on"],
        body["currency"],
        tuple(line.get("supplied") or ()),
        line["text"],
        category,
        unit,
        bool(line.get("corrects")),
    )
    figures = (line["quantity"], amount, per, line["net"], line["vat"], rate)
    return (body["id"], int(line["number"])), (*words, *(ratio(Decimal(figure)) for figure in figures))


def billed_line(entry: BilledEntry) -> tuple[Name, Fact]:
    """Return what the billed ledger says of the line of a document."""
    key, terms, supplied = entry.key, entry.terms, entry.supplied
    words = (
        (key.source, key.agreement, key.filed.isoformat(), key.fact),
        terms.payer,
        entry.client,
        entry.on.isoformat(),
        terms.currency,
        () if supplied is None else (supplied.start.isoformat(), supplied.end.isoformat()),
        entry.text,
        terms.tax.category,
        terms.price.unit,
        entry.reverses is not None,
    )
    figures = (
        entry.lot.quantity, terms.price.amount, terms.price.per, entry.lot.amount, entry.vat, terms.tax.rate
    )  # fmt: skip
    return (entry.document, entry.line), (*words, *map(ratio, figures))


def told_document(id: str, number: str, total: Decimal, currency: str) -> tuple[Name, Fact]:
    """Return what is told of a document."""
    return ("document", id), (number, ratio(total), currency)


def told_old_invoice(id: str, amount: Decimal, currency: str) -> tuple[Name, Fact]:
    """Return what is told of an invoice of an old system."""
    return ("old invoice", id), (ratio(amount), currency)


def told_payment(id: str, amount: Decimal, currency: str) -> tuple[Name, Fact]:
    """Return what is told of a payment."""
    return ("payment", id), (ratio(amount), currency)


def told_allocation(payment: str, document: str, amount: Decimal, currency: str) -> tuple[Name, Fact]:
    """Return what is told of an allocation."""
    return ("allocation", payment), (document, ratio(amount), currency)


def open_item(item: str, party: str, currency: str) -> tuple[Name, Fact]:
    """Return under which open item something is booked: a document, or ``payment:…``."""
    return (item,), (party, currency)


def of_payment(payment: str) -> str:
    """Return the open item of a payment."""
    return f"payment:{payment}"


def ratio(figure: Decimal) -> tuple[int, int]:
    """Return a figure exactly, however it was written."""
    return figure.as_integer_ratio()


def shown(field: str, value: Any) -> object:
    """Return a field of a fact as it is told."""
    return Fraction(*value) if field in FIGURES else value
