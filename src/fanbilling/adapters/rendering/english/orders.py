"""English words of orders."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-ordered": "ordered",
    "change-delivered": "delivered",
    "change-delivery-corrected": "delivery corrected",
    "change-returned": "returned",
    "change-over-delivery-agreed": "more than ordered agreed",
    "change-quoted": "quoted",
    "change-accepted": "accepted",
    "column-net": "Excluding VAT",
    "column-ordered": "Ordered",
    "column-delivered": "Delivered",
    "column-to-follow": "To follow",
    "fact-wanted-on": "Wanted on",
    "fact-variant-of": "Variant of",
    "fact-quotation": "Quotation",
    "fact-delivery-reference": "Reference of the delivery",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "orders.ordered": ("{value} of the {ordered} ordered on {on:day}", "Ordered on {on:day}", "Ordered"),
    "orders.delivered": (
        "{value} of the {delivered} that came with delivery {delivery} on {on:day}",
        "Delivered on {on:day}",
        "Delivered",
    ),
    "orders.delivery-corrected": (
        "{value} were delivered, and not {was}: corrected on {on:day} ({why})",
        "{value} were delivered, and not {was}: corrected on {on:day}",
        "The delivered quantity was corrected",
    ),
    "orders.returned": (
        "{value} came back on {on:day} with return {return} ({why})",
        "{value} came back on {on:day} with return {return}",
        "Came back",
    ),
    "orders.cancelled": ("{value} cancelled ({why})", "{value} cancelled", "Cancelled"),
    "price.agreed": ("{value:price}, as was agreed", "As was agreed"),
    "price.corrected": (
        "{value:price}, agreed on {on:day} instead of {was:price} ({why})",
        "{value:price}, agreed on {on:day} instead of {was:price}",
        "Agreed anew",
    ),
    "price.discounted": ("{price:price} less {discount:percent} is {value:price}", "Less a discount"),
    "price.list": (
        "{value:price} by price {price}, for {client}, from a quantity of {from_quantity}, from {since:day}",
        "{value:price} by price {price}, for {client}, from a quantity of {from_quantity}",
        "{value:price} by price {price}, for {client}, from {since:day}",
        "{value:price} by price {price}, from a quantity of {from_quantity}, from {since:day}",
        "{value:price} by price {price}, for {client}",
        "{value:price} by price {price}, from a quantity of {from_quantity}",
        "{value:price} by price {price}, from {since:day}",
        "{value:price} by price {price}",
        "By the price list",
    ),
    "price.second": (
        "Not {value:price} by price {price}: the other one comes first",
        "The other price comes first",
    ),
}
