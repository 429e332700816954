"""One database on a server for all tests of a module, each with tables of its own."""

import pytest

from tests.postgres import fresh


@pytest.fixture(scope="module")
def shared_pg_url(pg_server):
    with fresh(pg_server) as url:
        yield url
