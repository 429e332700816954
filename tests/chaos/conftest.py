"""Books on every database, and how often a disaster happens."""

from pathlib import Path

import pytest

from fanbilling.adapters.storage.sql import SqlBooks
from tests.chaos.company import DESK

MANY = "long"
"""The profile of Hypothesis with which every count is the full one."""


@pytest.fixture
def often(request):
    """How often: the first number as a rule, the second when there is time."""
    return lambda few, many: many if request.config.getoption("--hypothesis-profile") == MANY else few


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path: Path) -> str:
    """The address of a database in which nothing is."""
    return f"sqlite:///{tmp_path}/books.db" if request.param == "sqlite" else request.getfixturevalue("pg_url")


@pytest.fixture
def open_books():
    """Open the books of the company in a database, and close them afterwards."""
    opened = []

    def open_(url: str) -> SqlBooks:
        opened.append(SqlBooks(url, administration="nl", records=DESK.records))
        return opened[-1]

    yield open_
    for books in opened:
        books.close()
