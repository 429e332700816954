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
class Outcome:
    """What a run did.

    Args:
        imported: how many rows said something new.
        drafted: how many bills the run came to, those that could not be issued included.
        issued: the documents, credit notes included.
        skipped: for whom something could not be done, and why.
        unmailed: who got a document that has no e-mail address to go to.
        rejected: the rows that were refused.
        sent: how many documents were sent.
        ran: whether it came to billing; it does not when a row is bad and none may be left out.
    """

    imported: int = 0
    drafted: int = 0
    issued: tuple[Issued, ...] = ()
    skipped: tuple[Failure, ...] = ()
    unmailed: tuple[str, ...] = ()
    rejected: tuple[BadRow, ...] = ()
    sent: int = 0
    ran: bool = True

    @property
    def clean(self) -> bool:
        """Whether everything could be done."""
        return not (self.skipped or self.rejected)
