"""What is booked: hours and expenses, with their approval, and everything that was ever known of them.

An entry is kept under the day on which it was worked or spent, and that never changes. What changes (its state, its
figures) is a step of its history with the day on which it became known, so that any day can be looked back on.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import attrs

from ...domain.errors import InvalidValue, RuleViolation
from ...domain.exact import ZERO, exact
from ...domain.periods import a_day
from ...domain.records import record
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass, to_supply, to_tax_class

DAY_OF_HOURS = Decimal(24)


class EntryState(StrEnum):
    """How far an entry is: written, approved, or turned down."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"


#: From which state an entry may go where. Correcting an entry that was rejected makes it a draft again; whether it was
#: billed is no state of an entry: what is billed is computed.
TRANSITIONS: dict[EntryState, frozenset[EntryState]] = {
    EntryState.DRAFT: frozenset({EntryState.APPROVED, EntryState.REJECTED}),
    EntryState.APPROVED: frozenset({EntryState.REJECTED}),
    EntryState.REJECTED: frozenset({EntryState.DRAFT}),
}


def to_state(word: EntryState | str) -> EntryState:
    """Turn a word into a state of an entry, or refuse it."""
    return one_of(EntryState, word)


@attrs.frozen(kw_only=True)
class Known:
    """What became known of an entry on a day.

    Args:
        figure: the hours worked, or what was spent.
        billed: the hours to bill, or the markup in percent.
        reason: why it was corrected or rejected, for whoever reads the credit.
    """

    on: date
    state: EntryState = attrs.field(converter=to_state)
    figure: Decimal
    billed: Decimal
    reason: str = ""


E = TypeVar("E", "TimeEntry", "Expense")


def _blank_reasons(history: tuple[Known, ...]) -> tuple[Known, ...]:
    """Return a history without what somebody wrote in it."""
    return tuple(attrs.evolve(step, reason="") for step in history)


@record(
    "projects.hours",
    keys=("client", "project", "employee", "activity", "on", "state"),
    party="client",
    personal={"text": "", "history": _blank_reasons},
)
@attrs.frozen(kw_only=True)
class TimeEntry:
    """Hours that somebody worked on a project on a day.

    Args:
        employee: who worked, by the id in the host's own administration.
        on: the day on which it was worked; another day is another entry.
        hours: how many were worked.
        billable: how many of them are billed; absent means all.
        text: what was done, in the client's words.
        client, state, history: filled in by the desk.

    Raises:
        InvalidValue: when an id is missing, or for no hours or more than a day has.
    """

    id: str
    project: str
    employee: str
    on: date
    hours: Decimal = attrs.field(converter=exact)
    billable: Decimal = attrs.field(converter=exact)
    activity: str = ""
    text: str = ""
    client: str = ""
    state: EntryState = attrs.field(default=EntryState.DRAFT, converter=to_state)
    history: tuple[Known, ...] = ()

    @billable.default
    def _all_hours(self) -> Decimal:
        return self.hours

    def __attrs_post_init__(self) -> None:
        """Refuse hours that nobody can work, or that could not be kept."""
        where = f"hours {an_id(self.id, where='hours')}"
        an_id(self.project, where=f"{where}, project")
        an_id(self.employee, where=f"{where}, employee")
        for text in (self.activity, self.text, self.client):
            a_text(text, where=where)
        a_day(self.on, where=where)
        if not ZERO < self.hours <= DAY_OF_HOURS:
            raise InvalidValue(
                f"{self.hours} hours", where=where, remedy="book more than zero and at most 24; or reject"
            )
        if not ZERO <= self.billable <= DAY_OF_HOURS:
            raise InvalidValue(f"{self.billable} hours to bill", where=where, remedy="use 0 to 24")

    @property
    def figures(self) -> tuple[Decimal, Decimal]:
        """The hours worked, and those to bill."""
        return self.hours, self.billable

    def with_figures(self, figure: Decimal, billed: Decimal) -> TimeEntry:
        """Return the entry with other hours."""
        return attrs.evolve(self, hours=figure, billable=billed)


@record(
    "projects.expense",
    keys=("client", "project", "on", "state"),
    party="client",
    personal={"text": "erased", "history": _blank_reasons},
)
@attrs.frozen(kw_only=True)
class Expense:
    """Something that was bought for a project, passed on to the client at cost and a markup.

    Args:
        on: the day on which it was spent; another day is another entry.
        text: what it was, in the client's words.
        cost: what was paid, excluding VAT.
        markup: how many percent come on top.
        client, state, history: filled in by the desk.

    Raises:
        InvalidValue: when id or text is missing, the cost is not above zero, or the markup is below zero.
    """

    id: str
    project: str
    on: date
    text: str
    cost: Decimal = attrs.field(converter=exact)
    markup: Decimal = attrs.field(default=ZERO, converter=exact)
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    supply: Supply = attrs.field(default=Supply.SERVICES, converter=to_supply)
    client: str = ""
    state: EntryState = attrs.field(default=EntryState.DRAFT, converter=to_state)
    history: tuple[Known, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse an expense that could not be kept or billed."""
        where = f"expense {an_id(self.id, where='expense')}"
        an_id(self.project, where=f"{where}, project")
        a_text(self.text, where=f"{where}, text", needed=True)
        a_text(self.client, where=where)
        a_day(self.on, where=where)
        if self.cost <= 0 or self.markup < 0:
            raise InvalidValue(
                f"a cost of {self.cost} and a markup of {self.markup}",
                where=where,
                remedy="use a cost above zero and a markup of zero or more",
            )

    @property
    def figures(self) -> tuple[Decimal, Decimal]:
        """The cost, and the markup."""
        return self.cost, self.markup

    def with_figures(self, figure: Decimal, billed: Decimal) -> Expense:
        """Return the expense with another cost and markup."""
        return attrs.evolve(self, cost=figure, markup=billed)


# ---------------------------------------------------------------------------------------------------- steps of an entry


def booked(entry: E, *, client: str, on: date) -> E:
    """Return an entry as it is kept: a draft, known from a day on."""
    figure, billed = entry.figures
    first = Known(on=on, state=EntryState.DRAFT, figure=figure, billed=billed)
    return attrs.evolve(entry, client=client, state=EntryState.DRAFT, history=(first,))


def as_booked(entry: E) -> E:
    """Return an entry as somebody booked it, before anything else became known."""
    first = entry.history[0]
    return attrs.evolve(entry.with_figures(first.figure, first.billed), client="", state=EntryState.DRAFT, history=())


def stepped(entry: E, state: EntryState, *, on: date, reason: str = "") -> E:
    """Return an entry in another state.

    Raises:
        RuleViolation: when it cannot go there.
    """
    if state not in TRANSITIONS[entry.state]:
        raise RuleViolation(
            f"it is {entry.state} and cannot become {state}", where=f"entry {entry.id}", remedy="correct it first"
        )
    return _known(entry, state, on, reason)


def corrected(entry: E, figure: Decimal, billed: Decimal, *, on: date, reason: str) -> E:
    """Return an entry with other figures; one that was rejected is a draft again."""
    state = EntryState.DRAFT if entry.state is EntryState.REJECTED else entry.state
    return _known(entry.with_figures(figure, billed), state, on, reason)


def as_known(entry: E, day: date) -> E | None:
    """Return an entry as it was known at the end of a day, or nothing: not yet worked, or not yet booked."""
    steps = [step for step in entry.history if step.on <= day]
    if not steps or entry.on > day:
        return None
    last = steps[-1]
    return attrs.evolve(entry.with_figures(last.figure, last.billed), state=last.state, history=tuple(steps))


def _known(entry: E, state: EntryState, on: date, reason: str) -> E:
    a_text(reason, where=f"entry {entry.id}, reason")
    before = entry.history[-1].on
    if a_day(on, where="on") < before:
        raise RuleViolation(
            f"something of {before} is known of it", where=f"entry {entry.id}", remedy="give that day or a later one"
        )
    figure, billed = entry.figures
    step = Known(on=on, state=state, figure=figure, billed=billed, reason=reason)
    return attrs.evolve(entry, state=state, history=(*entry.history, step))
