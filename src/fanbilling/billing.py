"""The billing desk: preview, issue, credit, decide; what is not billed, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import date, datetime

import attrs

from .archive import document_called
from .batches import Batches
from .domain.administrations import Administration
from .domain.agenda import AgendaRow, Touch
from .domain.billed import BilledEntry
from .domain.credits import Credit, decisions_of
from .domain.decisions import Decision
from .domain.drafts import Draft
from .domain.equation import to_bill
from .domain.errors import Conflict, InvalidValue, NotFound, OutdatedDraft
from .domain.events import Actor, DecisionMade, DecisionWithdrawn
from .domain.invoices import Invoice
from .domain.items import ItemKey
from .domain.leakage import Drift, Unbilled, failed, unbilled
from .domain.money import Money
from .domain.opening import LoadedOpening
from .domain.parties import Party
from .domain.periods import a_day
from .domain.ports.sourcing import BillingSource, Window
from .domain.ports.storage import Store, UnitOfWork, ours
from .domain.reports import RunReport
from .domain.settings import Layer, Settings
from .domain.texts import an_id
from .issuing import Issuer, corrected_documents
from .reckoning import Reckoner
from .running import Run

PAGE = 500


@attrs.frozen(kw_only=True)
class Billing:
    """Turns what is due into sealed bills, for one administration."""

    administration: Administration
    settings: Settings
    sources: Sequence[BillingSource]
    reckoner: Reckoner = attrs.field(init=False)
    issuer: Issuer = attrs.field(init=False)

    @reckoner.default
    def _reckoner(self) -> Reckoner:
        country = self.administration.seller.address.country
        return Reckoner({source.name: source for source in self.sources}, country, self.settings)

    @issuer.default
    def _issuer(self) -> Issuer:
        return Issuer(administration=self.administration, settings=self.settings)

    def preview(self, store: Store, payer: str, *, until: date, on: date) -> tuple[Draft, ...]:
        """Show the bills that a payer would get, and leave no trace.

        Args:
            payer: who pays; a client for whom another pays gets no bill of its own.
            until: bill what may be billed up to and including this day.
            on: the date that would be on the bills.

        Raises:
            NotFound: when there is no such party.
        """
        _checked(until, on)
        an_id(payer, where="payer")
        together = ours(store, self.administration.id).agenda.of(payer=store.get(Party, payer).billed_with)
        rows = [row for row in together if row.ask_on is not None and row.ask_on <= until]
        facts = self.reckoner.read(store, rows, until)
        drafts = self.reckoner.drafts(facts, rows, until=until, on=on)
        return tuple(draft for draft in drafts if draft.payer == payer)

    def issue(self, store: Store, draft: Draft, *, settings: Layer | None = None) -> Invoice:
        """Make a draft definite: number it, seal it, book it, and write its decisions.

        The windows of the draft are asked again inside this transaction. Issuing the same draft twice gives the same
        document once.

        Args:
            settings: for this document alone, stronger than all others (another language, other payment days).

        Raises:
            OutdatedDraft: when something else is owed by now; it carries the difference.
            Conflict: when somebody billed one of the keys at the same moment.
        """
        agreements = [(window.source, window.agreement) for window in draft.windows]
        current = ours(store, self.administration.id).agenda.hold(agreements)  # first: who was before us is then seen
        if issued := store.documents.get_many([draft.id]).get(draft.id):
            return issued
        rows = [attrs.evolve(row, since=window.since) for row, window in zip(current, draft.windows, strict=True)]
        facts = self.reckoner.read(store, rows, draft.until, draft.decisions)
        drafts = self.reckoner.drafts(facts, rows, until=draft.until, on=draft.on, decisions=draft.decisions)
        again = next((one for one in drafts if one.place == draft.place), None)
        gone, new = draft.difference(again)
        if again is None or gone or new:
            raise OutdatedDraft(
                f"the draft for {draft.payer} of {draft.on} no longer says what is owed", gone=gone, new=new
            )
        definite = attrs.evolve(again.renumbered(facts.of(rows)[2]), id=draft.id)
        corrected = corrected_documents(store, [definite])
        issue = self.issuer.prepare(definite, facts.conditions.parties, corrected, settings)
        [invoice] = self.issuer.write(store, [issue])
        store.agenda.answered([attrs.evolve(row, asked_until=row.asked(draft.until)) for row in current])
        return invoice

    def run(
        self,
        books: UnitOfWork,
        *,
        until: date,
        on: date,
        by: Actor = Actor("billing"),
        at: datetime | None = None,
        batch: int = PAGE,
        watch: Callable[[Sequence[Invoice]], None] | None = None,
        executor: Executor | None = None,
    ) -> RunReport:
        """Bill everyone who is due; run it again and it bills the rest only.

        Each batch of payers is one transaction. A payer whose bill cannot be computed is reported and stays due; a
        batch that cannot be written is rolled back and repeated by halves.

        Args:
            batch: how many payers go in one transaction.
            watch: is handed the documents of each batch after it is committed.
            executor: lets several workers bill at once, each a range of payers: threads, processes or machines. For
                processes the books, the sources and the settings have to be picklable.
        """
        _checked(until, on)
        if batch < 1:
            raise InvalidValue(f"a batch of {batch} payers", where="run", remedy="use 1 or more")
        batches = Batches(reckoner=self.reckoner, issuer=self.issuer, books=books, until=until, on=on, by=by, at=at)
        return Run(batches=batches, size=batch)(watch=watch, executor=executor)

    def credit(self, store: Store, credit: Credit, *, on: date, until: date | None = None) -> Invoice:
        """Give back what was billed, on a credit note that points to the document.

        The same credit twice gives one credit note.

        Raises:
            NotFound: when there is no such document or line.
            OverCredit: when more is asked back than is left.
            Conflict: when the id stands for another credit.
        """
        document = document_called(ours(store, self.administration.id), credit.document)
        if isinstance(document, LoadedOpening) and credit.line is None:
            raise InvalidValue("an opening is of many clients", where=f"credit {credit.id}", remedy="name the line")
        lines = [
            entry
            for entry in store.billed.of_document(document.id)
            if entry.reverses is None and credit.line in (None, entry.line)
        ]
        if not lines:
            raise NotFound(f"there is no line {credit.line} to credit", where=document.number, remedy="see its lines")
        rows = self._rows_of(store, lines)
        if known := store.get_many(Credit, [credit.id]).get(credit.id):
            if attrs.evolve(known, note="") != credit:
                raise Conflict("the id stands for another credit", where=f"credit {credit.id}", remedy="use a new id")
            return store.documents.get(known.note)
        entries = store.billed.of([Window(row.source, row.agreement, row.since) for row in rows])
        decisions = decisions_of(credit, lines, entries, on=on)
        keys = {decision.key for decision in decisions}
        far = until or on
        facts = self.reckoner.read(store, rows, far, decisions)
        items, decided, billed = facts.of(rows)
        parts = [part for part in to_bill(items, decided, billed, facts.conditions, far) if part.key in keys]
        [draft] = self.reckoner.made(parts, items, billed, rows, until=far, on=on, decisions=decisions, decided=decided)
        issue = self.issuer.prepare(draft, facts.conditions.parties, corrected_documents(store, [draft]))
        [note] = self.issuer.write(store, [issue])
        self._touch(store, keys=[line.key for line in lines], on=on)
        store.add(attrs.evolve(credit, note=note.id))
        return note

    def decide(self, store: Store, decision: Decision) -> None:
        """Hold, waive, concede or move something that is due; the same decision twice is one.

        Raises:
            Conflict: when the id stands for another decision.
            NotFound: when nobody knows the agreement, or who is to pay.
            InexactNumber: for an amount with parts of a cent.
            InvalidValue: for one that names a document: giving back what was billed is a credit.
        """
        if decision.target or decision.document or decision.withdrawn or not decision.kind.lasting:
            raise InvalidValue(
                "it belongs to a document",
                where=f"decision {decision.id}",
                remedy="give back what was billed with credit()",
            )
        try:
            known = ours(store, self.administration.id).decisions.get(decision.id)
        except NotFound:
            known = None
        if known is not None:
            if known != decision:
                raise Conflict("the id stands for another decision", where=decision.id, remedy="use a new id")
            return
        [row] = store.agenda.hold([(decision.key.source, decision.key.agreement)])
        if decision.payer:
            store.get(Party, decision.payer)
        if decision.amount is not None:
            Money(decision.amount, decision.terms.currency if decision.terms else self.administration.currency)
        store.decisions.add([decision])
        self._touch(store, keys=[decision.key], on=decision.on)
        event = DecisionMade(
            party=row.client,
            on=decision.on,
            decision=decision.id,
            kind=decision.kind.value,
            agreement=decision.key.agreement,
        )
        store.journal.append([event])

    def withdraw(self, store: Store, decision: str, *, on: date) -> None:
        """Take a decision back: what it kept from the bill is owed again; twice is once.

        Raises:
            NotFound: when there is no such decision.
        """
        before = ours(store, self.administration.id).decisions.get(decision)
        if before.withdrawn is not None:
            return
        [row] = store.agenda.hold([(before.key.source, before.key.agreement)])
        store.decisions.replace(before, attrs.evolve(before, withdrawn=on))
        self._touch(store, keys=[before.key], on=on)
        store.journal.append([DecisionWithdrawn(party=row.client, on=on, decision=decision)])

    def why_not(self, store: Store, *, until: date, payer: str | None = None) -> Iterator[Unbilled]:
        """Say of everything that is due and not billed why it is not: blocked, later, held, or ready for a run."""
        for rows in self._pages(store, payer):
            for one in self._unbilled(store, rows, until):
                if payer in (None, one.payer):
                    yield one

    def _unbilled(self, store: Store, rows: Sequence[AgendaRow], until: date) -> list[Unbilled]:
        """Say what of these agreements is not billed; one that cannot be computed says that, and the others go on."""
        try:
            facts = self.reckoner.read(store, rows, until)
            return list(unbilled(*facts.of(rows), facts.conditions, until))
        except Exception as error:  # noqa: BLE001  (a source of somebody else's may raise anything)
            if len(rows) > 1:
                return [one for row in rows for one in self._unbilled(store, [row], until)]
            return [failed(rows[0].payer, ItemKey(rows[0].source, rows[0].agreement, until), str(error))]

    def drift(self, store: Store, *, until: date) -> Iterator[Drift]:
        """Ask everything from its beginning and report what differs from the bills although nothing announced it."""
        for rows in self._pages(store, None):
            settled = [row for row in rows if row.ask_on is None or row.ask_on > until]
            facts = self.reckoner.read(store, settled, until)
            items, decisions, billed = facts.of(settled)
            for part in to_bill(items, decisions, billed, facts.conditions, until):
                yield Drift(payer=part.terms.payer, key=part.key, lot=part.lot)

    def _pages(self, store: Store, payer: str | None) -> Iterator[list[AgendaRow]]:
        """Yield all agreements that are billed with a payer, or everybody's, from their beginning, a page at a time."""
        if payer is not None:
            an_id(payer, where="payer")
            together = ours(store, self.administration.id).agenda.of(payer=store.get(Party, payer).billed_with)
            yield [attrs.evolve(row, since=date.min) for row in together]
            return
        after = ("", "")
        while rows := ours(store, self.administration.id).agenda.all(after=after, limit=PAGE):
            yield [attrs.evolve(row, since=date.min) for row in rows]
            after = rows[-1].source, rows[-1].agreement

    def _rows_of(self, store: Store, lines: Sequence[BilledEntry]) -> list[AgendaRow]:
        """Hold the agreements of billed lines, and return them from the earliest of their keys."""
        since: dict[tuple[str, str], date] = {}
        for line in lines:
            name = line.key.source, line.key.agreement
            since[name] = min(since.get(name, line.key.filed), line.key.filed)
        held = store.agenda.hold(list(since))
        return [attrs.evolve(row, since=day) for row, day in zip(held, since.values(), strict=True)]

    def _touch(self, store: Store, *, keys: Sequence[ItemKey], on: date) -> None:
        touches = []
        for row, key in zip(store.agenda.hold([(k.source, k.agreement) for k in keys]), keys, strict=True):
            touches.append(
                Touch(
                    source=row.source,
                    agreement=row.agreement,
                    client=row.client,
                    payer=row.payer,
                    since=key.filed,
                    ask_on=min(on, key.filed),
                )
            )
        store.agenda.touch(touches)


def _checked(until: date, on: date) -> None:
    """Refuse days that are not days."""
    a_day(until, where="until")
    a_day(on, where="on")
