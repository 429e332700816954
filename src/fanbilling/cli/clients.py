"""Clients as the folder tells them: who they are, who pays for them, and how they are taxed, from which day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Final

from ..domain.dated import Dated
from ..domain.parties import Address, Party, TaxPosition
from .importing import Import, by_key
from .rows import CLIENTS, ClientRow
from .tables import Folder

ALWAYS: Final = date(1990, 1, 1)
"""The first day there is in a folder: what has no first day holds from here."""


def import_clients(work: Import, folder: Folder) -> None:
    """Register every client, or what is known of it by now."""
    groups = by_key(CLIENTS, folder.of(CLIENTS))
    kept = work.store.get_many(Party, [mine[0].id for mine in groups])
    for mine in groups:
        known, last = kept.get(mine[0].id), mine[-1]
        party = wanted(mine, known, on=work.on)
        if party != known:
            register = partial(work.office.crm.register, work.store, party, on=last.entered or work.on)
            work.carry_out(CLIENTS, last, register)


def wanted(rows: Sequence[ClientRow], known: Party | None, *, on: date) -> Party:
    """Return the client that the rows tell of.

    A row that says another country, business or VAT id holds from the day it was entered; where an old row was
    written over, it holds from the day of the run.
    """
    last = rows[-1]
    return Party(
        id=last.id,
        name=last.name,
        country=last.country,
        business=last.business == "yes",
        vat_id=last.vat_id,
        registration=last.registration,
        attention=last.attention,
        address=Address(street=last.street, postal_code=last.postal_code, city=last.city, country=last.country),
        email=last.email,
        language=last.language,
        billed_to=_payers(rows),
        positions=_positions(rows, known, on),
        reference=last.reference,
        electronic_address=last.electronic_address,
    )


def _payers(rows: Sequence[ClientRow]) -> Dated[str] | None:
    """Return who pays from which day on; the later row decides about a day."""
    steps = {row.payer_from or ALWAYS: row.payer for row in rows if row.payer}
    return Dated(tuple(sorted(steps.items()))) if steps else None


def _positions(rows: Sequence[ClientRow], known: Party | None, on: date) -> Dated[TaxPosition] | None:
    """Return how the client is taxed from which day on, or nothing when that never changed."""
    if known is None:
        history = Dated(((ALWAYS, _position(rows[0])),))
    else:
        before = TaxPosition(country=known.country, business=known.business, vat_id=known.vat_id)
        history = known.positions or Dated(((ALWAYS, before),))
    for earlier, later in pairwise(rows):
        now = _position(later)
        if later.entered and now != _position(earlier) and history.at(later.entered) != now:
            history = history.changed(later.entered, now)
    if history.steps[-1][1] != _position(rows[-1]):
        history = history.changed(max(on, history.days[-1]), _position(rows[-1]))
    return history if len(history.steps) > 1 else None


def _position(row: ClientRow) -> TaxPosition:
    return TaxPosition(country=row.country, business=row.business == "yes", vat_id=row.vat_id)
