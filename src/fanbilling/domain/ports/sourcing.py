"""The port of a billing source: who says what is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

import attrs

from ..items import BillableItem
from ..periods import a_day

R = TypeVar("R")


@attrs.frozen
class OneOf:
    """A condition: the key is one of these."""

    values: tuple[Any, ...]


@attrs.frozen
class Between:
    """A condition: the key is from the first up to and including the last; an absent end is open."""

    first: Any = None
    last: Any = None


@attrs.frozen(kw_only=True)
class Asked:
    """A question to a source: what is due for this agreement, of all that is filed on or after ``since``?"""

    agreement: str
    since: date


@attrs.frozen
class Window:
    """What was asked: everything of an agreement that is filed on or after ``since``."""

    source: str
    agreement: str
    since: date


@attrs.frozen(kw_only=True)
class Ask:
    """When to ask again: from which filing day, and on which day that can first be billed."""

    since: date
    on: date

    def __attrs_post_init__(self) -> None:
        """Refuse what the agenda could not keep."""
        a_day(self.since, where="Ask")
        a_day(self.on, where="Ask")


class Reading(Protocol):
    """What a source may see: records by id and by their declared keys. Reading changes nothing."""

    def get(self, kind: type[R], id: str) -> R:
        """Return one record.

        Raises:
            NotFound: when there is none of this kind with this id.
        """

    def get_many(self, kind: type[R], ids: Iterable[str]) -> dict[str, R]:
        """Return the records that exist among these ids, in one question to the store."""

    def find(
        self,
        kind: type[R],
        where: Mapping[str, Any | OneOf | Between] = ...,
        *,
        order_by: str = "id",
        after: tuple[Any, str] | None = None,
        limit: int = ...,
    ) -> Sequence[R]:
        """Return one page of the records that meet all conditions.

        Args:
            where: conditions on declared keys (or ``id``): a value, :class:`OneOf` or :class:`Between`.
            order_by: ``id`` or a declared key; equal ones by id. Text sorts by code point, absent values come first.
            after: the (order key, id) of the last record of the previous page.
            limit: the size of the page; a thousand when nothing is said.

        Raises:
            InvalidValue: for a key that the kind did not declare.
        """


class BillingSource(Protocol):
    """Says what is due. Read-only, repeatable, and ignorant of invoices: it never marks anything as billed."""

    @property
    def name(self) -> str:
        """The name that is part of every key; never changed once used."""

    @property
    def records(self) -> tuple[type, ...]:
        """The kinds of records that it keeps."""

    def items(self, reading: Reading, asked: Sequence[Asked], until: date) -> Iterable[BillableItem]:
        """Return what is due for these agreements, filed on or after each one's ``since``.

        The answer is complete for what was asked: what is not in it is not due. Items that may only be billed later
        than ``until`` may be in it or not; the engine looks at ``bill_on``.
        """

    def next_ask(self, reading: Reading, asked: Sequence[str], after: date) -> Mapping[str, Ask]:
        """Return, per agreement, when something new can be due that is not in an answer until ``after``.

        An agreement that is not in the answer need not be asked again until somebody touches it.
        """
