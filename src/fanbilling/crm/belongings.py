"""Everything that is kept of one party, found by what each kind of record says about whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from ..domain.agenda import AgendaRow
from ..domain.billed import BilledEntry
from ..domain.decisions import Decision
from ..domain.events import Recorded
from ..domain.invoices import Invoice
from ..domain.items import ItemKey
from ..domain.parties import Party
from ..domain.ports.sourcing import OneOf, Window
from ..domain.ports.storage import Store
from ..domain.records import kind_of

PAGE = 500


@attrs.frozen(kw_only=True)
class Belongings:
    """What is kept of a party.

    Args:
        rows: the agreements that it has, or pays for.
        records: of every kind, in the order of the kinds; not the party itself.
        documents: those that it got.
        elsewhere: those that another got, with something on them that was done for this one.
        billed: what was billed for it, to whomever.
        decisions: what was decided about them.
    """

    party: Party
    rows: tuple[AgendaRow, ...]
    records: tuple[Any, ...]
    documents: tuple[Invoice, ...]
    elsewhere: tuple[Invoice, ...]
    billed: tuple[BilledEntry, ...]
    decisions: tuple[Decision, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing was ever agreed, billed or paid."""
        return not (self.records or self.documents or self.elsewhere or self.billed or self.decisions)

    @property
    def days(self) -> Iterator[date]:
        """The days of all that the law may want kept."""
        yield from (document.on for document in self.documents)
        yield from (entry.on for entry in self.billed)
        yield from (decision.on for decision in self.decisions)
        yield from (record.on for record in self.records if isinstance(getattr(record, "on", None), date))


def belongings(store: Store, party: Party, kinds: Sequence[type]) -> Belongings:
    """Return everything that is kept of a party, also what was billed for it under an agreement of somebody else."""
    rows = {(row.source, row.agreement): row for row in store.agenda.of(client=party.id)}
    mine = [Window(row.source, row.agreement, date.min) for row in rows.values()]
    billed = tuple(_entries(store, party.id))
    documents = tuple(_documents(store, party.id))
    own = {document.id for document in documents}
    names = sorted(own | {document.number for document in documents})
    elsewhere = store.documents.get_many(sorted({entry.document for entry in billed} - own))
    records = [record for kind in kinds if kind is not Party for record in _records(store, kind, party.id, names)]
    rows |= {(row.source, row.agreement): row for row in store.agenda.of(payer=party.id)}
    return Belongings(
        party=party,
        rows=tuple(rows[name] for name in sorted(rows)),
        records=tuple(records),
        documents=documents,
        elsewhere=tuple(elsewhere[id] for id in sorted(elsewhere)),
        billed=billed,
        decisions=tuple(store.decisions.of(mine)),
    )


def told(store: Store, party: str) -> Iterator[Recorded]:
    """Yield everything that the journal says about a party, in order."""
    position = 0
    while page := store.journal.after(position, limit=PAGE, party=party):
        yield from page
        position = page[-1].position


def pages(store: Store, kind: type, where: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the records of a kind that meet all conditions, in the order of their ids."""
    after: tuple[str, str] | None = None
    page: Sequence[Any]
    while page := store.find(kind, where, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id


def _documents(store: Store, payer: str) -> Iterator[Invoice]:
    after = ("", 0)
    while page := store.documents.page(payer=payer, after=after, limit=PAGE):
        yield from page
        after = page[-1].series, page[-1].place


def _entries(store: Store, client: str) -> Iterator[BilledEntry]:
    after: tuple[ItemKey, int] | None = None
    while page := store.billed.page(client=client, after=after, limit=PAGE):
        yield from page
        after = page[-1].key, page[-1].revision


def _records(store: Store, kind: type, party: str, documents: Sequence[str]) -> Iterator[Any]:
    """Yield the records of a kind that name the party, or one of its documents."""
    declared = kind_of(kind)
    if declared.party:
        yield from pages(store, kind, {declared.party: party})
    if declared.document and not declared.party:
        for start in range(0, len(documents), PAGE):
            yield from pages(store, kind, {declared.document: OneOf(tuple(documents[start : start + PAGE]))})
