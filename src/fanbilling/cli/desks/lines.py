"""Loose lines as the folder tells them: each written once, and changed by what each later row says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final

import attrs

from ...domain.items import Price
from ...domain.vat import TaxClass
from ...sources.manual import Line, Manual
from ..columns import DAY, ENTERED, ID, NUMBER, TAX, TEXT, UNIT, Later, Problems, Wrong, column
from ..importing import Import, Refused, by_key, still_to_do
from ..tables import Folder, Found, Index, Table
from .files import DeskFiles, Due, Names

WITHDRAWN: Final = "quantity 0"
"""Why a loose line is not due after all."""


@attrs.frozen(kw_only=True)
class LineRow:
    """A loose line: something delivered once."""

    row: int
    id: str = column(ID, "Id of the line", "L-2001", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED, stands_in="clients.csv")
    date: dt.date = column(DAY, "Day on which it was delivered", "2026-02-12", required=True, later=Later.FIXED)
    text: str = column(TEXT, "Text of the line", "Consultancy, data import", required=True)
    quantity: Decimal = column(NUMBER, "How many; 0 in a later row withdraws the line", "6,5", required=True)
    unit: str = column(UNIT, "Unit code: C62 piece, HUR hour, DAY day", "HUR", default="C62", later=Later.FIXED)
    price: Decimal = column(NUMBER, "Price of one, without VAT", "112,50", required=True)
    tax: str = column(
        TAX,
        "VAT class of what is sold",
        "standard",
        required=True,
        later=Later.FIXED,
    )
    bill_on: dt.date | None = column(
        DAY, "Not on a bill before this day; empty: `date`", "2026-07-15", later=Later.FIXED
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-02-13", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself: nothing more than its cells."""
        return iter(())


LINES: Final = Table(file="lines.csv", row=LineRow, stamp=("entered",))


def _named(index: Index, table: Table[Any], row: Names) -> Found:
    """A row names a line that there is, and the day of that line."""
    yield from index.refer(table, row, "agreement", LINES, row.agreement)
    line = index.first(LINES, row.agreement)
    if line and row.filed != line.date:
        yield table, row, "filed", Wrong("The loose line has another date.", f"Write {line.date}.")


def import_lines(work: Import, folder: Folder) -> None:
    """Write every loose line, and change it by each row that says something new."""
    rows = folder.of(LINES)
    kept = work.store.get_many(Line, {row.id for row in rows})
    for mine in by_key(LINES, rows):
        first, known = mine[0], kept.get(mine[0].id)
        states = _line_states(mine, work.office.administration.currency)
        last = next((n for n, state in enumerate(states, 1) if state.withdrawn), len(states))
        for row in mine[last:]:
            work.refuse(LINES, row, _withdrawn_before())
        to_do = list(zip(mine[:last], states[:last], strict=True))
        if known is not None:
            if work.cannot_change(LINES, first, _fixed_of_line(states[0], known)):
                continue
            to_do = still_to_do(mine[:last], states[:last], known, same=Line.__eq__)
        for row, state in to_do:
            if not work.carry_out(LINES, row, partial(_write, work, row, known, state)):
                break
            known = state


def _line_states(rows: Sequence[LineRow], currency: str) -> list[Line]:
    """Return the line as each row leaves it."""
    first = rows[0]
    line = Line(
        id=first.id,
        client=first.client,
        on=first.date,
        text=first.text,
        price=Price.of(first.price, unit=first.unit),
        currency=currency,
        quantity=first.quantity,
        tax_class=TaxClass(first.tax),
        bill_on=first.bill_on,
    )
    states = [line]
    for row in rows[1:]:
        if row.quantity:
            price = Price.of(row.price, unit=row.unit)
            states.append(attrs.evolve(line, text=row.text, price=price, quantity=row.quantity))
        else:
            states.append(attrs.evolve(states[-1], withdrawn=WITHDRAWN))
    return states


def _write(work: Import, row: LineRow, before: Line | None, after: Line) -> None:
    """Tell the desk in what two states of a loose line differ."""
    desk, on = work.office.manual, row.entered or min(row.date, work.on)
    if before is None:
        desk.add(work.store, after, on=on)
    elif after.withdrawn and not before.withdrawn:
        desk.withdraw(work.store, row.id, on=on, reason=WITHDRAWN)
    elif before.withdrawn:
        raise _withdrawn_before()
    else:
        desk.change(work.store, row.id, on=on, quantity=after.quantity, price=after.price, text=after.text)


def _withdrawn_before() -> Refused:
    return Refused("This line was withdrawn.", "Give what is due an id of its own.", column="id")


def _fixed_of_line(said: Line, kept: Line) -> dict[str, tuple[object, object]]:
    return {
        "client": (said.client, kept.client),
        "date": (said.on, kept.on),
        "unit": (said.price.unit, kept.price.unit),
        "tax": (said.tax_class.value, kept.tax_class.value),
        "bill_on": (said.bill_on, kept.bill_on),
    }


LOOSE_LINES: Final = DeskFiles(
    source=Manual(),
    tables=(LINES,),
    carry_out=import_lines,
    due=Due(agreement="loose line", filed="Its `date`", check=_named),
)
