"""The page of a client: who it is, what is open, and everything that happened, from the desks' own answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from ..archive import documents_of
from ..domain.client_file import FileEntry
from ..domain.invoices import Invoice
from ..domain.money import Money
from ..domain.opening import Document
from ..domain.parties import Party
from ..domain.payments import OpenItem
from ..domain.ports.storage import Store
from ..files import write_whole
from .filing import PAGE, Cabinet
from .place import BY, Place

_DESKS: Final = {
    "party": "crm",
    "agreement": "agreements",
    "decision": "billing",
    "invoice": "billing",
    "payment": "receivables",
    "message": "delivery",
    "notice": "delivery",
    "opening": "opening",
}
"""Which desk writes which events."""


def write_pages(place: Place, *, on: date) -> Iterator[tuple[str, str]]:
    """Write the page of every client, and yield whose it is and what was in the way, if anything was."""
    after: tuple[str, str] | None = None
    cabinet = Cabinet(place.folder)
    while True:
        with place.books.reading(by=BY) as store:
            parties = store.find(Party, {}, after=after, limit=PAGE)
            pages = [(party.id, page_of(place, store, party, on=on)) for party in parties]
        if not parties:
            return
        after = parties[-1].id, parties[-1].id
        for id, page in pages:
            try:
                write_whole(cabinet.page(id), page.encode(), forced=False)
            except OSError as error:
                yield id, str(error)
            else:
                yield id, ""


def page_of(place: Place, store: Store, party: Party, *, on: date) -> str:
    """Return the page of one client, as of a day."""
    from ..adapters.rendering.html import client_page
    from ..adapters.rendering.words import happened

    cabinet, office = Cabinet(place.folder), place.office
    language = party.language or place.language
    items = office.receivables.open_items(store, party.id)
    documents = documents_of(store, {item.document for item in items})
    file = office.crm.file(store, party.id)
    return client_page(
        {
            "language": language,
            "seller": office.administration.seller.name,
            "on": on,
            "client": {"id": party.id, "name": party.name, "lines": _lines(party), "facts": ()},
            "balance": balance(items, office.administration.currency),
            "open": [_item(item, documents.get(item.document), cabinet) for item in items],
            "entries": [
                {
                    "on": entry.on,
                    "desk": _DESKS.get(entry.what.partition(".")[0], ""),
                    "what": happened(entry, language),
                    "amount": _amount(entry),
                    "link": _link(cabinet, entry.number) if entry.what == "invoice.issued" else "",
                    "also": _also(cabinet, entry.number) if entry.what == "invoice.issued" else (),
                }
                for entry in file.entries
            ],
        }
    )


def balance(items: Sequence[OpenItem], currency: str) -> list[Money]:
    """Return what a client owes, per currency; nothing is an amount too."""
    totals = {currency: Money.zero(currency)} if not items else {}
    for item in items:
        totals[item.open.currency] = totals.get(item.open.currency, Money.zero(item.open.currency)) + item.open
    return [totals[name] for name in sorted(totals)]


def _lines(party: Party) -> list[str]:
    address = party.address
    return [party.attention, address.street, f"{address.postal_code} {address.city}".strip(), address.country]


def _item(item: OpenItem, document: Document | None, cabinet: Cabinet) -> dict[str, Any]:
    issued = document if isinstance(document, Invoice) else None
    return {
        "number": item.number,
        "on": item.on,
        "due": item.due,
        "total": issued.payable if issued else None,
        "open": item.open,
        "link": _link(cabinet, item.number) if issued else "",
        "also": _also(cabinet, item.number) if issued else (),
    }


def _amount(entry: FileEntry) -> Money | None:
    return Money(entry.amount, entry.currency) if entry.amount is not None and entry.currency else None


def _link(cabinet: Cabinet, number: str) -> str:
    """Return where the document lies, seen from the folder of the pages."""
    return f"../{cabinet.named(cabinet.document(number))}" if number else ""


def _also(cabinet: Cabinet, number: str) -> list[tuple[str, str]]:
    """Return the e-invoice of a document, if it has one, seen from the folder of the pages."""
    kept = cabinet.e_invoice(number)
    return [("XML", f"../{cabinet.named(kept)}")] if number and kept.is_file() else []
