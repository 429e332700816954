"""Strategies for what was issued and booked: billed entries, documents, postings, events."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...domain.administrations import Seller
from ...domain.billed import BilledEntry
from ...domain.events import Event, InvoiceIssued, PartyRegistered, PaymentReceived
from ...domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, Preceding, subtotals, totals
from ...domain.items import ItemKey
from ...domain.ledger import LedgerEntry, Posting
from ...domain.terms import Terms
from .figures import (
    addresses,
    amounts,
    currencies,
    days,
    ids,
    item_keys,
    lots,
    periods,
    prices,
    quantities,
    reasons,
    terms,
    texts,
)
from .figures import taxes as all_taxes


def billed_entries(
    *, keys: SearchStrategy[ItemKey] | None = None, documents: SearchStrategy[str] | None = None
) -> SearchStrategy[BilledEntry]:
    """What an issued line took from, or gave back to, a key."""

    def under(agreed: Terms) -> SearchStrategy[BilledEntry]:
        return st.builds(
            BilledEntry,
            key=item_keys() if keys is None else keys,
            revision=st.integers(0, 5),
            document=ids() if documents is None else documents,
            line=st.integers(1, 9),
            terms=st.just(agreed),
            lot=lots(currency=agreed.currency),
            vat=amounts(currency=agreed.currency),
            on=days(),
            client=ids(),
            account=texts(),
            text=texts(),
            title=texts(),
            supplied=st.none() | periods(),
            reverses=st.none() | st.integers(0, 5),
        )

    return terms().flatmap(under)


def _lines() -> SearchStrategy[tuple[InvoiceLine, ...]]:
    line = st.builds(
        InvoiceLine,
        number=st.just(0),
        key=item_keys(),
        client=ids(),
        title=texts(),
        text=texts(),
        quantity=quantities(),
        price=prices(),
        net=amounts(),
        tax=all_taxes(),
        vat=amounts(),
        because=reasons(),
        supplied=st.none() | periods(),
        corrects=texts(),
    )
    return st.lists(line, min_size=1, max_size=3).map(tuple)


@st.composite
def invoices(
    draw: st.DrawFn, *, series: SearchStrategy[str] | None = None, on: SearchStrategy[date] | None = None
) -> Invoice:
    """Documents that are ready to be sealed, whose totals agree with their lines."""
    lines = draw(_lines())
    taxes = subtotals((line.tax, line.net, line.vat) for line in lines)
    address = draw(addresses())
    buyer = st.builds(
        Buyer,
        id=ids(),
        name=texts(),
        attention=texts(),
        address=st.just(address),
        vat_id=texts(),
        registration=texts(),
        email=texts(),
        reference=texts(),
        electronic_address=st.sampled_from(("", "0106:12345678")),
    )
    return Invoice(
        id=draw(ids()),
        kind=draw(st.sampled_from(DocumentKind)),
        series=draw(ids() if series is None else series),
        on=draw(days() if on is None else on),
        due=draw(days()),
        until=draw(days()),
        seller=Seller(name=draw(ids().filter(str.strip)), address=address, iban=draw(texts())),
        buyer=draw(buyer),
        currency="EUR",
        language=draw(st.sampled_from(("nl", "en"))),
        lines=lines,
        taxes=taxes,
        totals=totals(taxes),
        preceding=draw(st.lists(st.builds(Preceding, number=ids(), on=days()), max_size=2).map(tuple)),
    )


@st.composite
def ledger_entries(draw: st.DrawFn) -> LedgerEntry:
    """Bookings whose postings add up to zero."""
    currency = draw(currencies())
    figures = draw(st.lists(amounts(currency=currency), min_size=1, max_size=3))
    accounts, names = st.sampled_from(("1300", "1500", "8000")), st.sampled_from(("", "acme", "d1"))
    return LedgerEntry(
        id=draw(ids()),
        kind=draw(texts()),
        on=draw(days()),
        currency=currency,
        postings=tuple(
            Posting(account=draw(accounts), amount=figure, party=draw(names), item=draw(names))
            for figure in (*figures, -sum(figures, Decimal(0)))
        ),
    )


def events(*, parties: SearchStrategy[str] | None = None) -> SearchStrategy[Event]:
    """What happened: ids and figures, never personal text."""
    who = ids() if parties is None else parties
    registered = st.builds(PartyRegistered, party=who, on=days())
    issued = st.builds(
        InvoiceIssued,
        party=who,
        on=days(),
        document=ids(),
        number=ids(),
        kind=st.sampled_from(DocumentKind).map(str),
        total=amounts(),
        currency=st.just("EUR"),
    )
    received = st.builds(
        PaymentReceived, party=who, on=days(), payment=ids(), amount=amounts(), currency=st.just("EUR")
    )
    return st.one_of(registered, issued, received)
