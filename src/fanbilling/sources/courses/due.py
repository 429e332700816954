"""What is due for one registration: the seat, and the fees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from ...domain.exact import ZERO
from ...domain.items import BillableItem, ItemKey, Price
from ...domain.periods import Period
from ...domain.reasons import Reason
from .records import NAME, Course, Session
from .registrations import OURS, Ended, Fee, Registration, SeatTerms
from .states import RegistrationState

SEAT = "seat"
ONE = Decimal(1)


def due(registration: Registration, session: Session, course: Course) -> Iterator[BillableItem]:
    """Yield the seat, and each fee under a key of its own; what is no longer due is zero, and says why."""
    terms = registration.terms
    if terms is None:
        return
    quantity, because = _seat(registration, session, terms)
    yield BillableItem(
        key=ItemKey(NAME, registration.id, registration.filed, SEAT),
        client=registration.client,
        payer=registration.payer,
        quantity=quantity,
        price=Price(terms.price),
        currency=terms.currency,
        tax_class=terms.tax_class,
        tax_point=session.start,
        bill_on=billed_on(registration, session, terms),
        supplied=Period.through(session.start, session.end),
        text=_text(session.title or course.title, registration.reference),
        title=course.title,
        blocked=_blocked(registration, quantity),
        because=because,
    )
    for fee in registration.fees:
        yield _fee(registration, fee, course, terms)


def billed_on(registration: Registration, session: Session, terms: SeatTerms) -> date:
    """Return from which day a seat may be billed: never before the day of registration."""
    if terms.bill_days_before is None:
        return registration.filed
    return max(registration.filed, session.start - timedelta(days=terms.bill_days_before))


def _seat(registration: Registration, session: Session, terms: SeatTerms) -> tuple[Decimal, Reason]:
    ended = registration.ended
    if registration.seated or (ended is not None and ended.seat_due):
        if not terms.price:
            return ZERO, Reason("courses.free", ZERO, (), (terms.because,))
        causes = [ended.because] if ended is not None and ended.because is not None else []
        rule = "courses.no-show" if registration.state is RegistrationState.NO_SHOW else "courses.seat"
        return ONE, Reason(rule, terms.price, (("start", session.start),), (terms.because, *causes))
    if ended is not None:
        return ZERO, _cancelled(ended)
    return ZERO, Reason(f"courses.{_WAITS[registration.state]}", ZERO)


_WAITS = {
    RegistrationState.REQUESTED: "requested",
    RegistrationState.WAITING: "waiting",
    RegistrationState.OFFERED: "offered",
}


def _cancelled(ended: Ended) -> Reason:
    return Reason("courses.cancelled", ZERO, (("by", ended.by.value), ("on", ended.on), ("why", ended.reason)))


def _blocked(registration: Registration, quantity: Decimal) -> Reason | None:
    """Say that nobody is known who pays."""
    return Reason("courses.no-payer", quantity) if quantity and not registration.client else None


def _fee(registration: Registration, fee: Fee, course: Course, terms: SeatTerms) -> BillableItem:
    """Return a fee; one of a registration that we ended ourselves is no longer due."""
    ended = registration.ended
    void = ended is not None and ended.by in OURS
    return BillableItem(
        key=ItemKey(NAME, registration.id, registration.filed, f"fee:{fee.id}"),
        client=registration.client,
        payer=fee.payer or registration.payer,
        quantity=ZERO if void else ONE,
        price=Price(fee.amount),
        currency=terms.currency,
        tax_class=fee.tax_class,
        tax_point=fee.on,
        bill_on=fee.on,
        supplied=Period.through(fee.on, fee.on),
        text=_text(fee.text or course.title, registration.reference),
        title=course.title,
        blocked=None if void else _blocked(registration, ONE),
        because=_cancelled(ended) if ended is not None and void else fee.because,
    )


def _text(text: str, reference: str) -> str:
    return f"{text} ({reference})" if reference else text
