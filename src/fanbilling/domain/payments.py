"""Payments, and how they are set against open items: by reference, then the oldest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import attrs

from .errors import InvalidValue
from .money import Money
from .periods import a_day
from .records import record
from .texts import a_text, an_id


@record("receivables.payment", keys=("payer", "on"), party="payer", personal=("reference",))
@attrs.frozen(kw_only=True)
class Payment:
    """Money received: from whom, when, how much, and what the payer wrote with it.

    Raises:
        InvalidValue: when the amount is not above zero.
    """

    id: str
    payer: str
    on: date
    amount: Money
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a payment of nothing, or on no day."""
        where = f"payment {an_id(self.id, where='payment')}"
        an_id(self.payer, where=f"{where}, payer")
        a_day(self.on, where=where)
        a_text(self.reference, where=f"{where}, reference")
        if not isinstance(self.amount, Money):
            raise InvalidValue(f"an amount of {self.amount!r}", where=where, remedy='write Money.of("12.50", "EUR")')
        if self.amount <= Money.zero(self.amount.currency):
            raise InvalidValue(
                f"a payment of {self.amount}", where=f"payment {self.id}", remedy="book money that came in, above zero"
            )


_ITEM = "payment:"


def item_of(payment: str) -> str:
    """Return the open item of a payment: what it has left until all of it is allocated."""
    return f"{_ITEM}{payment}"


def is_of_payment(item: str) -> bool:
    """Whether an open item is what a payment has left, not a document."""
    return item.startswith(_ITEM)


def payment_of(item: str) -> str:
    """Return the id of the payment whose open item this is."""
    return item.removeprefix(_ITEM)


@record("receivables.allocation", keys=("payer", "payment", "document"), party="payer")
@attrs.frozen(kw_only=True)
class Allocation:
    """A part of a payment that settles a part of one document.

    Raises:
        InvalidValue: when the amount is not above zero.
    """

    id: str
    payer: str
    payment: str
    document: str
    on: date
    amount: Money

    def __attrs_post_init__(self) -> None:
        """Refuse to allocate nothing, or less."""
        where = f"allocation {an_id(self.id, where='allocation')}"
        a_day(self.on, where=where)
        if self.amount <= Money.zero(self.amount.currency):
            raise InvalidValue(f"an allocation of {self.amount}", where=where, remedy="allocate more than zero")


@attrs.frozen(kw_only=True)
class OpenItem:
    """A document that is not settled, with what is still open; negative when we owe it."""

    document: str
    number: str
    payer: str
    on: date
    due: date
    open: Money


@attrs.frozen(kw_only=True)
class Share:
    """How much of a payment goes to which open item, and by which rule."""

    item: OpenItem
    amount: Money
    rule: str


def allocate(amount: Money, items: Sequence[OpenItem], *, reference: str = "") -> tuple[Share, ...]:
    """Set an amount against open items: those whose number the payer wrote, then the oldest due.

    Burgerlijk Wetboek 6:43: the payer says which claim; else what is due longest. Never more than is open, never more
    than the amount; what remains stays on account.

    Args:
        amount: what is left of a payment.
        items: open documents of the same payer; those in another currency, or not positive, are passed over.
        reference: what the payer wrote.
    """
    payable = [i for i in items if i.open.currency == amount.currency and i.open > Money.zero(amount.currency)]
    named = [item for item in payable if _named(item.number, reference)]
    others = [item for item in payable if item not in named]
    ordered = [(i, "allocation.reference") for i in sorted(named, key=_age)]
    ordered += [(i, "allocation.oldest") for i in sorted(others, key=_age)]
    shares = []
    for item, rule in ordered:
        share = min(amount, item.open)
        if share:
            shares.append(Share(item=item, amount=share, rule=rule))
            amount -= share
    return tuple(shares)


def _age(item: OpenItem) -> tuple[date, date, str]:
    return item.due, item.on, item.number


def _named(number: str, reference: str) -> bool:
    """Whether a number stands in a text as a word of its own."""
    return bool(number) and re.search(rf"(?<![\w-]){re.escape(number)}(?![\w-])", reference) is not None
