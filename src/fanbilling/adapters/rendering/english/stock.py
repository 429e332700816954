"""English words of stock."""

from __future__ import annotations

LABELS: dict[str, str] = {}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "stock.receipt": ("{quantity} received for {value:money}", "Received for {value:money}", "Received"),
    "stock.surplus": ("{quantity} more counted than was known, worth {value:money}", "More counted than was known"),
    "stock.average": (
        "{quantity} of the {on_hand} on hand, together worth {worth:money}: {value:money}",
        "At the moving average: {value:money}",
        "At the moving average",
    ),
    "stock.fifo": (
        "{quantity} of what came in first: {value:money}",
        "What came in first: {value:money}",
        "First in, first out",
    ),
    "stock.layer": (
        "{quantity} of the {on_hand} left of {receipt}, together worth {worth:money}: {value:money}",
        "Out of {receipt}: {value:money}",
        "Out of what came in first",
    ),
    "stock.sent-back": (
        "Back to the supplier: {quantity} of {on_hand} (worth {worth:money}), bought for {price:money}: {value:money}",
        "Back to the supplier: {value:money}",
        "Back to the supplier",
    ),
    "stock.returned": (
        "{quantity} of the {of} of {move}, which cost {cost:money}: {value:money}",
        "Back from the client at the cost it left with: {value:money}",
        "Back from the client",
    ),
    "stock.assembled": (
        "{quantity} of {of} parts of the cost of {move}, {cost:money}: {value:money}",
        "Assembled for {value:money}",
        "Assembled",
    ),
    "stock.customer-return": ("{quantity} back from the client, worth {value:money}", "Back from the client"),
    "stock.assembly-in": ("{quantity} assembled for {value:money}", "Assembled"),
    "stock.corrected": (
        "Corrected by {value:money}: {cost:money}, was {was:money}, because {move} became known late",
        "Corrected by {value:money}",
        "Corrected",
    ),
}
