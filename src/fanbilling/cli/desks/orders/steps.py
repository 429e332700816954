"""What is done in the order in which it became known: what is in stock on a day decides what can leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

import attrs

from ....domain.errors import NotEnoughStock
from ...importing import Import, Refused
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
        if work.carry_out(step.table, step.row, partial(_do, step)):
            work.done += step.rows - 1


def _do(step: Step) -> None:
    """Tell the desk; of too little stock also say of which product, because a row names an order or an assembly."""
    try:
        step.do()
    except NotEnoughStock as error:
        problem = f"Of {error.where.partition(', ')[0]}: {error.problem}"
        raise Refused(problem, error.remedy) from error
