"""Removal: what was never billed may be taken away as if it had never been written."""

from __future__ import annotations

from datetime import date

from .errors import RuleViolation
from .ports.sourcing import Window
from .ports.storage import Store


def never_billed(store: Store, source: str, agreement: str) -> None:
    """Refuse an agreement of which something was billed, or decided; until the transaction ends nobody bills it.

    Raises:
        NotFound: when nobody ever touched it.
        RuleViolation: when it is part of the books.
    """
    store.agenda.hold([(source, agreement)])
    window = [Window(source, agreement, date.min)]
    for found, what in ((store.billed.of(window), "billed"), (store.decisions.of(window), "decided")):
        if found:
            raise RuleViolation(
                f"something was {what} of it, and that stays in the books",
                where=f"{source} {agreement}",
                remedy="end or withdraw it; a run gives back what was billed",
            )
