"""Subscriptions and loose lines as the folder tells them: each begun once, and amended by what each later row says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Final, TypeVar

import attrs

from ..domain.dated import Dated
from ..domain.items import Price
from ..domain.periods import DAY
from ..domain.vat import TaxClass
from ..sources.manual import Line
from ..sources.subscriptions import Subscription, SubscriptionLine, Timing
from ..sources.subscriptions.amendments import counted, ended, priced
from .importing import Import, Refused, by_key, still_to_do
from .rows import LineRow, SubscriptionRow
from .tables import LINES, SUBSCRIPTIONS

T = TypeVar("T")

AGREED: Final = "agreed"
"""Why a line of a subscription ends: the file has no column to say more."""
WITHDRAWN: Final = "quantity 0"
"""Why a loose line is not due after all."""


# ------------------------------------------------------------------------------------------------------- subscriptions


def import_subscriptions(work: Import, rows: Sequence[SubscriptionRow]) -> None:
    """Start every line, and amend it by each row that says something new."""
    kept = work.store.get_many(Subscription, {row.subscription for row in rows})
    for mine in by_key(SUBSCRIPTIONS, rows):
        first, states = mine[0], _states(mine)
        subscription = kept.get(first.subscription)
        known = subscription.line(first.line) if subscription else None
        if subscription is None or known is None:
            begin = partial(_start, work, first, states[0], subscription)
            if not work.carry_out(SUBSCRIPTIONS, first, begin):
                continue
            kept[first.subscription] = _with_line(first, states[0], subscription, work.office.administration.currency)
            known = states[0]
        elif work.cannot_change(SUBSCRIPTIONS, first, _fixed(first, states[0], subscription, known)):
            continue
        for row, state in still_to_do(mine, states, known, same=_same_line):
            if not work.carry_out(SUBSCRIPTIONS, row, partial(_amend, work, row, known, state)):
                break
            known = state


def _states(rows: Sequence[SubscriptionRow]) -> list[SubscriptionLine]:
    """Return the line as each row leaves it."""
    first = rows[0]
    line = SubscriptionLine.of(
        first.line,
        first.text,
        start=first.start,
        price=first.price or 0,
        quantity=first.quantity or 0,
        months=first.months,
        timing=Timing(first.billed),
        tax_class=TaxClass(first.tax),
    )
    states = [ended(line, first.end, reason=AGREED) if first.end else line]
    for row in rows[1:]:
        states.append(_after(states[-1], row))
    return states


def _after(line: SubscriptionLine, row: SubscriptionRow) -> SubscriptionLine:
    if row.end:
        return ended(line, row.end, reason=AGREED)
    since = row.since or line.start
    if row.price is not None:
        line = priced(line, row.price, from_=since)
    if row.quantity is not None:
        line = counted(line, row.quantity, from_=since)
    return line


def _start(work: Import, row: SubscriptionRow, line: SubscriptionLine, known: Subscription | None) -> None:
    """Begin a subscription with its first line, or one more line of it."""
    desk, on = work.office.subscriptions, row.entered or min(row.start, work.on)
    if known is None:
        desk.start(work.store, _with_line(row, line, None, work.office.administration.currency), on=on)
    elif row.title and row.title != known.title:
        raise Refused(
            f"This subscription is called {known.title or 'nothing'}.", "Write that, or leave it empty.", column="title"
        )
    else:
        desk.add_line(work.store, known.id, line, on=on)


def _with_line(row: SubscriptionRow, line: SubscriptionLine, known: Subscription | None, currency: str) -> Subscription:
    if known is not None:
        return attrs.evolve(known, lines=(*known.lines, line))
    return Subscription(id=row.subscription, client=row.client, title=row.title, currency=currency, lines=(line,))


def _amend(work: Import, row: SubscriptionRow, before: SubscriptionLine, after: SubscriptionLine) -> None:
    """Tell the desk everything in which two states of a line differ."""
    desk, id = work.office.subscriptions, row.subscription
    for day, price in _steps(before.prices, after.prices):
        on = row.entered or min(day, work.on)
        desk.change_price(work.store, id, row.line, price, from_=day, on=on)
    for day, quantity in _steps(before.quantities, after.quantities):
        on = row.entered or min(day, work.on)
        desk.change_quantity(work.store, id, row.line, quantity, from_=day, on=on)
    if before.end == after.end:
        return
    on = row.entered or work.on
    if after.end is None:
        desk.resume(work.store, id, row.line, on=on)
    else:
        desk.end(work.store, id, row.line, last_day=after.end - DAY, reason=AGREED, on=on)


def _steps(before: Dated[T], after: Dated[T]) -> Iterator[tuple[date, T]]:
    """Yield from which days on which figures have to be agreed, so that one history says what the other says."""
    for day in sorted({*before.days, *after.days}):
        figure = after.at(day)
        if before.at(day) != figure:
            before = before.changed(day, figure)
            yield day, figure


def _same_line(one: SubscriptionLine, other: SubscriptionLine) -> bool:
    """Whether two states of a line say the same of every day."""
    return (
        one.end == other.end
        and not any(_steps(one.prices, other.prices))
        and not any(_steps(one.quantities, other.quantities))
    )


def _fixed(
    row: SubscriptionRow, first: SubscriptionLine, subscription: Subscription, line: SubscriptionLine
) -> dict[str, tuple[object, object]]:
    return {
        "client": (row.client, subscription.client),
        "title": (row.title or subscription.title, subscription.title),
        "text": (first.text, line.text),
        "start": (first.start, line.start),
        "months": (first.months, line.months),
        "billed": (first.timing.value, line.timing.value),
        "tax": (first.tax_class.value, line.tax_class.value),
    }


# --------------------------------------------------------------------------------------------------------- loose lines


def import_lines(work: Import, rows: Sequence[LineRow]) -> None:
    """Write every loose line, and change it by each row that says something new."""
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
