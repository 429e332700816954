"""The archive: documents that were issued here, and those of an old system, found by id or by number."""

from __future__ import annotations

from collections.abc import Iterable

from .domain.opening import Document, LoadedOpening, OldInvoice
from .domain.ports.storage import Store


def documents_of(store: Store, ids: Iterable[str]) -> dict[str, Document]:
    """Return the documents that exist among these ids: ours, and those of an old system."""
    wanted = list(ids)
    found: dict[str, Document] = dict(store.documents.get_many(wanted))
    for kind in (OldInvoice, LoadedOpening):
        if missing := [id for id in wanted if id not in found]:
            found.update(store.get_many(kind, missing))
    return found


def document_called(store: Store, name: str) -> Document:
    """Return a document by its id or by its number, ours or one of an old system.

    Raises:
        NotFound: when there is none.
    """
    if known := documents_of(store, [name]).get(name):
        return known
    return store.documents.by_number(name)
