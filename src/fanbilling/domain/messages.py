"""Messages: what is sent to whom, each under one stable id, so that nothing is knowingly sent twice (law L16)."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import attrs

from .errors import RuleViolation
from .records import record


class MessageState(StrEnum):
    """Where a message is on its way."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


#: From which state a message may go where; a message that is left in *sending* is sent again under the same id.
TRANSITIONS: dict[MessageState, frozenset[MessageState]] = {
    MessageState.DUE: frozenset({MessageState.SENDING, MessageState.FAILED}),
    MessageState.SENDING: frozenset(
        {MessageState.SENDING, MessageState.SENT, MessageState.FAILED, MessageState.DROPPED}
    ),
    MessageState.FAILED: frozenset({MessageState.SENDING, MessageState.FAILED, MessageState.DROPPED}),
    MessageState.DROPPED: frozenset({MessageState.SENDING}),
    MessageState.SENT: frozenset(),
}


#: The code of a message that has nobody to go to: not an error of ours, and tried again when there is an address.
NO_ADDRESS = "no-address"


@attrs.frozen(kw_only=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes


@attrs.frozen(kw_only=True)
class Letter:
    """A message ready to go: to whom, what it says, what goes with it.

    Args:
        follows: the key of an earlier message that it goes on from; a mail program shows the two together.
    """

    id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    follows: str = ""


@record("delivery.message", keys=("state", "party", "document", "position"), party="party", personal=("problem",))
@attrs.frozen(kw_only=True)
class Message:
    """One document to be sent to one party, and how far that came.

    Args:
        position: where the journal tells of the document: messages go out in that order.
        code: when it could not be sent, the stable code of why; ``problem`` says it in words.
    """

    id: str
    party: str
    document: str
    position: int
    state: MessageState = MessageState.DUE
    code: str = ""
    problem: str = ""

    @property
    def about(self) -> str:
        """What it is about, in a few words."""
        return f"document {self.document}"

    def failed(self, code: str, problem: str) -> Message:
        """Return the message as one that could not be sent, with the code and the words of why."""
        return attrs.evolve(self.after(MessageState.FAILED), code=code, problem=problem)

    def after(self, state: MessageState) -> Message:
        """Return the message in another state.

        Raises:
            RuleViolation: when it cannot go there.
        """
        return attrs.evolve(self, state=stepped(self.id, self.state, state), code="", problem="")


@record("delivery.place")
@attrs.frozen(kw_only=True)
class DeliveryPlace:
    """How far delivery has read the journal."""

    id: str
    position: int


def message_id(document: str, party: str, purpose: str = "document") -> str:
    """Derive the id of a message from what it is about and whom it is for."""
    return hashlib.sha256(f"{purpose}\t{document}\t{party}".encode()).hexdigest()[:32]


def stepped(id: str, before: MessageState, after: MessageState) -> MessageState:
    """Return the state to which a message goes, or refuse a step that there is not."""
    if after not in TRANSITIONS[before]:
        raise RuleViolation(
            f"it is {before} and cannot become {after}", where=f"message {id}", remedy="send another one"
        )
    return after
