"""The ports of delivery: what renders documents and what carries messages."""

from __future__ import annotations

from typing import Protocol

import attrs

from ..invoices import Invoice
from ..messages import Letter


@attrs.frozen(kw_only=True)
class Rendered:
    """A document as bytes, with its media type and the ending of its file name."""

    content: bytes
    media_type: str
    suffix: str


class Renderer(Protocol):
    """Turns a document into bytes; the same document always into the same bytes (law L17)."""

    def render(self, document: Invoice) -> Rendered:
        """Render a document."""


@attrs.frozen(kw_only=True)
class Receipt:
    """What the carrier said when it took a message."""

    message: str
    reference: str = ""


class Mailer(Protocol):
    """Carries messages. It may be handed the same message twice, and must then not deliver it under a new id."""

    def send(self, letter: Letter, *, key: str) -> Receipt:
        """Send a letter under a stable key.

        Raises:
            AdapterFailure: when it was not, or may not have been, sent.
        """


class DocumentStore(Protocol):
    """Keeps what was rendered, as it was sent: once under a key, and never other bytes under the same one."""

    def keep(self, key: str, rendered: Rendered) -> None:
        """Keep what was rendered; the same once more changes nothing.

        Raises:
            Conflict: when something else is kept under this key.
            AdapterFailure: when it was not kept.
        """

    def fetch(self, key: str) -> Rendered:
        """Return what is kept under a key, to the byte.

        Raises:
            NotFound: when there is nothing.
            AdapterFailure: when it cannot be read, or is no longer what was kept.
        """
