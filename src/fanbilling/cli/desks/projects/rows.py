"""What the rows of the files of projects say: projects, instalments, rates, hours and expenses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Final

import attrs

from ...columns import DAY, ENTERED, GIVEN, ID, NUMBER, TAX, TEXT, YES_NO, Later, Problems, Wrong, choice, column
from ...tables import Table

WHOLE: Final = Decimal(100)
MOST_HOURS: Final = Decimal(24)
FIXED_PRICE: Final = "fixed-price"
_KINDS: Final = choice("time-and-material", FIXED_PRICE, "internal", "funded")
_STATES: Final = choice("draft", "approved", "rejected")


@attrs.frozen(kw_only=True)
class ProjectRow:
    """One statement about a project: its start, how far the work is, or its end."""

    row: int
    id: str = column(ID, "Id of the project", "B-101", required=True)
    client: str = column(ID, "The client", "ardent", required=True, later=Later.FIXED, stands_in="clients.csv")
    title: str = column(TEXT, "Heading on the bill", "Extension of the shed", required=True, later=Later.FIXED)
    kind: str = column(
        _KINDS,
        "What is asked for it: hours and expenses, a fixed price, nothing, or an account of the hours",
        "fixed-price",
        default="time-and-material",
        later=Later.FIXED,
    )
    price: Decimal | None = column(GIVEN, "The fixed price, without VAT", "48500,00", later=Later.FIXED)
    tax: str = column(TAX, "VAT class of what is sold", "standard", required=True, later=Later.FIXED)
    budget: Decimal | None = column(NUMBER, "Hours that were reckoned with", "320", later=Later.FIXED)
    start: dt.date | None = column(DAY, "First day on which is booked; empty: any", "2026-03-02", later=Later.FIXED)
    end: dt.date | None = column(DAY, "Last day on which is booked; empty: any", "2026-08-31", later=Later.FIXED)
    funder: str = column(
        ID, "Who the hours are accounted for to", "waterfonds", later=Later.FIXED, stands_in="clients.csv"
    )
    progress: Decimal | None = column(
        NUMBER,
        "How much of the work is done, in percent; bills a fixed price without instalments",
        "55",
        later=Later.OWN,
    )
    progress_on: dt.date | None = column(DAY, "The day at whose end that was so", "2026-04-30", later=Later.OWN)
    closed: dt.date | None = column(DAY, "Day on which it was closed: nothing later is booked", "2026-07-31")
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-02", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        fixed = self.kind == FIXED_PRICE
        if fixed and self.price is None:
            yield "price", Wrong("A project of a fixed price has a price.", "Fill price, or write another kind.")
        if not fixed and self.price is not None:
            yield "price", Wrong(f"A project of the kind {self.kind} has no price.", "Leave this empty.")
        if self.start and self.end and self.end < self.start:
            yield "end", Wrong("The project ends before it starts.", f"Write {self.start} or later.")
        if self.progress is not None and not fixed:
            yield "progress", Wrong("Only a fixed price is billed by progress.", "Leave this empty.")
        elif self.progress is not None and self.progress > WHOLE:
            yield "progress", Wrong("This is more than the whole.", "Write 0 to 100, such as 55.")
        if self.progress is not None and self.progress_on is None:
            yield "progress_on", Wrong("There is progress, but this row does not say of when.", "Fill progress_on.")
        elif self.progress is None and self.progress_on is not None:
            yield "progress", Wrong("There is a day, but no percentage.", "Fill progress, or leave both empty.")


@attrs.frozen(kw_only=True)
class InstallmentRow:
    """A part of a fixed price, or extra work; a later row says when its milestone was reached."""

    row: int
    project: str = column(ID, "The project", "B-101", required=True, stands_in="projects.csv")
    id: str = column(ID, "Id of the instalment within the project", "start", required=True)
    text: str = column(TEXT, "Text of the line", "First instalment, on order", required=True, later=Later.FIXED)
    date: dt.date = column(
        DAY, "The planned day, under which it is filed", "2026-03-02", required=True, later=Later.FIXED
    )
    percent: Decimal | None = column(
        NUMBER, "Percentage of the fixed price; the last takes the exact rest", "30", later=Later.FIXED
    )
    amount: Decimal | None = column(GIVEN, "Amount instead of a percentage, without VAT", "850,00", later=Later.FIXED)
    milestone: str = column(
        YES_NO, "Whether it waits until a milestone is reached", "yes", default="no", later=Later.FIXED
    )
    released: dt.date | None = column(
        DAY,
        "Day on which the milestone was reached; a later row without it takes that back",
        "2026-05-29",
        later=Later.OWN,
    )
    extra: str = column(
        YES_NO, "Whether it is extra work, on top of the fixed price", "yes", default="no", later=Later.FIXED
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-05-29", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.percent is not None and self.amount is not None:
            yield "amount", Wrong("Percentage and amount exclude each other.", "Fill one of the two.")
        if self.percent is None and self.amount is None:
            yield "percent", Wrong("This does not say how much it is.", "Fill percent or amount.")
        if self.percent is not None and not 0 < self.percent <= WHOLE:
            yield "percent", Wrong("This is no part of a price.", "Write more than 0 and at most 100, such as 30.")
        if self.extra == "yes" and self.percent is not None:
            yield "percent", Wrong("Extra work has an amount of its own.", "Fill amount instead.")
        if self.released and self.milestone != "yes":
            yield "released", Wrong("It waits for no milestone.", "Leave this empty, or write yes in milestone.")


@attrs.frozen(kw_only=True)
class RateRow:
    """What an hour costs, wherever everything that the row names agrees."""

    row: int
    id: str = column(ID, "Id of the rate", "R-7", required=True)
    project: str = column(ID, "Only on this project; empty: any", "B-102", later=Later.FIXED, stands_in="projects.csv")
    employee: str = column(ID, "Only for this employee; empty: any", "joris", later=Later.FIXED)
    client: str = column(ID, "Only for this client; empty: any", "ardent", later=Later.FIXED, stands_in="clients.csv")
    activity: str = column(TEXT, "Only for this work; empty: any", "carpentry", later=Later.FIXED)
    price: Decimal = column(NUMBER, "Price of an hour, without VAT", "62,50", required=True, later=Later.FIXED)
    since: dt.date = column(
        DAY, "First day worked for which it holds", "2026-01-01", required=True, later=Later.FIXED, name="from"
    )
    until: dt.date | None = column(
        DAY, "Last day worked for which it holds; empty: no end", "2026-12-31", later=Later.FIXED
    )
    withdrawn: dt.date | None = column(
        DAY, "In a later row: day on which it was taken back, as if it was never agreed", "2026-04-10"
    )
    entered: dt.date | None = column(DAY, ENTERED, "2026-01-01", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if self.until and self.until < self.since:
            yield "until", Wrong("The rate ends before it begins.", f"Write {self.since} or later.")


@attrs.frozen(kw_only=True)
class HoursRow:
    """Hours of somebody on a project; a later row approves, corrects or rejects them."""

    row: int
    id: str = column(ID, "Id of the hours", "h1", required=True)
    project: str = column(ID, "The project", "B-102", required=True, later=Later.FIXED, stands_in="projects.csv")
    employee: str = column(ID, "Who worked", "joris", required=True, later=Later.FIXED)
    date: dt.date = column(DAY, "Day on which was worked", "2026-03-04", required=True, later=Later.FIXED)
    hours: Decimal = column(NUMBER, "Hours worked", "7,5", required=True)
    billable: Decimal | None = column(NUMBER, "Hours to bill; empty: all of them", "6")
    activity: str = column(TEXT, "What kind of work; it may decide the rate", "carpentry", later=Later.FIXED)
    text: str = column(TEXT, "What was done, in the words of the bill", "Placing the frames", later=Later.FIXED)
    state: str = column(_STATES, "How far they are; only what is approved is billed", "approved", default="draft")
    reason: str = column(TEXT, "In a row that corrects or rejects: why", "Break not taken off", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-05", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        if not 0 < self.hours <= MOST_HOURS:
            yield (
                "hours",
                Wrong("Nobody works that long on a day.", "Write more than 0 and at most 24; or reject them."),
            )
        if self.billable is not None and self.billable > MOST_HOURS:
            yield "billable", Wrong("A day has not so many hours.", "Write 0 to 24.")
        yield from _rejected_for_a_reason(self.state, self.reason)

    @property
    def figures(self) -> tuple[Decimal, Decimal]:
        """The hours worked, and those to bill."""
        return self.hours, self.hours if self.billable is None else self.billable


@attrs.frozen(kw_only=True)
class ExpenseRow:
    """Something bought for a project; a later row approves, corrects or rejects it."""

    row: int
    id: str = column(ID, "Id of the expense", "x1", required=True)
    project: str = column(ID, "The project", "B-102", required=True, later=Later.FIXED, stands_in="projects.csv")
    date: dt.date = column(DAY, "Day on which it was spent", "2026-03-06", required=True, later=Later.FIXED)
    text: str = column(TEXT, "What it was, in the words of the bill", "Oak planks", required=True, later=Later.FIXED)
    cost: Decimal = column(GIVEN, "What was paid, without VAT", "412,80", required=True)
    markup: Decimal = column(NUMBER, "How many percent come on top", "12,5", default=Decimal(0))
    tax: str = column(TAX, "VAT class of what is sold", "standard", required=True, later=Later.FIXED)
    state: str = column(_STATES, "How far it is; only what is approved is billed", "approved", default="draft")
    reason: str = column(TEXT, "In a row that corrects or rejects: why", "Bonus taken off", later=Later.OWN)
    entered: dt.date | None = column(DAY, ENTERED, "2026-03-07", later=Later.OWN)

    def problems(self, *, first: bool) -> Problems:
        """What is wrong with this row by itself."""
        yield from _rejected_for_a_reason(self.state, self.reason)

    @property
    def figures(self) -> tuple[Decimal, Decimal]:
        """The cost, and the markup."""
        return self.cost, self.markup


def _rejected_for_a_reason(state: str, reason: str) -> Problems:
    if state == "rejected" and not reason:
        yield "reason", Wrong("This was rejected, and nothing says why.", "Fill reason, in a few words.")


PROJECTS: Final = Table(file="projects.csv", row=ProjectRow, stamp=("progress_on", "entered"))
INSTALLMENTS: Final = Table(file="installments.csv", row=InstallmentRow, key=("project", "id"), stamp=("entered",))
RATES: Final = Table(file="rates.csv", row=RateRow, stamp=("entered",))
HOURS: Final = Table(file="hours.csv", row=HoursRow, stamp=("entered",))
EXPENSES: Final = Table(file="expenses.csv", row=ExpenseRow, stamp=("entered",))
