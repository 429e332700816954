"""On a real server, with many rows, every question of the stores and of the reports goes through an index.

Asked when the tables were just filled and nobody counted their rows, and again when somebody did.
"""

from datetime import date

import psycopg
import pytest
from sqlalchemy import Select

from fanbilling.adapters.storage.sql import portable, records, upgrade
from fanbilling.adapters.storage.sql.database import written
from fanbilling.adapters.storage.sql.databases.postgresql import POSTGRESQL
from fanbilling.adapters.storage.sql.finding import asked, question
from fanbilling.domain.ports.sourcing import Between, OneOf
from fanbilling.domain.records import kind_of
from fanbilling.testing.contracts.storing.kinds import KINDS, Card
from tests.adapters.storage.test_sql_statements import questions
from tests.adapters.storage.test_views import NARROW
from tests.postgres import dsn, fresh

ROWS = 20_000
SERIES = f"FROM generate_series(1, {ROWS}) n"
DAY = "DATE '2026-01-31' + n / 100"

#: Rows of two administrations, made by the server itself.
FILL = f"""\
INSERT INTO fb_agenda SELECT a, 'testing', 'a' || n, 'p' || n, 'p' || n, {DAY}, {DAY}, {DAY}, 1 {SERIES}, whose;
INSERT INTO fb_billed SELECT a, 'testing', 'a' || n / 3, {DAY}, '', n, 'd' || n / 3, n, 'p' || n / 3, 'EUR', 'S', '21',
  '1.00', '1', 'C62', 'invoice', '1', 100, 21, {DAY}, 'p' || n / 3, '8000', 'Licence', '', NULL, NULL, NULL
  {SERIES}, whose;
INSERT INTO fb_decision SELECT a, n, 'w' || n, 'testing', 'a' || n, {DAY}, '', repeat('x', 300) {SERIES}, whose;
INSERT INTO fb_document SELECT a, '2026', n, 'd' || n, '2026-' || n, 'invoice', {DAY}, {DAY}, 'p' || n % 1000, 'EUR',
  100, 21, 121, 121, repeat('x', 900), '' {SERIES}, whose;
INSERT INTO fb_posting SELECT a, 'b' || n / 3, n, 'invoice', {DAY}, 'EUR',
  CASE WHEN n % 3 = 0 THEN '1300' ELSE '8000' END, 100, CASE WHEN n % 3 = 0 THEN 'p' || n % 1000 ELSE '' END,
  CASE WHEN n % 3 = 0 THEN 'd' || n ELSE '' END {SERIES}, whose;
INSERT INTO fb_journal SELECT a, n, '2026-01-31T00:00:00+00:00', 'eva', 'party.registered', 'p' || n % 1000, {DAY},
  repeat('x', 100) {SERIES}, whose;
INSERT INTO fb_parties_party SELECT a, 'p' || n, 'Name ' || n, 'NL', repeat('x', 300) {SERIES}, whose;
INSERT INTO fb_testing_card SELECT a, 'c' || n, 'p' || n % 5000, CASE WHEN n % 2 = 0 THEN 'open' ELSE 'done' END,
  {DAY}, n, CASE WHEN n % 3 = 0 THEN {DAY} END, repeat('x', 300) {SERIES}, whose;
""".replace(", whose", ", (VALUES ('nl'), ('brinkhoff')) whose (a)")

VALUES = {
    "administration": "nl",
    "source": "testing",
    "agreement": "a777",
    "client": "p777",
    "payer": "p777",
    "party": "p777",
    "until": "2026-02-02",
    "after": "p777",
    "last": "p900",
    "limit": 500,
    "id": "p777",
    "ids": portable.array(["p1", "p777"]),
    "number": "2026-777",
    "series": "2026",
    "place": 777,
    "position": 777,
    "document": "d777",
    "account": "1300",
    "windows": portable.array([("testing", "a777", "2026-01-01"), ("testing", "a778", "2026-01-01")]),
    "agreements": portable.array([("testing", "a777"), ("testing", "a778")]),
    "after_source": "testing",
    "after_agreement": "a777",
    "after_filed": "2026-02-02",
    "after_fact": "",
    "after_revision": 7,
}
STATEMENTS = dict(questions())

PAGES = {
    "the first by a key": ({}, "client", None),
    "the next by a key": ({}, "client", ("p777", "c777")),
    "the first by a day that may be absent": ({}, "ended", None),
    "the next of those that have none": ({}, "ended", (None, "c777")),
    "the next of those that have one": ({}, "ended", (date(2026, 2, 2), "c777")),
    "the first by a number": ({}, "size", None),
    "the next by a number": ({}, "size", (777, "c777")),
    "the next by id": ({}, "id", ("c777", "c777")),
    "of a client": ({"client": "p777"}, "id", None),
    "of some clients": ({"client": OneOf(("p777", "p778"))}, "id", None),
    "between days": ({"day": Between(date(2026, 2, 2), date(2026, 2, 3))}, "day", None),
    "of a client, between days": ({"client": "p777", "day": Between(None, date(2026, 2, 3))}, "day", None),
}


@pytest.fixture(scope="module", params=["not counted yet", "counted"])
def server(request, pg_server):
    """A connection to filled tables, in one transaction, so that no one counts rows behind our back."""
    with fresh(pg_server) as url, psycopg.connect(dsn(url), cursor_factory=psycopg.ClientCursor) as connection:
        upgrade(connection, KINDS)
        connection.execute(FILL)
        if request.param == "counted":
            connection.execute("ANALYZE")
        connection.counted = request.param == "counted"
        yield connection


def plan(server, statement, **values):
    """How the server would answer."""
    if not isinstance(statement, Select):
        return "\n".join(row[0] for row in server.execute(f"EXPLAIN {statement}"))
    text = written(statement, POSTGRESQL.dialect(), "fb_")
    known = {**text.fixed, **VALUES, **values}
    given = [value.isoformat() if isinstance(value := known[name], date) else value for name in text.names]
    return "\n".join(row[0] for row in server.execute(f"EXPLAIN {text.text}", given))


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_question_of_the_stores_goes_through_an_index(server, name):
    found = plan(server, STATEMENTS[name])
    assert "Seq Scan" not in found, found
    assert "Index" in found, found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_records_is_read_in_its_order(server, name):
    """Found by the index and, once the rows were counted, read in its order up to the end of the page and no further.

    Before that, the server takes the administration for one of two hundred, and rather sorts the few that are left.
    """
    where, order_by, after = PAGES[name]
    shape, values = asked(where, order_by, after, 500)
    found = plan(server, question(kind_of(Card), shape), **values)
    assert "Seq Scan" not in found, found
    if not where and server.counted:
        assert "Sort" not in found, found
        assert f"fb_testing_card_{order_by}" in found or order_by == "id", found


@pytest.mark.parametrize("asked_for", NARROW)
def test_a_view_does_not_stand_in_the_way_of_an_index(server, asked_for):
    found = plan(server, f"SELECT * FROM {asked_for}")
    assert "Seq Scan" not in found, found


def test_a_record_is_found_by_its_key(server):
    drawer = records._drawer(kind_of(Card))
    assert "fb_testing_card_pkey" in plan(server, drawer.one, id="c777")
