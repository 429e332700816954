"""Setting rates and taking them back: whatever hours they concern are asked again from the first of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs

from ...domain.errors import Conflict
from ...domain.ports.sourcing import Between
from ...domain.ports.storage import Shelf
from .entries import TimeEntry
from .rates import CRITERIA, RateRule
from .reading import every
from .writing import Since, hold_all, told


def set_rate(store: Shelf, rule: RateRule, *, on: date) -> None:
    """Keep a new rule."""
    after = attrs.evolve(rule, known=on, withdrawn=None)
    kept = store.get_many(RateRule, [rule.id]).get(rule.id)
    where = f"rate {rule.id}"
    if kept is not None:
        if attrs.evolve(kept, known=on, withdrawn=None) != after:
            raise Conflict("it stands for another rate", where=where, remedy="use a new id")
        return
    alike = {name: getattr(rule, name) for name in (*CRITERIA, "since")}
    for other in every(store, RateRule, alike):
        if other.withdrawn is None and other.known == on and other.currency == rule.currency:
            raise Conflict(
                f"rate {other.id} of the same day says the same from {rule.since} on",
                where=where,
                remedy="withdraw that one, or let this one begin on another day",
            )
    _priced(store, after, "rate-set", on, lambda: store.add(after))


def withdraw_rate(store: Shelf, id: str, *, on: date) -> None:
    """Take a rule back."""
    before = store.get(RateRule, id)
    if before.withdrawn is None:
        after = attrs.evolve(before, withdrawn=max(on, before.known or on))
        _priced(store, before, "rate-withdrawn", on, lambda: store.replace(before, after))


def _priced(store: Shelf, rule: RateRule, change: str, on: date, write: Callable[[], None]) -> None:
    """Write, and have every project asked again that has hours under a rule, from the first of them."""
    where: dict[str, Any] = {"on": Between(rule.since, rule.until)}
    where |= {name: value for name in CRITERIA if (value := getattr(rule, name))}
    days: dict[str, date] = {}
    for entry in every(store, TimeEntry, where):
        days[entry.project] = min(entry.on, days.get(entry.project, entry.on))
    projects = hold_all(store, days) if days else {}
    write()
    changed = {projects[id]: Since(day, day) for id, day in days.items() if projects[id].by_hours}
    if changed:
        told(store, change, on, changed)
