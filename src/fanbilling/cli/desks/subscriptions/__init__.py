"""Subscriptions in an exchange folder."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ....domain.items import ItemKey
from ....domain.ports.storage import Store
from ....sources.subscriptions import Subscription, Subscriptions
from ....sources.subscriptions.cycles import filed_under, number, period
from ...importing import Refused
from ..files import DeskFiles, Due
from .agreeing import import_subscriptions
from .rows import SUBSCRIPTIONS, named, one_client


def _days_of_cycle(store: Store, key: ItemKey) -> Decimal:
    """Return the days of the cycle that begins on the day under which a key is filed.

    Raises:
        Refused: when none begins on that day.
    """
    line = store.get(Subscription, key.agreement).line(key.fact)
    if line is None:
        raise Refused("The subscription has no such line.", "Write the line, as in subscriptions.csv.", column="fact")
    begins = filed_under(line, key.filed)
    if begins != key.filed:
        raise Refused("No cycle begins on this day.", f"Write {begins}, or the first day of another.", column="filed")
    anchor = line.anchor or line.start
    return Decimal(period(anchor, line.months, number(anchor, line.months, key.filed)).days)


SUBSCRIBED: Final = DeskFiles(
    source=Subscriptions(),
    tables=(SUBSCRIPTIONS,),
    check=one_client,
    carry_out=import_subscriptions,
    due=Due(
        agreement="subscription",
        fact="Line of the subscription",
        filed="First day of the cycle",
        check=named,
        units=_days_of_cycle,
    ),
)
