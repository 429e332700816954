"""The rows of an exchange folder, one class per file, each field described as the column it is read from.

A row holds what it says after earlier rows of the same id were taken into account (see `Later`); `row` is
the line of the file on which it begins. Days that end something are last days, inclusive, because people write them so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final, TypeAlias

import attrs

from .columns import (
    COUNTRY,
    CURRENCY,
    DAY,
    EMAIL,
    GIVEN,
    ID,
    MONTHS,
    NUMBER,
    TEXT,
    UNIT,
    YES_NO,
    Later,
    Wrong,
    choice,
    column,
)

Problems: TypeAlias = Iterator[tuple[str, Wrong]]
"""Columns, and what is wrong there."""

_ENTERED: Final = "Day the row became known; a run on an earlier day does not see it. Empty: always known"


@attrs.frozen(kw_only=True)
class ClientRow:
    """A client, and who pays for it."""

    row: int
    id: str = column(ID, "The client's own id; the other files refer to it", "ardent", required=True)
    name: str = column(TEXT, "Name on the bill", "Ardent Logistiek B.V.", required=True)
    country: str = column(COUNTRY, "Country of the client: two capitals (ISO 3166)", "NL", required=True)
    language: str = column(choice("nl", "en"), "Language of the bill; empty: that of the settings", "nl")
    email: str = column(EMAIL, "Where the bill goes", "administratie@ardent.example")
    vat_id: str = column(ID, "VAT identification number; needed to reverse the charge", "NL001234567B01")
    registration: str = column(TEXT, "Number in the trade register", "12345678")
    business: str = column(YES_NO, "Whether the client buys as a business", "yes", required=True)
    attention: str = column(TEXT, "Who or what department the bill is for", "Crediteurenadministratie")
    street: str = column(TEXT, "Street and number", "Havenkade 12", required=True)
    postal_code: str = column(TEXT, "Postal code", "3011 AA", required=True)
    city: str = column(TEXT, "Place", "Rotterdam", required=True)
    payer: str = column(ID, "The other client who pays for this one; empty: itself", "kroon")
    payer_from: dt.date | None = column(DAY, "First day for which `payer` pays; empty: always", "2026-04-01")
    entered: dt.date | None = column(DAY, _ENTERED, "2026-03-16", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.payer_from and not self.payer:
            yield (
                "payer",
                Wrong("There is a first day, but nobody who pays.", "Name the payer, or leave payer_from empty."),
            )
        if self.payer and self.payer == self.id:
            yield "payer", Wrong("A client pays for itself already.", "Leave payer empty.")


@attrs.frozen(kw_only=True)
class SubscriptionRow:
    """One statement about one line of a subscription: its start, a change from a day, or its end."""

    row: int
    subscription: str = column(ID, "Id of the subscription", "S-1001", required=True)
    line: str = column(ID, "Id of the line within the subscription", "users", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED)
    title: str = column(TEXT, "Heading on the bill", "Brinkhoff Orders", later=Later.FIXED)
    text: str = column(TEXT, "Text of the line", "Licence per user", required=True, later=Later.FIXED)
    start: dt.date = column(
        DAY, "First day; every cycle is counted from it", "2026-01-31", required=True, later=Later.FIXED
    )
    end: dt.date | None = column(
        DAY, "Last day of the line; empty: until further notice", "2026-12-31", later=Later.OWN
    )
    months: int = column(
        MONTHS, "Length of a cycle: 1 monthly, 3 quarterly, 12 yearly", "1", required=True, later=Later.FIXED
    )
    billed: str = column(
        choice("advance", "arrears"), "When a cycle is billed", "advance", required=True, later=Later.FIXED
    )
    quantity: Decimal | None = column(
        NUMBER, "How many; a first row without it means 1", "12", default=Decimal(1), later=Later.OWN
    )
    price: Decimal | None = column(
        NUMBER, "Price of one for one cycle, without VAT", "24,95", required=True, later=Later.OWN
    )
    tax: str = column(
        choice("standard", "reduced", "zero", "exempt", "outside"),
        "VAT class of what is sold",
        "standard",
        required=True,
        later=Later.FIXED,
    )
    since: dt.date | None = column(
        DAY,
        "In a later row: first day on which its price or quantity holds",
        "2026-03-16",
        later=Later.OWN,
        name="from",
    )
    entered: dt.date | None = column(DAY, _ENTERED, "2026-04-02", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.end and self.end < self.start:
            yield "end", Wrong("The line ends before it starts.", f"Write {self.start} or later.")
        if first and self.since:
            yield "from", Wrong("The first row of a line starts it and changes nothing.", "Leave this empty.")
        if not first:
            yield from self._change_problems()

    def _change_problems(self) -> Problems:
        """A later row is a change from a day, or an end."""
        changed = self.price is not None or self.quantity is not None
        if self.since and self.since < self.start:
            yield "from", Wrong("The change holds from before the start.", f"Write {self.start} or later.")
        if self.end and (changed or self.since):
            yield "end", Wrong("This row is a change and an end at once.", "Give the end a row of its own.")
        elif changed and not self.since:
            yield "from", Wrong("The line stands above; this row does not say from when it changes.", "Fill from.")
        elif not changed and not self.end:
            yield (
                "price",
                Wrong("This row says nothing new about its line.", "Fill from and price or quantity, or end."),
            )


@attrs.frozen(kw_only=True)
class LineRow:
    """A loose line: something delivered once."""

    row: int
    id: str = column(ID, "Id of the line", "L-2001", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED)
    date: dt.date = column(DAY, "Day on which it was delivered", "2026-02-12", required=True, later=Later.FIXED)
    text: str = column(TEXT, "Text of the line", "Consultancy, data import", required=True)
    quantity: Decimal = column(NUMBER, "How many; 0 in a later row withdraws the line", "6,5", required=True)
    unit: str = column(UNIT, "Unit code: C62 piece, HUR hour, DAY day", "HUR", default="C62", later=Later.FIXED)
    price: Decimal = column(NUMBER, "Price of one, without VAT", "112,50", required=True)
    tax: str = column(
        choice("standard", "reduced", "zero", "exempt", "outside"),
        "VAT class of what is sold",
        "standard",
        required=True,
        later=Later.FIXED,
    )
    bill_on: dt.date | None = column(
        DAY, "Not on a bill before this day; empty: `date`", "2026-07-15", later=Later.FIXED
    )
    entered: dt.date | None = column(DAY, _ENTERED, "2026-02-13", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself: nothing more than its cells."""
        return iter(())


@attrs.frozen(kw_only=True)
class PaymentRow:
    """Money received."""

    row: int
    id: str = column(ID, "Id of the payment", "P-3001", required=True)
    date: dt.date = column(DAY, "Day on the bank statement", "2026-02-20", required=True)
    client: str = column(ID, "Who paid; may be empty where `reference` names an invoice", "ardent")
    amount: Decimal = column(GIVEN, "What was received", "417,45", required=True)
    currency: str = column(CURRENCY, "Currency", "EUR", default="EUR")
    reference: str = column(TEXT, "What the payer wrote; an invoice number is recognised in it", "2026-0007")
    entered: dt.date | None = column(DAY, _ENTERED, "2026-02-21")

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if not self.client and not self.reference:
            yield "client", Wrong("Nothing says who paid.", "Name the client, or the invoice in reference.")
        if not self.amount:
            yield "amount", Wrong("A payment of zero says nothing.", "Write the amount, or leave the row out.")


@attrs.frozen(kw_only=True)
class CreditRow:
    """What is given back of something billed, and what then."""

    row: int
    id: str = column(ID, "Id of the credit", "C-4001", required=True)
    date: dt.date = column(DAY, "Day on the credit note", "2026-03-18", required=True)
    source: str = column(
        choice("subscriptions", "manual"), "Where the line comes from; manual: lines.csv", "manual", required=True
    )
    agreement: str = column(ID, "Id of the subscription or of the loose line", "L-2001", required=True)
    fact: str = column(ID, "Line of the subscription; empty for a loose line", "users")
    filed: dt.date = column(DAY, "First day of the cycle, or `date` of the loose line", "2026-02-12", required=True)
    quantity: Decimal | None = column(NUMBER, "How much of it; empty: all that was billed", "2")
    amount: Decimal | None = column(GIVEN, "Money instead of quantity, without VAT: a concession", "75,00")
    then: str = column(
        choice("waive", "rebill", "hold"),
        "Then: not asked for again, billed again, or kept until released",
        "waive",
        default="waive",
    )
    reason: str = column(TEXT, "Why, as the client may read it", "Two days without service", required=True)
    entered: dt.date | None = column(DAY, _ENTERED, "2026-03-18")

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        yield from _key_problems(self.source, self.fact)
        if self.quantity is not None and self.amount is not None:
            yield (
                "amount",
                Wrong("Quantity and amount exclude each other.", "Fill one of the two, or neither for all of it."),
            )
        if self.quantity == 0:
            yield (
                "quantity",
                Wrong("A credit of nothing says nothing.", "Write how much, or leave it empty for all of it."),
            )


@attrs.frozen(kw_only=True)
class DecisionRow:
    """What was decided about something due: wait, leave it out, give something off, or take that back."""

    row: int
    id: str = column(ID, "Id of the decision", "D-5001", required=True)
    date: dt.date = column(DAY, "Day of the decision", "2026-05-04", required=True)
    kind: str = column(
        choice("hold", "waive", "concede", "withdraw"),
        "Wait, leave out, give money off, or take a decision back",
        "hold",
        required=True,
    )
    source: str = column(choice("subscriptions", "manual"), "As in credits.csv; empty for a withdraw", "manual")
    agreement: str = column(ID, "As in credits.csv; empty for a withdraw", "L-2014")
    fact: str = column(ID, "As in credits.csv", "users")
    filed: dt.date | None = column(DAY, "As in credits.csv; empty for a withdraw", "2026-04-21")
    quantity: Decimal | None = column(NUMBER, "How much; empty: all of it", "1,5")
    amount: Decimal | None = column(GIVEN, "For a concede: the money given off, without VAT", "25,00")
    until: dt.date | None = column(DAY, "For a hold: its last day; empty: until it is withdrawn", "2026-05-15")
    decision: str = column(ID, "For a withdraw: the decision taken back, or the credit whose hold ends", "D-5001")
    reason: str = column(TEXT, "Why", "Client checks the hours", required=True)
    entered: dt.date | None = column(DAY, _ENTERED, "2026-05-04")

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        allowed = _ALLOWED[self.kind]
        for name in ("source", "agreement", "filed", "quantity", "amount", "until", "decision"):
            filled = getattr(self, name) not in {"", None}
            if filled and name not in allowed:
                yield name, Wrong(f"A {self.kind} has no {name}.", "Leave this empty.")
            elif not filled and allowed.get(name):
                yield name, Wrong(f"A {self.kind} needs this.", f"Fill {name}.")
        if self.source:
            yield from _key_problems(self.source, self.fact)


_KEY: Final = {"source": True, "agreement": True, "filed": True}
_ALLOWED: Final = {
    "hold": _KEY | {"quantity": False, "until": False},
    "waive": _KEY | {"quantity": False},
    "concede": _KEY | {"amount": True},
    "withdraw": {"decision": True},
}
"""Per kind of decision: what may be filled, and whether it must be."""


def _key_problems(source: str, fact: str) -> Problems:
    if source == "subscriptions" and not fact:
        yield (
            "fact",
            Wrong("A subscription has lines; this does not say which.", "Write the line, as in subscriptions.csv."),
        )
    if source == "manual" and fact:
        yield "fact", Wrong("A loose line has no lines of its own.", "Leave this empty.")
