"""The parts of a store: what happened, whom to ask, what was billed, decided, issued and booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from ..agenda import AgendaRow, Touch
from ..billed import BilledEntry
from ..chain import SealedRow
from ..decisions import Decision
from ..events import Event, Recorded
from ..invoices import Invoice
from ..items import ItemKey
from ..ledger import LedgerEntry
from .sourcing import Between, Window


class Journal(Protocol):
    """What happened, in order, for ever."""

    def append(self, events: Sequence[Event]) -> None:
        """Write events; their positions follow the last one without a gap, and are visible together."""

    def after(self, position: int, *, limit: int, party: str | None = None) -> Sequence[Recorded]:
        """Return the next events after a position, of everybody or of one party."""


class Agenda(Protocol):
    """Whom to ask, and when."""

    def touch(self, touches: Sequence[Touch]) -> None:
        """Make sure that these agreements are asked again; see :meth:`AgendaRow.touched`.

        A first touch makes a row of version 1.
        """

    def due(self, until: date, *, after: str = "", last: str | None = None, limit: int) -> Sequence[AgendaRow]:
        """Return the rows to ask in a run until a day, of the next ``limit`` payers after one, and hold them.

        Whole payers only, in the order of payer, source and agreement. A row without ``ask_on`` is never due.
        Held: see :meth:`hold`.

        Args:
            last: the last payer to look at; nothing said means everybody.
        """

    def payers(self, until: date, *, after: str = "", limit: int) -> Sequence[str]:
        """Return the next payers who have a row that is due, in order; nothing is held."""

    def hold(self, agreements: Sequence[tuple[str, str]]) -> Sequence[AgendaRow]:
        """Return the rows of these (source, agreement) as they are now, and keep others from touching them.

        Until this transaction ends, a touch or an answer by another one waits. Everybody who changes what is due
        touches, so what is read after this stands still. In the order in which they were asked for.

        Raises:
            NotFound: when nobody ever touched one of them.
        """

    def get(self, source: str, agreement: str) -> AgendaRow:
        """Return the row of one agreement.

        Raises:
            NotFound: when nobody ever touched it.
        """

    def of(self, *, client: str | None = None, payer: str | None = None) -> Sequence[AgendaRow]:
        """Return all rows of a client or of a payer, due or not, in the order of (source, agreement)."""

    def all(self, *, after: tuple[str, str] = ("", ""), limit: int) -> Sequence[AgendaRow]:
        """Return a page of all rows in the order of (source, agreement)."""

    def answered(self, rows: Sequence[AgendaRow]) -> None:
        """Store ``since`` and ``ask_on`` after an answer, each row only if its version is still the same.

        ``asked_until`` rises with every answer and never falls, touched in between or not: what was asked was asked,
        and a run that looked less far would take it for no longer due. The version stays; a row that is not there
        is passed over.
        """


class BilledLedger(Protocol):
    """What issued lines took and gave back."""

    def of(self, windows: Sequence[Window]) -> Sequence[BilledEntry]:
        """Return all entries inside the windows, in the order of key and revision."""

    def of_document(self, document: str) -> Sequence[BilledEntry]:
        """Return the entries of one document in the order of its lines."""

    def page(
        self, *, client: str | None = None, after: tuple[ItemKey, int] | None = None, limit: int
    ) -> Sequence[BilledEntry]:
        """Return a page of entries in the order of (key, revision), of everybody or of one client."""

    def append(self, entries: Sequence[BilledEntry]) -> None:
        """Write entries.

        Raises:
            Conflict: when a (key, revision) is taken: somebody billed it first.
        """


class Decisions(Protocol):
    """What we decided about what is due."""

    def of(self, windows: Sequence[Window]) -> Sequence[Decision]:
        """Return all decisions on keys inside the windows, in the order in which they were made."""

    def page(self, *, after: str = "", limit: int) -> Sequence[Decision]:
        """Return a page of all decisions in the order of their ids."""

    def get(self, id: str) -> Decision:
        """Return one decision.

        Raises:
            NotFound: when there is none with this id.
        """

    def add(self, decisions: Sequence[Decision]) -> None:
        """Write new decisions.

        Raises:
            Conflict: when an id is taken.
        """

    def replace(self, before: Decision, after: Decision) -> None:
        """Change a decision (withdraw it).

        Raises:
            Conflict: when what is kept is no longer ``before``, or there is none.
            InvalidValue: when the two have different ids.
        """


class Documents(Protocol):
    """Issued documents: written once, never changed."""

    def seal(self, documents: Sequence[Invoice], pattern: str) -> Sequence[Invoice]:
        """Give documents of one series and one date their numbers, chain them to the last one, and keep them.

        The numbers follow the last one of the series without a gap, in the order given; the lock on the series is
        taken here, after everything else is ready.

        Raises:
            DateBeforeSeries: when the last document of the series has a later date.
            Conflict: when a document with one of these ids, or with one of the numbers, exists.
            InvalidValue: when they are not of one series and one date.
        """

    def get(self, id: str) -> Invoice:
        """Return a document by its id.

        Raises:
            NotFound: when there is none.
        """

    def get_many(self, ids: Iterable[str]) -> dict[str, Invoice]:
        """Return the documents that exist among these ids."""

    def by_number(self, number: str) -> Invoice:
        """Return a document by its number.

        Raises:
            NotFound: when there is none.
        """

    def page(self, *, payer: str | None = None, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[Invoice]:
        """Return a page of documents in the order of series and place, of everybody or of one payer."""

    def sealed(self, *, after: tuple[str, int] = ("", 0), limit: int) -> Sequence[SealedRow]:
        """Return a page of documents as they lie in the archive, in the order of series and place."""


class Ledger(Protocol):
    """Balanced entries."""

    def post(self, entries: Sequence[LedgerEntry]) -> None:
        """Write entries.

        Raises:
            Conflict: when an entry with one of these ids exists.
        """

    def entries(
        self, *, party: str | None = None, on: Between | None = None, after: str = "", limit: int
    ) -> Sequence[LedgerEntry]:
        """Return a page of entries in the order of their ids, each with all its postings as they were given.

        Args:
            party: only those that book something on this party.
            on: only those of these days.
        """

    def balances(self, *, until: date | None = None) -> dict[tuple[str, str], Decimal]:
        """Return the balance of each (account, currency) that was ever booked on, debit positive.

        Args:
            until: as it was at the end of this day.
        """

    def open_items(
        self, account: str, *, party: str | None = None, until: date | None = None
    ) -> dict[tuple[str, str, str], Decimal]:
        """Return what is open per (party, item, currency) on an account: its balances that are not zero.

        Args:
            until: as it was at the end of this day.
        """
