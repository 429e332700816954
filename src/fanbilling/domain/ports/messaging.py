"""The port of a source that has something to tell: who says which notices are due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol, runtime_checkable

from ..administrations import Administration
from ..messages import MessageState
from ..notices import Notice, PlannedNotice
from ..records import kind_of
from .sourcing import OneOf, Reading
from .storage import Shelf

_PAGE = 500


@runtime_checkable
class Announcing(Protocol):
    """Says which notices are due. Optional for a source; read-only, repeatable, and ignorant of what was sent."""

    @property
    def name(self) -> str:
        """The name of the source; that of its notices too."""

    def notices(
        self, reading: Reading, administration: Administration, *, on: date, about: Sequence[str] | None = None
    ) -> Iterable[Notice]:
        """Return the notices that are due on a day and not yet useless, sent or not.

        Asked twice: first which there are, then again, right before it is sent, whether each is still due and what it
        now says. A notice that is not in the answer is not sent.

        Args:
            administration: whose notices they are: who sends them, and stands on their papers.
            on: the day on which they are sent. Bound the answer by what is of use on that day, not by all history.
            about: only those about these subjects; absent means all. In a constant number of questions to the store.
        """


def forget_recipients(store: Shelf, source: str, subjects: Sequence[str]) -> int:
    """Erase from sent notices about these subjects whom they went to; return how many. For the desk of a source.

    A participant of whom no party is kept has no file to be erased: the desk that keeps the name forgets it here too.
    What could not be sent yet is dropped.
    """
    kind, forgotten = kind_of(PlannedNotice), 0
    for start in range(0, len(subjects), _PAGE):
        where = {"source": source, "subject": OneOf(tuple(subjects[start : start + _PAGE]))}
        after: tuple[str, str] | None = None
        while page := store.find(PlannedNotice, where, after=after, limit=_PAGE):
            after = page[-1].id, page[-1].id
            for notice in page:
                failed = notice.state is MessageState.FAILED
                blanked = kind.blanked(notice.after(MessageState.DROPPED) if failed else notice)
                if blanked != notice:
                    store.replace(notice, blanked)
                    forgotten += 1
    return forgotten
