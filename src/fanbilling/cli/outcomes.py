"""What a run over a folder did, to be shown on a screen or answered to a program."""

from __future__ import annotations

import attrs

from ..domain.money import Money
from ..domain.reports import Failure
from .tables import BadRow


@attrs.frozen(kw_only=True)
class Issued:
    """A document that a run issued, and the files there are about it."""

    number: str
    payer: str
    credit: bool
    total: Money
    files: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Incomplete:
    """A document that should have an e-invoice and cannot be one: what is missing, in words."""

    number: str
    payer: str
    missing: tuple[str, ...]


@attrs.frozen(kw_only=True)
class Outcome:
    """What a run did.

    Args:
        imported: how many rows said something new.
        drafted: how many bills the run came to, those that could not be issued included.
        issued: the documents, credit notes included.
        skipped: for whom something could not be done, and why.
        unmailed: who got a document that has no e-mail address to go to.
        rejected: the rows that were refused.
        incomplete: the documents that have no e-invoice, and should; they went out as PDF.
        sent: how many documents were sent.
        papers: the files of other papers that were written: quotations, reports.
        notes: what became of rows that were carried out, and could not get what they asked for.
        ran: whether it came to billing; it does not when a row is bad and none may be left out.
    """

    imported: int = 0
    drafted: int = 0
    issued: tuple[Issued, ...] = ()
    skipped: tuple[Failure, ...] = ()
    unmailed: tuple[str, ...] = ()
    rejected: tuple[BadRow, ...] = ()
    incomplete: tuple[Incomplete, ...] = ()
    sent: int = 0
    papers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ran: bool = True

    @property
    def clean(self) -> bool:
        """Whether everything could be done."""
        return not (self.skipped or self.rejected or self.incomplete)


@attrs.frozen(kw_only=True)
class Told:
    """A notice that was sent: what it is for, about what, in whose file it stands, and its mail."""

    purpose: str
    subject: str
    client: str
    file: str


@attrs.frozen(kw_only=True)
class Reminded:
    """What came of sending every notice that was due.

    Args:
        imported: how many rows said something new.
        sent: the notices that were sent.
        dropped: how many were not sent before, and are of no use any more.
        skipped: for whom something could not be done, and why.
        unmailed: who should be told something, and has no e-mail address.
        rejected: the rows that were refused.
        papers: the files of papers that were written.
        notes: as in `Outcome`.
        ran: whether it came to sending; it does not when a row is bad and none may be left out.
    """

    imported: int = 0
    sent: tuple[Told, ...] = ()
    dropped: int = 0
    skipped: tuple[Failure, ...] = ()
    unmailed: tuple[str, ...] = ()
    rejected: tuple[BadRow, ...] = ()
    papers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ran: bool = True

    @property
    def clean(self) -> bool:
        """Whether everything could be done."""
        return not (self.skipped or self.rejected)
