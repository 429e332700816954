"""Contracts: what a store and a source have to hold, as classes of tests to inherit."""

import pytest

# Their assertions explain themselves only when pytest may rewrite them, which has to be said before they are imported.
pytest.register_assert_rewrite(f"{__name__}.sources", f"{__name__}.storage", f"{__name__}.storing")

from .sources import SourceContract  # noqa: E402
from .storage import StoreContract  # noqa: E402

__all__ = ["SourceContract", "StoreContract"]
