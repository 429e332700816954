"""What a row of subscriptions.csv says, and what it has to agree with."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Final

import attrs

from ...columns import DAY, ENTERED, ID, MONTHS, NUMBER, TAX, TEXT, Later, Problems, Wrong, choice, column
from ...tables import Found, Index, Table
from ..files import Names

HIGHEST: Final = Decimal(100)
"""By how many percent a price can rise at once."""


@attrs.frozen(kw_only=True)
class SubscriptionRow:
    """One statement about one line of a subscription: its start, a change from a day, or its end."""

    row: int
    subscription: str = column(ID, "Id of the subscription", "S-1001", required=True)
    line: str = column(ID, "Id of the line within the subscription", "users", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED, stands_in="clients.csv")
    title: str = column(TEXT, "Heading on the bill", "Brinkhoff Orders", later=Later.FIXED)
    text: str = column(TEXT, "Text of the line", "Licence per user", required=True, later=Later.FIXED)
    start: dt.date = column(
        DAY, "First day; every cycle is counted from it", "2026-01-31", required=True, later=Later.FIXED
    )
    end: dt.date | None = column(
        DAY, "Last day of the line; empty: until further notice", "2026-12-31", later=Later.OWN
    )
    months: int = column(
        MONTHS, "Length of a cycle: 1 monthly, 3 quarterly, 12 yearly", "1", required=True, later=Later.FIXED
    )
    billed: str = column(
        choice("advance", "arrears"), "When a cycle is billed", "advance", required=True, later=Later.FIXED
    )
    quantity: Decimal | None = column(
        NUMBER, "How many; a first row without it means 1", "12", default=Decimal(1), later=Later.OWN
    )
    price: Decimal | None = column(
        NUMBER, "Price of one for one cycle, without VAT", "24,95", required=True, later=Later.OWN
    )
    tax: str = column(
        TAX,
        "VAT class of what is sold",
        "standard",
        required=True,
        later=Later.FIXED,
    )
    since: dt.date | None = column(
        DAY,
        "In a later row: first day on which its price or quantity holds",
        "2026-03-16",
        later=Later.OWN,
        name="from",
    )
    anchor: dt.date | None = column(
        DAY,
        "A day on which a cycle starts, where that is not `start` (the 1st of a month)",
        "2026-01-01",
        later=Later.FIXED,
    )
    increase: Decimal | None = column(
        NUMBER, "By how many percent the price rises every year; 0 ends it", "2,5", later=Later.OWN
    )
    increase_from: dt.date | None = column(
        DAY, "First day on which it rises, and on that day of every year after", "2026-07-01", later=Later.OWN
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-04-02", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.end and self.end < self.start:
            yield "end", Wrong("The line ends before it starts.", f"Write {self.start} or later.")
        if first and self.since:
            yield "from", Wrong("The first row of a line starts it and changes nothing.", "Leave this empty.")
        yield from self._increase_problems()
        if not first:
            yield from self._change_problems()

    def _increase_problems(self) -> Problems:
        """An increase has a percentage and a day."""
        if self.increase is not None and self.increase > HIGHEST:
            yield "increase", Wrong("This is more than the price itself.", "Write 0 to 100, such as 2,5.")
        if self.increase is not None and self.increase_from is None:
            yield "increase_from", Wrong("The price rises, but this row does not say from when.", "Fill increase_from.")
        elif self.increase is None and self.increase_from is not None:
            yield "increase", Wrong("There is a day, but no percentage.", "Fill increase, or leave both empty.")
        elif self.increase_from is not None and self.increase_from <= self.start:
            why = f"The line starts on {self.start}; its price can rise after that."
            yield "increase_from", Wrong(why, "Write a later day.")

    def _change_problems(self) -> Problems:
        """A later row is a change from a day, or an end."""
        changed = self.price is not None or self.quantity is not None
        rises = self.increase is not None or self.increase_from is not None
        if self.since and self.since < self.start:
            yield "from", Wrong("The change holds from before the start.", f"Write {self.start} or later.")
        if self.end and (changed or rises or self.since):
            yield "end", Wrong("This row is a change and an end at once.", "Give the end a row of its own.")
        elif changed and not self.since:
            yield "from", Wrong("The line stands above; this row does not say from when it changes.", "Fill from.")
        elif not changed and not rises and not self.end:
            yield (
                "price",
                Wrong(
                    "This row says nothing new about its line.", "Fill from and price or quantity, an increase, or end."
                ),
            )


SUBSCRIPTIONS: Final = Table(
    file="subscriptions.csv", row=SubscriptionRow, key=("subscription", "line"), stamp=("from", "entered")
)


def one_client(index: Index) -> Found:
    """A subscription has one client."""
    for line in index.folder.of(SUBSCRIPTIONS):
        begun = index.first(SUBSCRIPTIONS, line.subscription)
        if begun and begun.client != line.client:
            why = f"This subscription is of client {begun.client}."
            yield SUBSCRIPTIONS, line, "client", Wrong(why, f"Write {begun.client}, or give it an id of its own.")


def named(index: Index, table: Table[Any], row: Names) -> Found:
    """A row names a line that there is, and a day on which it ran."""
    if index.first(SUBSCRIPTIONS, row.agreement) is None:
        yield from index.refer(table, row, "agreement", SUBSCRIPTIONS, row.agreement)
        return
    yield from index.refer(table, row, "fact", SUBSCRIPTIONS, row.agreement, row.fact)
    line = index.first(SUBSCRIPTIONS, row.agreement, row.fact)
    if line and row.filed and row.filed < line.start:
        why = Wrong("The line starts later.", f"Write the first day of a cycle, {line.start} or later.")
        yield table, row, "filed", why
