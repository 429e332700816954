"""What documents and notices share on their way: who writes, what is kept of it, and what is reported."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ..domain.errors import AdapterFailure, BillingError, Conflict, NotFound
from ..domain.invoices import Invoice
from ..domain.messages import NO_ADDRESS, Letter
from ..domain.notices import Notice
from ..domain.ports.delivery import DocumentStore, Rendered
from ..domain.reports import Failure

PAGE = 100

#: Writes the letter that goes with a rendered document.
LetterWriter = Callable[[Invoice, Rendered, str, str], Letter]

#: Writes a notice, with the paper that goes with it if one does: (notice, paper, id, address).
NoticeWriter = Callable[[Notice, Rendered | None, str, str], Letter]


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """How many messages were sent, which could not be, and how many were of no use any more."""

    sent: int
    failures: tuple[Failure, ...]
    dropped: int = 0


@attrs.frozen
class Trouble:
    """Why a message was not sent: a stable code, and words."""

    code: str
    problem: str


def carried(to: str, whom: str, carry: Callable[[], object]) -> Trouble | None:
    """Send one message, and return what went wrong, if anything did.

    Args:
        to: the address; without one nothing is tried.
        whom: who it is, for words.
    """
    if not to:
        return Trouble(NO_ADDRESS, f"{whom} has no e-mail address")
    try:
        carry()
    except BillingError as error:
        return Trouble(error.code, str(error))
    except Exception as error:  # noqa: BLE001  (one message that cannot be rendered never stops the others)
        return Trouble(AdapterFailure.code, f"{type(error).__name__}: {error}")
    return None


def kept(documents: DocumentStore | None, key: str, render: Callable[[], Rendered]) -> Rendered:
    """Return what is kept under a key; what is not is rendered and kept before it is sent.

    So what was sent is there to be read, and what is sent again is what was sent before, to the byte.
    """
    if documents is None:
        return render()
    try:
        return documents.fetch(key)
    except NotFound:
        rendered = render()
    try:
        documents.keep(key, rendered)
    except Conflict:  # somebody else kept it in the meantime, and may have sent it
        return documents.fetch(key)
    return rendered
