"""Inside Django, on its own connection, books keep the contract of a store."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from threading import current_thread, main_thread

import pytest
from django.db import connections, transaction

from fanbilling.adapters.storage.sql import upgrade
from fanbilling.adapters.storage.sql.django import DjangoBooks
from fanbilling.testing.contracts import StoreContract
from tests.django_host import database

NUMBERS = count()


class Books(DjangoBooks):
    """Books of a host with threads of its own, which close their connections as Django asks of them."""

    def __call__(self, **opening):
        return self._closing(super().__call__(**opening))

    def reading(self, **opening):
        return self._closing(super().reading(**opening))

    @contextmanager
    def _closing(self, opened):
        try:
            with opened as store:
                yield store
        finally:
            if current_thread() is not main_thread():
                connections[self.using].close()


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> Iterator[str]:
    url = f"sqlite:///{tmp_path_factory.mktemp('django')}/host.db"
    with database(url, transaction_mode="IMMEDIATE", timeout=30) as alias:
        yield alias


@pytest.fixture(scope="module")
def on_postgresql(shared_pg_url) -> Iterator[str]:
    with database(shared_pg_url) as alias:
        yield alias


class DjangoContract(StoreContract):
    programs = 40  # the statements are those of the other stores

    @pytest.fixture
    def new_books(self, alias) -> Callable[[], DjangoBooks]:
        def new() -> DjangoBooks:
            prefix = f"t{next(NUMBERS)}_"
            with transaction.atomic(using=alias):
                upgrade(connections[alias], self.kinds, prefix=prefix)
            return Books(using=alias, records=self.kinds, prefix=prefix)

        return new

    @pytest.fixture
    def neighbour(self, books) -> DjangoBooks:
        return Books("be", using=books.using, records=self.kinds, prefix=books.prefix)


class TestDjangoOnSqlite(DjangoContract):
    beside = False  # Django says IMMEDIATE for all its transactions, also for those that only look

    @pytest.fixture
    def alias(self, on_sqlite) -> str:
        return on_sqlite


class TestDjangoOnPostgresql(DjangoContract):
    @pytest.fixture
    def alias(self, on_postgresql) -> str:
        return on_postgresql
