"""Three small kinds of records to try a store with; an adapter that needs to know its kinds is given :data:`KINDS`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum

import attrs

from ....domain.dated import Dated
from ....domain.money import Money
from ....domain.parties import Party
from ....domain.periods import Period
from ....domain.reasons import Reason
from ....domain.records import record


class Phase(Enum):
    """How far a card has come; on purpose not a text itself, so that a store has to look at the value."""

    OPEN = "open"
    DONE = "done"


@record("testing.card", keys=("client", "phase", "day", "size", "ended"))
@attrs.frozen(kw_only=True)
class Card:
    """A record with a key of every type, one of which may be absent."""

    id: str
    client: str = "acme"
    phase: Phase = Phase.OPEN
    day: date = date(2026, 1, 31)
    size: int = 1
    ended: date | None = None
    text: str = ""


@record("testing.label")
@attrs.frozen(kw_only=True)
class Label:
    """A record that is found by its id only."""

    id: str
    text: str = ""


@record("testing.folder")
@attrs.frozen(kw_only=True)
class Folder:
    """A record that holds one of everything that is kept exactly."""

    id: str
    figure: Decimal = Decimal("0.10")
    money: Money = Money.of("12.50", "EUR")
    prices: Dated[Money] | None = None
    rates: Dated[Decimal] | None = None
    period: Period | None = None
    because: Reason | None = None
    moment: datetime | None = None
    phases: tuple[Phase, ...] = ()
    cards: tuple[Card, ...] = ()


#: What the tests of a store keep.
KINDS: tuple[type, ...] = (Card, Folder, Label, Party)
