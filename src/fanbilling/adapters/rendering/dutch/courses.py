"""Dutch words of courses."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-registered": "ingeschreven",
    "change-confirmed": "bijeenkomst bevestigd",
    "change-held": "cursus gehouden",
    "change-attended": "bijgewoond",
    "change-cancelled": "geannuleerd",
    "change-promoted": "plaats vrijgekomen",
    "change-payer-changed": "andere betaler",
    "change-identified": "betaler bekend",
    "change-offer-lapsed": "aanbod vervallen",
    "fact-first-day": "Eerste dag",
    "fact-last-day": "Laatste dag",
    "fact-study-load": "Studielast in uren",
    "fact-attendance": "Aanwezigheid in %",
    "fact-place": "Plaats",
    "fact-teacher": "Docent",
    "fact-certificate-number": "Certificaatnummer",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "courses.seat": ("Een plaats op {start:day}: {value:money}", "Een plaats: {value:money}", "Een plaats"),
    "courses.no-show": (
        "Een plaats op {start:day}; niemand kwam, en er is niet geannuleerd: {value:money}",
        "Niemand kwam, en er is niet geannuleerd",
    ),
    "courses.free": ("Een gratis plaats",),
    "courses.requested": ("Aangevraagd; nog niet aangenomen",),
    "courses.waiting": ("Op de wachtlijst: er is niets verschuldigd",),
    "courses.offered": ("Een plaats is aangeboden, en nog niet aangenomen",),
    "courses.cancelled": ("Geannuleerd op {on:day} ({why})", "Geannuleerd op {on:day}", "Geannuleerd"),
    "courses.no-payer": ("Nog niet bekend is wie ervoor betaalt",),
    "courses.price": ("{value:price}, de prijs op de dag van inschrijving", "De prijs op de dag van inschrijving"),
    "courses.price-agreed": (
        "{value:price} afgesproken in plaats van {list_price:price} ({why})",
        "{value:price} afgesproken",
        "Een afgesproken prijs",
    ),
    "courses.price-discounted": (
        "{list_price:price} min {discount:percent}: {value:price}",
        "{value:price} na korting",
        "Een prijs na korting",
    ),
    "courses.cancelled-in-time": ("Op tijd geannuleerd: er is niets verschuldigd",),
    "courses.cancellation-fee": (
        "Geannuleerd op {on:day}, na {boundary:day}: {percent:percent} van {price:price} is {value:money}",
        "Geannuleerd op {on:day}, na {boundary:day}: {value:money}",
        "Laat geannuleerd: {value:money}",
        "Laat geannuleerd",
    ),
    "courses.fee-agreed": ("Afgesproken voor de annulering: {value:money}", "Afgesproken voor de annulering"),
    "courses.substitution-fee": ("Iemand anders komt: {value:money}", "Iemand anders komt"),
    "courses.move-fee": (
        "Verplaatst van sessie {from} naar sessie {to}: {value:money}",
        "Verplaatst naar een andere sessie: {value:money}",
        "Verplaatst naar een andere sessie",
    ),
}
