"""A statement as a CSV file: one row for each payment that came in, the oldest first."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import attrs

from ....domain.errors import AdapterFailure, BillingError, InvalidValue, NotFound
from ....domain.money import Money
from ....domain.ports.collection import IncomingPayment

#: What a row has to tell, and what it may tell besides.
NEEDED = ("date", "amount", "currency")
FURTHER = ("id", "payer", "account", "reference")

Row = Mapping[str | None, str | None]


@attrs.frozen
class CsvFeed:
    """Reads payments from a CSV file in UTF-8 whose first row names the columns, in any order.

    ``date`` (2026-01-31), ``amount`` (1234.50, with a point) and ``currency`` are needed; ``id``, ``payer``,
    ``account`` and ``reference`` may be there; other columns are passed over. A row without an ``id`` gets one that
    follows from what it tells, and from how many rows before it tell the same.

    Args:
        path: the file; it may grow at its end.
    """

    path: Path = attrs.field(converter=Path)

    def payments(self, after: str | None) -> Iterable[IncomingPayment]:
        where = str(self.path)
        told = list(self._read())
        ids = [payment.id for payment in told]
        twice = [id for id, times in Counter(ids).items() if times > 1]
        if twice:
            raise InvalidValue(
                f"the id {twice[0]!r} stands there twice", where=str(self.path), remedy="correct the file"
            )
        if after is None:
            return told
        if after not in ids:
            raise NotFound(f"no payment {after!r} is in it", where=where, remedy="give a file that goes back that far")
        return told[ids.index(after) + 1 :]

    def _read(self) -> Iterator[IncomingPayment]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file, strict=True)
                missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
                if missing:
                    raise InvalidValue(
                        f"there is no column {missing[0]!r}",
                        where=f"{self.path}, first row",
                        remedy=f"name {', '.join(NEEDED)} there",
                    )
                same: Counter[tuple[str, ...]] = Counter()
                for row in rows:
                    yield self._payment(row, same, where=f"{self.path}, line {rows.line_num}")
        except OSError as error:
            raise AdapterFailure(
                str(error), where=str(self.path), remedy="put the file there, or allow reading", retryable=True
            ) from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise InvalidValue(str(error), where=str(self.path), remedy="save it as CSV in UTF-8") from error

    def _payment(self, row: Row, same: Counter[tuple[str, ...]], *, where: str) -> IncomingPayment:
        if None in row or None in row.values():
            raise InvalidValue("it has not as many cells as there are columns", where=where, remedy="correct the row")
        told = {name: row.get(name) or "" for name in (*NEEDED, *FURTHER)}
        try:
            amount = Money.of(told["amount"].strip(), told["currency"].strip())
            facts = (told["date"].strip(), str(amount), *(told[name] for name in FURTHER[1:]))
            same[facts] += 1
            return IncomingPayment(
                id=told["id"].strip() or _derived(facts, same[facts]),
                on=date.fromisoformat(told["date"].strip()),
                amount=amount,
                payer=told["payer"],
                account=told["account"],
                reference=told["reference"],
            )
        except BillingError as error:
            raise InvalidValue(error.problem, where=where, remedy=error.remedy) from error
        except ValueError as error:
            raise InvalidValue(
                f"{told['date']!r} is not a date", where=where, remedy="write it as 2026-01-31"
            ) from error


def _derived(facts: tuple[str, ...], place: int) -> str:
    """Derive an id from what a row tells; of rows that tell the same, the second is another than the first."""
    text = "\0".join((*facts, str(place)))  # no text that can be kept holds this sign
    return hashlib.sha256(text.encode()).hexdigest()[:32]
