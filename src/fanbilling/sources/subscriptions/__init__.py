"""Subscriptions: what a client rents, licenses or has serviced by the period."""

from .desk import SubscriptionsDesk
from .records import Billed, Subscription, SubscriptionLine
from .source import Subscriptions

__all__ = ["Billed", "Subscription", "SubscriptionLine", "Subscriptions", "SubscriptionsDesk"]
