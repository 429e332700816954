"""What is done in the order in which it became known: what is in stock on a day decides what can leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import attrs

from ...importing import Import
from ...tables import Row, Table


@attrs.frozen(kw_only=True)
class Step:
    """Something that a row says and the books do not.

    Args:
        known: when it became known.
        on: when it happened.
        rank: what goes first of what happened and became known on one day: what comes in before what goes out.
        rows: how many rows say it together.
        do: tells the desk.
    """

    table: Table[Any]
    row: Row
    known: date
    on: date
    rank: int
    rows: int = 1
    do: Callable[[], object]


def carry_out(work: Import, steps: Iterable[Step]) -> None:
    """Tell the desk everything, day by day."""
    for step in sorted(steps, key=lambda one: (one.known, one.on, one.rank, one.row.row)):
        if work.carry_out(step.table, step.row, step.do):
            work.done += step.rows - 1
