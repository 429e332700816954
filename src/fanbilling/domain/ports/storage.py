"""The port of storage: one open transaction on one administration, by one actor, at one moment.

A store is never committed by the library: whoever opened it ends it. Many at once is the normal case of every write,
and none at all writes nothing. What a transaction wrote, it can read at once. A write that raises ends the savepoint
it is in, or else the transaction: leave it, and nothing of it was written. Text sorts by code point.

What no store can keep is refused with ``InvalidValue`` when it is written: a NUL or half a character in an id, a key
or a line's text, a whole number of more than 64 bits, an amount with parts of a cent. Asked for, such a thing is
refused or not found. Pages have a ``limit`` of 1 or more. Values gain fields, each with a default: a store keeps them
whole, for instance by the codec, and does not leave out what it does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from ..errors import RuleViolation
from ..events import Actor
from .parts import Agenda, BilledLedger, Decisions, Documents, Journal, Ledger
from .sourcing import Reading, Window

R = TypeVar("R")


class Shelf(Reading, Protocol):
    """What the desk of a source may do: keep its own records, write the journal, touch the agenda."""

    @property
    def administration(self) -> str:
        """The id of the administration that this transaction is in."""

    @property
    def by(self) -> Actor:
        """Who works in this transaction; written into the journal with whatever happens in it."""

    @property
    def at(self) -> datetime:
        """At which moment."""

    @property
    def journal(self) -> Journal:
        """What happened."""

    @property
    def agenda(self) -> Agenda:
        """Whom to ask."""

    def hold(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        """Return the records that exist among these ids as they are now, and keep others from them.

        Until this transaction ends, whoever holds, replaces or removes one of them waits, or is refused with an
        ``AdapterFailure`` that can be tried again. Who decides on a sum (what is open, whether a seat is free) holds
        first what the sum is of.
        """

    def add(self, *records: Any) -> None:
        """Keep new records.

        Raises:
            Conflict: when one with the same id exists.
        """

    def replace(self, before: Any, after: Any) -> None:
        """Keep ``after`` in the place of ``before``.

        Raises:
            Conflict: when what is kept is no longer ``before``, or there is none.
            InvalidValue: when the two are of different kinds or have different ids.
        """

    def remove(self, kind: type, id: str) -> None:
        """Take a record away.

        Raises:
            NotFound: when there is none.
        """


class Store(Shelf, Protocol):
    """One open transaction. It has no commit: whoever opened it ends it, and after that it refuses every call."""

    @property
    def billed(self) -> BilledLedger:
        """What was billed."""

    @property
    def decisions(self) -> Decisions:
        """What was decided."""

    @property
    def documents(self) -> Documents:
        """What was issued."""

    @property
    def ledger(self) -> Ledger:
        """What was booked."""

    def counters(self) -> Mapping[str, int]:
        """Return where each numbering stands: the last position of ``journal``, the last place of ``series:2026``.

        A numbering from which nothing was ever drawn may be in it, at 0, or not.
        """

    def savepoint(self) -> AbstractContextManager[None]:
        """Open a part of the transaction that fails alone: an error inside undoes only what it did, and passes on."""


S = TypeVar("S", bound=Shelf)


def ours(store: S, administration: str) -> S:
    """Return the store, or refuse one of another administration (law L20).

    Args:
        administration: the id of ours; empty means that a desk stands by itself and takes any.

    Raises:
        RuleViolation: when the store is of another administration.
    """
    if administration and store.administration != administration:
        raise RuleViolation(
            f"the store is of administration {store.administration!r}",
            where=f"administration {administration}",
            remedy=f"open its books with administration={administration!r}",
        )
    return store


def never_billed(store: Store, source: str, agreement: str) -> None:
    """Refuse an agreement of which something was billed, or decided; until the transaction ends nobody bills it.

    Raises:
        NotFound: when nobody ever touched it.
        RuleViolation: when it is part of the books.
    """
    store.agenda.hold([(source, agreement)])
    window = [Window(source, agreement, date.min)]
    for found, what in ((store.billed.of(window), "billed"), (store.decisions.of(window), "decided")):
        if found:
            raise RuleViolation(
                f"something was {what} of it, and that stays in the books",
                where=f"{source} {agreement}",
                remedy="end or withdraw it; a run gives back what was billed",
            )


class UnitOfWork(Protocol):
    """Opens stores: commits on a clean exit, rolls back otherwise."""

    def __call__(self, *, by: Actor = ..., at: datetime | None = None) -> AbstractContextManager[Store]:
        """Open a transaction by an actor at a moment."""
