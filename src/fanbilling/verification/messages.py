"""L16: a message has the id that follows from what it is about; what was sent is told once; no document without one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from ..domain.events import Event, MessageSent, NoticeSent
from ..domain.findings import Finding
from ..domain.messages import DeliveryPlace, Message, MessageState
from ..domain.notices import PlannedNotice
from ..domain.ports.storage import Store
from ..domain.records import ERASED
from .reading import records
from .tallies import Culprits, Fact, Name, Tallies

LAW = "L16"


def check_messages(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the messages with documents: each under its own id, and those that were sent."""
    for message in records(store, Message):
        yield from _id(message.id, "document", message.document, message.party)
        tallies.messages.found(*planned(message.document, message.party, message.position))
        if message.state is MessageState.SENT:
            tallies.messages.expected(_sent(message.id), (message.party, message.document))


def check_notices(store: Store, tallies: Tallies) -> Iterator[Finding]:
    """Read the notices: each under its own id, and those that were sent. What an erased one was for is not known."""
    for notice in records(store, PlannedNotice):
        if notice.email != ERASED:
            recipient = notice.email.strip().casefold() or notice.party
            about = (notice.source, notice.purpose, notice.subject, str(notice.revision), recipient)
            yield from _id(notice.id, *about)
        if notice.state is MessageState.SENT:
            tallies.messages.expected(_sent(notice.id), _notice(notice))


def tell_messages(culprits: Culprits) -> Iterator[Finding]:
    """Tell which messages were told too often or too seldom, and which documents have none."""
    for difference in culprits.differences():
        what, id = map(str, difference.name)
        times = "told" if what == "message" else "planned"
        yield Finding(
            law=LAW,
            where=f"{what} {id[:40]}",
            expected=f"{times} {difference.expected} times",
            found=f"{times} {difference.found} times",
        )


def planned(document: str, party: str, position: int) -> tuple[Name, Fact]:
    """Return what the journal and the message both say of a document that is to be sent."""
    return ("document", document), (party, position)


def told_message(event: Event) -> tuple[Name, Fact] | None:
    """Return what an event tells of a message that was sent, if it tells of one."""
    match event:
        case MessageSent():
            return _sent(event.message), (event.party, event.document)
        case NoticeSent():
            return _sent(event.message), (event.party, event.source, event.purpose, event.subject)
    return None


def reached(store: Store) -> int:
    """Return how far delivery has read the journal: up to there every document has its message."""
    place = store.get_many(DeliveryPlace, ["journal"]).get("journal")
    return place.position if place is not None else 0


def _sent(id: str) -> Name:
    return ("message", id)


def _notice(notice: PlannedNotice) -> Fact:
    return (notice.client or notice.party, notice.source, notice.purpose, notice.subject)


def _id(found: str, *about: str) -> Iterator[Finding]:
    """See that an id is the digest of what it is about; another one could be sent a second time."""
    expected = hashlib.sha256("\t".join(about).encode()).hexdigest()[:32]
    if found != expected:
        yield Finding(law=LAW, where=f"message {' '.join(about[:3])}", expected=expected, found=found)
