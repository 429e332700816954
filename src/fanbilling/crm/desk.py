"""The CRM desk: parties and their roles, the client file, and what is known of a person, to be told or erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from ..archive import documents_of
from ..domain.administrations import Administration
from ..domain.agenda import AgendaRow, Touch
from ..domain.client_file import ClientFile, entry_of
from ..domain.dated import EVER, Dated
from ..domain.erasure import Erasure, Export
from ..domain.errors import InvalidValue, RuleViolation
from ..domain.events import PartyErased, PartyRegistered
from ..domain.kinds import CORE_RECORDS
from ..domain.parties import Party, TaxPosition
from ..domain.periods import a_day
from ..domain.ports.sourcing import BillingSource
from ..domain.ports.storage import Store, ours
from ..domain.retention import Retention, retention
from ..domain.settings import Settings
from .belongings import PAGE, belongings, told
from .erasing import erased


@attrs.frozen(kw_only=True)
class Crm:
    """Keeps everybody whom the company deals with, each once.

    Args:
        sources: their kinds of records take part when a party is exported or erased, beside those of the desks.
    """

    administration: Administration
    settings: Settings = Settings()
    sources: tuple[BillingSource, ...] = ()

    def register(self, store: Store, party: Party, *, on: date, since: date | None = None) -> Party:
        """Enter a party, or change what is known of it; the same data twice is one.

        A party that was erased is known again from then on; what was erased before does not come back.

        Args:
            on: the day of the entry.
            since: from which day a change of country, business or VAT number holds for bills. Earlier bills keep
                what they had.

        Raises:
            RuleViolation: when such a change has no ``since``, and agreements exist: it would correct old bills.
            InvalidValue: when the data says that it is erased.
        """
        a_day(on, where="on")
        known = ours(store, self.administration.id).get_many(Party, [party.id]).get(party.id)
        if party.erased is not None and party != known:
            raise InvalidValue("it says that it is erased", where=f"party {party.id}", remedy="leave that out")
        if known is None:
            store.add(party)
        else:
            agreements = _agreements(store, party.id)
            party = _with_history(known, party, since, billed=bool(agreements))
            if party == known:
                return known
            store.agenda.hold([_name(row) for row in agreements])
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
        for recorded in told(store, client):
            entry = entry_of(recorded)
            entries.append(entry)
            documents.update(filter(None, [entry.document]))
        numbers = {id: document.number for id, document in documents_of(store, documents).items()}
        named = tuple(attrs.evolve(entry, number=numbers.get(entry.document, "")) for entry in entries)
        return ClientFile(party=party, entries=named)

    def export(self, store: Store, party: str) -> Export:
        """Return everything that is kept of a party: for whoever asks what is known of them (GDPR art. 15 and 20).

        Of a document that another paid, it holds the lines that were done for this party.

        Raises:
            NotFound: when there is no such party.
        """
        from .exporting import exported  # it writes, and what writes needs cattrs

        found = ours(store, self.administration.id).get(Party, party)
        return exported(store, belongings(store, found, self._kinds))

    def erase(self, store: Store, party: str, *, on: date, retention: Retention | None = None) -> Erasure:
        """Erase the person data of a party, as far as the law does not want it kept (GDPR art. 17); twice is once.

        Where nothing was agreed, billed or paid, the record goes altogether. Else documents and bookings stay as they
        are, and the record keeps its id and how it was taxed; it gets no bill before it is registered again.

        Args:
            on: the day of the erasure.
            retention: how long the books are kept; absent means as the country of the seller wants.

        Raises:
            NotFound: when there is no such party, or how long its books are kept is not known.
            RuleViolation: when something may still be billed, is open or on account, or is being sent; it says what to
                do first.
            InvalidValue: when a kind of record cannot be kept without its person data; nothing was erased then.
        """
        a_day(on, where="on")
        known = ours(store, self.administration.id).get_many(Party, [party]).get(party)
        if known is None and self._was_removed(store, party):
            return Erasure(party=party, on=on)
        rows = (*store.agenda.of(client=party), *store.agenda.of(payer=party))
        store.agenda.hold(sorted({_name(row) for row in rows}))
        mine = belongings(store, known or store.get(Party, party), self._kinds)
        return erased(
            store,
            mine,
            on=on,
            retention=retention or self._retention(max(mine.days, default=on)),
            account=self.settings.accounts.code("receivable"),
            sources={source.name: source for source in self.sources},
        )

    @property
    def _kinds(self) -> tuple[type, ...]:
        return (*CORE_RECORDS, *(kind for source in self.sources for kind in source.records))

    def _retention(self, day: date) -> Retention:
        return retention(self.administration.seller.address.country, day)

    @staticmethod
    def _was_removed(store: Store, party: str) -> bool:
        """Whether a party that is not there was erased altogether."""
        last = None
        for recorded in told(store, party):
            last = recorded.event
        return isinstance(last, PartyErased)


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
