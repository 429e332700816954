"""What is done with quotations: made, sent, accepted, rejected, expired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from ...domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from ...domain.parties import Party
from ...domain.periods import a_day
from ...domain.ports.storage import Shelf
from ...domain.texts import a_text
from .lines import agreed, same_lines
from .orders import Order
from .quotations import QUOTATION_STEPS, Quotation, QuotationState
from .tracing import every
from .writing import offered


def quoted(store: Shelf, quotation: Quotation, *, on: date) -> None:
    """Keep a new quotation, with the prices of its day."""
    where = f"quotation {quotation.id}"
    known = store.get_many(Quotation, [quotation.id]).get(quotation.id)
    if known is not None:
        given = attrs.evolve(quotation, lines=known.lines, state=known.state, order=known.order)
        given = attrs.evolve(given, decided=known.decided, reason=known.reason)
        if given != known or not same_lines(quotation.lines, known.lines):
            raise Conflict("it stands for something else", where=where, remedy="use a new id")
        return
    if quotation.state is not QuotationState.DRAFT or quotation.order or quotation.decided or quotation.reason:
        raise InvalidValue("it says what only the desk can say", where=where, remedy="leave that out")
    store.get(Party, quotation.client)
    if quotation.alternative_to:
        _refuse_decided(quotation, _variants(store, quotation))
    lines = agreed(
        store,
        quotation.lines,
        client=quotation.client,
        currency=quotation.currency,
        on=quotation.on,
        where=where,
    )
    store.add(attrs.evolve(quotation, lines=lines))
    offered(store, [quotation], "quoted", on=on)


def sent(store: Shelf, id: str, *, on: date) -> None:
    """Say that a quotation was sent."""
    before = _held(store, id)
    if before.state in (QuotationState.SENT, QuotationState.ACCEPTED, QuotationState.EXPIRED):
        return  # none of them was reached without being sent
    _decide(store, before, before.moved(QuotationState.SENT), on=on)


def rejected(store: Shelf, id: str, *, reason: str, on: date) -> None:
    """Say that the client does not want it, and why."""
    a_text(reason, where=f"quotation {id}, reason", needed=True)
    before = _held(store, id)
    if before.state is QuotationState.REJECTED and before.reason == reason:
        return
    _decide(store, before, attrs.evolve(before.moved(QuotationState.REJECTED), reason=reason, decided=on), on=on)


def expired(store: Shelf, id: str, *, on: date) -> None:
    """Say that a quotation does not hold any more."""
    before = _held(store, id)
    if before.state is QuotationState.EXPIRED:
        return
    if on <= before.valid_until:
        raise RuleViolation(
            f"it holds until {before.valid_until}", where=f"quotation {id}", remedy="wait until the day after"
        )
    _decide(store, before, attrs.evolve(before.moved(QuotationState.EXPIRED), decided=on), on=on)


def accepted(store: Shelf, id: str, order: str, *, on: date) -> Order | None:
    """Say that the client wants this one, and none of its variants; return the order, or nothing when it was known."""
    where = f"quotation {id}"
    known = store.get(Quotation, id)
    variants = _variants(store, known)
    before = variants[id]
    if before.state is QuotationState.ACCEPTED:
        if before.order == order:
            return None
        raise Conflict(f"it became order {before.order}", where=where, remedy="go on with that one")
    _refuse_decided(before, variants)
    if on > before.valid_until:
        raise RuleViolation(
            f"it held until {before.valid_until}, and it is {on}", where=where, remedy="make a new quotation"
        )
    after = attrs.evolve(before.moved(QuotationState.ACCEPTED), order=order, decided=on)
    store.replace(before, after)
    passed_over = [
        one for one in variants.values() if QuotationState.REJECTED in QUOTATION_STEPS[one.state] and one.id != id
    ]
    for one in passed_over:
        store.replace(one, attrs.evolve(one.moved(QuotationState.REJECTED), decided=on))
    offered(store, [after], "accepted", on=on)
    offered(store, passed_over, "rejected", on=on)
    return Order(
        id=order,
        client=after.client,
        on=on,
        lines=after.lines,
        title=after.title,
        reference=after.reference,
        currency=after.currency,
        wanted=after.wanted,
        quotation=after.id,
    )


def _decide(store: Shelf, before: Quotation, after: Quotation, *, on: date) -> None:
    a_day(on, where="on")
    store.replace(before, after)
    offered(store, [after], after.state.value, on=on)


def _held(store: Shelf, id: str) -> Quotation:
    found = store.hold(Quotation, [id])
    if id not in found:
        raise NotFound("there is none", where=f"quotation {id}", remedy="name one that was made")
    return found[id]


def _refuse_decided(quotation: Quotation, variants: Mapping[str, Quotation]) -> None:
    """Refuse a variant of something of which another one was accepted: nobody could accept it any more."""
    for one in variants.values():
        if one.state is QuotationState.ACCEPTED:
            raise RuleViolation(
                f"{one.id} was accepted, of which it is another variant",
                where=f"quotation {quotation.id}",
                remedy="make a new quotation",
            )


def _variants(store: Shelf, quotation: Quotation) -> dict[str, Quotation]:
    """Return a quotation with all its variants, held; the first one of them before the others.

    Raises:
        InvalidValue: when the first one is none, or is of somebody else.
    """
    where = f"quotation {quotation.id}"
    first = _held(store, quotation.root)
    if first.alternative_to or first.client != quotation.client or first.currency != quotation.currency:
        raise InvalidValue(
            f"it cannot be an alternative to {first.id}",
            where=where,
            remedy="name the first of the variants, for the same client and in the same currency",
        )
    ids = [one.id for one in every(store, Quotation, {"alternative_to": first.id})]
    return {first.id: first, **store.hold(Quotation, sorted(ids))}
