"""Issuing: give drafts their numbers and write everything that follows from them, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import itemgetter

import attrs

from .archive import documents_of
from .domain.accounts import Chart
from .domain.administrations import Administration
from .domain.billed import BilledEntry
from .domain.decisions import Decision
from .domain.drafts import Draft, DraftLine
from .domain.errors import RuleViolation
from .domain.events import DecisionMade, InvoiceIssued
from .domain.exact import EXACT
from .domain.invoices import Buyer, Invoice, InvoiceLine, Preceding
from .domain.ledger import LedgerEntry, invoice_entry
from .domain.numbering import series_of
from .domain.opening import Document
from .domain.parties import Party
from .domain.payment_terms import due_date
from .domain.ports.storage import Store
from .domain.settings import Layer, Sections, Settings, Settled


@attrs.frozen(kw_only=True)
class Issue:
    """Everything that one draft becomes, complete but for its number."""

    invoice: Invoice
    pattern: str
    entries: tuple[BilledEntry, ...]
    booking: LedgerEntry
    decisions: tuple[Decision, ...]


@attrs.frozen(kw_only=True)
class Issuer:
    """Turns drafts into documents, by the settings of one administration."""

    administration: Administration
    settings: Settings

    def prepare(
        self,
        draft: Draft,
        parties: Mapping[str, Party],
        corrected: Mapping[str, Document],
        call: Layer | None = None,
    ) -> Issue:
        """Compute everything that a draft becomes; nothing is written yet.

        A setting of a source or an agreement counts for the whole document where it is the only one on it.

        Args:
            call: settings for this document alone, stronger than all others.
            parties: the payer and the clients as known today; a copy of the printed data is sealed.
            corrected: the documents that lines of this draft correct, by id.

        Raises:
            RuleViolation: when the person data of the payer was erased.
        """
        payer = _known(parties[draft.payer])
        agreements = {(line.part.key.source, line.part.key.agreement) for line in draft.lines}
        sources = {source for source, _ in agreements}
        common = (next(iter(sources)) if len(sources) == 1 else "", "")

        def settled(of: tuple[str, str]) -> Settled:
            source, agreement = of
            return self.settings.settled(source=source, client=payer.id, agreement=agreement, call=call)

        headings = {of: settled(of) for of in agreements}
        [whole] = headings.values() if len(headings) == 1 else [settled(common)]
        preceding = {line.corrects: corrected[line.corrects] for line in draft.lines if line.corrects}
        invoice = Invoice(
            id=draft.id,
            kind=draft.kind,
            series=series_of(whole.series, draft.on),
            on=draft.on,
            due=due_date(draft.on, days=whole.payment_days, end_of_month=whole.end_of_month),
            until=draft.until,
            seller=self.administration.seller,
            buyer=Buyer(
                id=payer.id,
                name=payer.name,
                attention=payer.attention,
                address=payer.address,
                vat_id=payer.position(draft.on).vat_id,
                registration=payer.registration,
                email=payer.email,
                reference=payer.reference,
                electronic_address=payer.electronic_address,
            ),
            currency=draft.currency,
            language=payer.language or whole.language,
            lines=tuple(
                [
                    _headed(line, payer, parties, headings[line.key.source, line.key.agreement])
                    for line in draft.invoice_lines()
                ]
            ),
            taxes=draft.taxes,
            totals=draft.totals,
            preceding=tuple(sorted((Preceding(number=d.number, on=d.on) for d in preceding.values()), key=_number)),
        )
        entries = self.entries(draft)
        return Issue(
            invoice=invoice,
            pattern=whole.number,
            entries=entries,
            booking=invoice_entry(invoice, entries, self.settings.accounts),
            decisions=tuple(
                attrs.evolve(decision, document=draft.id, withdrawn=None if decision.kind.lasting else draft.on)
                for decision in draft.decisions
            ),
        )

    def entries(self, draft: Draft) -> tuple[BilledEntry, ...]:
        """Return what the lines of a draft take from, or give back to, their keys."""
        chart, document, on = self.settings.accounts, draft.id, draft.on
        return tuple([_entry(line, number, document, on, chart) for number, line in enumerate(draft.lines, 1)])

    def write(self, store: Store, issues: Sequence[Issue]) -> list[Invoice]:
        """Write all of it or nothing; numbers and journal positions are drawn last, when everything else is ready.

        Raises:
            Conflict: when somebody billed one of the keys first.
            DateBeforeSeries: when the series holds a document of a later date.
        """
        with store.savepoint():
            return self._written(store, issues)

    @staticmethod
    def _written(store: Store, issues: Sequence[Issue]) -> list[Invoice]:
        store.billed.append([entry for issue in issues for entry in issue.entries])
        store.ledger.post([issue.booking for issue in issues])
        decided = [decision for issue in issues for decision in issue.decisions]
        store.decisions.add(decided)
        groups: dict[tuple[str, str], list[Invoice]] = {}
        for issue in issues:
            groups.setdefault((issue.invoice.series, issue.pattern), []).append(issue.invoice)
        sealed: list[Invoice] = []
        for (_, pattern), documents in sorted(groups.items(), key=itemgetter(0)):  # every run in the same order
            sealed.extend(store.documents.seal(documents, pattern))
        store.journal.append([*(_decided(decision, issues) for decision in decided), *map(_issued, sealed)])
        return sealed


def _entry(line: DraftLine, number: int, document: str, on: date, chart: Chart) -> BilledEntry:
    part = line.part
    key, terms = part.key, part.terms
    return BilledEntry(
        key=key,
        revision=part.revision,
        document=document,
        line=number,
        terms=terms,
        lot=part.lot,
        vat=line.vat,
        on=on,
        client=line.client,
        account=chart.code("revenue", key.source, terms.tax.category),
        text=line.text,
        title=line.title,
        supplied=line.supplied,
        reverses=part.reverses,
    )


def corrected_documents(store: Store, drafts: Iterable[Draft]) -> dict[str, Document]:
    """Read the documents that lines of these drafts correct, also those of an old system."""
    ids = {line.corrects for draft in drafts for line in draft.lines if line.corrects}
    return documents_of(store, ids) if ids else {}


def _headed(line: InvoiceLine, payer: Party, parties: Mapping[str, Party], settled: Settled) -> InvoiceLine:
    """Put a line under its heading; where one pays for another, the heading says for whom."""
    if settled.sections is Sections.NONE:
        heading = ""
    elif settled.sections is Sections.CLIENT:
        heading = parties[line.client].name
    else:
        heading = line.title or settled.title
        if line.client != payer.id:
            heading = " · ".join(filter(None, (parties[line.client].name, heading)))
    return line if heading == line.title else attrs.evolve(line, title=heading)


def _known(payer: Party) -> Party:
    """Return who gets the bill, or refuse a party whose name and address were erased."""
    if payer.erased is None:
        return payer
    raise RuleViolation("it was erased", where=f"party {payer.id}", remedy="register it again before it gets a bill")


def _number(preceding: Preceding) -> str:
    return preceding.number


def _issued(invoice: Invoice) -> InvoiceIssued:
    return InvoiceIssued(
        party=invoice.payer,
        on=invoice.on,
        document=invoice.id,
        number=invoice.number,
        kind=invoice.kind.value,
        total=EXACT.plus(invoice.totals.total),
        currency=invoice.currency,
    )


def _decided(decision: Decision, issues: Sequence[Issue]) -> DecisionMade:
    lines = (line for issue in issues for line in issue.invoice.lines)
    client = next(line.client for line in lines if line.key == decision.key)
    return DecisionMade(
        party=client, on=decision.on, decision=decision.id, kind=decision.kind.value, agreement=decision.key.agreement
    )
