"""What is agreed about a registration later on: each a function from a registration to a registration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.exact import ZERO, exact
from ...domain.money import places
from ...domain.parties import Party
from ...domain.reasons import Reason
from .policies import CancellationFee
from .pricing import repriced, taxed
from .registrations import OURS, Ended, Ending, Fee, Move, Registration, SeatTerms
from .seats import Room, over, stepped
from .states import RegistrationState

_R = RegistrationState

#: From which states a registration can be moved to another session.
_MOVABLE = (_R.REQUESTED, _R.WAITING, _R.OFFERED, _R.PLACED, _R.CONFIRMED)


def cancelled(
    registration: Registration,
    room: Room,
    parties: Mapping[str, Party],
    *,
    on: date,
    by: Ending,
    reason: str,
    fee: Decimal | None,
) -> Registration:
    """Return a registration that was cancelled, with the fee that is owed for it.

    Only who had a seat owes a fee. Where the fee is all of the price, and taxed as the seat, the seat stays due.

    Args:
        parties: the client, if one is known.
        fee: instead of what the policy says.

    Raises:
        InvalidValue: for a fee below zero.
        RuleViolation: when the session was held.
    """
    where = f"registration {registration.id}"
    agreed = None if fee is None else a_fee(fee, where=where)
    ended = Ended(on=on, by=by, reason=reason, fee=agreed)
    gone = over(registration, ended)
    terms = registration.terms
    if terms is None or not registration.seated or by in OURS:
        return gone
    owed = _owed(terms, room, on, agreed)
    if owed.whole and terms.price:
        return attrs.evolve(gone, ended=attrs.evolve(ended, seat_due=True, because=owed.because))
    tax_class = owed.tier.tax_class if owed.tier is not None and owed.tier.tax_class is not None else terms.tax_class
    mine = Fee(
        id="cancelled",
        on=on,
        payer=payer_of(registration, parties),
        amount=owed.amount,
        tax_class=tax_class,
        text=terms.cancellation.text,
        because=owed.because,
    )
    return with_fee(gone, mine)


def _owed(terms: SeatTerms, room: Room, on: date, agreed: Decimal | None) -> CancellationFee:
    if agreed is None:
        return terms.cancellation.fee(terms.price, start=room.session.start, on=on, places=places(terms.currency))
    return CancellationFee(amount=agreed, tier=None, because=Reason("courses.fee-agreed", agreed))


def substituted(
    registration: Registration, person: Registration, parties: Mapping[str, Party], on: date
) -> Registration:
    """Return a registration in which somebody else comes, with what that costs.

    Args:
        person: the registration with the new participant.

    Raises:
        RuleViolation: when nobody else may come, or it ended.
    """
    terms = registration.terms
    if registration.state not in _MOVABLE:
        raise RuleViolation(
            f"it is {registration.state}", where=f"registration {registration.id}", remedy="register anew"
        )
    cost = terms.cancellation.substitution if terms is not None else ZERO
    if terms is None or cost is None:
        raise RuleViolation(
            "nobody else may come", where=f"registration {registration.id}", remedy="cancel it, and register anew"
        )
    mine = Fee(
        id=_fee_id(registration, "substituted"),
        on=on,
        payer=payer_of(registration, parties),
        amount=cost,
        tax_class=terms.tax_class,
        text=terms.cancellation.text,
        because=Reason("courses.substitution-fee", cost),
    )
    changed = attrs.evolve(person, attended=())
    return with_fee(changed, mine) if registration.seated else changed


def moved(registration: Registration, room: Room, move: Move) -> Registration:
    """Return a registration that goes on in another session; it keeps its price, and is taxed as seats there are.

    Raises:
        RuleViolation: when it is in that session already, was attended or ended, or the currency is another one.
    """
    where = f"registration {registration.id}"
    terms = registration.terms
    if registration.state not in _MOVABLE:
        raise RuleViolation(f"it is {registration.state}", where=where, remedy="register anew")
    if registration.session == room.session.id:
        raise RuleViolation(f"it is in session {room.session.id} already", where=where, remedy="leave it there")
    if terms is None or terms.currency != room.course.currency:
        raise RuleViolation(f"seats there are sold in {room.course.currency}", where=where, remedy="register anew")
    state = room.seated if registration.seated else registration.state
    if registration.state is RegistrationState.OFFERED:
        state = RegistrationState.WAITING
    there = attrs.evolve(
        terms,
        tax_class=taxed(room.session, room.course),
        bill_days_before=room.course.bill_days_before,
        cancellation=room.course.cancellation,
    )
    if move.price is not None:
        there = repriced(there, move.price, move.reason or "moved", where=where)
    client = move.client or registration.client
    return attrs.evolve(
        stepped(registration, state) if state is not registration.state else registration,
        session=room.session.id,
        client=client,
        payer=move.payer or (registration.payer if client == registration.client else ""),
        terms=there,
        offered_until=None,
        attended=(),
        moves=(*registration.moves, move),
    )


def with_move_fee(registration: Registration, room: Room, move: Move, parties: Mapping[str, Party]) -> Registration:
    """Return a registration that was moved, with what that costs.

    Raises:
        InvalidValue: for a fee below zero.
    """
    if move.fee is None or registration.terms is None:
        return registration
    amount = a_fee(move.fee, where=f"registration {registration.id}")
    mine = Fee(
        id=_fee_id(registration, "moved"),
        on=move.on,
        payer=move.fee_payer or payer_of(registration, parties),
        amount=amount,
        tax_class=registration.terms.tax_class,
        text=room.course.cancellation.text,
        because=Reason("courses.move-fee", amount, (("from", move.from_session), ("to", move.to_session))),
    )
    return with_fee(registration, mine)


def with_fee(registration: Registration, fee: Fee) -> Registration:
    """Return a registration with one more fee; one of nothing is none."""
    return attrs.evolve(registration, fees=(*registration.fees, fee)) if fee.amount else registration


def owing(registration: Registration, parties: Mapping[str, Party]) -> Registration:
    """Return a registration of which it is known who pays: also the fees that were made before it was."""
    payer = payer_of(registration, parties)
    fees = tuple(fee if fee.payer else attrs.evolve(fee, payer=payer) for fee in registration.fees)
    return attrs.evolve(registration, fees=fees)


def payer_of(registration: Registration, parties: Mapping[str, Party]) -> str:
    """Return who pays for a registration, as was known on its day; empty while nobody is known."""
    client = registration.client
    return registration.payer or (parties[client].payer(registration.filed) if client else "")


def a_fee(fee: Decimal | int | str, *, where: str) -> Decimal:
    """Return what something costs, or refuse what is below zero.

    Raises:
        InvalidValue: for that.
    """
    amount = exact(fee, where=f"{where}, fee")
    if amount < 0:
        raise InvalidValue(f"a fee of {amount}", where=f"{where}, fee", remedy="use zero or more")
    return amount


def _fee_id(registration: Registration, what: str) -> str:
    """Return an id for a fee that the registration does not have yet."""
    return f"{what}-{1 + sum(fee.id.startswith(what) for fee in registration.fees)}"
