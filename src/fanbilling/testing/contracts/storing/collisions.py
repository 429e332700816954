"""A world so small that whatever can collide does: ids, revisions, numbers, days, equal keys.

Three cards, three agreements, three documents, two series, two payers, three days.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import attrs
from hypothesis import strategies as st

from ....domain.ledger import LedgerEntry
from ....domain.ports.sourcing import Between, OneOf
from .kinds import Card, Phase
from .values import billed, booking, changed, decision, key, registered, touch, window

ALL = [window(agreement) for agreement in ("a1", "a2", "b")]

seldom = st.sampled_from((False, False, False, True))
limits = st.integers(1, 3)
days = st.sampled_from([date(2026, month, 1) for month in (1, 2, 3)])
agreements = st.sampled_from(("a1", "a2", "b"))
payers = st.sampled_from(("acme", "beta"))
series = st.sampled_from(("2026", "x"))
documents = st.sampled_from(("d1", "d2", "d3"))
batches = st.lists(documents, max_size=2)
keys = st.builds(key, agreements, days, st.sampled_from(("", "f")))

asked = st.lists(st.none() | days, min_size=1, max_size=2)
bookings = st.lists(
    st.builds(booking, st.sampled_from(("b1", "b2", "b3")), st.sampled_from(("0.10", "-0.10")), party=payers),
    max_size=2,
)
decisions = st.lists(st.builds(decision, st.sampled_from(("w1", "w2", "w3")), keys, until=st.none() | days), max_size=3)
entries = st.lists(st.builds(billed, keys, st.integers(0, 1), document=documents, line=st.integers(1, 3)), max_size=3)
events = st.lists(st.builds(registered, payers) | st.builds(changed, agreements, payers), max_size=3)
touches = st.lists(st.builds(touch, agreements, payers, days, days), max_size=3)
windows = st.lists(st.builds(window, agreements, days), max_size=3)

cards = st.lists(
    st.builds(
        Card,
        id=st.sampled_from(("c1", "c2", "C3")),
        client=payers,
        phase=st.sampled_from(Phase),
        day=days,
        size=st.integers(-1, 1),
        ended=st.none() | days,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda card: card.id,
)
#: The keys of a card, and what can be asked of them.
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "client": payers | st.just(OneOf(("beta", "gamma"))),
    "phase": st.sampled_from(Phase) | st.just(OneOf(tuple(Phase))),
    "day": days | st.builds(Between, st.none() | days, st.none() | days),
    "size": st.integers(-1, 1) | st.just(Between(0)),
    "ended": st.none() | days | st.builds(Between, days),
}


def _one(key: str, value: Any) -> dict[str, Any]:
    return {key: value}


#: No condition, one, or several: with many there is seldom anything to be found.
conditions = st.one_of(
    st.just({}),
    st.one_of([values.map(partial(_one, key)) for key, values in KEYS.items()]),
    st.fixed_dictionaries({}, optional=KEYS),
)


def settled(entry: LedgerEntry) -> LedgerEntry:
    """Return the entry that takes another one back."""
    postings = tuple(attrs.evolve(posting, amount=-posting.amount) for posting in entry.postings)
    return attrs.evolve(entry, id=f"back {entry.id}", postings=postings)
