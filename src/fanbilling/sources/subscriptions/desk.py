"""Where subscriptions are started, amended and ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import attrs

from ...domain.agenda import Touch
from ...domain.errors import Conflict, InvalidValue, NotFound
from ...domain.events import AgreementChanged
from ...domain.parties import Party
from ...domain.periods import DAY, a_day
from ...domain.ports.storage import Shelf, Store, never_billed, ours
from .amendments import changed_from, checked, checked_line, counted, ended, priced, resumed
from .cycles import next_period
from .increases import a_percentage, rising_yearly
from .joint import IncreaseReport, LeftOut, PriceIncrease, every_subscription, pages, raise_lines
from .records import NAME, Subscription, SubscriptionLine


@attrs.frozen
class SubscriptionsDesk:
    """Starts, amends and ends subscriptions; what was billed is corrected by the next run.

    ``on`` is the day on which something was agreed or heard of, ``from_`` and ``last_day`` are the days from and
    until which it holds: earlier or later. Saying the same again changes nothing.

    Args:
        administration: whose books it works in; an office fills it in, and then the desk refuses others.
    """

    administration: str = ""

    def start(self, store: Shelf, subscription: Subscription, *, on: date) -> None:
        """Start a subscription.

        Raises:
            InvalidValue: when it cannot be billed as it is written.
            NotFound: when the client is not registered.
            Conflict: when another subscription, or this one before it was amended, has this id.
        """
        a_day(on, where="on")
        known = ours(store, self.administration).get_many(Subscription, [subscription.id]).get(subscription.id)
        if known is None:
            _new(store, checked(subscription), "started", on, subscription.lines)
            store.add(subscription)
        elif known != subscription:
            raise Conflict(
                "it stands for something else by now",
                where=f"subscription {subscription.id}",
                remedy="amend that one, or use a new id",
            )

    def add_line(self, store: Shelf, id: str, line: SubscriptionLine, *, on: date) -> None:
        """Agree on one more line.

        Raises:
            InvalidValue: when it cannot be billed as it is written.
            NotFound: when there is no such subscription.
            Conflict: when another line, or this one before it was amended, has this id.
        """
        a_day(on, where="on")
        before = _held(ours(store, self.administration), id)
        known = before.line(line.id)
        if known is None:
            after = attrs.evolve(before, lines=(*before.lines, checked_line(line)))
            store.replace(before, after)
            _new(store, after, "line-added", on, (line,))
        elif known != line:
            raise Conflict(
                "it stands for something else by now", where=f"line {id}/{line.id}", remedy="amend it, or use a new id"
            )

    def change_price(self, store: Shelf, id: str, line: str, price: Decimal, *, from_: date, on: date) -> None:
        """Agree on another price for a whole period, from a day on (also an earlier one), up to the next agreed price.

        Raises:
            NotFound: when there is no such subscription or line.
            InvalidValue: for a day before the line starts, or a price below zero.
        """
        self._amend(
            store,
            id,
            line,
            "price-changed",
            on,
            step=lambda one: priced(one, price, from_=from_),
        )

    def change_quantity(self, store: Shelf, id: str, line: str, quantity: Decimal, *, from_: date, on: date) -> None:
        """Agree on another quantity from a day on, up to the next agreed quantity; zero is a pause.

        Raises:
            NotFound: when there is no such subscription or line.
            InvalidValue: for a day before the line starts, or a quantity below zero.
        """
        self._amend(
            store,
            id,
            line,
            "quantity-changed",
            on,
            step=lambda one: counted(one, quantity, from_=from_),
        )

    def change_increase(
        self, store: Shelf, id: str, line: str, percentage: Decimal | None, *, from_: date, on: date
    ) -> None:
        """Agree that the price rises by a percentage on a day and every year after on that day; zero: no longer.

        It holds until another percentage is agreed. Each increase is on the price then in force, and rounded half up to
        the cent once.

        Args:
            percentage: absent takes back what was agreed from that very day, as if it had not been.

        Raises:
            NotFound: when there is no such subscription or line.
            InvalidValue: for a day that is not after the start, a percentage that is not between 0 and 100, or a line
                whose price is fixed.
        """
        self._amend(
            store,
            id,
            line,
            "increase-changed",
            on,
            step=lambda one: rising_yearly(one, percentage, from_=from_),
        )

    def increase(
        self, store: Shelf, percentage: Decimal, *, from_: date, on: date, subscriptions: Iterable[str] | None = None
    ) -> IncreaseReport:
        """Raise the price of many lines by a percentage, once, from a day on; say what rose, and what did not and why.

        Left out is a line whose price is fixed, that ended before or starts only then, or whose price of that very day
        was agreed otherwise. Another percentage from the same day takes the place of this one; zero takes it back.

        Args:
            subscriptions: the ids of those that rise; absent means all.

        Raises:
            NotFound: when there is no such subscription; then nothing rises.
            InvalidValue: for a percentage that is not between 0 and 100.
        """
        a_day(on, where="on")
        a_day(from_, where="from_")
        ours(store, self.administration)
        number = a_percentage(percentage, where="lines")
        ids = list(pages(every_subscription(store) if subscriptions is None else subscriptions))
        for page in ids:
            store.agenda.hold([(NAME, id) for id in page])
        found: list[PriceIncrease | LeftOut] = []
        for page in ids:
            found.extend(_raise(store, page, number, from_=from_, on=on))
        return IncreaseReport(
            increased=tuple(one for one in found if isinstance(one, PriceIncrease)),
            left_out=tuple(one for one in found if isinstance(one, LeftOut)),
        )

    def end(self, store: Shelf, id: str, line: str, *, last_day: date, reason: str, on: date) -> None:
        """Agree on the last day of a line, or on another one than before; what was billed beyond it is given back.

        Raises:
            NotFound: when there is no such subscription or line.
            InvalidValue: when no reason is given.
        """
        if not reason.strip():
            raise InvalidValue("an end needs a reason", where=f"line {id}/{line}", remedy="say why, in a few words")
        self._amend(
            store,
            id,
            line,
            "ended",
            on,
            step=lambda one: ended(one, last_day, reason=reason),
        )

    def resume(self, store: Shelf, id: str, line: str, *, on: date) -> None:
        """Take an end back, as if it had never been agreed: what was given back is billed again.

        Raises:
            NotFound: when there is no such subscription or line.
        """
        self._amend(store, id, line, "resumed", on, step=resumed)

    def remove(self, store: Store, id: str, *, on: date) -> None:
        """Take a subscription away that was never billed, as if it had not been agreed.

        Raises:
            NotFound: when there is no such subscription.
            RuleViolation: when something of it was billed or decided: end it instead.
        """
        subscription = ours(store, self.administration).get(Subscription, id)
        never_billed(store, NAME, id)
        store.remove(Subscription, id)
        since = min(line.start for line in subscription.lines)
        _write(store, subscription, "removed", on, since=since, ask_on=min(since, on))

    def _amend(
        self,
        store: Shelf,
        id: str,
        line: str,
        change: str,
        on: date,
        *,
        step: Callable[[SubscriptionLine], SubscriptionLine],
    ) -> None:
        """Take one step with one line, keep it, and have everything asked again that it may have changed."""
        a_day(on, where="on")
        before = _held(ours(store, self.administration), id)
        known = before.line(line)
        if known is None:
            raise NotFound(f"it has no line {line!r}", where=f"subscription {id}", remedy="add the line first")
        amended = step(known)
        since = changed_from(known, amended)
        if since is None:
            return
        after = attrs.evolve(before, lines=tuple(amended if one is known else one for one in before.lines))
        store.replace(before, after)
        # What is filed before today may have been billed, and is corrected at once; later periods wait for their day.
        _write(store, after, change, on, since=since, ask_on=min(since, on))


def _held(store: Shelf, id: str) -> Subscription:
    """Return a subscription as it is now; nobody else amends it meanwhile, and a run waits."""
    store.agenda.hold([(NAME, id)])  # first, as everybody does: then nobody waits for one who waits for him
    return store.get(Subscription, id)


def _new(store: Shelf, subscription: Subscription, change: str, on: date, lines: tuple[SubscriptionLine, ...]) -> None:
    """Have new lines asked for from their first day, as soon as something of them can be billed."""
    since = min(line.start for line in lines)
    firsts = [next_period(line, line.start - DAY) for line in lines]
    ask_on = min((day for _, day in filter(None, firsts)), default=since)
    _write(store, subscription, change, on, since=since, ask_on=ask_on)


def _raise(
    store: Shelf, ids: list[str], percentage: Decimal, *, from_: date, on: date
) -> list[PriceIncrease | LeftOut]:
    """Raise the lines of a page of subscriptions, and have those that rose asked again."""
    known = store.get_many(Subscription, ids)
    found: list[PriceIncrease | LeftOut] = []
    changed: list[tuple[Subscription, date]] = []
    for id in ids:
        before = known[id]
        after, reported = raise_lines(before, percentage, from_=from_)
        found.extend(reported)
        days = [changed_from(*pair) for pair in zip(before.lines, after.lines, strict=True)]
        if since := min(filter(None, days), default=None):
            store.replace(before, after)
            changed.append((after, since))
    payers = store.get_many(Party, {one.client for one, _ in changed})
    store.agenda.touch([_touch(one, payers[one.client], since, min(since, on)) for one, since in changed])
    store.journal.append([_happened(one, "price-raised", on, since) for one, since in changed])
    return found


def _write(store: Shelf, subscription: Subscription, change: str, on: date, *, since: date, ask_on: date) -> None:
    """Have a subscription asked again, and write down that something changed; refuse an unknown client before that."""
    client = store.get(Party, subscription.client)
    store.agenda.touch([_touch(subscription, client, since, ask_on)])
    store.journal.append([_happened(subscription, change, on, since)])


def _touch(subscription: Subscription, client: Party, since: date, ask_on: date) -> Touch:
    return Touch(
        source=NAME,
        agreement=subscription.id,
        client=client.id,
        payer=client.billed_with,
        since=since,
        ask_on=ask_on,
    )


def _happened(subscription: Subscription, change: str, on: date, since: date) -> AgreementChanged:
    return AgreementChanged(
        party=subscription.client, on=on, source=NAME, agreement=subscription.id, change=change, since=since
    )
