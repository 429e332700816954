"""Values to try a store with: small, valid, and different only where a test says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ....domain.administrations import Seller
from ....domain.agenda import Touch
from ....domain.billed import BilledEntry
from ....domain.decisions import Decision, DecisionKind
from ....domain.events import AgreementChanged, PartyRegistered
from ....domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, Preceding, subtotals, totals
from ....domain.items import ItemKey, Price
from ....domain.ledger import LedgerEntry, Posting
from ....domain.lots import Lot
from ....domain.parties import Address
from ....domain.periods import Period
from ....domain.ports.sourcing import Window
from ....domain.reasons import Reason
from ....domain.terms import Terms
from ....domain.vat import Tax

DAY = date(2026, 1, 31)
LATER = date(2026, 2, 28)
MOMENT = datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=UTC)
PATTERN = "{series}-{n:04}"
STANDARD = Tax("S", Decimal(21))
TERMS = Terms("acme", "EUR", STANDARD, Price.of("100.00", per=31, unit="DAY"))
BECAUSE = Reason(
    "proration.days",
    Decimal("51.61"),
    (("price", Decimal("100.00")), ("from", DAY), ("days", 16), ("words", "=half a month"), ("none", None)),
    (Reason("price.list", Decimal("100.00"), (("list", "2026"),)),),
)


def key(agreement: str = "licence", filed: date = DAY, fact: str = "", *, source: str = "testing") -> ItemKey:
    """Return the key of something that can be billed."""
    return ItemKey(source, agreement, filed, fact)


def window(agreement: str = "licence", since: date = date.min, *, source: str = "testing") -> Window:
    """Return what is asked of an agreement: everything, unless a first day is given."""
    return Window(source, agreement, since)


def billed(of: ItemKey | None = None, revision: int = 0, **other: Any) -> BilledEntry:
    """Return what an issued line took: 16 days, 51.61 and its VAT."""
    usual: dict[str, Any] = {
        "document": "d1",
        "line": 1,
        "terms": TERMS,
        "lot": Lot(Decimal(16), Decimal("51.61")),
        "vat": Decimal("10.84"),
        "on": DAY,
        "client": "acme",
        "account": "8000",
        "text": "Licence",
        "supplied": Period(DAY, LATER),
    }
    return BilledEntry(key=of or key(), revision=revision, **usual | other)


def decision(id: str = "w1", of: ItemKey | None = None, **other: Any) -> Decision:
    """Return a decision: what is due is waived."""
    usual: dict[str, Any] = {"kind": DecisionKind.WAIVED, "reason": "goodwill", "by": "eva", "on": DAY}
    return Decision(id=id, key=of or key(), **usual | other)


def line(number: int = 1, text: str = "Licence", net: str = "51.61", vat: str = "10.84") -> InvoiceLine:
    """Return a printed line with the reason of its figure."""
    return InvoiceLine(
        number=number,
        key=key(fact=str(number)),
        client="acme",
        title="Licences",
        text=text,
        quantity=Decimal(16),
        price=TERMS.price,
        net=Decimal(net),
        tax=STANDARD,
        vat=Decimal(vat),
        because=BECAUSE,
        supplied=Period(DAY, LATER),
    )


def invoice(
    id: str = "d1",
    *,
    series: str = "2026",
    on: date = DAY,
    payer: str = "acme",
    name: str = "Acme B.V.",
    lines: tuple[InvoiceLine, ...] = (),
) -> Invoice:
    """Return a document that is ready to be sealed."""
    printed = lines or (line(1), line(2, "Correction", "-0.10", "-0.02"))
    taxes = subtotals((one.tax, one.net, one.vat) for one in printed)
    address = Address(street="Dorpsstraat 1", postal_code="1234 AB", city="Ons Dorp", country="NL")
    return Invoice(
        id=id,
        kind=DocumentKind.INVOICE,
        series=series,
        on=on,
        due=on.replace(year=on.year + 1),
        until=on,
        seller=Seller(name="Widgets B.V.", address=address, vat_id="NL000099998B57"),
        buyer=Buyer(
            id=payer, name=name, attention="", address=address, vat_id="", registration="", email="ap@acme.example"
        ),
        currency="EUR",
        language="nl",
        lines=printed,
        taxes=taxes,
        totals=totals(taxes),
        preceding=(Preceding(number="2025-0007", on=date(2025, 12, 31)),),
    )


def booking(
    id: str = "b1", amount: str = "0.10", *, currency: str = "EUR", party: str = "acme", item: str = "d1"
) -> LedgerEntry:
    """Return an entry: receivable against revenue."""
    figure = Decimal(amount)
    return LedgerEntry(
        id=id,
        kind="invoice",
        on=DAY,
        currency=currency,
        postings=(
            Posting(account="1300", amount=figure, party=party, item=item),
            Posting(account="8000", amount=-figure),
        ),
    )


def changed(agreement: str = "licence", party: str = "acme") -> AgreementChanged:
    """Return an event: something was agreed."""
    return AgreementChanged(party=party, on=DAY, source="testing", agreement=agreement, change="a1", since=DAY)


def registered(party: str = "acme") -> PartyRegistered:
    """Return an event: a party was entered."""
    return PartyRegistered(party=party, on=DAY)


def touch(
    agreement: str = "licence", payer: str = "acme", since: date = DAY, ask_on: date = DAY, **other: str
) -> Touch:
    """Return a touch of an agreement; its client is who pays, unless another is named."""
    usual = {"source": "testing", "client": payer}
    return Touch(agreement=agreement, payer=payer, since=since, ask_on=ask_on, **usual | other)
