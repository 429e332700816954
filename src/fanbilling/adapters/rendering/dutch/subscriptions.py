"""Dutch words of subscriptions."""

from __future__ import annotations

LABELS: dict[str, str] = {}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "subscription.period": (
        "{quantity} × {price:price}, van {start:day} tot en met {last_day:day}: {days} van {of} dagen",
        "{quantity} × {price:price}, van {start:day} tot en met {last_day:day}: de hele periode",
        "Abonnement van {start:day} tot en met {last_day:day}",
        "Abonnement",
    ),
    "subscription.ended": (
        "Beëindigd, laatste dag {value:day} ({why})",
        "Beëindigd, laatste dag {value:day}",
        "Beëindigd",
    ),
    "subscription.changed": (
        "{what:word} per {from:day}: {value:price}, was {was:price}",
        "Gewijzigd per {from:day}",
        "Gewijzigd",
    ),
}
