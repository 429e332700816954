"""What is measured bills the same as the floor that it is measured by, on both databases."""

import pytest

from bench.places import Files, Server
from bench.results import Case, table
from bench.run import measure


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def place(request, tmp_path):
    if request.param == "SQLite":
        return Files(tmp_path)
    return Server(request.getfixturevalue("pg_server"))


def test_floor_and_library_write_the_same_rows(place):
    result = measure(Case("first month", 30, pairs=1), place, str)  # it stops where they differ
    assert result.row()["database"] == place.name
    assert result.ratio > 0
    assert place.name in table([result] * 3)


@pytest.mark.parametrize("desk", ["projects", "orders", "courses"])
def test_floor_and_library_write_the_same_rows_at_every_desk(desk, tmp_path):
    result = measure(Case(desk, 30, pairs=1, desk=desk), Files(tmp_path), str)
    assert result.ratio > 0
