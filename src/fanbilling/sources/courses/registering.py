"""Where registrations are taken, placed, moved and cancelled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

from ...domain.errors import Conflict, InvalidValue, RuleViolation
from ...domain.periods import a_day
from ...domain.ports.storage import Shelf, ours
from ...domain.texts import a_text
from .changes import cancelled, moved, owing, substituted, with_move_fee
from .pricing import agreed
from .registrations import Ending, Move, Purpose, Registration, a_day_of, a_reason
from .seats import (
    Room,
    change,
    entered,
    free_seats,
    numbered,
    opened,
    paying,
    refuse_twice,
    rooms,
    seated,
    seated_or_waiting,
    told,
    write,
)
from .sessions import SessionsDesk
from .states import TAKING, RegistrationState


@attrs.frozen
class RegistrationsDesk(SessionsDesk):
    """Where registrations are taken, placed, moved and cancelled."""

    def register(self, store: Shelf, registration: Registration, *, on: date) -> Registration:
        """Take a registration: it gets a seat at the price of that day, or a place on the waiting list.

        Returns:
            The registration as it is kept; its state says what became of it.

        Raises:
            InvalidValue: for what cannot be kept or mailed.
            NotFound: when there is no such session, client or participant.
            RuleViolation: when the participant is in the session already, or it is over.
            Conflict: when another registration, or this one before it was changed, has this id.
        """
        a_day(on, where="on")
        asked = registration.asked()
        room = rooms(ours(store, self.administration), [asked.session])[asked.session]
        if known := store.get_many(Registration, [asked.id]).get(asked.id):
            if known.asked() != asked:
                raise Conflict(
                    "it stands for something else by now", where=f"registration {asked.id}", remedy="use a new id"
                )
            return known
        opened(room, on)
        _somebody(asked)
        paying(store, [asked], asked.participant)
        refuse_twice(store, asked)
        mine, room = numbered(store, attrs.evolve(asked, on=on, terms=agreed(asked, room, on)), room)
        after = mine if room.course.reviewed else seated_or_waiting(store, mine, room, on)
        write(store, [change("registered", None, after, room)], on=on)
        return after

    def accept(self, store: Shelf, id: str, *, on: date) -> Registration:
        """Give a seat to a registration that was requested (or a place on the waiting list), or that was offered one.

        Raises:
            NotFound: when there is no such registration.
            RuleViolation: when it ended, its offer lapsed, or the session is over.
        """
        before, held_rooms = entered(ours(store, self.administration), id)
        room = held_rooms[before.session]
        if before.seated or before.state is RegistrationState.WAITING:
            return before
        a_day_of(before, on)
        opened(room, on)
        if before.offered_until is not None and on > before.offered_until:
            raise RuleViolation(
                f"the offer was until {before.offered_until}", where=f"registration {id}", remedy="register anew"
            )
        offered = before.state is RegistrationState.OFFERED
        after = seated(before, room, on) if offered else seated_or_waiting(store, before, room, on)
        write(store, [change("accepted", before, after, room)], on=on)
        return after

    def cancel(
        self,
        store: Shelf,
        id: str,
        *,
        on: date,
        reason: str,
        by: Ending = Ending.CLIENT,
        fee: Decimal | None = None,
    ) -> Registration:
        """Cancel a registration; what is owed follows from the policy that was agreed, and the next in line is placed.

        Args:
            by: who cancels; nothing is due when it is us.
            fee: what is owed instead of what the policy says.

        Raises:
            NotFound: when there is no such registration.
            InvalidValue: when no reason is given, or a fee cannot be one.
            RuleViolation: when the session was held.
            Conflict: when it was cancelled before, otherwise.
        """
        a_reason(reason, where=f"registration {id}")
        before, held_rooms = entered(ours(store, self.administration), id, leaving=True)
        room = held_rooms[before.session]
        a_day_of(before, on)
        if before.ended is not None:
            if (before.ended.on, before.ended.by, before.ended.reason, before.ended.fee) != (on, by, reason, fee):
                raise Conflict(f"it ended on {before.ended.on}", where=f"registration {id}", remedy="leave it at that")
            return before
        gone = cancelled(before, room, paying(store, [before]), on=on, by=by, reason=reason, fee=fee)
        after = told(gone, Purpose.CANCELLED, on, room.session)
        write(store, [change("cancelled", before, after, room)], on=on, freed=[room])
        return after

    def substitute(
        self, store: Shelf, id: str, *, on: date, name: str = "", email: str = "", participant: str = ""
    ) -> Registration:
        """Let somebody else come in the place of the participant.

        Raises:
            NotFound: when there is no such registration or party.
            InvalidValue: for a name or address that cannot be kept or mailed.
            RuleViolation: when nobody else may come, is in the session already, or the session is over.
        """
        before, held_rooms = entered(ours(store, self.administration), id)
        room = held_rooms[before.session]
        a_day_of(before, on)
        person = attrs.evolve(before, name=name, email=email, participant=participant)
        if person == before:
            return before
        _somebody(person)
        refuse_twice(store, person)
        changed = substituted(before, person, paying(store, [person], participant), on)
        news = before.news.purpose if before.news and not before.seated else Purpose.CONFIRMATION
        after = told(changed, news, on, room.session)
        write(store, [change("substituted", before, after, room)], on=on)
        return after

    def move(
        self,
        store: Shelf,
        id: str,
        session: str,
        *,
        on: date,
        client: str = "",
        payer: str = "",
        price: Decimal | None = None,
        fee: Decimal | None = None,
        fee_payer: str = "",
        reason: str = "",
    ) -> Registration:
        """Move a registration to another session, and to another payer if that was agreed; before or after billing.

        The price stays as it was agreed, unless another one is given; it is taxed as seats in the new session are. Who
        was on the waiting list gets a seat there, or waits there.

        Args:
            client, payer: for whom it is done, or who pays, from now on; absent: as before.
            fee: what the move costs, excluding VAT; absent: nothing.
            fee_payer: who pays that; absent: who pays from now on.

        Raises:
            NotFound: when there is no such registration, session or party.
            RuleViolation: when it is full, over, in another currency, or the participant is in it already.
        """
        before, held_rooms = entered(ours(store, self.administration), id, session, leaving=True)
        wanted = Move(
            on=a_day_of(before, on),
            from_session=before.session,
            to_session=session,
            client=client,
            payer=payer,
            price=price,
            fee=fee,
            fee_payer=fee_payer,
            reason=a_text(reason, where=f"registration {id}, reason"),
        )
        if before.moves and attrs.evolve(wanted, from_session=before.moves[-1].from_session) == before.moves[-1]:
            return before
        was, room = held_rooms[before.session], held_rooms[session]
        opened(room, on)
        elsewhere = moved(before, room, wanted)
        refuse_twice(store, elsewhere)
        if elsewhere.state in TAKING and free_seats(store, room.session) <= 0:
            raise RuleViolation(
                "it is full", where=f"session {session}", remedy="choose another one, or make it larger"
            )
        parties = paying(store, [elsewhere], fee_payer)
        fees = owing(with_move_fee(elsewhere, room, wanted, parties), parties)
        elsewhere, room = numbered(store, fees, room)
        if elsewhere.state is RegistrationState.WAITING:
            after = seated_or_waiting(store, elsewhere, room, on)
        else:
            after = _told_of_move(elsewhere, room, on, was)
        write(store, [change("moved", before, after, room, was)], on=on, freed=[was])
        return after


def _told_of_move(registration: Registration, room: Room, on: date, was: Room) -> Registration:
    """Tell whoever has a seat of the move; who only asked for one is told when it is accepted."""
    if not registration.seated:
        return registration
    return told(registration, Purpose.MOVED, on, room.session, was=was.session.start)


def _somebody(registration: Registration) -> None:
    """Refuse a seat for nobody: without a participant and without a client.

    Raises:
        InvalidValue: when there is no address to write to, and no client who knows who comes.
    """
    if not (registration.email or registration.participant or registration.client):
        raise InvalidValue(
            "nobody can be told of it",
            where=f"registration {registration.id}, email",
            remedy="give an address, a participant or a client",
        )
