"""The desk of opening balances: bring over what an old system leaves behind, once, reconciled to its totals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs

from ..billing import Billing
from ..domain.administrations import Administration
from ..domain.errors import Conflict, NotFound, RefusedOpening
from ..domain.events import BilledUntilLoaded, OldInvoiceLoaded, PaymentReceived
from ..domain.opening import BilledBefore, BilledUntil, LoadedOpening, OldInvoice, Opening
from ..domain.parties import Party
from ..domain.payments import Payment
from ..domain.ports.storage import Store, ours
from ..domain.reconciling import (
    OpeningProblem,
    OpeningReport,
    client_totals,
    control_totals,
    opening_entries,
    problems_of,
    trial_balances,
)
from ..domain.settings import Settings
from .standing import PAGE, Agreement, Plan, Standing


@attrs.frozen(kw_only=True)
class OpeningBalances:
    """Brings over open items, what was billed, money on account and ledger balances from an old system."""

    administration: Administration
    settings: Settings
    billing: Billing

    @property
    def account(self) -> str:
        """The ledger account of what clients owe."""
        return self.settings.accounts.code("receivable")

    def check(self, store: Store, opening: Opening) -> OpeningReport:
        """Show what an opening comes to, with everything that is wrong with it; nothing is written.

        Raises:
            Conflict: when the id stands for another opening.
        """
        return self._loaded(store, opening) or self._report(store, opening, self._plan(store, opening))

    def load(self, store: Store, opening: Opening) -> OpeningReport:
        """Bring an opening over, all of it or nothing; the same one twice is loaded once.

        Open items and money on account stand as they were, with their old numbers and dates. What the old system
        billed stands as billed, for the amounts that we compute: so nothing of it is billed again, and a later change
        of it is corrected by a credit that points to the old invoice. Where the old system billed another amount, the
        report says so; nothing is corrected for that.

        Raises:
            RefusedOpening: when anything is wrong; ``problems`` is the whole list.
            Conflict: when the id stands for another opening.
        """
        if loaded := self._loaded(store, opening):
            return loaded
        plan = self._plan(store, opening)
        if plan.problems:
            raise RefusedOpening(
                f"{len(plan.problems)} things are wrong, the first: {plan.problems[0]}",
                where=f"opening {opening.id}",
                problems=tuple(plan.problems),
            )
        report = self._report(store, opening, plan)
        with store.savepoint():
            self._write(store, opening, plan)
        return report

    def _loaded(self, store: Store, opening: Opening) -> OpeningReport | None:
        """Return the report of an opening that was loaded before."""
        known = ours(store, self.administration.id).get_many(LoadedOpening, [opening.id]).get(opening.id)
        if known is None:
            return None
        if known.fingerprint != opening.fingerprint:
            raise Conflict("the id stands for another opening", where=f"opening {opening.id}", remedy="use a new id")
        return self._report(store, opening, Plan(billed=list(_billed_before(store, opening.id))))

    def _report(self, store: Store, opening: Opening, plan: Plan) -> OpeningReport:
        mentioned = {(row.source, row.agreement) for row in opening.billed}
        return OpeningReport(
            opening=opening.id,
            on=opening.on,
            control=control_totals(opening, self.account),
            clients=client_totals(opening),
            trial_balance=trial_balances(opening),
            billed=tuple(plan.billed),
            not_mentioned=tuple(name for name in _never_billed(store, opening.on) if name not in mentioned),
            problems=tuple(plan.problems),
        )

    def _plan(self, store: Store, opening: Opening) -> Plan:
        payers = {item.payer for item in opening.open_items} | {paid.payer for paid in opening.on_account}
        parties = store.get_many(Party, payers)
        plan = Plan()
        plan.problems += problems_of(opening, account=self.account, parties=parties, settings=self.settings)
        plan.problems += _known_already(store, opening)
        Standing(store=store, opening=opening, billing=self.billing, plan=plan).carry()
        return plan

    def _write(self, store: Store, opening: Opening, plan: Plan) -> None:
        loaded = LoadedOpening(id=opening.id, on=opening.on, fingerprint=opening.fingerprint)
        invoices = [attrs.evolve(item, opening=opening.id) for item in opening.open_items]
        store.add(loaded, *invoices, *opening.on_account, *plan.billed)
        store.billed.append([entry for before in plan.billed for entry in before.entries])
        store.ledger.post(opening_entries(opening, self.account))
        store.agenda.answered(plan.answered)
        clients = {(row.source, row.agreement): row.client for row in plan.answered}
        store.journal.append(
            [
                *map(_invoice_loaded, opening.open_items),
                *map(_received, opening.on_account),
                *(_until_loaded(one.row, clients, opening.on) for one in plan.billed),
            ]
        )


def _known_already(store: Store, opening: Opening) -> Iterator[OpeningProblem]:
    """Yield what is in the books already: numbers and payments."""
    numbers = [item.id for item in opening.open_items]
    known = {*store.get_many(OldInvoice, numbers), *store.get_many(LoadedOpening, numbers)}
    if store.documents.sealed(limit=1):
        known.update(number for number in numbers if _issued(store, number))
    for number in sorted(known):
        yield OpeningProblem(where=f"open item {number}", problem="it is in the books already", remedy="leave it out")
    for id in sorted(store.get_many(Payment, [paid.id for paid in opening.on_account])):
        yield OpeningProblem(where=f"on account {id}", problem="it is in the books already", remedy="use another id")


def _issued(store: Store, number: str) -> bool:
    try:
        store.documents.by_number(number)
    except NotFound:
        return False
    return True


def _never_billed(store: Store, on: date) -> Iterator[Agreement]:
    """Yield the agreements of until a day of which nothing was ever billed."""
    after = ("", "")
    while rows := store.agenda.all(after=after, limit=PAGE):
        yield from ((row.source, row.agreement) for row in rows if row.asked_until is None and row.since <= on)
        after = rows[-1].source, rows[-1].agreement


def _billed_before(store: Store, opening: str) -> Iterator[BilledBefore]:
    after = None
    while page := store.find(BilledBefore, {"opening": opening}, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id


def _invoice_loaded(item: OldInvoice) -> OldInvoiceLoaded:
    amount, currency = item.open.amount, item.open.currency
    return OldInvoiceLoaded(
        party=item.payer, on=item.on, document=item.id, number=item.number, amount=amount, currency=currency
    )


def _received(paid: Payment) -> PaymentReceived:
    amount, currency = paid.amount.amount, paid.amount.currency
    return PaymentReceived(party=paid.payer, on=paid.on, payment=paid.id, amount=amount, currency=currency)


def _until_loaded(row: BilledUntil, clients: Mapping[Agreement, str], on: date) -> BilledUntilLoaded:
    client = clients[row.source, row.agreement]
    return BilledUntilLoaded(party=client, on=on, source=row.source, agreement=row.agreement, until=row.until)
