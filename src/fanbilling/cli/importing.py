"""Bringing the books to what the rows of a folder say, so that reading the same rows again changes nothing.

What is wanted is built from all rows that are known; where the books say something else, the desks are told, in the
order of the rows. Every row stands or falls alone: one that a desk refuses becomes a bad row and leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

import attrs

from ..domain.errors import AdapterFailure, BillingError, RuleViolation
from ..domain.invoices import Invoice
from ..domain.ports.storage import Store
from ..office import Office
from .columns import shown
from .tables import BadRow, Row, Table

R = TypeVar("R", bound=Row)
S = TypeVar("S")


class Refused(RuleViolation):
    """A row cannot be carried out as it stands in the file."""

    code = "row-refused"

    def __init__(self, problem: str, expected: str, *, column: str = "") -> None:
        """Say what is wrong, what would be right, and in which column."""
        self.column = column
        super().__init__(problem, remedy=expected)


class Waiting(Refused):
    """A row is about something that is on no bill; after the run it may be."""

    code = "row-waiting"


@attrs.define(kw_only=True)
class Import:
    """One import in one transaction: what the desks refuse is collected, row by row.

    Args:
        on: the day of the run; what became known later is not among the rows.
        done: how many rows said something new, and were carried out.
        bad: the rows that were refused.
        waiting: those that are about something that is on no bill.
        issued: the credit notes.
        notes: what else whoever runs it wants to know: who has to wait for a seat.
    """

    office: Office
    store: Store
    on: date
    done: int = 0
    bad: list[BadRow] = attrs.field(factory=list)
    waiting: list[BadRow] = attrs.field(factory=list)
    issued: list[Invoice] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    def carry_out(self, table: Table[Any], row: Row, command: Callable[[], object]) -> bool:
        """Do what a row says, all of it or nothing; say whether it was done.

        Raises:
            AdapterFailure: when the books cannot be written; that is no fault of the row.
        """
        try:
            with self.store.savepoint():
                command()
        except AdapterFailure:
            raise
        except Waiting as error:
            self.waiting.append(_bad(table, row, error))
            return False
        except BillingError as error:
            self.bad.append(_bad(table, row, error))
            return False
        self.done += 1
        return True

    def refuse(self, table: Table[Any], row: Row, error: Refused) -> None:
        """Write down that a row cannot be carried out."""
        self.bad.append(_bad(table, row, error))

    def note(self, table: Table[Any], row: Row, sentence: str) -> None:
        """Say something of a row that was carried out, and came to something else than it asked for."""
        self.notes.append(f"{table.file}, line {row.row}: {sentence}")

    def cannot_change(self, table: Table[Any], row: Row, facts: dict[str, tuple[object, object]]) -> bool:
        """Refuse a row whose fixed columns say something else than the books; say whether it does.

        Args:
            facts: per column what the row says and what the books say.
        """
        for column, (said, kept) in facts.items():
            if said != kept:
                problem = f"This cannot change; the books say {shown(_written(kept))}."
                self.refuse(table, row, Refused(problem, "Put that back, or use a new id.", column=column))
                return True
        return False


def by_key(table: Table[R], rows: Iterable[R]) -> list[list[R]]:
    """Group the rows of a file by what they are about, in the order in which each thing became known."""
    groups: dict[tuple[str, ...], list[R]] = {}
    for row in rows:
        groups.setdefault(table.key_of(row), []).append(row)
    return list(groups.values())


def still_to_do(rows: Sequence[R], states: Sequence[S], known: S, *, same: Callable[[S, S], bool]) -> list[tuple[R, S]]:
    """Return the rows that the books do not know of, each with the state that it leads to.

    Where the books are in none of the states, because a row was written over, the last row says what is wanted.
    """
    for n in reversed(range(len(rows))):
        if same(states[n], known):
            return list(zip(rows[n + 1 :], states[n + 1 :], strict=True))
    return [(rows[-1], states[-1])]


def _bad(table: Table[Any], row: Row, error: BillingError) -> BadRow:
    column = error.column if isinstance(error, Refused) else ""
    return BadRow(
        file=table.file,
        line=row.row,
        column=column,
        value=shown(_written(getattr(row, table.columns[column][0]))) if column else "",
        problem=_sentence(error.problem),
        expected=_sentence(error.remedy),
    )


def _written(value: object) -> str:
    return "" if value is None else str(value)


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".?!" else ".")
