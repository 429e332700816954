"""L3 and L4: places 1..n in every series, dates that never go back, every seal following from the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from ..domain.ports.storage import Store
from .findings import Finding
from .reading import sealed_rows


def check_seals(store: Store) -> Iterator[Finding]:
    """Walk along each series and compute every seal anew."""
    for series, rows in groupby(sealed_rows(store), key=lambda row: row.series):
        last, head = date.min, ""
        for place, row in enumerate(rows, 1):
            if row.place != place:
                where = f"series {series}, {row.number}"
                yield Finding(law="L3", where=where, expected=f"place {place}", found=f"place {row.place}")
            if row.on < last:
                yield Finding(law="L3", where=row.number, expected=f"a date of {last} or later", found=str(row.on))
            seal = hashlib.sha256(f"{head}\n{row.number}\n{row.body}".encode()).hexdigest()
            if seal != row.chain:
                yield Finding(law="L4", where=row.number, expected=f"seal {seal[:12]}", found=f"seal {row.chain[:12]}")
            last, head = max(last, row.on), row.chain
