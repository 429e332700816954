"""Ledger entries: balanced per currency, with the open item that each receivable concerns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from .accounts import Chart
from .billed import BilledEntry
from .errors import RuleViolation
from .exact import EXACT, ZERO, exactly
from .invoices import Invoice
from .payments import Allocation, Payment, item_of


@attrs.frozen(kw_only=True)
class Posting:
    """An amount on one account: debit positive, credit negative.

    ``item`` names the open item (a document or a payment) that a posting on the receivable account concerns.
    """

    account: str
    amount: Decimal
    party: str = ""
    item: str = ""


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """A booking of one day in one currency, whose postings add up to zero (law L9).

    Raises:
        RuleViolation: when they do not.
    """

    id: str
    kind: str
    on: date
    currency: str
    postings: tuple[Posting, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse an entry that does not balance."""
        balance = ZERO
        for posting in self.postings:
            balance = EXACT.add(balance, posting.amount)
        if balance:
            raise RuleViolation(f"debit and credit differ by {balance}", where=f"entry {self.id}", remedy="balance it")


@exactly
def invoice_entry(invoice: Invoice, entries: tuple[BilledEntry, ...], chart: Chart) -> LedgerEntry:
    """Book a document: receivable against revenue per account and VAT per category and rate."""
    receivable = Posting(
        account=chart.code("receivable"), amount=invoice.totals.payable, party=invoice.payer, item=invoice.id
    )
    revenue: dict[str, Decimal] = {}
    for entry in entries:
        revenue[entry.account] = revenue.get(entry.account, ZERO) - entry.lot.amount
    postings = [receivable, *(Posting(account=account, amount=amount) for account, amount in revenue.items())]
    for subtotal in invoice.taxes:
        if subtotal.vat:
            account = chart.code("vat", subtotal.tax.category, str(subtotal.tax.rate))
            postings.append(Posting(account=account, amount=-subtotal.vat))
    return LedgerEntry(
        id=invoice.id, kind=invoice.kind, on=invoice.on, currency=invoice.currency, postings=tuple(postings)
    )


@exactly
def payment_entry(payment: Payment, chart: Chart) -> LedgerEntry:
    """Book a payment: bank against the payer's account, as an open item of its own until it is allocated."""
    amount = payment.amount.amount
    return LedgerEntry(
        id=f"payment:{payment.id}",
        kind="payment",
        on=payment.on,
        currency=payment.amount.currency,
        postings=(
            Posting(account=chart.code("bank"), amount=amount),
            Posting(account=chart.code("receivable"), amount=-amount, party=payment.payer, item=item_of(payment.id)),
        ),
    )


@exactly
def allocation_entry(allocation: Allocation, chart: Chart) -> LedgerEntry:
    """Book an allocation: the open amount of a document falls, that of the payment with it."""
    account, amount = chart.code("receivable"), allocation.amount.amount
    return LedgerEntry(
        id=f"allocation:{allocation.id}",
        kind="allocation",
        on=allocation.on,
        currency=allocation.amount.currency,
        postings=(
            Posting(account=account, amount=amount, party=allocation.payer, item=item_of(allocation.payment)),
            Posting(account=account, amount=-amount, party=allocation.payer, item=allocation.document),
        ),
    )


@exactly
def trial_balance(balances: Mapping[tuple[str, str], Decimal]) -> dict[str, Decimal]:
    """Add up all balances per currency; in sound books each is zero."""
    result: dict[str, Decimal] = {}
    for (_, currency), amount in sorted(balances.items()):
        result[currency] = result.get(currency, ZERO) + amount
    return result
