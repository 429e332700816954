"""What holds after any disaster: every law, every number, and every bill that was due, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from fanbilling import Office, verify
from fanbilling.domain.chain import SealedRow
from fanbilling.domain.ports.storage import Store, UnitOfWork

PAGE = 500

#: What was sealed, by document: its text without the number, and how often it is there.
Bills = Counter[tuple[str, str]]


def audit(books: UnitOfWork) -> list[str]:
    """What does not hold in some books, whether a run was finished or not."""
    found = [str(finding) for finding in verify(books)]
    with books() as store:
        found.extend(_numbers(store))
        found.extend(_positions(store))
        found.extend(_entries(store))
    return found


def finished(books: UnitOfWork, office: Office, until: date, expected: Bills) -> list[str]:
    """What does not hold once everything was billed until a day: also what is not billed, and other bills."""
    found = audit(books)
    with books() as store:
        found += [
            f"not billed: {one.key} because of {one.because.rule}" for one in office.billing.why_not(store, until=until)
        ]
        found += [f"billed otherwise: {one.key}" for one in office.billing.drift(store, until=until)]
    is_there = bills(books)
    found += [f"lost: {id}" for id, _ in (expected - is_there).elements()]
    found += [f"too many: {id}" for id, _ in (is_there - expected).elements()]
    return found


def bills(books: UnitOfWork) -> Bills:
    """All documents, apart from their numbers."""
    with books() as store:
        return Counter((row.id, row.body) for row in _sealed(store))


def _numbers(store: Store) -> Iterator[str]:
    """Places 1 to n in every series, numbers that say so, dates that never go back, and a counter that knows."""
    counters = store.counters()
    for series, rows in groupby(_sealed(store), key=lambda row: row.series):
        last, place = date.min, 0
        for place, row in enumerate(rows, 1):
            if (row.place, row.number) != (place, f"{series}-{place:04}"):
                yield f"series {series}: place {row.place} with number {row.number} where {place} is due"
            if row.on < last:
                yield f"series {series}: {row.number} of {row.on} after a document of {last}"
            last = row.on
        if counters[f"series:{series}"] != place:
            yield f"series {series}: the counter stands at {counters[f'series:{series}']} after {place} documents"


def _positions(store: Store) -> Iterator[str]:
    last = 0
    while page := store.journal.after(last, limit=PAGE):
        for row in page:
            if row.position != last + 1:
                yield f"journal: position {row.position} after {last}"
            last = row.position
    if store.counters().get("journal", 0) != last:
        yield f"journal: the counter stands at {store.counters().get('journal', 0)} after position {last}"


def _entries(store: Store) -> Iterator[str]:
    """Revisions 0 to n of every key, each on a document that is there."""
    documents = {row.id for row in _sealed(store)}
    after, revisions = None, Counter()
    while page := store.billed.page(after=after, limit=PAGE):
        for entry in page:
            if entry.revision != revisions[entry.key]:
                yield f"{entry.key}: revision {entry.revision} where {revisions[entry.key]} is due"
            if entry.document not in documents:
                yield f"{entry.key}: billed on {entry.document}, which is not there"
            revisions[entry.key] += 1
        after = page[-1].key, page[-1].revision


def _sealed(store: Store) -> Iterator[SealedRow]:
    after = ("", 0)
    while page := store.documents.sealed(after=after, limit=PAGE):
        yield from page
        after = page[-1].series, page[-1].place
