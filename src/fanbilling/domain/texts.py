"""Texts at the door: ids and words that every database, page and mail can carry."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TypeVar

from .errors import InvalidValue

E = TypeVar("E", bound=StrEnum)

LONGEST_ID = 200
LONGEST_TEXT = 10_000

#: Kinds of characters that no text may hold: control characters (a line break and a tab apart) and lone surrogates.
_REFUSED = ("Cc", "Cs")


def an_id(text: str, *, where: str) -> str:
    """Return an id, or refuse it: it has 1 to 200 characters on one line, with no space at either end.

    Raises:
        InvalidValue: for anything else.
    """
    a_text(text, where=where)
    if not text or text != text.strip():
        raise InvalidValue(f"{text!r} is not an id", where=where, remedy="give a text without spaces at its ends")
    if len(text) > LONGEST_ID:
        raise InvalidValue(f"an id of {len(text)} characters", where=where, remedy=f"use at most {LONGEST_ID}")
    if "\n" in text or "\t" in text:
        raise InvalidValue(f"{text!r} is not on one line", where=where, remedy="take the line break or tab out")
    return text


def a_text(text: str, *, where: str, needed: bool = False) -> str:
    """Return a text, or refuse what cannot be printed and kept.

    Args:
        needed: whether it must say something.

    Raises:
        InvalidValue: for what is not a text, for one of more than 10,000 characters, for control characters and lone
            surrogates, and for an empty one that is needed.
    """
    if not isinstance(text, str):
        raise InvalidValue(f"{text!r} is not a text", where=where, remedy="give a text")
    if needed and not text.strip():
        raise InvalidValue("a text is missing", where=where, remedy="fill it in")
    if len(text) > LONGEST_TEXT:
        raise InvalidValue(f"a text of {len(text)} characters", where=where, remedy=f"use at most {LONGEST_TEXT}")
    if not text.isprintable():
        for place, sign in enumerate(text):
            if unicodedata.category(sign) in _REFUSED and sign not in "\n\t":
                raise InvalidValue(
                    f"character {place + 1} is {sign!r}, which cannot be printed", where=where, remedy="take it out"
                )
    return text


def one_of(kind: type[E], word: E | str) -> E:
    """Turn a word into a member of an enumeration, or refuse it with the words there are.

    Raises:
        InvalidValue: when it is none of them.
    """
    if type(word) is kind:
        return word
    try:
        return kind(word)
    except ValueError:
        words = ", ".join(repr(member.value) for member in kind)
        raise InvalidValue(f"{word!r} is none of them", where=kind.__name__, remedy=f"use {words}") from None
