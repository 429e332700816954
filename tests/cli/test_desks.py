"""Every desk is a room of its own in the exchange folder, and the rest of the command names none of them."""

import ast
from pathlib import Path

import pytest

import fanbilling.cli
from fanbilling.cli.columns import Later
from fanbilling.cli.desks import BY_SOURCE, DESKS
from fanbilling.cli.reference import described
from fanbilling.cli.rows import AGREEMENT, TABLES
from fanbilling.cli.tables import Folder, Index
from fanbilling.domain.items import ItemKey

HOME = Path(fanbilling.cli.__file__).parent
FRAME = [path for path in HOME.rglob("*.py") if "desks" not in path.relative_to(HOME).parts]
TABLES_OF_DESKS = [table for desk in DESKS for table in desk.tables]


def imported(path):
    """The modules that a module takes names from, relative to the package of the command."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize("path", FRAME, ids=lambda path: path.relative_to(HOME).as_posix())
def test_nothing_outside_the_rooms_names_a_desk(path):
    assert [name for name in imported(path) if name.startswith(("sources", "desks."))] == []


def test_a_file_has_one_table_and_a_source_one_desk():
    files = [table.file for table in TABLES]
    assert sorted(set(files)) == sorted(files)
    assert [desk.name for desk in DESKS] == list(BY_SOURCE)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_a_table_says_what_the_framework_asks(table):
    assert list(table.columns)[-1] == "entered"
    assert set(table.key) <= set(table.columns)
    assert set(table.stamp) <= set(table.columns)
    assert table.counts_from in {"", *(field for field, _ in table.columns.values())}
    for name in table.key:
        assert table.columns[name][1].later is Later.REPLACES, "a later row repeats what names its thing"
    for _, about in table.columns.values():
        assert about.stands_in in {"", *(other.file for other in TABLES)}


@pytest.mark.parametrize("table", TABLES_OF_DESKS, ids=lambda table: table.file)
def test_the_client_of_a_row_stands_among_the_clients(table):
    if "client" in table.columns:
        assert table.columns["client"][1].stands_in == "clients.csv"


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
def test_the_reference_page_says_how_a_desk_names_what_is_due(desk):
    page = described("<!-- what is due --><!-- end of what is due -->")
    assert f"| `{desk.name}` | Id of the {desk.due.agreement} |" in page
    assert desk.due.agreement in AGREEMENT
    assert len(list(desk.problems("x"))) == (0 if desk.due.fact else 1)
    assert len(list(desk.problems(""))) == (1 if desk.due.fact else 0)


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.name)
def test_a_desk_without_a_row_has_nothing_to_check(desk):
    assert list(desk.check(Index.of(Folder()))) == []


def test_a_loose_line_counts_in_ones():
    assert BY_SOURCE["manual"].due.units(None, ItemKey("manual", "L-1", None, "")) == 1


def test_an_index_finds_a_thing_by_the_beginning_of_its_key():
    [subscriptions] = BY_SOURCE["subscriptions"].tables
    class_ = subscriptions.row
    fields = {"client": "acme", "text": "t", "start": None, "months": 1, "billed": "advance", "tax": "standard"}
    one = class_(row=2, subscription="S-1", line="seats", **fields)
    more = class_(row=3, subscription="S-1", line="care", **fields)
    index = Index.of(Folder({subscriptions: [one, more]}))
    assert index.first(subscriptions, "S-1") is one
    assert index.first(subscriptions, "S-1", "care") is more
    assert index.first(subscriptions, "S-2") is None
    assert list(index.refer(subscriptions, one, "line", subscriptions, "S-1", "care")) == []
    [(_, _, column, why)] = index.refer(subscriptions, one, "line", subscriptions, "S-1", "cares")
    assert (column, why.expected) == ("line", "Did you mean care?")
