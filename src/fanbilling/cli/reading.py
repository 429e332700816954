"""How a file of an exchange folder is read: its bytes become rows, and every bad row becomes a sentence.

Nothing here touches a disk and nothing raises on what a file holds. There is one reader: what differs from file
to file is said by the columns of each row class and by its table, and the reference page says the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

import attrs

from .columns import Later, Wrong, close_to, hidden, shown
from .tables import BadRow, Row, Table, follows

R = TypeVar("R", bound=Row)


@attrs.frozen
class Sheet(Generic[R]):
    """One file, read: its good rows in the order in which they became known, and its bad ones."""

    rows: tuple[R, ...]
    bad: tuple[BadRow, ...]


def read(table: Table[R], data: bytes) -> Sheet[R]:
    """Read one file. A wrong header refuses the whole file; a wrong row refuses itself and what amends it."""
    found = list(_records(table.file, data))
    bad = [bad_row for bad_row in found if isinstance(bad_row, BadRow)]
    records = [record for record in found if not isinstance(record, BadRow)]
    if not found or isinstance(found[0], BadRow):
        return Sheet((), tuple(bad))
    header = [name.strip().lower() for name in records[0][1]]
    wrong_header = list(_header_problems(table, *records[0]))
    drafts = [_Draft.of(table, header, line, cells) for line, cells in records[1:]]
    whole = [draft for draft in drafts if all(wrong.column for wrong in draft.bad)]
    rows = list(_rows(table, whole, absent={name for name in table.columns if name not in header}))
    bad += wrong_header + [bad_row for draft in drafts for bad_row in draft.bad]
    return Sheet(() if wrong_header else tuple(rows), tuple(sorted(bad, key=lambda b: b.line)))


@attrs.define
class _Draft:
    """A row on its way: its values by column, and what is wrong so far."""

    table: Table[Any]
    line: int
    cells: dict[str, str]
    values: dict[str, object]
    bad: list[BadRow]

    @classmethod
    def of(cls, table: Table[Any], header: Sequence[str], line: int, cells: Sequence[str]) -> _Draft:
        draft = cls(table, line, dict(zip(header, cells, strict=False)), {}, [])
        if len(cells) != len(header):
            width = f"This row has {len(cells)} cells and the header has {len(header)}."
            draft.refuse("", Wrong(width, "Put quotes around a text that holds a separator, and count again."))
            return draft
        for name, (_, about) in table.columns.items():
            text = draft.cells.get(name, "")
            value = hidden(text) or (about.kind.read(text.strip()) if text.strip() else None)
            if isinstance(value, Wrong):
                draft.refuse(name, value)
            elif value is not None:
                draft.values[name] = value
        return draft

    def refuse(self, column: str, wrong: Wrong) -> None:
        value = shown(self.cells.get(column, "").strip())
        self.bad.append(BadRow(file=self.table.file, line=self.line, column=column, value=value, **attrs.asdict(wrong)))

    @property
    def entered(self) -> date:
        entered = self.values.get("entered")
        return entered if isinstance(entered, date) else date.min

    def picked(self, names: Sequence[str]) -> tuple[object, ...]:
        return tuple(self.values.get(name) for name in names)

    def complete(self, earlier: dict[str, object] | None, absent: set[str]) -> None:
        """Fill what is empty: from the earlier row of the same id, or else from the description."""
        for name, (_, about) in self.table.columns.items():
            said, before = self.values.get(name), earlier.get(name) if earlier else None
            if earlier is not None and about.later is Later.OWN:
                continue
            if earlier is not None and about.later is Later.FIXED and said not in {None, before}:
                kept = before if before is not None else "empty"
                self.refuse(name, Wrong(f"This cannot change; it was {kept}.", "Leave it empty here, or use a new id."))
            elif said is None and (fallback := about.default if earlier is None else before) is not None:
                self.values[name] = fallback
            elif said is None and about.required and name not in absent | {bad.column for bad in self.bad}:
                self.refuse(name, Wrong("This may not be empty.", f"{about.meaning}, such as {about.example}."))


def _rows(table: Table[R], drafts: Sequence[_Draft], absent: set[str]) -> Iterator[R]:
    """The good rows, each completed by the earlier ones of its key; the others know what is wrong with them."""
    latest: dict[tuple[object, ...], _Draft] = {}
    stamps: dict[tuple[object, ...], int] = {}
    for draft in sorted(drafts, key=lambda d: d.entered):
        key = draft.picked(table.key)
        earlier = latest.get(key) if None not in key else None
        stamped = (key, draft.picked(table.stamp))
        if earlier and earlier.bad:
            draft.refuse(table.key[-1], follows(earlier.line))
        elif earlier and stamped in stamps:
            differ = " or ".join(table.stamp)
            way_out = f"A later row needs another day in {differ}." if differ else "Give each row an id of its own."
            draft.refuse(table.key[-1], Wrong(f"This stands on line {stamps[stamped]} already.", way_out))
            continue
        draft.complete(earlier.values if earlier else None, absent)
        latest[key], stamps[stamped] = draft, draft.line
        if draft.bad or absent & {name for name, (_, about) in table.columns.items() if about.required}:
            continue
        fields = {field: draft.values[name] for name, (field, _) in table.columns.items() if name in draft.values}
        build: Any = table.row
        row: R = build(row=draft.line, **fields)
        for name, wrong in row.problems(first=earlier is None):
            draft.refuse(name, wrong)
        if not draft.bad:
            yield row


def _header_problems(table: Table[Any], line: int, names: Sequence[str]) -> Iterator[BadRow]:
    seen: set[str] = set()
    for name in (name.strip().lower() for name in names):
        if name in seen:
            problem, expected = "This column stands in the header twice.", "Keep one of the two."
        elif name not in table.columns:
            problem = "This column is not known here."
            expected = close_to(name, table.columns.keys() - seen) or f"Known are {', '.join(table.columns)}."
        else:
            seen.add(name)
            continue
        yield BadRow(
            file=table.file, line=line, column=shown(name), value=shown(name), problem=problem, expected=expected
        )
    for name, (_, about) in table.columns.items():
        if about.required and name not in seen:
            expected = f"Add it: {about.meaning}, such as {about.example}."
            yield BadRow(file=table.file, line=line, column=name, problem="This column is missing.", expected=expected)


def _records(file: str, data: bytes) -> Iterator[tuple[int, list[str]] | BadRow]:
    """The rows that are not blank, each with the line it starts on."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = "UTF-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "Windows-1252 (cp1252)"
        yield BadRow(
            file=file,
            line=data.count(b"\n", 0, error.start) + 1,
            problem=f"This file is not written in UTF-8; it looks like {guess}.",
            expected="Save it again as CSV UTF-8.",
        )
        return
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    if not first.strip():
        yield BadRow(file=file, line=1, problem="This file is empty.", expected="Its first line names the columns.")
    separator = ";" if first.count(";") >= first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problem = f"The quotes in this row do not match, or a cell is endless ({error})."
            expected = "Put a text that holds a quote between quotes, and write the quote twice."
            yield BadRow(file=file, line=line, problem=problem, expected=expected)
        else:
            if any(cell.strip() for cell in cells):
                yield line, cells
