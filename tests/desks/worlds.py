"""One small office on every store that tests of the desks run on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fanbilling import Address, Administration, Office, Seller
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.ports.storage import UnitOfWork
from fanbilling.sources.manual import Manual
from fanbilling.sources.subscriptions import Subscriptions


def office(administration: str = "nl") -> Office:
    """An office with both desks."""
    seller = Seller(name="Brinkhoff Software B.V.", address=Address(city="Utrecht", country="NL"))
    return Office(administration=Administration(id=administration, seller=seller), sources=[Manual(), Subscriptions()])


@contextmanager
def memory(office: Office) -> Iterator[UnitOfWork]:
    """Books in memory."""
    yield MemoryBooks(administration=office.administration.id)


@contextmanager
def sqlite(office: Office) -> Iterator[UnitOfWork]:
    """Books in an SQLite file."""
    with TemporaryDirectory() as folder:
        books = SqlBooks(
            f"sqlite:///{Path(folder) / 'books.db'}", administration=office.administration.id, records=office.records
        )
        yield books
        books.close()


STORES: dict[str, Callable[[Office], object]] = {"memory": memory, "sqlite": sqlite}
