"""L3 and L4: places 1..n in every series, dates that never go back, every seal following from the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from ..domain.chain import SealedRow
from ..domain.findings import Finding


class Chain:
    """A walk along the series, one after the other, that computes every seal anew."""

    def __init__(self) -> None:
        self._series = ""
        self._place = 0
        self._last = date.min
        self._head = ""

    def follow(self, row: SealedRow) -> Iterator[Finding]:
        """Hold the next document against those before it."""
        if row.series != self._series or not self._place:
            self._series, self._place, self._last, self._head = row.series, 0, date.min, ""
        self._place += 1
        if row.place != self._place:
            where = f"series {row.series}, {row.number}"
            yield Finding(law="L3", where=where, expected=f"place {self._place}", found=f"place {row.place}")
        if row.on < self._last:
            yield Finding(law="L3", where=row.number, expected=f"a date of {self._last} or later", found=str(row.on))
        seal = hashlib.sha256(f"{self._head}\n{row.number}\n{row.body}".encode()).hexdigest()
        if seal != row.chain:
            yield Finding(law="L4", where=row.number, expected=f"seal {seal[:12]}", found=f"seal {row.chain[:12]}")
        self._last, self._head = max(self._last, row.on), row.chain
