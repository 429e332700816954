"""The receivables desk: payments in, allocation, open items and their age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import attrs

from .archive import documents_of
from .domain.administrations import Administration
from .domain.ageing import Ageing, age
from .domain.errors import Conflict, NotFound, OverAllocation
from .domain.events import PaymentAllocated, PaymentReceived
from .domain.exact import EXACT, ZERO
from .domain.ledger import allocation_entry, payment_entry
from .domain.money import Money
from .domain.opening import LoadedOpening
from .domain.parties import Party
from .domain.payments import Allocation, OpenItem, Payment, allocate, is_of_payment, item_of, payment_of
from .domain.ports.storage import Store, ours
from .domain.settings import Settings


@attrs.frozen(kw_only=True)
class Receivables:
    """Books what comes in and says what is still open."""

    administration: Administration
    settings: Settings

    @property
    def account(self) -> str:
        """The ledger account of what clients owe."""
        return self.settings.accounts.code("receivable")

    def receive(self, store: Store, payment: Payment) -> tuple[Allocation, ...]:
        """Book a payment and set it against open documents: those that the payer named, then the oldest.

        What is left stays on account. The same payment twice is booked once.

        Raises:
            Conflict: when the id stands for another payment.
            NotFound: when there is no such payer.
        """
        held = self._ours(store).hold(
            Party, [payment.payer]
        )  # first: who was before us, or sets anything off, is then seen
        if known := store.get_many(Payment, [payment.id]).get(payment.id):
            if known != payment:
                raise Conflict(
                    "the id stands for another payment", where=f"payment {payment.id}", remedy="use a new id"
                )
            return tuple(store.find(Allocation, {"payment": payment.id}))
        if not held:
            raise NotFound("there is none", where=f"party {payment.payer}", remedy="register who pays")
        store.add(payment)
        store.ledger.post([payment_entry(payment, self.settings.accounts)])
        store.journal.append(
            [
                PaymentReceived(
                    party=payment.payer,
                    on=payment.on,
                    payment=payment.id,
                    amount=payment.amount.amount,
                    currency=payment.amount.currency,
                )
            ]
        )
        return self._spread(store, payment, payment.amount, on=payment.on)

    def settle(self, store: Store, *, on: date) -> tuple[Allocation, ...]:
        """Set what stands on account against documents that came later, the oldest payment first; twice is once.

        Args:
            on: the day on which it is set against them.
        """
        before = self._open(store)
        owing = {party for (party, item, _), amount in before.items() if amount > 0 and not is_of_payment(item)}
        store.hold(Party, owing)  # then nobody else sets anything off, so what is read now stands still
        found = {place: amount for place, amount in self._open(store).items() if place[0] in owing}
        rests = {
            payment_of(item): -amount for (_, item, _), amount in found.items() if amount < 0 and is_of_payment(item)
        }
        made: list[Allocation] = []
        for payment in sorted(store.get_many(Payment, rests).values(), key=lambda payment: (payment.on, payment.id)):
            rest = Money(rests[payment.id], payment.amount.currency)
            made.extend(self._spread(store, payment, rest, on=max(on, payment.on)))
        return tuple(made)

    def _open(self, store: Store) -> dict[tuple[str, str, str], Decimal]:
        return self._ours(store).ledger.open_items(self.account)

    def _ours(self, store: Store) -> Store:
        return ours(store, self.administration.id)

    def _spread(self, store: Store, payment: Payment, amount: Money, *, on: date) -> tuple[Allocation, ...]:
        """Set what a payment has left against open documents: those that it names, then the oldest."""
        made: list[Allocation] = []
        before = len(store.find(Allocation, {"payment": payment.id}))
        for share in allocate(amount, self.open_items(store, payment.payer), reference=payment.reference):
            allocation = Allocation(
                id=f"{payment.id}:{before + len(made) + 1}",
                payer=payment.payer,
                payment=payment.id,
                document=share.item.document,
                on=on,
                amount=share.amount,
            )
            self._book(store, allocation, share.rule)
            made.append(allocation)
        return tuple(sorted(made, key=lambda allocation: allocation.id))

    def allocate(self, store: Store, allocation: Allocation) -> None:
        """Set a part of a payment against a document by hand; the same allocation twice is one.

        Raises:
            Conflict: when the id stands for another allocation.
            NotFound: when there is no such payment or document.
            OverAllocation: when the payment has less left, or the document less open.
        """
        if known := self._ours(store).get_many(Allocation, [allocation.id]).get(allocation.id):
            if known != allocation:
                raise Conflict("the id stands for another allocation", where=allocation.id, remedy="use a new id")
            return
        store.get(Payment, allocation.payment)
        if not documents_of(store, [allocation.document]):
            raise NotFound("there is none", where=f"document {allocation.document}", remedy="look at the id")
        store.hold(Party, [allocation.payer])  # then nobody else sets anything off, so what is read now stands still
        currency = allocation.amount.currency
        items = store.ledger.open_items(self.account, party=allocation.payer)
        left = EXACT.minus(items.get((allocation.payer, item_of(allocation.payment), currency), ZERO))
        due = items.get((allocation.payer, allocation.document, currency), ZERO)
        for name, bound in (("the payment has {} left", left), ("the document has {} open", due)):
            if allocation.amount.amount > bound:
                raise OverAllocation(
                    name.format(bound),
                    where=f"allocation {allocation.id} of {allocation.amount}",
                    remedy="allocate less",
                )
        self._book(store, allocation, "allocation.by-hand")

    def _book(self, store: Store, allocation: Allocation, rule: str) -> None:
        store.add(allocation)
        store.ledger.post([allocation_entry(allocation, self.settings.accounts)])
        store.journal.append(
            [
                PaymentAllocated(
                    party=allocation.payer,
                    on=allocation.on,
                    payment=allocation.payment,
                    document=allocation.document,
                    amount=allocation.amount.amount,
                    currency=allocation.amount.currency,
                    rule=rule,
                )
            ]
        )

    def open_items(self, store: Store, payer: str | None = None) -> tuple[OpenItem, ...]:
        """Return what is not settled, old invoices too, of one payer or of everybody, the oldest due first."""
        found = self._ours(store).ledger.open_items(self.account, party=payer)
        names = {item for _, item, _ in found if not is_of_payment(item)}
        documents = {id: one for id, one in documents_of(store, names).items() if not isinstance(one, LoadedOpening)}
        items = [
            OpenItem(
                document=item,
                number=documents[item].number,
                payer=party,
                on=documents[item].on,
                due=documents[item].due,
                open=Money(amount, currency),
            )
            for (party, item, currency), amount in found.items()
            if item in documents
        ]
        return tuple(sorted(items, key=lambda item: (item.due, item.number)))

    def on_account(self, store: Store, payer: str) -> tuple[Money, ...]:
        """Return what a payer paid that is not set against any document, per currency."""
        found = self._ours(store).ledger.open_items(self.account, party=payer)
        totals: dict[str, Money] = {}
        for (_, item, currency), amount in found.items():
            if is_of_payment(item):
                totals[currency] = totals.get(currency, Money.zero(currency)) + Money(-amount, currency)
        return tuple(totals[currency] for currency in sorted(totals))

    def ageing(self, store: Store, *, on: date, payers: Sequence[str] | None = None) -> tuple[Ageing, ...]:
        """Return per payer how much is open and for how long, on a day."""
        items = self.open_items(store)
        if payers is not None:
            items = tuple(item for item in items if item.payer in payers)
        return age(items, on=on)
