"""The CRM desk: parties and their roles, and the client file that every desk fills."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from .domain.administrations import Administration
from .domain.agenda import Touch
from .domain.client_file import ClientFile, entry_of
from .domain.dated import Dated
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
            party = _with_history(known, party, since, billed=bool(store.agenda.of(client=party.id)))
            if party == known:
                return known
            store.replace(known, party)
            self._touch(store, known, party)
        store.journal.append([PartyRegistered(party=party.id, on=on)])
        return party

    def _touch(self, store: Store, known: Party, party: Party) -> None:
        """Ask everything again from the first day on which somebody else pays, or is taxed otherwise."""
        days = [day for day, _ in _steps(known.billed_to) ^ _steps(party.billed_to)]
        days += [day for day, _ in _steps(known.positions) ^ _steps(party.positions)]
        if not days:
            return
        since = min(days)
        rows = [*store.agenda.of(client=party.id), *store.agenda.of(payer=party.id)]
        store.agenda.touch(
            [
                Touch(
                    source=row.source,
                    agreement=row.agreement,
                    client=row.client,
                    payer=party.billed_with if row.client == party.id else row.payer,
                    since=since,
                    ask_on=since,
                )
                for row in {(row.source, row.agreement): row for row in rows}.values()
            ]
        )

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


def _steps(dated: Dated[str] | Dated[TaxPosition] | None) -> set[tuple[date, object]]:
    return set(dated.steps) if dated else set()


def _with_history(known: Party, party: Party, since: date | None, *, billed: bool) -> Party:
    """Keep the earlier tax positions beside a new one."""
    before = TaxPosition(country=known.country, business=known.business, vat_id=known.vat_id)
    after = TaxPosition(country=party.country, business=party.business, vat_id=party.vat_id)
    if party.positions is not None:
        return party
    if before == after:
        return attrs.evolve(party, positions=known.positions)
    if since is None:
        if not billed:
            return party
        raise RuleViolation(
            "country, business or VAT number changed, and that changes the VAT",
            where=f"party {party.id}",
            remedy="say since which day it holds",
        )
    history = known.positions or Dated(((date(1990, 1, 1), before),))
    return attrs.evolve(party, positions=history.changed(since, after))
