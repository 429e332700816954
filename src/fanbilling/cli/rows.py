"""The files of an exchange folder that belong to no desk: clients, payments, credits and decisions.

A row holds what it says after earlier rows of the same id were taken into account (see `Later`); `row` is
the line of the file on which it begins. Days that end something are last days, inclusive, because people write them so.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import attrs

from .columns import (
    COUNTRY,
    CURRENCY,
    DAY,
    ELECTRONIC,
    EMAIL,
    ENTERED,
    FACT,
    GIVEN,
    ID,
    NUMBER,
    TEXT,
    YES_NO,
    Later,
    Problems,
    Wrong,
    choice,
    column,
    either,
)
from .desks import BY_SOURCE, DESKS
from .tables import Table

SOURCE: Final = choice(*BY_SOURCE)
AGREEMENT: Final = f"Id of the {either([desk.due.agreement for desk in DESKS])}"


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
    payer: str = column(ID, "The other client who pays for this one; empty: itself", "kroon", stands_in="clients.csv")
    payer_from: dt.date | None = column(DAY, "First day for which `payer` pays; empty: always", "2026-04-01")
    reference: str = column(TEXT, "What the client wants mentioned on every e-invoice: an order number", "INK-2026-118")
    electronic_address: str = column(
        ELECTRONIC,
        "Where it receives e-invoices, scheme first; empty: as follows from `registration` or `vat_id`",
        "0106:12345678",
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-16", later=Later.OWN)

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
class PaymentRow:
    """Money received."""

    row: int
    id: str = column(ID, "Id of the payment", "P-3001", required=True)
    date: dt.date = column(DAY, "Day on the bank statement", "2026-02-20", required=True)
    client: str = column(
        ID, "Who paid; may be empty where `reference` names an invoice", "ardent", stands_in="clients.csv"
    )
    amount: Decimal = column(GIVEN, "What was received", "417,45", required=True)
    currency: str = column(CURRENCY, "Currency", "EUR", default="EUR")
    reference: str = column(TEXT, "What the payer wrote; an invoice number is recognised in it", "2026-0007")
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-21")

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
    source: str = column(SOURCE, "Where the line comes from; manual: lines.csv", "manual", required=True)
    agreement: str = column(ID, AGREEMENT, "L-2001", required=True)
    fact: str = column(FACT, "What of it, where that has parts", "users")
    filed: dt.date = column(DAY, "The day under which that is filed", "2026-02-12", required=True)
    quantity: Decimal | None = column(NUMBER, "How much of it; empty: all that was billed", "2")
    amount: Decimal | None = column(GIVEN, "Money instead of quantity, without VAT: a concession", "75,00")
    then: str = column(
        choice("waive", "rebill", "hold"),
        "Then: not asked for again, billed again, or kept until released",
        "waive",
        default="waive",
    )
    reason: str = column(TEXT, "Why, as the client may read it", "Two days without service", required=True)
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-18")

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        yield from BY_SOURCE[self.source].problems(self.fact)
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
    source: str = column(SOURCE, "As in credits.csv; empty for a withdraw", "manual")
    agreement: str = column(ID, "As in credits.csv; empty for a withdraw", "L-2014")
    fact: str = column(FACT, "As in credits.csv", "users")
    filed: dt.date | None = column(DAY, "As in credits.csv; empty for a withdraw", "2026-04-21")
    quantity: Decimal | None = column(NUMBER, "How much; empty: all of it", "1,5")
    amount: Decimal | None = column(GIVEN, "For a concede: the money given off, without VAT", "25,00")
    until: dt.date | None = column(DAY, "For a hold: its last day; empty: until it is withdrawn", "2026-05-15")
    decision: str = column(ID, "For a withdraw: the decision taken back, or the credit whose hold ends", "D-5001")
    reason: str = column(TEXT, "Why", "Client checks the hours", required=True)
    entered: dt.date | None = column(DAY, ENTERED, "2026-05-04")

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
            yield from BY_SOURCE[self.source].problems(self.fact)


_KEY: Final = {"source": True, "agreement": True, "filed": True}
_ALLOWED: Final = {
    "hold": _KEY | {"quantity": False, "until": False},
    "waive": _KEY | {"quantity": False},
    "concede": _KEY | {"amount": True},
    "withdraw": {"decision": True},
}
"""Per kind of decision: what may be filled, and whether it must be."""


CLIENTS: Final = Table(file="clients.csv", row=ClientRow, stamp=("entered",))
PAYMENTS: Final = Table(file="payments.csv", row=PaymentRow, counts_from="date")
CREDITS: Final = Table(file="credits.csv", row=CreditRow, counts_from="date")
DECISIONS: Final = Table(file="decisions.csv", row=DecisionRow, counts_from="date")
TABLES: Final[tuple[Table[Any], ...]] = (
    CLIENTS,
    *(table for desk in DESKS for table in desk.tables),
    PAYMENTS,
    CREDITS,
    DECISIONS,
)
"""All tables of a folder."""
