"""Subscriptions: what a client rents, licenses or has serviced by the period."""

from .desk import SubscriptionsDesk
from .records import Subscription, SubscriptionLine, Timing
from .source import Subscriptions

__all__ = ["Subscription", "SubscriptionLine", "Subscriptions", "SubscriptionsDesk", "Timing"]
