"""Strategies for who buys and what is due: parties, items, decisions, touches of the agenda."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...domain.agenda import Touch
from ...domain.decisions import Decision, DecisionKind
from ...domain.items import BillableItem, ItemKey
from ...domain.parties import Party, Role, TaxPosition
from ...domain.vat import Supply, TaxClass
from .figures import (
    addresses,
    amounts,
    currencies,
    dated,
    days,
    ids,
    item_keys,
    periods,
    prices,
    quantities,
    reasons,
    texts,
)
from .figures import terms as all_terms


def parties() -> SearchStrategy[Party]:
    """Everybody a company deals with."""
    countries = st.sampled_from(("NL", "BE", "DE", "US"))
    positions = st.builds(TaxPosition, country=countries, business=st.booleans(), vat_id=texts())
    return st.builds(
        Party,
        id=ids(),
        name=texts().map(lambda text: text if text.strip() else f"{text}A"),
        country=countries,
        business=st.booleans(),
        vat_id=texts(),
        registration=texts(),
        attention=texts(),
        address=addresses(),
        email=texts(),
        language=st.sampled_from(("", "nl", "en")),
        roles=st.frozensets(st.sampled_from(Role)),
        billed_to=st.none() | dated(values=ids()),
        reference=texts(),
        electronic_address=st.sampled_from(("", "0106:12345678", "9944:NL000099998B57")),
        positions=st.none() | dated(values=positions),
    )


def items(
    *, keys: SearchStrategy[ItemKey] | None = None, clients: SearchStrategy[str] | None = None
) -> SearchStrategy[BillableItem]:
    """What a source says is due."""
    return st.builds(
        BillableItem,
        key=item_keys() if keys is None else keys,
        client=ids() if clients is None else clients,
        quantity=quantities().map(abs),
        price=prices(),
        currency=currencies(),
        tax_class=st.sampled_from(TaxClass),
        tax_point=days(),
        bill_on=days(),
        text=texts(),
        because=reasons(),
        payer=texts(),
        title=texts(),
        supplied=st.none() | periods(),
        supply=st.sampled_from(Supply),
        document=st.sampled_from(("invoice", "claim")),
        blocked=st.none() | reasons(),
    )


def decisions(*, keys: SearchStrategy[ItemKey] | None = None) -> SearchStrategy[Decision]:
    """What we decided about what is due, each of its kind complete."""
    positive = quantities().map(abs).filter(bool)
    money = amounts().map(abs).filter(bool)

    def of(kind: DecisionKind) -> SearchStrategy[Decision]:
        return st.builds(
            Decision,
            id=ids(),
            key=item_keys() if keys is None else keys,
            kind=st.just(kind),
            reason=texts().map(lambda text: text if text.strip() else f"{text}why"),
            by=texts(),
            on=days(),
            terms=st.none() | all_terms(),
            quantity=st.none() | positive,
            amount=money if kind is DecisionKind.CONCEDED else st.none() | money,
            payer=ids() if kind is DecisionKind.MOVED else texts(),
            until=st.none() | days(),
            target=texts(),
            document=texts(),
            withdrawn=st.none() | days(),
        )

    return st.sampled_from(DecisionKind).flatmap(of)


def touches(
    *, agreements: SearchStrategy[str] | None = None, payers: SearchStrategy[str] | None = None
) -> SearchStrategy[Touch]:
    """Something changed in an agreement: ask it again."""
    return st.builds(
        Touch,
        source=st.sampled_from(("testing", "other")),
        agreement=ids() if agreements is None else agreements,
        client=ids(),
        payer=ids() if payers is None else payers,
        since=days(),
        ask_on=days(),
    )
