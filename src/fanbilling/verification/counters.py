"""L3 and L4: every numbering stands where its last document or event stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..domain.findings import Finding
from ..domain.ports.storage import Store


def check_counters(store: Store, last: Mapping[str, int]) -> Iterator[Finding]:
    """Hold every counter against the last place that was given: one that is behind gives a number again."""
    kept = {name: value for name, value in store.counters().items() if name == "journal" or name.startswith("series:")}
    for name in sorted(last.keys() | kept.keys()):
        expected, found = last.get(name, 0), kept.get(name)
        if expected != (found or 0):
            yield Finding(
                law="L4" if name == "journal" else "L3",
                where=f"counter of {name}",
                expected=str(expected),
                found="none" if found is None else str(found),
            )
