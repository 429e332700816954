"""``fanbilling db``: which schema the tables have, whether they are as they should be, and bringing them up to date."""

import json
import shutil
import sqlite3

import pytest

from fanbilling.adapters.storage.sql.schema.migrations import CURRENT
from tests.adapters.storage.museums import restore
from tests.cli.folders import SAMPLE, fanbilling
from tests.postgres import fresh

KINDS = "fanbilling.testing.contracts.storing.kinds:KINDS"


@pytest.fixture(params=["folder", "sqlite", "postgresql"])
def place(request, tmp_path):
    """Where books of schema 1 are, as the command is told."""
    if request.param == "postgresql":
        with fresh(request.getfixturevalue("pg_server")) as url:
            restore(url)
            yield url
        return
    restore(f"sqlite:///{tmp_path / 'books.db'}")
    shutil.copy(SAMPLE / "settings.toml", tmp_path)
    yield tmp_path if request.param == "folder" else f"sqlite:///{tmp_path / 'books.db'}"


def test_old_books_are_told_checked_upgraded_and_then_fine(place):
    ran = fanbilling("db", "version", place)
    assert (ran.status, ran.out) == (1, f"The tables have schema 1; this program works with {CURRENT}.\n")
    ran = fanbilling("db", "check", place)
    assert ran.status == 1
    assert f"schema: expected {CURRENT}; found 1\n" in ran.out
    assert "table fb_schema: it is not there\n" in ran.out
    ran = fanbilling("db", "upgrade", place)
    assert ran.status == 0
    assert ran.out.startswith(f"The tables have schema {CURRENT}; before it was 1.\n")
    ran = fanbilling("db", "check", place)
    assert (ran.status, ran.out) == (0, "The tables are as this program expects them.\n")
    ran = fanbilling("db", "upgrade", place)
    assert (ran.status, ran.out) == (0, f"The tables have schema {CURRENT}; there was nothing to do.\n")
    assert fanbilling("db", "version", place).status == 0


def test_a_program_gets_its_answers_as_json(place):
    assert json.loads(fanbilling("db", "version", place, "--json").out) == {"schema": 1, "program": CURRENT}
    done = json.loads(fanbilling("db", "upgrade", place, "--json").out)
    assert done.keys() == {"before", "after", "tables", "columns", "mended"}
    assert (done["before"], done["after"], done["columns"]) == (1, CURRENT, [])
    assert json.loads(fanbilling("db", "check", place, "--json").out) == {"differences": []}


def test_what_cannot_be_used_yet_says_which_command_helps(tmp_path):
    restore(f"sqlite:///{tmp_path / 'books.db'}")
    shutil.copy(SAMPLE / "settings.toml", tmp_path)
    ran = fanbilling("verify", tmp_path)
    assert ran.status == 1
    assert f"schema 1, and this program works with {CURRENT}" in ran.err
    assert "fanbilling db upgrade" in ran.err
    assert fanbilling("db", "upgrade", tmp_path).status == 0
    assert fanbilling("verify", tmp_path).status == 0


def test_kinds_of_your_own_are_named_by_module_and_name(tmp_path):
    url = f"sqlite:///{tmp_path / 'books.db'}"
    assert "  Made: fb_testing_card\n" in fanbilling("db", "upgrade", url, "--records", KINDS).out
    assert fanbilling("db", "check", url, "--records", KINDS).status == 0


def test_an_office_names_its_kinds_and_is_found_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "our_erp.py").write_text(
        "from tests.adapters.storage.museums import office\nbilling = office()\n", encoding="utf-8"
    )
    ran = fanbilling("db", "upgrade", "sqlite:///books.db", "--records", "our_erp:billing", "--prefix", "b_")
    assert ran.status == 0
    assert "  Made: b_subscriptions_subscription\n" in ran.out
    assert fanbilling("db", "version", "sqlite:///books.db").out.startswith("The tables have schema 0;")


@pytest.mark.parametrize("named", ["nothing_here:office", "json:nothing", "json:loads", "json", "json.decoder:NaN"])
def test_what_names_no_kinds_is_not_understood(tmp_path, named):
    ran = fanbilling("db", "upgrade", f"sqlite:///{tmp_path / 'books.db'}", "--records", named)
    assert ran.status == 2
    assert "--records" in ran.err
    assert not (tmp_path / "books.db").exists()


def test_a_database_that_is_not_there_is_not_made_by_looking(tmp_path):
    for action in ("version", "check"):
        assert fanbilling("db", action, f"sqlite:///{tmp_path / 'books.db'}").status == 2
    assert list(tmp_path.iterdir()) == []


def test_newer_books_are_left_alone(tmp_path):
    place = f"sqlite:///{tmp_path / 'books.db'}"
    assert fanbilling("db", "upgrade", place).status == 0
    with sqlite3.connect(tmp_path / "books.db") as connection:
        connection.execute(f"UPDATE fb_schema SET version = {CURRENT + 1} WHERE name = ''")
    connection.close()
    for action in ("version", "check", "upgrade"):
        assert fanbilling("db", action, place).status == 1
    said = f"schema {CURRENT + 1}, and this program knows them up to {CURRENT}"
    assert said in fanbilling("db", "upgrade", place).err


@pytest.mark.parametrize(
    "place", ["postgresql:/eva:s3cret@host/db", "host=db password=s3cret", "postgresql://s3cret:x:y"]
)
def test_what_is_no_place_is_not_printed_for_there_may_be_a_password_in_it(place):
    ran = fanbilling("db", "check", place)
    assert ran.status
    assert "postgresql://user@host/books" in ran.err
    assert "s3cret" not in ran.out + ran.err
