"""English words of subscriptions."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-started": "started",
    "change-line-added": "line added",
    "change-price-changed": "price changed",
    "change-price-raised": "price raised",
    "change-quantity-changed": "quantity changed",
    "change-ended": "ended",
    "change-resumed": "end taken back",
    "change-removed": "removed",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "subscription.period": (
        "{quantity} × {price:price}, from {start:day} through {last_day:day}: {days} of {of} days",
        "{quantity} × {price:price}, from {start:day} through {last_day:day}: the whole period",
        "Subscription from {start:day} through {last_day:day}",
        "Subscription",
    ),
    "subscription.ended": (
        "Ended, last day {value:day} ({why})",
        "Ended, last day {value:day}",
        "Ended",
    ),
    "subscription.changed": (
        "{what:word} from {from:day}: {value:price}, was {was:price}",
        "Changed from {from:day}",
        "Changed",
    ),
    "subscription.raised": (
        "Raised by {percentage:percent} from {from:day}: {value:price}, was {was:price}",
        "Raised from {from:day}",
        "Raised",
    ),
    "increase.price-fixed": ("The price is fixed: no percentage raises it",),
    "increase.starts-later": ("Starts only on {value:day}", "Starts only then"),
    "increase.price-agreed": ("{value:price} was agreed from that day", "A price was agreed from that day"),
    "increase.yearly": ("Rises by {value:percent} on that day, as agreed", "Rises on that day, as agreed"),
    "increase.none": ("No increase of that day to take back",),
}
