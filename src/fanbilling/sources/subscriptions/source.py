"""What is due of subscriptions: one key per line and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from ...domain.items import BillableItem, ItemKey, Price
from ...domain.money import places
from ...domain.periods import Period
from ...domain.ports.sourcing import Ask, Asked, Reading
from .cycles import bill_on, in_force, next_period, periods
from .desk import SubscriptionsDesk
from .proration import nothing, shares
from .records import NAME, Subscription, SubscriptionLine


@attrs.frozen
class Subscriptions:
    """Says which periods of which lines are due.

    The answer holds every period that is filed from ``since`` up to and including ``until``, each for the whole time
    in force, also one that is still going on: looking further ahead adds periods and changes none (law S3). A period
    after the end is an item of quantity zero that says so.
    """

    @property
    def name(self) -> str:
        return NAME

    @property
    def records(self) -> tuple[type, ...]:
        return (Subscription,)

    @property
    def desk(self) -> SubscriptionsDesk:
        """Where subscriptions are started, amended and ended."""
        return SubscriptionsDesk()

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> list[BillableItem]:
        found = reading.get_many(Subscription, [one.agreement for one in asked])
        answer: list[BillableItem] = []
        for one in asked:
            subscription = found.get(one.agreement)
            if subscription is None:
                continue
            for line in subscription.lines:
                for filed, whole in periods(line, one.since, until):
                    answer.extend(_due(subscription, line, filed, whole))
        return answer

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        asks = {}
        for id, subscription in reading.get_many(Subscription, asked).items():
            coming = [next_period(line, after) for line in subscription.lines]
            days = [one for one in coming if one is not None]
            if days:
                asks[id] = Ask(since=min(filed for filed, _ in days), on=min(on for _, on in days))
        return asks


def _due(subscription: Subscription, line: SubscriptionLine, filed: date, whole: Period) -> list[BillableItem]:
    """Return the items of one line and one period, all under one key."""
    key = ItemKey(NAME, subscription.id, filed, line.id)
    per = Decimal(whole.days)
    force = in_force(line, filed, whole)
    day = bill_on(line, force) if force else filed
    cents = places(subscription.currency)
    return [
        BillableItem(
            key=key,
            client=subscription.client,
            quantity=unit_days,
            price=Price(price, per, "DAY"),
            currency=subscription.currency,
            tax_class=line.tax_class,
            supply=line.supply,
            tax_point=supplied.start if supplied else filed,
            bill_on=day,
            supplied=supplied,
            text=line.text,
            title=subscription.title,
            because=because,
        )
        for supplied, unit_days, price, because in (
            shares(line, whole, force, cents) if force else [nothing(line, filed, cents)]
        )
    ]
