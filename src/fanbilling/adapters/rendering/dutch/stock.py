"""Dutch words of stock."""

from __future__ import annotations

LABELS: dict[str, str] = {}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "stock.receipt": ("{quantity} ontvangen voor {value:money}", "Ontvangen voor {value:money}", "Ontvangen"),
    "stock.surplus": (
        "{quantity} meer geteld dan bekend was, ter waarde van {value:money}",
        "Meer geteld dan bekend was",
    ),
    "stock.average": (
        "{quantity} van de {on_hand} op voorraad, samen {worth:money} waard: {value:money}",
        "Tegen het voortschrijdend gemiddelde: {value:money}",
        "Tegen het voortschrijdend gemiddelde",
    ),
    "stock.fifo": (
        "{quantity} van wat het eerst binnenkwam: {value:money}",
        "Wat het eerst binnenkwam: {value:money}",
        "Eerst in, eerst uit",
    ),
    "stock.layer": (
        "{quantity} van de {on_hand} die over zijn van {receipt}, samen {worth:money} waard: {value:money}",
        "Uit {receipt}: {value:money}",
        "Uit wat het eerst binnenkwam",
    ),
    "stock.sent-back": (
        "Terug naar leverancier: {quantity} van {on_hand} ({worth:money}), voor {price:money} gekocht: {value:money}",
        "Terug naar de leverancier: {value:money}",
        "Terug naar de leverancier",
    ),
    "stock.returned": (
        "{quantity} van de {of} van {move}, die {cost:money} kostten: {value:money}",
        "Terug van de klant tegen de kostprijs waarmee het wegging: {value:money}",
        "Terug van de klant",
    ),
    "stock.assembled": (
        "{quantity} van {of} delen van de kosten van {move}, {cost:money}: {value:money}",
        "Samengesteld voor {value:money}",
        "Samengesteld",
    ),
    "stock.customer-return": ("{quantity} terug van de klant, {value:money} waard", "Terug van de klant"),
    "stock.assembly-in": ("{quantity} samengesteld voor {value:money}", "Samengesteld"),
    "stock.corrected": (
        "Gecorrigeerd met {value:money}: {cost:money}, was {was:money}, want {move} werd te laat bekend",
        "Gecorrigeerd met {value:money}",
        "Gecorrigeerd",
    ),
}
