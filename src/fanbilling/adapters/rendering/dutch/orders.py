"""Dutch words of orders."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-ordered": "besteld",
    "change-delivered": "geleverd",
    "change-delivery-corrected": "levering gecorrigeerd",
    "change-returned": "teruggestuurd",
    "change-over-delivery-agreed": "meer dan besteld afgesproken",
    "change-quoted": "offerte gemaakt",
    "change-accepted": "aanvaard",
    "column-net": "Excl. btw",
    "column-ordered": "Besteld",
    "column-delivered": "Geleverd",
    "column-to-follow": "Volgt nog",
    "fact-wanted-on": "Gewenst op",
    "fact-variant-of": "Variant van",
    "fact-quotation": "Offerte",
    "fact-delivery-reference": "Kenmerk van de levering",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "orders.ordered": ("{value} van de {ordered} die op {on:day} zijn besteld", "Besteld op {on:day}", "Besteld"),
    "orders.delivered": (
        "{value} van de {delivered} die met levering {delivery} op {on:day} kwamen",
        "Geleverd op {on:day}",
        "Geleverd",
    ),
    "orders.delivery-corrected": (
        "Er zijn er {value} geleverd en geen {was}: gecorrigeerd op {on:day} ({why})",
        "Er zijn er {value} geleverd en geen {was}: gecorrigeerd op {on:day}",
        "De geleverde hoeveelheid is gecorrigeerd",
    ),
    "orders.returned": (
        "{value} kwamen op {on:day} terug met retour {return} ({why})",
        "{value} kwamen op {on:day} terug met retour {return}",
        "Teruggekomen",
    ),
    "orders.cancelled": ("{value} geannuleerd ({why})", "{value} geannuleerd", "Geannuleerd"),
    "price.agreed": ("{value:price}, zoals afgesproken", "Zoals afgesproken"),
    "price.corrected": (
        "{value:price}, op {on:day} afgesproken in plaats van {was:price} ({why})",
        "{value:price}, op {on:day} afgesproken in plaats van {was:price}",
        "Opnieuw afgesproken",
    ),
    "price.discounted": ("{price:price} min {discount:percent} is {value:price}", "Min een korting"),
    "price.list": (
        "{value:price} volgens prijs {price}, voor {client}, bij afname vanaf {from_quantity}, vanaf {since:day}",
        "{value:price} volgens prijs {price}, voor {client}, bij afname vanaf {from_quantity}",
        "{value:price} volgens prijs {price}, voor {client}, vanaf {since:day}",
        "{value:price} volgens prijs {price}, bij afname vanaf {from_quantity}, vanaf {since:day}",
        "{value:price} volgens prijs {price}, voor {client}",
        "{value:price} volgens prijs {price}, bij afname vanaf {from_quantity}",
        "{value:price} volgens prijs {price}, vanaf {since:day}",
        "{value:price} volgens prijs {price}",
        "Volgens de prijslijst",
    ),
    "price.second": (
        "Niet {value:price} volgens prijs {price}: de andere gaat voor",
        "De andere prijs gaat voor",
    ),
}
