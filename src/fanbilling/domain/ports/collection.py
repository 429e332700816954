"""The port of collection: who tells which money came in.

No desk asks a feed yet. Until one does, this port may still change; the others grow only by addition.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol

import attrs

from ..errors import InvalidValue
from ..money import Money
from ..periods import a_day
from ..texts import a_text, an_id


@attrs.frozen(kw_only=True)
class IncomingPayment:
    """Money that came in, as the bank tells it: on which day, how much, from whom, and what the payer wrote.

    Names, accounts and references are the words of others: nothing is made of them here.

    Args:
        id: given by the bank, or derived from what it tells; one per payment, and the same whenever it is read.
        on: the day on which the bank booked it.
        amount: what came in; below zero where the bank took it back (a returned direct debit).
        payer: the payer's name as the bank tells it; empty when it does not.
        account: the account that it came from, as the bank tells it; empty when it does not.
        reference: what the payer wrote with it.

    Raises:
        InvalidValue: for a payment of nothing, on no day, without an id, or not in money.
    """

    id: str
    on: date
    amount: Money
    payer: str = ""
    account: str = ""
    reference: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what no bank can tell."""
        where = f"incoming payment {an_id(self.id, where='incoming payment')}"
        a_day(self.on, where=where)
        if not isinstance(self.amount, Money):
            raise InvalidValue(f"an amount of {self.amount!r}", where=where, remedy='write Money.of("12.50", "EUR")')
        if not self.amount:
            raise InvalidValue("a payment of nothing", where=where, remedy="leave it out")
        for name in ("payer", "account", "reference"):
            a_text(getattr(self, name), where=f"{where}, {name}")


class PaymentFeed(Protocol):
    """Tells which money came in: a bank's statement, a payment provider. Reading it changes nothing."""

    def payments(self, after: str | None) -> Iterable[IncomingPayment]:
        """Return the payments after one that was taken before, in the order in which they came in.

        The same question has the same answer, until more comes in; that goes behind what was there, and no id changes.

        Args:
            after: the id of the last payment that was taken; None means from the first one that the feed knows.

        Raises:
            NotFound: when the feed does not know ``after``: a gap must be seen, never passed over.
            InvalidValue: when what the bank wrote cannot be read; nothing is left out in silence.
            AdapterFailure: when the bank or its file could not be reached.
        """
