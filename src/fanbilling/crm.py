"""The CRM desk: parties and their roles, and the client file that every desk fills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs

from .domain.administrations import Administration
from .domain.agenda import AgendaRow, Touch
from .domain.client_file import ClientFile, entry_of
from .domain.dated import EVER, Dated
from .domain.errors import RuleViolation
from .domain.events import PartyRegistered, Recorded
from .domain.parties import Party, TaxPosition
from .domain.ports.storage import Store, ours

PAGE = 500


@attrs.frozen(kw_only=True)
class Crm:
    """Keeps everybody whom the company deals with, each once."""

    administration: Administration

    def register(self, store: Store, party: Party, *, on: date, since: date | None = None) -> Party:
        """Enter a party, or change what is known of it; the same data twice is one.

        Args:
            on: the day of the entry.
            since: from which day a change of country, business or VAT number holds for bills. Earlier bills keep
                what they had.

        Raises:
            RuleViolation: when such a change has no ``since``, and agreements exist: it would correct old bills.
        """
        known = ours(store, self.administration.id).get_many(Party, [party.id]).get(party.id)
        if known is None:
            store.add(party)
        else:
            agreements = _agreements(store, party.id)
            party = _with_history(known, party, since, billed=bool(agreements))
            if party == known:
                return known
            store.replace(known, party)
            _touch(store, known, party, agreements)
        store.journal.append([PartyRegistered(party=party.id, on=on)])
        return party

    def file(self, store: Store, client: str) -> ClientFile:
        """Return everything that happened with a client, in order.

        Raises:
            NotFound: when there is no such party.
        """
        party = ours(store, self.administration.id).get(Party, client)
        entries = []
        documents: set[str] = set()
        for recorded in self._journal(store, client):
            entry = entry_of(recorded)
            entries.append(entry)
            documents.update(filter(None, [entry.document]))
        numbers = {id: document.number for id, document in store.documents.get_many(documents).items()}
        named = tuple(attrs.evolve(entry, number=numbers.get(entry.document, "")) for entry in entries)
        return ClientFile(party=party, entries=named)

    @staticmethod
    def _journal(store: Store, party: str) -> Iterator[Recorded]:
        position = 0
        while page := store.journal.after(position, limit=PAGE, party=party):
            yield from page
            position = page[-1].position


def _agreements(store: Store, party: str) -> list[AgendaRow]:
    """Return every agreement of a party, that it pays for, or of which it ever got a bill."""
    rows = {_name(row): row for row in (*store.agenda.of(client=party), *store.agenda.of(payer=party))}
    after = ("", 0)
    while page := store.documents.page(payer=party, after=after, limit=PAGE):
        for document in page:
            for line in document.lines:
                name = line.key.source, line.key.agreement
                if name not in rows:
                    rows[name] = store.agenda.get(*name)
        after = page[-1].series, page[-1].place
    return list(rows.values())


def _name(row: AgendaRow) -> tuple[str, str]:
    return row.source, row.agreement


def _touch(store: Store, known: Party, party: Party, agreements: Sequence[AgendaRow]) -> None:
    """Ask everything of these agreements again when somebody else pays, or is taxed otherwise.

    From their beginning: a period may be filed long before the day on which the change begins to hold.
    """
    if known.billed_to == party.billed_to and known.positions == party.positions:
        return
    touches = [
        Touch(
            source=row.source,
            agreement=row.agreement,
            client=row.client,
            payer=party.billed_with if row.client == party.id else row.payer,
            since=date.min,
            ask_on=date.min,
        )
        for row in agreements
    ]
    store.agenda.touch(touches)


def _with_history(known: Party, party: Party, since: date | None, *, billed: bool) -> Party:
    """Keep the earlier tax positions beside a new one, which holds from ``since`` on."""
    before = TaxPosition(country=known.country, business=known.business, vat_id=known.vat_id)
    after = TaxPosition(country=party.country, business=party.business, vat_id=party.vat_id)
    if party.positions is not None:
        return party
    if since is not None:
        history = known.positions or Dated(((EVER, before),))
        return attrs.evolve(party, positions=history.since(since, after))
    if before == after:
        return attrs.evolve(party, positions=known.positions)
    if not billed:
        return party
    raise RuleViolation(
        "country, business or VAT number changed, and that changes the VAT",
        where=f"party {party.id}",
        remedy="say since which day it holds",
    )
