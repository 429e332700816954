"""Contracts: what has to hold of whatever keeps to a port (a store, a source, a mailer), as tests to inherit."""

import pytest

# Their assertions explain themselves only when pytest may rewrite them, which has to be said before they are imported.
pytest.register_assert_rewrite(
    *(
        f"{__name__}.{name}"
        for name in ("collecting", "keeping", "mailing", "printing", "rendering", "sources", "storage", "storing")
    )
)

from .collecting import PaymentFeedContract  # noqa: E402
from .keeping import DocumentStoreContract  # noqa: E402
from .mailing import MailerContract  # noqa: E402
from .printing import PrinterContract  # noqa: E402
from .rendering import RendererContract  # noqa: E402
from .sources import SourceContract  # noqa: E402
from .storage import StoreContract  # noqa: E402

__all__ = [
    "DocumentStoreContract",
    "MailerContract",
    "PaymentFeedContract",
    "PrinterContract",
    "RendererContract",
    "SourceContract",
    "StoreContract",
]
