"""Ageing: how much is open, and how long it is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs

from .money import Money
from .payments import OpenItem

#: The last day overdue of each bucket; what is older falls in the last one.
BUCKETS = (0, 30, 60, 90)


@attrs.frozen(kw_only=True)
class Ageing:
    """What one payer has open in one currency: not due, 1–30, 31–60, 61–90 and more than 90 days overdue."""

    payer: str
    buckets: tuple[Money, ...]
    total: Money


def age(items: Sequence[OpenItem], *, on: date) -> tuple[Ageing, ...]:
    """Put open items in buckets by the days that they are overdue on a day, per payer and currency."""
    groups: dict[tuple[str, str], list[Money]] = {}
    for item in items:
        currency = item.open.currency
        buckets = groups.setdefault((item.payer, currency), [Money.zero(currency)] * (len(BUCKETS) + 1))
        overdue = (on - item.due).days
        place = next((n for n, last in enumerate(BUCKETS) if overdue <= last), len(BUCKETS))
        buckets[place] += item.open
    return tuple(
        Ageing(payer=payer, buckets=tuple(buckets), total=Money.total(buckets, currency))
        for (payer, currency), buckets in sorted(groups.items())
    )
