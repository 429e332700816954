"""The client file: everything that happened with one party, in order, from all desks."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import attrs

from .events import Recorded, name_of
from .parties import Party

#: Which field of an event names a document, and which an amount.
_FIGURES = ("total", "amount")


@attrs.frozen(kw_only=True)
class FileEntry:
    """One line in the file: when, what (the stable name of the event), about which document, and how much.

    Args:
        source, change: of what was agreed: at which desk, and the code of what changed.
    """

    on: date
    at: datetime
    by: str
    what: str
    about: str = ""
    source: str = ""
    change: str = ""
    document: str = ""
    number: str = ""
    amount: Decimal | None = None
    currency: str = ""


@attrs.frozen(kw_only=True)
class ClientFile:
    """A party with everything that happened."""

    party: Party
    entries: tuple[FileEntry, ...]


def entry_of(recorded: Recorded) -> FileEntry:
    """Return the line that an event makes in the file."""
    event = recorded.event
    values = {field.name: getattr(event, field.name) for field in attrs.fields(type(event))}
    amount = next((values[name] for name in _FIGURES if name in values), None)
    return FileEntry(
        on=event.on,
        at=recorded.at,
        by=recorded.by,
        what=name_of(type(event)),
        about=_about(values),
        source=str(values.get("source", "")),
        change=str(values.get("change", "")),
        document=str(values.get("document", "")),
        number=str(values.get("number", "")),
        amount=amount,
        currency=str(values.get("currency", "")),
    )


def _about(values: dict[str, object]) -> str:
    """Name the thing that an event is about: the agreement, decision or payment, by the caller's own id."""
    for name in ("agreement", "decision", "payment", "problem", "subject"):
        if values.get(name):
            return str(values[name])
    return ""
