"""The delivery desk: every issued document is rendered and sent, once per key.

*Messages to send = due − sent.* The journal says which documents were issued; a message is planned for each, in one
transaction with the place in the journal. Rendering and sending happen while no transaction is open; a message that was
left on its way is sent again under the same id (law L16).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import attrs

from .domain.administrations import Administration
from .domain.errors import AdapterFailure, BillingError
from .domain.events import Actor, InvoiceIssued, MessageFailed, MessageSent
from .domain.invoices import Invoice
from .domain.messages import NO_ADDRESS, DeliveryPlace, Letter, Message, MessageState, message_id
from .domain.parties import Party
from .domain.ports.delivery import Mailer, Rendered, Renderer
from .domain.ports.sourcing import OneOf
from .domain.ports.storage import Store, UnitOfWork, ours
from .domain.reports import Failure

PAGE = 100
_UNSENT = (MessageState.DUE.value, MessageState.FAILED.value)
_LEFT = (MessageState.SENDING.value,)

#: Writes the letter that goes with a rendered document.
LetterWriter = Callable[[Invoice, Rendered, str, str], Letter]


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """How many messages were sent, and which could not be."""

    sent: int
    failures: tuple[Failure, ...]


@attrs.frozen(kw_only=True)
class Delivery:
    """Sends documents to those who pay them."""

    administration: Administration

    def send(
        self,
        books: UnitOfWork,
        *,
        renderer: Renderer,
        mailer: Mailer,
        letter: LetterWriter,
        on: date,
        by: Actor = Actor("delivery"),
        resume: bool = True,
        watch: Callable[[Sequence[Message]], None] | None = None,
    ) -> DeliveryReport:
        """Render and send every document that was issued and not sent; what failed before is tried again.

        Args:
            letter: writes the accompanying text, ``(invoice, rendered, id, address) -> Letter``; the address is the
                payer's of today.
            on: the day on which it is sent.
            by: who or what sends.
            resume: whether what an earlier sender left on its way is sent again; say no while another one is sending.
            watch: is handed the messages of each page after they were sent.
        """

        def carry(message: Message, document: Invoice, to: str) -> None:
            mailer.send(letter(document, renderer.render(document), message.id, to), key=message.id)

        self.plan(books, by=by)
        unsent = OneOf((*_UNSENT, *_LEFT) if resume else _UNSENT)
        sent = 0
        failures: list[Failure] = []
        after: tuple[int, str] | None = None
        while True:
            with books(by=by) as store:
                page = ours(store, self.administration.id).find(
                    Message, {"state": unsent}, order_by="position", after=after, limit=PAGE
                )
                if not page:
                    return DeliveryReport(sent=sent, failures=tuple(failures))
                documents = store.documents.get_many({message.document for message in page})
                parties = store.get_many(Party, {message.party for message in page})
                underway = [message.after(MessageState.SENDING) for message in page]
                for before, now in zip(page, underway, strict=True):
                    if before != now:
                        store.replace(before, now)
            after = page[-1].position, page[-1].id
            outcomes = [_sent(m, documents[m.document], parties[m.party].email, carry) for m in underway]
            with books(by=by) as store:
                for before, now in zip(underway, outcomes, strict=True):
                    store.replace(before, now)
                store.journal.append([_event(m, on) for was, m in zip(page, outcomes, strict=True) if m != was])
            sent += sum(message.state is MessageState.SENT for message in outcomes)
            failures += [
                Failure(payer=m.party, code=m.code, problem=m.problem)
                for m in outcomes
                if m.state is MessageState.FAILED
            ]
            if watch is not None:
                watch(outcomes)

    def plan(self, books: UnitOfWork, *, by: Actor = Actor("delivery")) -> int:
        """Plan a message for every document that was issued since the last time; return how many."""
        planned = 0
        while True:
            with books(by=by) as store:
                place = ours(store, self.administration.id).get_many(DeliveryPlace, ["journal"]).get("journal")
                events = store.journal.after(place.position if place else 0, limit=PAGE)
                if not events:
                    return planned
                messages = [
                    Message(
                        id=message_id(recorded.event.document, recorded.event.party),
                        party=recorded.event.party,
                        document=recorded.event.document,
                        position=recorded.position,
                    )
                    for recorded in events
                    if isinstance(recorded.event, InvoiceIssued)
                ]
                if not messages and len(events) < PAGE:
                    return planned  # nothing to remember: delivery's own events are read again, and pass again
                store.add(*messages)
                _move(store, place, events[-1].position)
                planned += len(messages)


def _sent(message: Message, document: Invoice, to: str, carry: Callable[[Message, Invoice, str], None]) -> Message:
    """Render and send one message; whatever goes wrong is written on it."""
    if not to:
        return message.failed(NO_ADDRESS, f"{document.buyer.name} has no e-mail address")
    try:
        carry(message, document, to)
    except BillingError as error:
        return message.failed(error.code, str(error))
    except Exception as error:  # noqa: BLE001  (one document that cannot be rendered never stops the others)
        return message.failed(AdapterFailure.code, f"{type(error).__name__}: {error}")
    return message.after(MessageState.SENT)


def _move(store: Store, place: DeliveryPlace | None, position: int) -> None:
    now = DeliveryPlace(id="journal", position=position)
    if place is None:
        store.add(now)
    else:
        store.replace(place, now)


def _event(message: Message, on: date) -> MessageSent | MessageFailed:
    if message.state is MessageState.SENT:
        return MessageSent(party=message.party, on=on, message=message.id, document=message.document)
    return MessageFailed(
        party=message.party, on=on, message=message.id, document=message.document, problem=message.code
    )
