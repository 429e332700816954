"""Writing out everything that is kept of one party, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..codec import decode, dump_event, dumps
from ..domain.erasure import Export, Exported
from ..domain.invoices import Invoice
from ..domain.ledger import LedgerEntry
from ..domain.ports.storage import Store
from ..domain.records import kind_of
from .belongings import PAGE, Belongings, told


def exported(store: Store, mine: Belongings) -> Export:
    """Return everything that is kept of a party; of what another paid, the lines that were done for this one."""
    party = mine.party.id
    parts = [Exported(kind_of(type(record)).name, _plain(record)) for record in (mine.party, *mine.records)]
    parts += (Exported("agreement", _plain(row)) for row in mine.rows)
    parts += (Exported("decision", _plain(decision)) for decision in mine.decisions)
    parts += (Exported("billed", _plain(entry)) for entry in mine.billed)
    parts += (Exported("document", _document(document)) for document in mine.documents)
    parts += (Exported("document", _part(document, party)) for document in mine.elsewhere)
    parts += (Exported("ledger", data) for data in _ledger(store, party))
    parts += (Exported("journal", data) for data in _journal(store, party))
    return Export(party=party, parts=tuple(parts))


def _plain(value: object) -> Any:
    return decode(dumps(value))


def _document(document: Invoice) -> Any:
    return {"number": document.number, **_plain(document)}


def _part(document: Invoice, client: str) -> Any:
    """Return what of a document was done for a client who did not get it; the rest is of others."""
    lines = [_plain(line) for line in document.lines if line.client == client]
    return {"number": document.number, "id": document.id, "on": document.on.isoformat(), "lines": lines}


def _ledger(store: Store, party: str) -> Iterator[Any]:
    """Yield what was booked on a party."""
    after = ""
    while page := store.ledger.entries(party=party, after=after, limit=PAGE):
        yield from (_booked(entry, party) for entry in page)
        after = page[-1].id


def _booked(entry: LedgerEntry, party: str) -> Any:
    postings = [_plain(posting) for posting in entry.postings if posting.party == party]
    return {**_plain(entry), "postings": postings}


def _journal(store: Store, party: str) -> Iterator[Any]:
    for recorded in told(store, party):
        name, text = dump_event(recorded.event)
        yield {
            "position": recorded.position,
            "at": recorded.at.isoformat(),
            "by": recorded.by,
            "event": name,
            **decode(text),
        }
