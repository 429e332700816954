"""Texts of others made safe to print: nothing invisible that moves a cursor, turns a line round or ends one."""

from __future__ import annotations

import unicodedata

#: Marks that turn the direction of what follows: with them a name can be made to read as another.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return a text of several lines without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join("".join(sign for sign in line if _visible(sign)).strip() for line in lines).strip()


def one_line(text: str) -> str:
    """Return a text on one line: every stretch of white space is one space."""
    return " ".join(clean(text).split())


def _visible(sign: str) -> bool:
    return sign not in _TURNING and unicodedata.category(sign) not in ("Cc", "Cs")
