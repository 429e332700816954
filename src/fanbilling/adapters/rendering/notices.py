"""Notices as letters: short, friendly, in the reader's language, with what goes into a calendar and what is printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from ...domain.administrations import Administration
from ...domain.errors import NotFound, RuleViolation
from ...domain.messages import Attachment, Letter
from ...domain.notices import Notice
from ...domain.ports.delivery import Rendered
from .calendar import invitation
from .letters import Body, file_name, mailbox, regards
from .look import Look
from .plain import one_line
from .words import Words, filled, words

#: Per language and purpose: a subject and paragraphs, each as sentences of which the first that can be filled is used.
Texts = Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]


@attrs.frozen(kw_only=True)
class NoticeLetters:
    """Writes notices: ``office.delivery.notify(books, write=NoticeLetters(administration=…), …)``.

    Args:
        administration: who sends them.
        look: the colour of the HTML part.
        texts: words of your own for purposes of your own, or in the place of those of the house.
    """

    administration: Administration
    look: Look = Look()
    texts: Texts = attrs.field(factory=dict)

    def __call__(self, notice: Notice, printed: Rendered | None, id: str, to: str) -> Letter:
        """Write a notice.

        Args:
            printed: the paper that goes with it, as a file.
            id: the id of the message.
            to: the address to send it to.

        Raises:
            RuleViolation: when the seller has no e-mail address.
            NotFound: when there are no words for its purpose.
        """
        seller, book = self.administration.seller, words(notice.language)
        if not seller.email.strip():
            raise RuleViolation(f"{seller.name} has no e-mail address", where="[seller]", remedy="enter one")
        subject, paragraphs = self._said(notice, book)
        name = one_line(notice.name)
        body = Body(
            before=(book.fill("notice-greeting-name", name=name) if name else book["notice-greeting"], *paragraphs),
            after=(*self._calendar_words(notice, book), book["notice-question"]),
            regards=regards(seller, book),
        )
        return Letter(
            id=id,
            sender=mailbox(one_line(seller.name), seller.email),
            recipient=mailbox(name, to),
            subject=subject,
            text=body.text(),
            html=body.html(notice.language, self.look),
            attachments=(*self._invitations(notice, book, to), *_papers(notice, printed, book)),
        )

    def _said(self, notice: Notice, book: Words) -> tuple[str, tuple[str, ...]]:
        """Fill in the words for its purpose: the subject and the paragraphs."""
        texts = {**book.notices, **self.texts.get(notice.language, {})}
        if notice.purpose not in texts:
            raise NotFound(
                f"there are no words in {notice.language!r} for it",
                where=f"notice {notice.purpose}",
                remedy="give NoticeLetters texts of your own",
            )
        facts = dict(notice.facts)
        subject, *paragraphs = (filled(sentences, facts, notice.language) for sentences in texts[notice.purpose])
        if not subject:
            raise NotFound(
                "a fact is missing that its subject needs",
                where=f"notice {notice.purpose} {notice.subject}",
                remedy="give it among its facts",
            )
        return subject, tuple(filter(None, paragraphs))

    def _calendar_words(self, notice: Notice, book: Words) -> Iterator[str]:
        if notice.calendar:
            cancelled = all(event.cancelled for event in notice.calendar)
            yield book["notice-calendar-cancelled" if cancelled else "notice-calendar"]

    def _invitations(self, notice: Notice, book: Words, to: str) -> Iterator[Attachment]:
        seller = self.administration.seller
        for place, event in enumerate(notice.calendar, 1):
            yield invitation(
                event,
                administration=self.administration.id,
                organizer=(seller.name, seller.email),
                attendee=(notice.name, to),
                name=book["notice-invitation"] + (f"-{place}" if len(notice.calendar) > 1 else ""),
            )


def _papers(notice: Notice, printed: Rendered | None, book: Words) -> Iterator[Attachment]:
    if notice.paper is not None and printed is not None:
        kind = book.labels.get(notice.paper.kind, notice.paper.kind)
        name = file_name(kind, notice.paper.number) + printed.suffix
        yield Attachment(name=name, media_type=printed.media_type, content=printed.content)
