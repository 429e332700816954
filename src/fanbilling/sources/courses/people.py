"""Who comes, as somebody wrote it on a website: kept as plain text, or refused with the name of the field."""

from __future__ import annotations

import re
import unicodedata

from ...domain.errors import InvalidValue
from ...domain.texts import a_text

LONGEST_NAME = 200
LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64

#: One address and nothing else: no name before it, no second one, no line break. RFC 5321, without quoted local parts.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_LABEL}")


def a_line(text: str, *, where: str, longest: int = LONGEST_NAME) -> str:
    """Return a text that stands on one line as it was typed, or refuse it; it may be empty.

    What looks like HTML or a formula is text and stays text. Refused are line breaks (they would begin another header
    of a mail), control characters, and signs that turn the direction of the text or cannot be seen.

    Raises:
        InvalidValue: for those, and for a text that is too long.
    """
    a_text(text, where=where)
    if len(text) > longest:
        raise InvalidValue(f"a text of {len(text)} characters", where=where, remedy=f"use at most {longest}")
    for place, sign in enumerate(text, 1):
        if sign in "\n\r\t\u2028\u2029" or (unicodedata.category(sign) == "Cf" and sign not in "\u200c\u200d"):
            raise InvalidValue(f"character {place} is {sign!r}", where=where, remedy="take it out; use one line")
    return text.strip()


def an_address(text: str, *, where: str) -> str:
    """Return an e-mail address in lower case, or refuse what is not exactly one; it may be empty.

    Addresses that differ in upper and lower case alone are one person's (RFC 5321 allows a host to tell them apart;
    none does).

    Raises:
        InvalidValue: for anything else.
    """
    line = a_line(text, where=where, longest=LONGEST_ADDRESS)
    if not line:
        return ""
    if not _ADDRESS.fullmatch(line) or len(line.partition("@")[0]) > _LONGEST_LOCAL_PART:
        raise InvalidValue(f"{line!r} is not an e-mail address", where=where, remedy="write one, as name@example.org")
    return line.lower()
