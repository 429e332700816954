"""Dutch words of subscriptions."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-started": "begonnen",
    "change-line-added": "regel toegevoegd",
    "change-price-changed": "prijs gewijzigd",
    "change-price-raised": "prijs verhoogd",
    "change-quantity-changed": "aantal gewijzigd",
    "change-ended": "beëindigd",
    "change-resumed": "einde teruggenomen",
    "change-removed": "verwijderd",
}
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
    "subscription.raised": (
        "Verhoogd met {percentage:percent} per {from:day}: {value:price}, was {was:price}",
        "Verhoogd per {from:day}",
        "Verhoogd",
    ),
    "increase.price-fixed": ("De prijs staat vast: geen percentage verhoogt hem",),
    "increase.starts-later": ("Begint pas op {value:day}", "Begint pas dan"),
    "increase.price-agreed": ("Per die dag is {value:price} afgesproken", "Per die dag is een prijs afgesproken"),
    "increase.yearly": ("Stijgt die dag met {value:percent}, zoals afgesproken", "Stijgt die dag, zoals afgesproken"),
    "increase.none": ("Geen verhoging van die dag om terug te nemen",),
}
