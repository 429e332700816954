"""The port of auditing: a source that recomputes the laws of what it keeps, for verification."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from ..findings import Finding
from .storage import Store


@runtime_checkable
class Auditing(Protocol):
    """What a source may bring besides: a check of its own records, by arithmetic that shares nothing with its desk."""

    @property
    def name(self) -> str:
        """The name of the source."""

    def audit(self, store: Store) -> Iterable[Finding]:
        """Return what breaks a law in what the source keeps: stock (L8), work in progress (L6), seats.

        Everything is read a page at a time, so that the memory it takes does not grow with the books.
        """
