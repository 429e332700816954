"""The names of the tables: all begin alike, so that they stand together among those of the host."""

from __future__ import annotations

import re

from ....domain.errors import InvalidSetting

PREFIX = "fb_"
_A_PREFIX = re.compile(r"[a-z][a-z0-9_]{0,19}_")


def a_prefix(text: str) -> str:
    """Return a prefix of table names, or refuse it.

    Raises:
        InvalidSetting: for one that is not small letters, figures and underscores, and does not end in an underscore.
    """
    if not _A_PREFIX.fullmatch(text):
        raise InvalidSetting(f"{text!r} cannot begin the name of a table", where="prefix", remedy='write "billing_"')
    return text
