"""Subscriptions as the folder tells them: each line begun once, and amended by what each later row says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final, TypeVar

import attrs

from ....domain.dated import Dated
from ....domain.periods import DAY
from ....domain.vat import TaxClass
from ....sources.subscriptions import Subscription, SubscriptionLine, Timing
from ....sources.subscriptions.amendments import counted, ended, priced
from ....sources.subscriptions.increases import rising_yearly
from ...importing import Import, Refused, by_key, still_to_do
from ...tables import Folder
from .rows import SUBSCRIPTIONS, SubscriptionRow

T = TypeVar("T")

AGREED: Final = "agreed"
"""Why a line of a subscription ends: the file has no column to say more."""


def import_subscriptions(work: Import, folder: Folder) -> None:
    """Start every line, and amend it by each row that says something new."""
    rows = folder.of(SUBSCRIPTIONS)
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
        anchor=first.anchor,
        increase=first.increase,
        increase_from=first.increase_from,
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
    if row.increase is not None and row.increase_from is not None:
        line = rising_yearly(line, row.increase, from_=row.increase_from)
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
    for day, percentage in _agreed_increases(before, after):
        on = row.entered or min(day, work.on)
        desk.change_increase(work.store, id, row.line, percentage, from_=day, on=on)
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


def _agreed_increases(before: SubscriptionLine, after: SubscriptionLine) -> Iterator[tuple[date, Decimal | None]]:
    """Yield from which days which increases have to be agreed, or taken back, so that one line rises as the other."""
    known, wanted = (dict(line.yearly_increase.steps if line.yearly_increase else ()) for line in (before, after))
    for day in sorted({*known, *wanted}):
        if known.get(day) != wanted.get(day):
            yield day, wanted.get(day)


def _same_line(one: SubscriptionLine, other: SubscriptionLine) -> bool:
    """Whether two states of a line say the same of every day."""
    return (
        one.end == other.end
        and one.yearly_increase == other.yearly_increase
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
        "anchor": (first.anchor, line.anchor),
        "months": (first.months, line.months),
        "billed": (first.timing.value, line.timing.value),
        "tax": (first.tax_class.value, line.tax_class.value),
    }
