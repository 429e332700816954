"""The desk of courses: all of the sessions and registrations, who pays for them, and who was there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from ...domain.errors import Conflict, NotFound, RuleViolation
from ...domain.periods import DAY, a_day
from ...domain.ports.sourcing import Between, Reading
from ...domain.ports.storage import Shelf, ours
from ...domain.texts import an_id
from .attendance import is_certificate_number, judged, present
from .changes import owing
from .pricing import repriced
from .registering import RegistrationsDesk
from .registrations import Ended, Ending, Purpose, Registration, a_day_of, a_reason
from .seats import Room, change, entered, held, in_session, over, paying, refuse_twice, rooms, told, write
from .states import RegistrationState

_PAGE = 500


@attrs.frozen
class CoursesDesk(RegistrationsDesk):
    """Where courses are offered, and registrations are taken, moved, cancelled and paid for.

    ``on`` is the day on which something was done or heard of. What was billed is corrected by the next run. Saying the
    same again changes nothing.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
    """

    def identify(self, store: Shelf, id: str, client: str, *, on: date, payer: str = "", participant: str = "") -> None:
        """Say who pays for a registration of which that was not known; from then on it can be billed.

        Args:
            participant: the party who comes, where that is known by now; its file takes the place of the name and
                address that were typed in.

        Raises:
            NotFound: when there is no such registration or party.
            Conflict: when somebody pays for it already: use :meth:`bill_to`.
        """
        before, _ = entered(ours(store, self.administration), id)
        person = attrs.evolve(before, participant=participant, name="", email="") if participant else before
        after = attrs.evolve(person, client=an_id(client, where="client"), payer=payer)
        if after == before:
            return
        if before.client:
            raise Conflict(
                f"it is for {before.client}", where=f"registration {id}", remedy="let another pay with bill_to"
            )
        self._paid(store, before, after, "identified", on)

    def bill_to(self, store: Shelf, id: str, client: str, *, on: date, payer: str = "") -> None:
        """Let another pay for the seat; what was billed is given back to the one, and billed to the other.

        Fees that were made before stay with who owed them.

        Raises:
            NotFound: when there is no such registration or party.
        """
        before, _ = entered(ours(store, self.administration), id)
        after = attrs.evolve(before, client=an_id(client, where="client"), payer=payer)
        if after != before:
            self._paid(store, before, after, "payer-changed", on)

    def change_price(self, store: Shelf, id: str, price: Decimal, *, on: date, reason: str) -> None:
        """Agree on another price for one seat, with the reason; what was billed is corrected.

        Raises:
            NotFound: when there is no such registration.
            InvalidValue: for a price below zero, or without a reason.
        """
        a_reason(reason, where=f"registration {id}")
        before, held_rooms = entered(ours(store, self.administration), id)
        a_day_of(before, on)
        if before.terms is None:
            return
        after = attrs.evolve(before, terms=repriced(before.terms, price, reason, where=f"registration {id}"))
        if after != before:
            write(store, [change("price-changed", before, after, held_rooms[before.session])], on=on)

    def attend(self, store: Shelf, id: str, days: Sequence[date], *, on: date) -> Registration:
        """Say on which days of the session the participant was there; all of them, also those said before.

        Raises:
            NotFound: when there is no such registration.
            InvalidValue: for a day that is not one of the session's, or has not come.
            RuleViolation: when it has no seat.
        """
        before, held_rooms = entered(ours(store, self.administration), id)
        room = held_rooms[before.session]
        a_day_of(before, on)
        if not before.seated:
            raise RuleViolation(
                f"it is {before.state}, and has no seat", where=f"registration {id}", remedy="accept it"
            )
        after = judged(present(before, room.session, days, on), room)
        if after != before:
            write(store, [change("attended", before, after, room)], on=on)
        return after

    def lapse_offers(self, store: Shelf, *, on: date) -> int:
        """End the offers of seats that nobody took in time, and offer those to who is next; return how many ended."""
        gone = {"offered_until": Between(None, a_day(on, where="on") - DAY)}
        found = list(_offers(ours(store, self.administration), gone))
        held_rooms = rooms(store, {one.session for one in found})
        waiting = [one.id for id in held_rooms for one in in_session(store, id, [RegistrationState.WAITING])]
        ids = [one.id for one in found]
        known = {one.id: one for one in held(store, [*ids, *waiting])}
        late = [
            one
            for one in (known[id] for id in ids)  # as it is by now: somebody may have taken the seat
            if one.session in held_rooms and one.offered_until is not None and one.offered_until < on
        ]
        changes = [
            change("offer-lapsed", one, _without(one, held_rooms[one.session], on), held_rooms[one.session])
            for one in late
        ]
        write(store, changes, on=on, freed=[held_rooms[id] for id in sorted({one.session for one in late})])
        return len(late)

    def registrations(self, store: Shelf, session: str) -> list[Registration]:
        """Return everybody who registered for a session, in that order, also who cancelled."""
        return list(in_session(ours(store, self.administration), session, tuple(RegistrationState)))

    def _paid(self, store: Shelf, before: Registration, after: Registration, what: str, on: date) -> None:
        """Let somebody else pay, in a session that is held."""
        a_day_of(before, on)
        room = rooms(store, [before.session])[before.session]
        refuse_twice(store, after)
        parties = paying(store, [after], after.participant)
        write(store, [change(what, before, owing(after, parties), room)], on=on)

    def certified(self, store: Shelf, number: str) -> Registration:
        """Return the registration to which a certificate belongs, for whoever wants to check one.

        Raises:
            NotFound: when there is no certificate with this number.
        """
        ours(store, self.administration)
        if is_certificate_number(number):
            for found in store.find(Registration, {"certificate": number}, limit=1):
                return found
        raise NotFound("there is none", where=f"certificate {number[:20]!r}", remedy="read the fourteen digits again")


def _without(registration: Registration, room: Room, on: date) -> Registration:
    """Return a registration whose offer was not taken in time."""
    ended = Ended(on=on, by=Ending.LAPSED)
    return told(over(registration, ended), Purpose.CANCELLED, on, room.session)


def _offers(reading: Reading, where: Mapping[str, Any]) -> Iterator[Registration]:
    """Yield the offers that meet some conditions."""
    after: tuple[str, str] | None = None
    while page := reading.find(Registration, where, after=after, limit=_PAGE):
        yield from page
        after = page[-1].id, page[-1].id
