"""What is known of a client: export writes it all out, erase takes away what the law does not want kept."""

from __future__ import annotations

import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

from ..domain.erasure import Erasure
from ..domain.errors import AdapterFailure, RuleViolation
from ..domain.invoices import Invoice
from ..domain.notices import PlannedNotice
from ..domain.payments import Payment
from ..domain.ports.storage import Store
from .answers import answer
from .commands import party_of
from .desks import DESKS
from .filing import PAGE, Cabinet, mail_of
from .folder import read_folder
from .place import BOOKS, BY, PATIENCE, Place, looking, open_place
from .rows import CLIENTS, PAYMENTS
from .tables import REJECTS, Folder


def export(args: Namespace) -> int:
    """Answer with everything that is kept of a client, as one JSON document."""
    with looking(args.folder) as (place, store):
        found = place.office.crm.export(store, party_of(store, args.client).id)
    answer(found.plain())
    return 0


def erase(args: Namespace) -> int:
    """Erase a client from the books, and say what stays; refused while the tables of the folder tell of it."""
    place, cabinet = open_place(args.folder), Cabinet(args.folder)
    try:
        with place.books(by=BY) as store:
            party = party_of(store, args.client).id
            if told := sorted(set(_told(_rows(args.folder), store, party))):
                raise RuleViolation(
                    f"{', '.join(told)} still tell of it, and the next run would read that",
                    where=f"client {party}",
                    remedy="take its rows out of every table first, and those that build on them",
                )
            left = [cabinet.named(path) for path in _files(place, store, party, on=args.on) if path.is_file()]
            done = place.office.crm.erase(store, party, on=args.on)
    finally:
        place.books.close()
    _forget(args.folder / BOOKS)
    cabinet.page(party).unlink(missing_ok=True)
    left += [REJECTS] if (args.folder / REJECTS).is_file() else []
    _show(done, left)
    return 0


def _rows(folder: Path) -> Folder:
    rows, bad = read_folder({path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()})
    if bad:
        raise RuleViolation(
            "it cannot be read, so nobody knows whom it tells of",
            where=f"{bad[0].file}, line {bad[0].line}",
            remedy="correct it first: a preview says what is wrong",
        )
    return rows


def _told(rows: Folder, store: Store, party: str) -> Iterator[str]:
    """Yield the files with rows that the next run would hold against the books of an erased client."""
    agreements = {(row.source, row.agreement) for row in store.agenda.of(client=party)}
    payments = store.get_many(Payment, [row.id for row in rows.of(PAYMENTS)])
    for payment in rows.of(PAYMENTS):
        if payment.id in payments and payments[payment.id].payer == party:
            yield PAYMENTS.file
    for table, mine in rows.rows.items():
        clients = [field for field, about in table.columns.values() if about.stands_in == CLIENTS.file]
        for row in mine:
            of = getattr(row, "source", ""), getattr(row, "agreement", "")
            if of in agreements or (table is CLIENTS and row.id == party):
                yield table.file
            if party in [getattr(row, field) for field in clients]:
                yield table.file


def _files(place: Place, store: Store, party: str, *, on: date) -> Iterator[Path]:
    """Yield the files that may name a client: its documents, what it was told, and what desks printed for it."""
    cabinet = Cabinet(place.folder)
    for document in _documents(store, party):
        yield from (cabinet.folder / file for file in cabinet.files_of(document.number))
    for notice in _notices(store, party):
        yield cabinet.mail(mail_of(notice))
    for desk in DESKS:
        for paper in desk.papers(store, place.office, on):
            if paper.party == party:
                yield from (cabinet.paper(paper.name, form.value) for form in paper.forms)


def _notices(store: Store, party: str) -> Iterator[PlannedNotice]:
    after: tuple[str, str] | None = None
    while page := store.find(PlannedNotice, {"party": party}, after=after, limit=PAGE):
        yield from page
        after = page[-1].id, page[-1].id


def _documents(store: Store, party: str) -> Iterator[Invoice]:
    after = ("", 0)
    while page := store.documents.page(payer=party, after=after, limit=PAGE):
        yield from page
        after = page[-1].series, page[-1].place


def _forget(books: Path) -> None:
    """Write the books anew: what was replaced still lies in the free parts of the file."""
    try:
        with closing(sqlite3.connect(books, timeout=PATIENCE)) as database:
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise AdapterFailure(str(error), where=BOOKS, remedy="erase again") from error


def _show(done: Erasure, left: list[str]) -> None:
    for one in done.erased:
        print(f"erased: {one.kind} {one.id}" + (_only(one.fields) or ", altogether"))
    if not done.erased:
        print("nothing was left to erase")
    for kept in done.kept:
        print(f"kept until {kept.until}, {kept.law}: {kept.kind} {', '.join(kept.ids)}" + _only(kept.fields))
    if left:
        print(f"files that may name the client; the law wants the bills kept as long: {', '.join(left)}")


def _only(fields: tuple[str, ...]) -> str:
    return f": {', '.join(fields)}" if fields else ""
