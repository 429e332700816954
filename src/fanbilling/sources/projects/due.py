"""What is due of a project: its hours, expenses, instalments and progress, each under a key of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

import attrs

from ...domain.exact import EXACT, ZERO, rounded
from ...domain.items import LUMP_SUM, BillableItem, ItemKey, Price
from ...domain.money import places
from ...domain.periods import Period
from ...domain.reasons import Reason
from ...domain.vat import Supply, TaxClass
from .entries import EntryState, Expense, TimeEntry
from .rates import RateRule, resolve_rate
from .records import HUNDRED, NAME, Instalment, Project, ProjectKind

HOUR = "HUR"

#: Money at 1.00, a lump sum: so that what is given back is a part of a line, and not the line and another one.
MONEY = Price(Decimal("1.00"), unit=LUMP_SUM)

_NEVER_DUE = {
    ProjectKind.FIXED_PRICE: Reason("hours.fixed", ZERO),
    ProjectKind.INTERNAL: Reason("hours.internal", ZERO),
    ProjectKind.FUNDED: Reason("hours.funded", ZERO),
}


# ------------------------------------------------------------------------------------------------------------ the hours


def of_hours(project: Project, entry: TimeEntry, rules: Iterable[RateRule]) -> BillableItem:
    """Return what is due for hours: nothing, something that waits, or so many at the rate of the day worked.

    Args:
        rules: those in the currency of the project.
    """
    blocked, price, quantity = None, Price(ZERO, unit=HOUR), entry.billable
    if not project.by_hours:
        quantity, because = ZERO, _NEVER_DUE[project.kind]
    elif entry.state is EntryState.REJECTED:
        quantity, because = ZERO, _rejected(entry)
    else:
        rate = resolve_rate(rules, entry)
        because = _worked(entry, rate.because)
        price = rate.price or price
        if entry.state is EntryState.DRAFT:
            blocked = Reason("hours.not-approved", entry.billable, (("employee", entry.employee), ("on", entry.on)))
        elif rate.price is None:
            blocked = rate.because
    text = entry.text or entry.activity or project.title
    return _item(
        project,
        entry.on,
        f"hours:{entry.id}",
        quantity=quantity,
        price=price,
        text=text,
        because=because,
        blocked=blocked,
        supplied=Period.through(entry.on, entry.on),
    )


def _worked(entry: TimeEntry, rate: Reason) -> Reason:
    """Say what was worked, at which rate, and why it is another figure than first was booked."""
    facts = (("on", entry.on), ("employee", entry.employee), ("worked", entry.hours))
    return Reason("hours.worked", entry.billable, facts, (rate, *_corrections(entry)))


def _corrections(entry: TimeEntry | Expense) -> tuple[Reason, ...]:
    """Say by which last step the figures became what they are, if they were others before."""
    for before, after in zip(reversed(entry.history[:-1]), reversed(entry.history[1:]), strict=True):
        if (before.figure, before.billed) != (after.figure, after.billed):
            was = before.billed if isinstance(entry, TimeEntry) else before.figure
            return (Reason("hours.corrected", was, (("on", after.on), ("why", after.reason))),)
    return ()


def _rejected(entry: TimeEntry | Expense) -> Reason:
    last = entry.history[-1] if entry.history else None
    facts = (("on", last.on), ("why", last.reason)) if last else ()
    return Reason("hours.rejected", ZERO, facts)


# --------------------------------------------------------------------------------------------------------- the expenses


def of_expense(project: Project, expense: Expense) -> BillableItem:
    """Return what is due for an expense: its cost and the markup, rounded half up to the cent, once."""
    blocked, quantity = None, Decimal(1)
    sum_ = EXACT.divide(EXACT.multiply(expense.cost, HUNDRED + expense.markup), HUNDRED)
    price = rounded(sum_, places(project.currency))
    facts = (("on", expense.on), ("cost", expense.cost), ("markup", expense.markup))
    because = Reason("expense.passed-on", price, facts, _corrections(expense))
    if not project.by_hours:
        quantity, because = ZERO, _NEVER_DUE[project.kind]
    elif expense.state is EntryState.REJECTED:
        quantity, because = ZERO, _rejected(expense)
    elif expense.state is EntryState.DRAFT:
        blocked = Reason("expense.not-approved", price, (("on", expense.on),))
    return _item(
        project,
        expense.on,
        f"expense:{expense.id}",
        quantity=quantity,
        price=Price(price),
        text=expense.text,
        because=because,
        blocked=blocked,
        tax_class=expense.tax_class,
        supply=expense.supply,
    )


# ------------------------------------------------------------------------------------------------------ the fixed price


def of_price(project: Project) -> Iterator[BillableItem]:
    """Yield what is due of a fixed price: its instalments, or what progress makes of it, and extra work."""
    amounts = project.amounts
    for one in project.plan:
        blocked = None
        if one.milestone and one.released is None:
            blocked = Reason("instalment.not-released", amounts[one.id], (("planned", one.on),))
        item = _item(
            project,
            one.on,
            f"installment:{one.id}",
            quantity=Decimal(1),
            price=Price(amounts[one.id]),
            text=one.text,
            because=_agreed(project, one, amounts[one.id]),
            blocked=blocked,
        )
        yield attrs.evolve(item, bill_on=one.billable_on, tax_point=one.billable_on)
    for day, amount, because in progressed(project):
        text = f"{project.title}, {because.input('percent'):f}%"
        yield _item(project, day, "progress", quantity=amount, price=MONEY, text=text, because=because)


def _agreed(project: Project, one: Instalment, amount: Decimal) -> Reason:
    if one.extra:
        return Reason("instalment.extra", amount, (("agreed", one.known),))
    reached = Reason("instalment.released", one.released) if one.released else None
    facts = (("percent", one.percent), ("price", project.price), ("planned", one.on))
    return Reason("instalment.due", amount, facts, (reached,) if reached else ())


def progressed(project: Project) -> Iterator[tuple[date, Decimal, Reason]]:
    """Yield per statement its day, how much of the price it adds, and why.

    A later statement of less takes back what earlier ones added, from the newest on: of 30, 55 and 50 percent the
    first adds 30, the second 20 and the third nothing. What they add up to is always the price times the last
    statement, rounded once.
    """
    price, cents = project.price or ZERO, places(project.currency)
    done = ZERO
    stated = list({one.on: one for one in project.progress}.values())  # of one day, what was said last
    for place, said in enumerate(stated):
        lowest = min(stated[place:], key=lambda one: (one.percent, one.on))
        reached = rounded(EXACT.divide(EXACT.multiply(price, lowest.percent), HUNDRED), cents)
        facts = (("percent", said.percent), ("price", price), ("before", done))
        lowered: tuple[Reason, ...] = ()
        if lowest is not said:
            lowered = (Reason("progress.lowered", lowest.percent, (("on", lowest.on),)),)
        added = EXACT.subtract(reached, done)
        yield said.on, added, Reason("progress.stated", added, facts, lowered)
        done = reached


def _item(
    project: Project,
    on: date,
    fact: str,
    *,
    quantity: Decimal,
    price: Price,
    text: str,
    because: Reason,
    blocked: Reason | None = None,
    supplied: Period | None = None,
    tax_class: TaxClass | None = None,
    supply: Supply | None = None,
) -> BillableItem:
    return BillableItem(
        key=ItemKey(NAME, project.id, on, fact),
        client=project.client,
        quantity=quantity,
        price=price,
        currency=project.currency,
        tax_class=tax_class or project.tax_class,
        supply=supply or project.supply,
        tax_point=on,
        bill_on=on,
        supplied=supplied,
        text=text,
        title=project.title,
        blocked=blocked,
        because=because,
    )
