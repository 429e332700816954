"""Reckoning: read what is due, decided and billed for agreements, and compute the drafts. It writes nothing.

Preview, issue and run all come through here, so that what was shown is what is billed (law L13).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

import attrs

from .domain.agenda import AgendaRow, next_row
from .domain.billed import Billed, BilledEntry, Part
from .domain.decisions import Decision, DecisionKind
from .domain.drafts import Draft, drafts
from .domain.equation import to_bill
from .domain.errors import NotFound, RuleViolation
from .domain.grouping import together
from .domain.items import BillableItem, ItemKey
from .domain.parties import Party
from .domain.ports.sourcing import Ask, Asked, BillingSource, Reading, Window
from .domain.ports.storage import Store
from .domain.settings import Settings
from .domain.terms import Conditions

R = TypeVar("R")
Agreement = tuple[str, str]


@attrs.frozen(kw_only=True)
class Facts:
    """Everything that the equation needs about a number of agreements, read in a fixed number of questions."""

    items: Mapping[Agreement, Sequence[BillableItem]]
    decisions: Mapping[Agreement, Sequence[Decision]]
    billed: Mapping[Agreement, Billed]
    asks: Mapping[Agreement, Ask]
    conditions: Conditions

    def of(self, rows: Sequence[AgendaRow]) -> tuple[list[BillableItem], list[Decision], Billed]:
        """Return items, decisions and billed entries of some of the agreements."""
        if len(rows) == 1:
            only = rows[0].source, rows[0].agreement
            return list(self.items.get(only, ())), list(self.decisions.get(only, ())), self.billed.get(only, {})
        items: list[BillableItem] = []
        decisions: list[Decision] = []
        billed: dict[ItemKey, Sequence[BilledEntry]] = {}
        for row in rows:
            agreement = row.source, row.agreement
            items.extend(self.items.get(agreement, ()))
            decisions.extend(self.decisions.get(agreement, ()))
            billed.update(self.billed.get(agreement, {}))
        return items, decisions, billed


class Remembered:
    """What a source reads for one answer: every record once, however often it looks at it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._known: dict[type, dict[str, Any]] = {}

    def get(self, kind: type[R], id: str) -> R:
        return self._reading.get(kind, id)

    def get_many(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        known, wanted = self._known.setdefault(kind, {}), list(ids)
        if missing := [id for id in wanted if id not in known]:
            known.update(dict.fromkeys(missing) | self._reading.get_many(kind, missing))
        return {id: known[id] for id in wanted if known[id] is not None}

    def find(
        self,
        kind: type[R],
        where: Mapping[str, Any] | None = None,
        *,
        order_by: str = "id",
        after: tuple[Any, str] | None = None,
        limit: int = 1000,
    ) -> Sequence[R]:
        return self._reading.find(kind, where or {}, order_by=order_by, after=after, limit=limit)


@attrs.frozen
class Reckoner:
    """Asks the sources and computes drafts, for one seller.

    Args:
        settings: say what comes together on one bill.
    """

    sources: Mapping[str, BillingSource]
    country: str
    settings: Settings = Settings()
    apart: Callable[[Part], str] = attrs.field(init=False, eq=False, repr=False)

    @apart.default
    def _apart(self) -> Callable[[Part], str]:
        return partial(_kept_apart, self.settings) if self.settings.separates else together

    def read(self, store: Store, rows: Sequence[AgendaRow], until: date, carried: Sequence[Decision] = ()) -> Facts:
        """Read everything about these agreements, each from its ``since``.

        Args:
            carried: decisions that are not written yet but count already (a credit carries them).

        Raises:
            NotFound: when an agreement's source is not installed.
            RuleViolation: when a source answers something that was not asked.
        """
        windows = [Window(row.source, row.agreement, row.since) for row in rows]
        items, asks = self._ask(store, rows, until)
        decisions: dict[Agreement, list[Decision]] = {}
        for decision in (*store.decisions.of(windows), *carried):
            decisions.setdefault((decision.key.source, decision.key.agreement), []).append(decision)
        billed: dict[Agreement, dict[ItemKey, list[BilledEntry]]] = {}
        entries = store.billed.of(windows)
        for entry in entries:
            key = entry.key
            billed.setdefault((key.source, key.agreement), {}).setdefault(key, []).append(entry)
        return Facts(
            items=items,
            decisions=decisions,
            billed=billed,
            asks=asks,
            conditions=Conditions(
                seller=self.country, parties=_parties(store, rows, items.values(), decisions.values(), entries)
            ),
        )

    def _ask(
        self, store: Store, rows: Sequence[AgendaRow], until: date
    ) -> tuple[dict[Agreement, list[BillableItem]], dict[Agreement, Ask]]:
        """Ask every source once for all its agreements that are asked equally far."""
        questions: dict[tuple[str, date], dict[str, AgendaRow]] = {}
        for row in rows:
            questions.setdefault((row.source, row.asked(until)), {})[row.agreement] = row
        items: dict[Agreement, list[BillableItem]] = {}
        asks: dict[Agreement, Ask] = {}
        for (name, far), mine in questions.items():
            source, reading = self.source(name), Remembered(store)
            asked = [Asked(agreement=row.agreement, since=row.since) for row in mine.values()]
            for item in source.items(reading, asked, far):
                key = item.key
                row_asked = mine.get(key.agreement)
                if row_asked is None or key.source != name or key.filed < row_asked.since:
                    raise RuleViolation(
                        f"it answered {key}, which was not asked",
                        where=f"source {name}",
                        remedy="keep to the question (law S2)",
                    )
                items.setdefault((name, key.agreement), []).append(item)
            for agreement, ask in source.next_ask(reading, list(mine), far).items():
                asks[name, agreement] = ask
        return items, asks

    def source(self, name: str) -> BillingSource:
        """Return a source by its name.

        Raises:
            NotFound: when it is not installed.
        """
        try:
            return self.sources[name]
        except KeyError:
            raise NotFound(f"no source is called {name!r}", where="sources", remedy="give it to the Office") from None

    def drafts(
        self, facts: Facts, rows: Sequence[AgendaRow], *, until: date, on: date, decisions: tuple[Decision, ...] = ()
    ) -> tuple[Draft, ...]:
        """Compute the drafts of some of the agreements that were read."""
        items, decided, billed = facts.of(rows)
        parts = to_bill(items, decided, billed, facts.conditions, until)
        if not parts:
            return ()
        return self.made(
            parts, items, billed, rows, until=until, on=on, decisions=decisions, decided=decided, apart=self.apart
        )

    @staticmethod
    def made(
        parts: Iterable[Part],
        items: Sequence[BillableItem],
        billed: Billed,
        rows: Sequence[AgendaRow],
        *,
        until: date,
        on: date,
        decisions: tuple[Decision, ...] = (),
        decided: Sequence[Decision] = (),
        apart: Callable[[Part], str] = together,
    ) -> tuple[Draft, ...]:
        """Make drafts of parts, each with the windows that were asked and what we decided.

        Args:
            apart: names what a part is kept apart with; nothing said, and they come together.
        """
        windows = tuple(Window(row.source, row.agreement, row.since) for row in rows)
        return drafts(
            parts,
            items,
            billed,
            until=until,
            on=on,
            windows=windows,
            decisions=decisions,
            decided=decided,
            apart=apart,
        )

    @staticmethod
    def answered(facts: Facts, row: AgendaRow, until: date) -> AgendaRow:
        """Return the row of an agreement after everything it owed was issued."""
        agreement = row.source, row.agreement
        return next_row(
            row,
            facts.asks.get(agreement),
            facts.items.get(agreement, ()),
            facts.decisions.get(agreement, ()),
            facts.billed.get(agreement, {}),
            until=until,
            asked=row.asked(until),
        )


def _kept_apart(settings: Settings, part: Part) -> str:
    """Name what a part is kept apart with, by the settings of who pays, the source and the agreement."""
    return settings.apart(source=part.key.source, client=part.terms.payer, agreement=part.key.agreement)


def _parties(
    store: Store,
    rows: Sequence[AgendaRow],
    items: Iterable[Sequence[BillableItem]],
    decisions: Iterable[Sequence[Decision]],
    entries: Iterable[BilledEntry],
) -> dict[str, Party]:
    """Read everybody for whom something was done, and everybody who pays, ever paid or got a bill for them."""
    names = {row.client for row in rows} | {row.payer for row in rows}
    names.update(item.client for mine in items for item in mine)
    for entry in entries:
        names.add(entry.client)
        names.add(entry.terms.payer)
    parties = store.get_many(Party, names)
    more = {payer for party in parties.values() if party.billed_to for _, payer in party.billed_to.steps}
    more.update(item.payer for mine in items for item in mine if item.payer)
    more.update(d.payer for mine in decisions for d in mine if d.kind is DecisionKind.MOVED)
    if missing := more - parties.keys():
        parties = {**parties, **store.get_many(Party, missing)}
    return parties
