"""Subscriptions: what a client rents, licenses or has serviced by the period."""

from .desk import SubscriptionsDesk
from .joint import IncreaseReport, LeftOut, PriceIncrease
from .records import Subscription, SubscriptionLine, Timing
from .source import Subscriptions

__all__ = [
    "IncreaseReport",
    "LeftOut",
    "PriceIncrease",
    "Subscription",
    "SubscriptionLine",
    "Subscriptions",
    "SubscriptionsDesk",
    "Timing",
]
