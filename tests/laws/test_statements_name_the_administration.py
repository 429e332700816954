"""L20 in the texts that a store sends: wherever it reads or writes a table, it says whose rows are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from importlib import import_module
from itertools import product

import pytest
from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import UpdateBase

from fanbilling.adapters.storage.sql import database
from fanbilling.adapters.storage.sql.database import Bulk
from fanbilling.adapters.storage.sql.finding import asked, question
from fanbilling.adapters.storage.sql.records import _drawer
from fanbilling.adapters.storage.sql.tables import journal, posting
from fanbilling.domain.ports.sourcing import Between, OneOf
from fanbilling.domain.records import kind_of
from fanbilling.testing.contracts.storing.kinds import Card
from tests.laws.neighbours import live, office
from tests.stores import STORES

MODULES = ("agenda", "billed", "counters", "decisions", "documents", "journal", "ledger", "records", "store")
DIALECTS = {"sqlite": sqlite.dialect(paramstyle="named"), "postgresql": postgresql.dialect(paramstyle="named")}

#: A table that is read or written, and what it is called there.
_TABLE = re.compile(r"(?:\b(?:FROM|JOIN|UPDATE|INTO)|,) (fb_\w+)\b(?!\.)(?: AS (?!fb_)(\w+))?")
_MINE = r"\b{}\.administration = :(?:given_)?administration\b"
_NEW = re.compile(r"INSERT INTO fb_\w+ \(administration, [^)]*\) VALUES \(:given_administration\b")
_CLASH = re.compile(r"ON CONFLICT \((?!administration,)")


def nameless(statement, dialect):
    """The tables of a statement of which it does not say, as often as they stand in it, whose rows are meant."""
    text = str(statement.compile(dialect=dialect)).replace("\n", "")
    if _CLASH.search(text):
        return [text]
    names = [alias or table for table, alias in _TABLE.findall(text)]
    if text.startswith("INSERT"):
        return [] if len(names) == 1 and _NEW.match(text) else names
    assert names, text
    return [name for name in names if len(re.findall(_MINE.format(name), text)) < names.count(name)]


def statements(found) -> Iterator[Select | UpdateBase]:
    """Every statement in a value: by itself, for many rows, or in a collection of them."""
    if isinstance(found, Bulk):
        found = found.statement
    if isinstance(found, Select | UpdateBase):
        yield found
    elif isinstance(found, Mapping | tuple | list):
        for one in found.values() if isinstance(found, Mapping) else found:
            yield from statements(one)


def written():
    """Every statement as it stands in the modules of the store, and every one that is put together for records."""
    for name in MODULES:
        module = import_module(f"fanbilling.adapters.storage.sql.{name}")
        for called, value in vars(module).items():
            yield from ((f"{name}.{called}", statement) for statement in statements(value))
    for cls in (*office("nl").records, Card):
        drawer = _drawer(kind_of(cls))
        for part in ("one", "many", "add", "replace", "remove"):
            yield from ((f"{cls.__name__}.{part}", one) for one in statements(getattr(drawer, part)))
    yield from (("found", statement) for statement in questions())


def questions():
    """Every shape of question for records."""
    first, last = date(2026, 1, 1), date(2026, 2, 1)
    wanted = (first, None, Between(), Between(first), Between(None, last), OneOf((first,)), OneOf((first, None)))
    beyond = (None, (first, "x"), (None, "x"))
    for one, order, after in product(({}, *({"day": value} for value in wanted)), ("id", "day"), beyond):
        yield question(kind_of(Card), asked({"client": "a", **one}, order, after, 9)[0])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_says_whose_rows_are_meant(dialect):
    found = list(written())
    assert {name.partition(".")[0] for name, _ in found} >= {*MODULES} - {"records", "store"}
    assert len(found) > 120
    assert [(name, nameless(one, DIALECTS[dialect])) for name, one in found if nameless(one, DIALECTS[dialect])] == []


@pytest.mark.parametrize("store", [store for store in STORES if store != "memory"])
def test_every_statement_that_is_sent_says_whose_rows_are_meant(store, monkeypatch):
    """Whatever way a statement came about: none is sent while every desk works that does not say it."""
    sent = {}
    usual = database.written

    def noted(statement, dialect, prefix):
        sent[id(statement)] = statement
        return usual(statement, dialect, prefix)

    monkeypatch.setattr(database, "written", noted)
    database._order.cache_clear()  # it remembers what was written, and would not ask again
    desk = office("nl")
    with STORES[store](desk) as books:
        live(desk, books, "our")
    named = DIALECTS["sqlite" if store == "sqlite" else "postgresql"]
    assert len(sent) > 40
    assert [faults for statement in sent.values() if (faults := nameless(statement, named))] == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (select(journal.c.body), ["fb_journal"]),
        (select(journal.c.body).where(journal.c.administration == "nl"), ["fb_journal"]),
        (select(journal.c.body).where(journal.c.administration == bindparam("administration")), []),
        (
            select(journal.c.body)
            .join(posting, posting.c.party == journal.c.party)
            .where(journal.c.administration == bindparam("administration")),
            ["fb_posting"],
        ),
        (
            select(posting.c.line).where(
                posting.c.administration == bindparam("administration"), posting.c.entry.in_(select(posting.c.entry))
            ),
            ["fb_posting", "fb_posting"],
        ),
        (update(posting).values(line=bindparam("given_line")), ["fb_posting"]),
    ],
)
def test_one_that_does_not_say_it_is_caught(statement, tables):
    assert nameless(statement, DIALECTS["sqlite"]) == tables
