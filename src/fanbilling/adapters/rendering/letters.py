"""The letter that goes with a document: short, friendly, in the document's language, as text and as HTML."""

from __future__ import annotations

import re
from email.headerregistry import Address

import attrs

from ...domain.administrations import Seller
from ...domain.errors import RuleViolation
from ...domain.invoices import DocumentKind, Invoice
from ...domain.messages import Attachment, Letter
from ...domain.ports.delivery import Rendered
from .look import Look
from .plain import one_line
from .transfers import grouped
from .words import Words, words

_MOST = 5  # things that a letter names; the document has them all


@attrs.frozen(kw_only=True)
class Body:
    """What a letter says, in paragraphs: text and HTML say the same."""

    before: tuple[str, ...]
    things: tuple[str, ...] = ()
    after: tuple[str, ...]
    regards: tuple[str, ...]

    def text(self) -> str:
        """Write it as text."""
        listed = "\n".join(f"  – {thing}" for thing in self.things)
        return "\n\n".join(filter(None, (*self.before, listed, *self.after, "\n".join(self.regards)))) + "\n"

    def html(self, language: str, look: Look) -> str:
        """Write it as HTML; mail programs drop style sheets, so the style is written into each element."""
        from css_inline import CSSInliner

        from .templates import environment

        page = environment().get_template("letter.html")
        written = page.render(body=self, language=language, look=look)
        return CSSInliner(load_remote_stylesheets=False, keep_style_tags=False).inline(written)


def invoice_letter(document: Invoice, rendered: Rendered, id: str, to: str = "", *, look: Look | None = None) -> Letter:
    """Write the letter that carries an issued document to whoever pays it.

    Args:
        document: what it is about.
        rendered: the document as a file; it goes with the letter.
        id: the id of the message, from which the letter's own follows.
        to: the address to send it to; absent means the one on the document.
        look: the colour of the HTML part.

    Raises:
        RuleViolation: when the seller or the buyer has no e-mail address.
    """
    book = words(document.language)
    to = to or document.buyer.email
    for name, email in ((document.seller.name, document.seller.email), (document.buyer.name, to)):
        if not email.strip():
            raise RuleViolation(
                f"{name} has no e-mail address",
                where=f"document {document.number}",
                remedy="enter one, or send it by post",
            )
    name = one_line(document.seller.name)
    kind = book[document.kind.value]
    body = Body(
        before=_before(document, book),
        things=_things(document, book),
        after=_after(document, book),
        regards=regards(document.seller, book),
    )
    return Letter(
        id=id,
        sender=mailbox(name, document.seller.email),
        recipient=mailbox(one_line(document.buyer.name), to),
        subject=book.fill("letter-subject", kind=kind, number=document.number, seller=name),
        text=body.text(),
        html=body.html(document.language, look or Look()),
        attachments=(
            Attachment(
                name=file_name(kind, document.number) + rendered.suffix,
                media_type=rendered.media_type,
                content=rendered.content,
            ),
        ),
    )


def _before(document: Invoice, book: Words) -> tuple[str, ...]:
    amount = book.figures.money(abs(document.totals.payable), document.currency)
    opening = book.fill(f"letter-{document.kind.value}", number=document.number, amount=amount)
    return book["letter-greeting"], opening


def _after(document: Invoice, book: Words) -> tuple[str, ...]:
    seller = document.seller
    day = book.figures.day(document.due)
    if document.kind is DocumentKind.CREDIT_NOTE:
        paying = book.fill("pay-back", amount=book.figures.money(-document.totals.payable, document.currency))
    elif not document.totals.payable:
        paying = book["pay-nothing"]
    elif seller.iban:
        paying = book.fill(
            "letter-pay", day=day, iban=grouped(seller.iban), seller=one_line(seller.name), number=document.number
        )
    else:
        paying = book.fill("letter-pay-simply", day=day, number=document.number)
    return paying, book["letter-attached"], book["letter-question"]


def _things(document: Invoice, book: Words) -> tuple[str, ...]:
    """Name what it is for, each thing once: the headings, or the lines where there are none."""
    named = tuple(dict.fromkeys(one_line(line.title or line.text) for line in document.lines))
    more = len(named) - _MOST
    if more <= 0:
        return named
    last = book["letter-more-one"] if more == 1 else book.fill("letter-more", count=book.figures.number(more))
    return (*named[:_MOST], last)


def regards(seller: Seller, book: Words) -> tuple[str, ...]:
    """Write who signs a letter: the name, and where to find it."""
    contact = (one_line(line) for line in (seller.phone, seller.website) if line)
    return (book["letter-regards"], one_line(seller.name), *contact)


def file_name(*parts: str) -> str:
    """Write the name of an attachment from its parts; it is no way out of a folder."""
    return "-".join(part for part in re.split(r"[\s/\\]+", one_line(" ".join(parts))) if part)


def mailbox(name: str, email: str) -> str:
    """Write an address with the name in front of it, quoted where it has to be."""
    user, _, domain = one_line(email).rpartition("@")
    return str(Address(display_name=name, username=user, domain=domain))
