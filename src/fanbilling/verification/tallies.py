"""Tallies: what ought to be there is held against what is there, without keeping either.

Documents come by number, billed entries by key, postings by entry: laid side by side they would fill the memory. So
each fact is added up in one of some thousand parts, by a digest of it times its figure, and taken off again when the
other side tells the same fact. A part that comes to zero agrees. A part that does not is read a second time, and only
then are its facts kept: the :class:`Sketch` finds that something differs, and :class:`Culprits` what.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from fractions import Fraction
from hashlib import blake2b
from typing import Any, Protocol
from zlib import crc32

import attrs

#: What a fact is about (the line of a document, an open item), and what is said of it.
Name = tuple[str | int, ...]
Fact = tuple[Any, ...]

PARTS = 1 << 15

#: How many facts are kept to find culprits: what is looked at of a ruined database is bounded too.
KEPT = 10_000


class Tally(Protocol):
    """Takes facts from two sides, in any order."""

    def expected(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        """Take what ought to be there."""

    def found(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        """Take what is there."""


class Sketch:
    """Two collections of facts and their figures, of which is kept in which parts they differ, and nothing else.

    Figures are added up exactly. Two collections that differ look equal only if digests of 128 bits add up to the
    same by chance; this is no proof against somebody who has the means to search for that.
    """

    def __init__(self) -> None:
        self._sums: list[int | Fraction] = [0] * PARTS
        self._sizes = array("Q", bytes(8 * PARTS))

    def expected(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        digest = blake2b(repr((name, fact)).encode(), digest_size=16).digest()
        part = _part(name)
        self._sums[part] += int.from_bytes(digest, "big") * figure
        self._sizes[part] += 1

    def found(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        self.expected(name, fact, -figure)

    def differing(self) -> list[int]:
        """Return the parts in which the two sides differ."""
        return [part for part, total in enumerate(self._sums) if total]

    def searchable(self) -> list[int]:
        """Return those of them that may be kept together: the first at least, whatever it holds."""
        chosen: list[int] = []
        size = 0
        for part in self.differing():
            size += self._sizes[part]
            if chosen and size > KEPT:
                break
            chosen.append(part)
        return chosen


@attrs.frozen(kw_only=True)
class Difference:
    """A fact whose figures on the two sides differ; ``where`` is what the side that has more of it calls its place."""

    name: Name
    fact: Fact
    expected: Fraction
    found: Fraction
    where: str


class Culprits:
    """The facts of some parts, kept whole, so that each one that differs can be told."""

    def __init__(self, parts: list[int]) -> None:
        self._parts = frozenset(parts)
        self._kept: dict[tuple[Name, Fact], tuple[list[Fraction], list[str]]] = {}

    def expected(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        self._add(0, name, fact, figure, where)

    def found(self, name: Name, fact: Fact, figure: int | Fraction = 1, *, where: str = "") -> None:
        self._add(1, name, fact, figure, where)

    def differences(self) -> Iterator[Difference]:
        """Yield what differs, by name."""
        for (name, fact), ((expected, found), where) in sorted(self._kept.items(), key=lambda kept: kept[0][0]):
            if expected != found:
                yield Difference(
                    name=name, fact=fact, expected=expected, found=found, where=where[abs(found) > abs(expected)]
                )

    def _add(self, side: int, name: Name, fact: Fact, figure: int | Fraction, where: str) -> None:
        if _part(name) in self._parts:
            figures, places = self._kept.setdefault((name, fact), ([Fraction(), Fraction()], ["", ""]))
            figures[side] += figure
            places[side] = where


@attrs.frozen(kw_only=True)
class Tallies:
    """What is compared while everything is read once.

    Args:
        lines: the lines of documents, with the billed entries.
        told: documents, payments and allocations, with the journal.
        open_items: what documents, payments and allocations leave open, with what is booked.
        allocated: the allocations to documents that are there, with all of them.
        messages: the messages that were sent, with the journal; and the documents in it, with their messages.
        last: the last place of each series and the last position of the journal, by the name of their counter.
    """

    lines: Tally
    told: Tally
    open_items: Tally
    allocated: Tally
    messages: Tally
    last: dict[str, int] = attrs.field(factory=dict, init=False)


def _part(name: Name) -> int:
    return crc32(repr(name).encode()) % PARTS
