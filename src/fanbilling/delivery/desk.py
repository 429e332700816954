"""The desk itself: what is sent, by whom, through what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import attrs

from ..domain.administrations import Administration
from ..domain.events import Actor
from ..domain.messages import Message
from ..domain.notices import PlannedNotice
from ..domain.ports.delivery import DocumentStore, Mailer, Renderer
from ..domain.ports.messaging import Announcing
from ..domain.ports.printing import Printer
from ..domain.ports.storage import UnitOfWork
from ..domain.settings import Settings
from .documents import DocumentRound, plan_documents
from .notices import NoticeRound
from .sending import DeliveryReport, LetterWriter, NoticeWriter


@attrs.frozen(kw_only=True)
class Delivery:
    """Sends documents to those who pay them, and notices to those whom they concern.

    Args:
        sources: those that have something to tell (:class:`~fanbilling.domain.ports.messaging.Announcing`) are asked
            for notices.
    """

    administration: Administration
    settings: Settings = Settings()
    sources: tuple[object, ...] = ()

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
        documents: DocumentStore | None = None,
        watch: Callable[[Sequence[Message]], None] | None = None,
    ) -> DeliveryReport:
        """Render and send every document that was issued and not sent; what failed before is tried again.

        Args:
            letter: writes the accompanying text, ``(invoice, rendered, id, address) -> Letter``; the address is the
                payer's of today.
            on: the day on which it is sent.
            by: who or what sends.
            resume: whether what an earlier sender left on its way is sent again; say no while another one is sending.
            documents: keeps what is sent, under the id of the document; what is kept there is sent as it is.
            watch: is handed the messages of each page after they were sent.
        """
        self.plan(books, by=by)
        sending = DocumentRound(
            administration=self.administration.id,
            renderer=renderer,
            mailer=mailer,
            letter=letter,
            documents=documents,
            on=on,
            by=by,
            resume=resume,
            watch=watch,
        )
        return sending(books)

    def notify(
        self,
        books: UnitOfWork,
        *,
        mailer: Mailer,
        write: NoticeWriter,
        on: date,
        by: Actor = Actor("delivery"),
        resume: bool = True,
        printer: Printer | None = None,
        documents: DocumentStore | None = None,
        watch: Callable[[Sequence[PlannedNotice]], None] | None = None,
    ) -> DeliveryReport:
        """Send every notice that is due on a day and was not sent: confirmations, reminders, certificates.

        Each is judged again right before it is sent; what is no longer due by then is not.

        Args:
            write: writes it, ``(notice, printed, id, address) -> Letter``.
            on: the day on which it is sent.
            by: who or what sends.
            resume: whether what an earlier sender left on its way is sent again; say no while another one is sending.
            printer: prints the papers that go with notices.
            documents: keeps what was printed, under the id of the notice; what is kept there is sent as it is.
            watch: is handed the notices of each page after they were sent.
        """
        announcing = {source.name: source for source in self.sources if isinstance(source, Announcing)}
        sending = NoticeRound(
            administration=self.administration,
            settings=self.settings,
            sources=announcing,
            mailer=mailer,
            write=write,
            printer=printer,
            documents=documents,
            on=on,
            by=by,
            resume=resume,
            watch=watch,
        )
        return sending(books)

    def plan(self, books: UnitOfWork, *, by: Actor = Actor("delivery")) -> int:
        """Plan a message for every document that was issued since the last time; return how many."""
        return plan_documents(books, self.administration.id, by)
