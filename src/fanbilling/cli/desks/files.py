"""What a desk adds to an exchange folder: its tables, what they may say, and how they are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

import attrs

from ...domain.items import ItemKey
from ...domain.ports.sourcing import BillingSource
from ...domain.ports.storage import Store
from ...office import Office
from ..columns import Problems, Wrong
from ..filing import PaperFile
from ..importing import Import
from ..tables import Folder, Found, Index, Row, Table

ONE: Final = Decimal(1)


class Names(Row, Protocol):
    """A row of credits.csv or decisions.csv: it names something that is due."""

    @property
    def agreement(self) -> str:
        """The agreement."""

    @property
    def fact(self) -> str:
        """What of the agreement; empty where an agreement is one thing."""

    @property
    def filed(self) -> date | None:
        """Under which day it is filed."""


def _nothing(_: Index) -> Found:
    return iter(())


def _anything(_index: Index, _table: Table[Any], _row: Names) -> Found:
    return iter(())


def _pieces(_store: Store, _key: ItemKey) -> Decimal:
    return ONE


def _no_papers(_store: Store, _office: Office, _on: date) -> Iterable[PaperFile]:
    return ()


@attrs.frozen(kw_only=True)
class Due:
    """How a row of credits.csv or decisions.csv names something that is due at a desk.

    Args:
        agreement: what the column `agreement` holds the id of: ``"subscription"``.
        fact: what the column `fact` holds, in a few words; empty where an agreement is one thing.
        filed: what the column `filed` holds, likewise.
        check: says what such a row does not agree with in the tables of the desk: that there is such an agreement, such
            a fact, and that the day is right.
        units: says how many units of its price one of a key is, because a row counts in ones: 31 days for a month of a
            licence. It raises :class:`~fanbilling.cli.importing.Refused` when the books have no such key.
    """

    agreement: str
    fact: str = ""
    filed: str
    check: Callable[[Index, Table[Any], Names], Found] = _anything
    units: Callable[[Store, ItemKey], Decimal] = _pieces

    def problems(self, fact: str, *, file: str) -> Problems:
        """What is wrong with the fact that a row names, whatever stands in the tables."""
        if self.fact and not fact:
            yield "fact", Wrong("This does not say which of them.", f"{self.fact}, as in {file}.")
        if fact and not self.fact:
            yield "fact", Wrong("This is one thing, and has no parts to name.", "Leave this empty.")


@attrs.frozen(kw_only=True)
class DeskFiles:
    """One desk in an exchange folder.

    Args:
        source: says what is due; its name is what the column `source` of the other tables holds.
        tables: its files, the one with the agreements first.
        carry_out: brings the books to what the rows say.
        due: how other rows name what is due here.
        papers: says which papers there are to be filed, ``(store, office, on)``: in a constant number of questions per
            kind of paper, and the same ones whenever it is asked.
        check: says what its rows do not agree with, beyond what :func:`~fanbilling.cli.columns.column` says by
            `stands_in`.
    """

    source: BillingSource
    tables: tuple[Table[Any], ...]
    carry_out: Callable[[Import, Folder], None]
    due: Due
    check: Callable[[Index], Found] = _nothing
    papers: Callable[[Store, Office, date], Iterable[PaperFile]] = _no_papers

    @property
    def name(self) -> str:
        """The name of its source."""
        return self.source.name

    def problems(self, fact: str) -> Iterator[tuple[str, Wrong]]:
        """What is wrong with the fact that a row of credits.csv or decisions.csv names."""
        return self.due.problems(fact, file=self.tables[0].file)
