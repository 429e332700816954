"""English words of courses."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-registered": "registered",
    "change-confirmed": "session confirmed",
    "change-held": "course held",
    "change-attended": "attended",
    "change-cancelled": "cancelled",
    "change-promoted": "a seat came free",
    "change-payer-changed": "another pays",
    "change-identified": "payer known",
    "change-offer-lapsed": "offer lapsed",
    "fact-first-day": "First day",
    "fact-last-day": "Last day",
    "fact-study-load": "Study load in hours",
    "fact-attendance": "Attendance in %",
    "fact-place": "Place",
    "fact-teacher": "Teacher",
    "fact-certificate-number": "Certificate number",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "courses.seat": ("A place in the session of {start:day}: {value:money}", "A place: {value:money}", "A place"),
    "courses.no-show": (
        "A place in the session of {start:day}; nobody came, and it was not cancelled: {value:money}",
        "Nobody came, and it was not cancelled",
    ),
    "courses.free": ("A free place",),
    "courses.requested": ("Asked for; nobody has accepted it yet",),
    "courses.waiting": ("On the waiting list: nothing is due",),
    "courses.offered": ("A place is offered, and not taken yet",),
    "courses.cancelled": ("Cancelled on {on:day} ({why})", "Cancelled on {on:day}", "Cancelled"),
    "courses.no-payer": ("Nobody is known yet who pays for it",),
    "courses.price": ("{value:price}, the price on the day of registration", "The price on the day of registration"),
    "courses.price-agreed": (
        "{value:price} agreed instead of {list_price:price} ({why})",
        "{value:price} agreed",
        "A price that was agreed",
    ),
    "courses.price-discounted": (
        "{list_price:price} less {discount:percent}: {value:price}",
        "{value:price} after a discount",
        "A price after a discount",
    ),
    "courses.cancelled-in-time": ("Cancelled in time: nothing is due",),
    "courses.cancellation-fee": (
        "Cancelled on {on:day}, after {boundary:day}: {percent:percent} of {price:price} is {value:money}",
        "Cancelled on {on:day}, after {boundary:day}: {value:money}",
        "Cancelled late: {value:money}",
        "Cancelled late",
    ),
    "courses.fee-agreed": ("Agreed for cancelling: {value:money}", "Agreed for cancelling"),
    "courses.substitution-fee": ("Somebody else comes: {value:money}", "Somebody else comes"),
    "courses.move-fee": (
        "Moved from session {from} to session {to}: {value:money}",
        "Moved to another session: {value:money}",
        "Moved to another session",
    ),
}
