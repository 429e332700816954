"""Where the command works: a folder with its settings and its books, and the office that bills it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import attrs

from ..domain.errors import AdapterFailure, BillingError, RuleViolation
from ..domain.events import Actor
from ..domain.ports.storage import Store
from ..domain.records import record
from ..office import Office
from .desks import DESKS

if TYPE_CHECKING:
    from ..adapters.storage.sql import SqlBooks

SETTINGS: Final = "settings.toml"
BOOKS: Final = "books.db"
BY: Final = Actor("folder")
PATIENCE: Final = 10
"""Seconds to wait for another run on the same folder."""


class Usage(BillingError):
    """The command was given something it cannot work with: another folder, or another word, is needed."""

    code = "usage"


@record("folder.seen")
@attrs.frozen(kw_only=True)
class Seen:
    """The latest day on which a folder was read, and until which it was billed: what was known then stays known."""

    id: str
    on: date
    until: date | None


@attrs.frozen(kw_only=True)
class Place:
    """An exchange folder with the office that bills it and the books of that office."""

    folder: Path
    office: Office
    books: SqlBooks

    @property
    def language(self) -> str:
        """The language of the house, for pages that no client reads."""
        return str(self.office.settings.resolve("language").value)

    def seen(self, store: Store) -> Seen | None:
        """Return how far the folder was read and billed, or nothing when it never was."""
        return store.get_many(Seen, ["folder"]).get("folder")

    def see(self, store: Store, *, until: date | None = None, on: date) -> None:
        """Keep how far the folder is read, and until which day it is billed, if it is.

        Raises:
            RuleViolation: when a later day was seen: what became known on it cannot be forgotten.
        """
        before = self.seen(store)
        if before is not None and on < before.on:
            raise RuleViolation(
                f"the books know what was known on {before.on} already, and dates on bills never go back",
                where=f"--on {on}",
                remedy=f"give {before.on} or a later day",
            )
        days = [day for day in (until, before.until if before else None) if day is not None]
        now = Seen(id="folder", on=on, until=max(days, default=None))
        if before is None:
            store.add(now)
        elif now != before:
            store.replace(before, now)


def open_place(folder: Path, *, billed: bool = True) -> Place:
    """Open a folder.

    Args:
        billed: whether there must be books in it already.

    Raises:
        Usage: when it is no exchange folder, or nothing was billed in it yet.
        InvalidSetting: when its settings cannot be understood.
        AdapterFailure: when its books cannot be opened.
        RuleViolation: when its books are those of another administration.
    """
    if not folder.is_dir():
        what = "this is a file, not a folder" if folder.exists() else "there is no such folder"
        raise Usage(what, where=str(folder), remedy="give an exchange folder; fanbilling demo makes one to try")
    if not (folder / SETTINGS).is_file():
        raise Usage(
            f"there is no {SETTINGS} in it", where=str(folder), remedy="every exchange folder has one, with a [seller]"
        )
    books = folder / BOOKS
    if billed and not books.is_file():
        raise Usage(
            "nothing was billed here yet",
            where=str(folder),
            remedy=f"begin with: fanbilling run {folder} --until DATE --on DATE",
        )
    office = _office(folder)
    _check_owner(books, office.administration.id)
    return Place(folder=folder, office=office, books=_books(books, office))


@contextmanager
def looking(folder: Path) -> Iterator[tuple[Place, Store]]:
    """Open a folder that was billed, to look: it waits for nobody, sees one moment, and changes nothing."""
    place = open_place(folder)
    try:
        with place.books.reading(by=BY) as store:
            yield place, store
    finally:
        place.books.close()


@contextmanager
def copied(folder: Path) -> Iterator[Place]:
    """Open a folder with a passing copy of its books: whatever is done there leaves no trace."""
    there = open_place(folder, billed=False)
    with TemporaryDirectory(prefix="fanbilling-") as passing:
        copy = Path(passing) / BOOKS
        if (folder / BOOKS).is_file():
            with _reading(folder / BOOKS) as kept, closing(sqlite3.connect(copy)) as other:
                kept.backup(other)
        place = attrs.evolve(there, books=_books(copy, there.office))
        try:
            yield place
        finally:
            place.books.close()


def _office(folder: Path) -> Office:
    from ..configuration import load_administration, load_settings

    return Office(
        administration=load_administration(folder / SETTINGS),
        settings=load_settings(folder / SETTINGS),
        sources=[desk.source for desk in DESKS],
    )


def _books(path: Path, office: Office) -> SqlBooks:
    from ..adapters.storage.sql import SqlBooks

    return SqlBooks(f"sqlite:///{path}", office.administration.id, records=(*office.records, Seen), patience=PATIENCE)


def _check_owner(path: Path, administration: str) -> None:
    """Refuse the books of another administration: everything would be billed anew, under the same numbers.

    Raises:
        RuleViolation: when they are.
    """
    if not path.is_file() or not path.stat().st_size:
        return
    with _reading(path) as books:
        if not books.execute("SELECT 1 FROM sqlite_master WHERE name = 'fb_journal'").fetchone():
            return
        owner = books.execute("SELECT administration FROM fb_journal LIMIT 1").fetchone()
    if owner is not None and owner[0] != administration:
        raise RuleViolation(
            f"the books are of administration {owner[0]!r}",
            where=f"{SETTINGS}, [administration] id = {administration!r}",
            remedy="put the id back, or bill another administration in a folder of its own",
        )


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Read a database as it is; nothing is written, not even by accident."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as books:
            yield books
    except sqlite3.Error as error:
        raise AdapterFailure(str(error), where="opening the books") from error
