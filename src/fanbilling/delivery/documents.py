"""Documents on their way: a message is planned for each, in one transaction with the place in the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import attrs

from ..domain.events import Actor, InvoiceIssued, MessageFailed, MessageSent
from ..domain.invoices import Invoice
from ..domain.messages import DeliveryPlace, Message, MessageState, message_id
from ..domain.parties import Party
from ..domain.ports.delivery import DocumentStore, Mailer, Renderer
from ..domain.ports.sourcing import OneOf
from ..domain.ports.storage import Store, UnitOfWork, ours
from ..domain.reports import Failure
from .sending import PAGE, DeliveryReport, LetterWriter, carried, kept

_UNSENT = (MessageState.DUE.value, MessageState.FAILED.value)
_LEFT = (MessageState.SENDING.value,)


@attrs.frozen(kw_only=True)
class DocumentRound:
    """One round of documents: those that were issued and not sent, a page at a time."""

    administration: str
    renderer: Renderer
    mailer: Mailer
    letter: LetterWriter
    documents: DocumentStore | None
    on: date
    by: Actor
    resume: bool
    watch: Callable[[Sequence[Message]], None] | None

    def __call__(self, books: UnitOfWork) -> DeliveryReport:
        """What ``Delivery.send`` does: every document that was issued and not sent."""
        unsent = OneOf((*_UNSENT, *_LEFT) if self.resume else _UNSENT)
        sent = 0
        failures: list[Failure] = []
        after: tuple[int, str] | None = None
        while True:
            with books(by=self.by) as store:
                page = ours(store, self.administration).find(
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
            outcomes = [self._sent(m, documents[m.document], parties[m.party].email) for m in underway]
            with books(by=self.by) as store:
                for before, now in zip(underway, outcomes, strict=True):
                    store.replace(before, now)
                store.journal.append([_event(m, self.on) for was, m in zip(page, outcomes, strict=True) if m != was])
            sent += sum(message.state is MessageState.SENT for message in outcomes)
            failures += [
                Failure(payer=m.party, code=m.code, problem=m.problem)
                for m in outcomes
                if m.state is MessageState.FAILED
            ]
            if self.watch is not None:
                self.watch(outcomes)

    def _sent(self, message: Message, document: Invoice, to: str) -> Message:
        """Render and send one message; whatever goes wrong is written on it."""

        def carry() -> None:
            rendered = kept(self.documents, document.id, lambda: self.renderer.render(document))
            self.mailer.send(self.letter(document, rendered, message.id, to), key=message.id)

        trouble = carried(to, document.buyer.name, carry)
        return message.failed(trouble.code, trouble.problem) if trouble else message.after(MessageState.SENT)


def plan_documents(books: UnitOfWork, administration: str, by: Actor) -> int:
    """Plan a message for every document that was issued since the last time; return how many."""
    planned = 0
    while True:
        with books(by=by) as store:
            place = ours(store, administration).get_many(DeliveryPlace, ["journal"]).get("journal")
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
