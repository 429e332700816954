"""The agenda: whom to ask, from when and until when, so that a run reads what it needs and no more.

It is a cache. Lose it, ask every agreement from its beginning, and the same is billed (law L14).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import attrs

from .billed import Billed
from .decisions import Decision
from .items import BillableItem
from .ports.sourcing import Ask

#: The day to ask on when every run has to ask, however far it looks.
AT_ONCE = date.min


@attrs.frozen(kw_only=True)
class Touch:
    """Something changed in an agreement: ask it again from ``since``, as soon as a run looks until ``ask_on``."""

    source: str
    agreement: str
    client: str
    payer: str
    since: date
    ask_on: date


@attrs.frozen(kw_only=True)
class AgendaRow:
    """One agreement: ask it from ``since`` when a run looks until ``ask_on`` or later.

    Args:
        payer: with whose bills it is computed: the client's last known payer (:attr:`Party.billed_with`).
        asked_until: the latest day until which it was ever asked; a run never asks less far.
        version: how often it was touched; an answer counts only when no touch came in between.
    """

    source: str
    agreement: str
    client: str
    payer: str
    since: date
    ask_on: date | None
    asked_until: date | None = None
    version: int = 0

    def touched(self, touch: Touch) -> AgendaRow:
        """Return the row after a touch: the earliest of both days.

        A touch inside what was asked before may change what was billed, and that is corrected by any run: at once.
        """
        ask_on = touch.ask_on if self.asked_until is None or touch.since > self.asked_until else AT_ONCE
        return attrs.evolve(
            self,
            client=touch.client,
            payer=touch.payer,
            since=min(self.since, touch.since),
            ask_on=ask_on if self.ask_on is None else min(self.ask_on, ask_on),
            version=self.version + 1,
        )

    def answered(self, answer: AgendaRow) -> AgendaRow:
        """Return the row after an answer that was computed from an earlier version of it, or from this one.

        How far was asked never falls. A row that was touched in between keeps its days, for it has to be asked again;
        at once, when the touch lies inside what was asked meanwhile.
        """
        asked = max((day for day in (self.asked_until, answer.asked_until) if day is not None), default=None)
        if self.version == answer.version:
            return attrs.evolve(self, since=answer.since, ask_on=answer.ask_on, asked_until=asked)
        inside = asked is not None and self.since <= asked
        return attrs.evolve(self, ask_on=AT_ONCE if inside else self.ask_on, asked_until=asked)

    def asked(self, until: date) -> date:
        """Return how far to ask: as far as this run looks, and never less far than before."""
        return until if self.asked_until is None else max(until, self.asked_until)


def next_row(
    row: AgendaRow,
    ask: Ask | None,
    items: Iterable[BillableItem],
    decisions: Sequence[Decision],
    billed: Billed,
    *,
    until: date,
    asked: date,
) -> AgendaRow:
    """Return the row after an answer: the earliest day over what is still to come, and the earliest filing day of it.

    To come are: what the source names next, items that may not be billed yet, and holds that end.
    """
    comings = [(ask.since, ask.on)] if ask else []
    comings += [(i.key.filed, i.bill_on) for i in items if i.bill_on > until and i.key not in billed]
    comings += [
        (decision.key.filed, decision.until)
        for decision in decisions
        if decision.holds(until) and decision.until is not None and decision.withdrawn is None
    ]
    return AgendaRow(
        source=row.source,
        agreement=row.agreement,
        client=row.client,
        payer=row.payer,
        since=min([since for since, _ in comings], default=row.since),
        ask_on=min([on for _, on in comings], default=None),
        asked_until=asked,
        version=row.version,
    )
