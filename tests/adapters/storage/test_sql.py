"""Books in a database keep the contract of a store: in a file, in memory, on a server, and inside Django."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.testing.contracts import StoreContract

NUMBERS = count()


class TestInAFile(StoreContract):
    """SQLite in a file, as a company keeps its books."""

    @pytest.fixture
    def new_books(self, tmp_path) -> Iterator[Callable[[], SqlBooks]]:
        opened, numbers = [], count()

        def new() -> SqlBooks:
            opened.append(SqlBooks(f"sqlite:///{tmp_path}/{next(numbers)}.db", records=self.kinds))
            return opened[-1]

        yield new
        for books in opened:
            books.close()

    @pytest.fixture
    def neighbour(self, books: SqlBooks) -> Iterator[SqlBooks]:
        other = SqlBooks(books.url, "be", records=self.kinds)
        yield other
        other.close()


class TestInMemory(StoreContract):
    """SQLite in memory, as a test or a trial keeps them."""

    beside = False

    @pytest.fixture
    def new_books(self) -> Iterator[Callable[[], SqlBooks]]:
        opened = []

        def new() -> SqlBooks:
            opened.append(SqlBooks("sqlite://", records=self.kinds))
            return opened[-1]

        yield new
        for books in opened:
            books.close()


class TestOnAServer(StoreContract):
    """PostgreSQL, as a host with many users keeps them; a prefix of its own for every books."""

    @pytest.fixture
    def new_books(self, shared_pg_url) -> Iterator[Callable[[], SqlBooks]]:
        opened = []

        def new() -> SqlBooks:
            for old in opened[:-8]:  # a server has only so many places
                old.close()
            opened.append(SqlBooks(shared_pg_url, records=self.kinds, prefix=f"t{next(NUMBERS)}_"))
            return opened[-1]

        yield new
        for books in opened:
            books.close()

    @pytest.fixture
    def neighbour(self, books: SqlBooks) -> Iterator[SqlBooks]:
        other = SqlBooks(books.url, "be", records=self.kinds, prefix=books.prefix)
        yield other
        other.close()
