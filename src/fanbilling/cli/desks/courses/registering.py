"""The rows about one registration: which of them the books do not know of, and how the desk is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import attrs

from ....sources.courses import Ending, Purpose, RegistrationState, Session
from ....sources.courses.registrations import OURS, Registration
from ...importing import Import, still_to_do
from .kinds import ALL, NONE
from .rows import REGISTRATIONS, RegistrationRow

_ENDED: Final = {"cancelled": Ending.CLIENT, "cancelled-by-us": Ending.US}


@attrs.frozen(kw_only=True)
class _Said:
    """What rows can say of a registration."""

    session: str
    moves: int = 0
    name: str
    email: str
    participant: str
    client: str
    payer: str
    attended: tuple[date, ...] = ()
    ended: str = ""


@attrs.frozen(kw_only=True)
class RegistrationRows:
    """All rows about one registration.

    Args:
        known: the registration in the books, if it is there.
        session: in which it is there.
    """

    work: Import
    rows: Sequence[RegistrationRow]
    known: Registration | None
    session: Session | None

    def to_do(self) -> list[RegistrationRow]:
        """Return the rows that the books do not know of."""
        known = self.known
        if known is None or self.session is None:
            return list(self.rows)
        if self.work.cannot_change(REGISTRATIONS, self.rows[0], _fixed(self.rows[0], known)):
            return []
        new = [row for row, _ in still_to_do(self.rows, self._states(), _said(known), same=_Said.__eq__)]
        return [row for row in self.rows if row in new or (row.status == "accepted" and _waits(known, row))]

    def carry_out(self, row: RegistrationRow) -> None:
        """Tell the desk what a row says: who comes, who pays, whereto it moves, who was there, and how it ended."""
        if row is self.rows[0]:
            self._register(row)
            return
        store, desk = self.work.store, self.work.office.courses
        if row.somebody:
            desk.substitute(store, row.id, on=row.date, name=row.name, email=row.email, participant=row.participant)
        if row.session:
            self._move(row)
        elif row.paid:
            self._pay(row)
        if row.attended:
            before = store.get(Registration, row.id)
            days = _days(row, store.get(Session, before.session))
            desk.attend(store, row.id, days, on=row.date)
        if row.status == "accepted":
            desk.accept(store, row.id, on=row.date)
        elif row.status:
            desk.cancel(store, row.id, on=row.date, reason=row.reason, by=_ENDED[row.status], fee=row.fee)

    def _register(self, row: RegistrationRow) -> None:
        asked = Registration(
            id=row.id,
            session=row.session,
            name=row.name,
            email=row.email,
            participant=row.participant,
            client=row.client,
            payer=row.payer,
            discount=row.discount,
            voucher=row.voucher,
            reference=row.reference,
        )
        self.work.office.courses.register(self.work.store, asked, on=row.date)

    def _move(self, row: RegistrationRow) -> None:
        self.work.office.courses.move(
            self.work.store,
            row.id,
            row.session,
            on=row.date,
            client=row.client,
            payer=row.payer,
            fee=row.fee,
            fee_payer=row.fee_payer,
            reason=row.reason,
        )

    def _pay(self, row: RegistrationRow) -> None:
        store, desk = self.work.store, self.work.office.courses
        before = store.get(Registration, row.id)
        if before.client:
            desk.bill_to(store, row.id, row.client or before.client, on=row.date, payer=row.payer)
        else:
            desk.identify(store, row.id, row.client, on=row.date, payer=row.payer)

    def _states(self) -> list[_Said]:
        """Return what was said after each row."""
        first = self.rows[0]
        states = [
            _Said(
                session=first.session,
                name=first.name,
                email=first.email,
                participant=first.participant,
                client=first.client,
                payer=first.payer,
            )
        ]
        for row in self.rows[1:]:
            states.append(self._after(states[-1], row))
        return states

    def _after(self, said: _Said, row: RegistrationRow) -> _Said:
        if row.somebody:
            said = attrs.evolve(said, name=row.name, email=row.email, participant=row.participant, attended=())
        client = row.client or said.client
        if row.session:
            payer = row.payer or (said.payer if client == said.client else "")
            said = attrs.evolve(said, session=row.session, moves=said.moves + 1, attended=())
            said = attrs.evolve(said, client=client, payer=payer)
        elif row.paid:
            said = attrs.evolve(said, client=client, payer=row.payer)
        if row.attended and self.session is not None:
            said = attrs.evolve(said, attended=_days(row, self.session))
        return attrs.evolve(said, ended=_ENDED[row.status].value) if row.status in _ENDED else said


def _days(row: RegistrationRow, session: Session) -> tuple[date, ...]:
    """Return on which days the participant was there: all that were over when it was said, none, or these."""
    if row.attended == ALL:
        return tuple(sorted({one.day for one in session.days if one.day <= row.date}))
    return () if row.attended == NONE or isinstance(row.attended, str) else row.attended


def _said(known: Registration) -> _Said:
    """Return what the books know that rows can say; what a session or a waiting list did, no row says."""
    ended = known.ended.by if known.ended else None
    return _Said(
        session=known.session,
        moves=len(known.moves),
        name=known.name,
        email=known.email,
        participant=known.participant,
        client=known.client,
        payer=known.payer,
        attended=known.attended,
        ended=ended.value if ended in (Ending.CLIENT, OURS[0]) else "",
    )


def _waits(known: Registration, row: RegistrationRow) -> bool:
    """Whether a registration waits for what a row says: that somebody accepts it, after it was offered."""
    if known.state is RegistrationState.REQUESTED:
        return True
    news = known.news
    offered = known.state is RegistrationState.OFFERED and news is not None and news.purpose is Purpose.OFFER
    return offered and news is not None and news.on <= row.date


def _fixed(row: RegistrationRow, known: Registration) -> dict[str, tuple[object, object]]:
    return {
        "date": (row.date, known.on),
        "discount": (row.discount, known.discount),
        "voucher": (row.voucher, known.voucher),
        "reference": (row.reference, known.reference),
    }
