"""The reporting views say what the sealed documents say, the same on every database, to any program that can ask."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from decimal import Decimal

import psycopg
import pytest

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.adapters.storage.sql.schema import views
from fanbilling.domain.money import EXPONENTS
from fanbilling.domain.periods import Period
from tests.adapters.storage.museums import ask, books, office, restore
from tests.docs.pages import ROOT, fences
from tests.postgres import dsn, find_binaries, fresh

PAGE = ROOT / "docs" / "how-to" / "report-with-sql.md"
MINE = "administration = 'brinkhoff'"
IN_ORDER = "ORDER BY source, agreement, filed, fact, revision"

#: A question to each view, and the index of SQLite that narrows it down.
NARROW = {
    f"fb_report_document WHERE {MINE} AND payer = 'p7'": "fb_document_payer",
    f"fb_report_document WHERE {MINE} AND number = '2026-0001'": "fb_document_number",
    f"fb_report_line WHERE {MINE} AND payer = 'p7'": "fb_document_payer",
    f"fb_report_line WHERE {MINE} AND document = 'd7'": "fb_document_id",
    f"fb_report_open_item WHERE {MINE} AND party = 'p7'": "fb_posting_party",
    f"fb_report_client_file WHERE {MINE} AND party = 'p7'": "fb_journal_party",
    f"fb_report_billed WHERE {MINE} AND source = 'testing' AND agreement = 'a7'": "PRIMARY KEY",
    f"fb_report_posting WHERE {MINE} AND entry = 'b7'": "PRIMARY KEY",
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request, tmp_path_factory):
    """Five clients of the sample company, five months; nobody changes it."""
    if request.param == "sqlite":
        yield filled(f"sqlite:///{tmp_path_factory.mktemp('views') / 'books.db'}")
    else:
        with fresh(request.getfixturevalue("pg_server")) as address:
            yield filled(address)


def filled(url):
    restore(url)
    there = books(url)
    there.upgrade()
    there.close()
    return url


@pytest.fixture(scope="module")
def documents(url):
    there = books(url)
    with there.reading() as store:
        yield store.documents.page(limit=100)
    there.close()


def rows(url, view, *columns):
    """Rows of a view in columns, figures as exact numbers and days as they are written."""
    found = ask(url, f"SELECT {', '.join(columns)} FROM {view} WHERE {MINE}")
    return sorted(tuple(None if value is None else str(value) for value in row) for row in found)


def minor(amount):
    return f"{amount.scaleb(2):.0f}"


def test_documents_are_those_that_were_sealed(url, documents):
    columns = "document number series place kind on_date due_date payer currency net vat total payable"
    columns = columns.split()
    assert rows(url, "fb_report_document", *columns, *(f"{name}_minor" for name in columns[-4:])) == sorted(
        (
            *(one.id, one.number, one.series, str(one.place), one.kind.value, str(one.on), str(one.due), one.payer),
            one.currency,
            *(f"{amount:.2f}" for amount in _figures(one)),
            *map(minor, _figures(one)),
        )
        for one in documents
    )


def _figures(one):
    totals = one.totals
    return totals.taxable, totals.tax, totals.total, totals.payable


def test_lines_are_those_on_the_sealed_documents(url, documents):
    columns = (
        "document number line kind on_date payer client currency text category net vat net_minor vat_minor "
        "source agreement filed fact unit supplied_from supplied_until"
    )
    expected = [
        (
            *(one.id, one.number, str(line.number), one.kind.value, str(one.on), one.payer, line.client),
            *(one.currency, line.text, line.tax.category),
            *(f"{line.net:.2f}", f"{line.vat:.2f}", minor(line.net), minor(line.vat)),
            *(line.key.source, line.key.agreement, str(line.key.filed), line.key.fact, line.price.unit),
            *_days(line.supplied),
        )
        for one in documents
        for line in one.lines
    ]
    assert len(expected) > 30
    assert rows(url, "fb_report_line", *columns.split()) == sorted(expected, key=_absent_last)
    headings = {(one.id, str(line.number)): line.title for one in documents for line in one.lines}
    titles = rows(url, "fb_report_line", "document", "line", "title")
    assert all(headings[id, line].endswith(title) for id, line, title in titles)
    assert any(title for _, _, title in titles)
    quantities = rows(url, "fb_report_line", "document", "line", "quantity", "rate", "price", "per")
    assert {(id, line): tuple(map(Decimal, figures)) for id, line, *figures in quantities} == {
        (one.id, str(line.number)): (line.quantity, line.tax.rate, line.price.amount, line.price.per)
        for one in documents
        for line in one.lines
    }


def _days(supplied: Period | None):
    return (None, None) if supplied is None else (str(supplied.start), str(supplied.last_day))


def _absent_last(row):
    return tuple(value or "" for value in row)


def test_sums_of_whole_cents_are_the_totals_of_the_documents(url, documents):
    """Law L12: what the database adds up is what the documents say, to the cent."""
    [(net, vat)] = ask(url, f"SELECT SUM(net_minor), SUM(vat_minor) FROM fb_report_line WHERE {MINE}")
    assert [Decimal(net).scaleb(-2), Decimal(vat).scaleb(-2)] == [
        sum(one.totals.taxable for one in documents),
        sum(one.totals.tax for one in documents),
    ]


def test_billed_entries_open_items_postings_and_files_are_what_the_desks_say(url):
    there, desk = books(url), office()
    with there.reading() as store:
        entries = store.billed.page(limit=1000)
        assert [
            (id, fact, int(revision), Decimal(net))
            for id, fact, revision, net in ask(
                url,
                f"SELECT agreement, fact, revision, net FROM fb_report_billed WHERE {MINE} {IN_ORDER}",
            )
        ] == [(one.key.agreement, one.key.fact, one.revision, one.lot.amount) for one in entries]
        assert {
            (party, item, currency): Decimal(amount)
            for party, item, currency, amount in ask(url, "SELECT party, item, currency, open FROM fb_report_open_item")
        } == store.ledger.open_items("1300")
        assert {
            (account, currency): Decimal(total).scaleb(-2)
            for account, currency, total in ask(
                url, "SELECT account, currency, SUM(amount_minor) FROM fb_report_posting GROUP BY account, currency"
            )
        } == store.ledger.balances()
        for party in ("ardent", "quadra"):
            told = ask(
                url, f"SELECT event, on_date FROM fb_report_client_file WHERE party = '{party}' ORDER BY position"
            )
            journal = [one.event for one in store.journal.after(0, limit=1000, party=party)]
            assert [str(on) for _, on in told] == [str(event.on) for event in journal]
            assert len(told) >= len(desk.crm.file(store, party).entries) > 5
    there.close()


#: In each currency, whole smallest units and how an accountant writes them; from ISO 4217, by hand.
WRITTEN = [
    ("EUR", 1250, "12.50"),
    ("EUR", -5, "-0.05"),
    ("EUR", 0, "0.00"),
    ("EUR", 100, "1.00"),
    ("EUR", -(2**62), "-46116860184273879.04"),
    ("JPY", 1250, "1250"),
    ("JPY", -7, "-7"),
    ("KWD", 5, "0.005"),
    ("KWD", -12500, "-12.500"),
    ("CLF", 12345, "1.2345"),
    ("CLF", -1, "-0.0001"),
]


def test_amounts_have_the_decimals_of_their_currency(url):
    books = SqlBooks(url, "others")
    books.close()
    assert {EXPONENTS.get(currency, 2) for currency, _, _ in WRITTEN} == {0, 2, 3, 4}
    values = ", ".join(
        f"('others', 'e', {line}, 'sale', '2026-01-31', '{currency}', '8000', {amount}, '', '')"
        for line, (currency, amount, _) in enumerate(WRITTEN, 1)
    )
    with closing(connected(url)) as connection:
        connection.execute(f"INSERT INTO fb_posting VALUES {values}")
        cursor = connection.execute(
            "SELECT currency, amount_minor, amount FROM fb_report_posting WHERE administration = 'others' ORDER BY line"
        )
        assert [(currency, whole, str(amount)) for currency, whole, amount in cursor.fetchall()] == WRITTEN
        connection.rollback()


def connected(url):
    return sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg.connect(dsn(url))


def test_columns_are_as_they_are_described(url):
    """The names, their order and their types: what the page of reference promises."""
    place = 0 if url.startswith("postgresql") else 1
    for view in views.VIEWS:
        with closing(connected(url)) as connection:
            cursor = connection.execute(f"SELECT * FROM {view.name} WHERE {MINE}")
            assert [column[0] for column in cursor.description] == [column.name for column in view.columns]
            if place == 0:
                names = {25: "text", 20: "bigint", 1700: "numeric", 1082: "date"}
                found = [names[column.type_code] for column in cursor.description]
            else:
                [first] = connection.execute(f"SELECT {_typeof(view)} FROM {view.name} WHERE {MINE} LIMIT 1").fetchall()
                found = list(first)
        described = [views.TYPES[column.kind][place] for column in view.columns]
        assert [one if one != "null" else other for one, other in zip(found, described, strict=True)] == described


def _typeof(view):
    return ", ".join(f"typeof({column.name})" for column in view.columns)


def test_every_view_begins_with_whose_books_it_shows():
    assert {view.columns[0].name for view in views.VIEWS} == {"administration"}


# ------------------------------------------------------------------------------------------------------------ the page

QUERIES = [
    (query, said)
    for (kind, query, _), (_, said, _) in zip(fences(PAGE), fences(PAGE)[1:], strict=False)
    if kind == "sql"
]


@pytest.mark.parametrize(("query", "said"), QUERIES, ids=range(len(QUERIES)))
def test_the_queries_of_the_page_answer_what_it_says(url, query, said):
    """By the driver, and by the program that everybody has: psql, or sqlite3 where it is installed."""
    found = ask(url, query)
    assert "".join(f"{'|'.join(map(str, row))}\n" for row in found) == said
    if url.startswith("postgresql"):
        assert program(psql(), "-X", "-A", "-t", "-d", dsn(url), "-c", query) == said
    elif shell := shutil.which("sqlite3"):
        assert program(shell, "-batch", "-list", url.removeprefix("sqlite:///"), query) == said


def psql():
    """Where psql is: on the path, or beside the server; there is always one where these tests run."""
    return shutil.which("psql") or find_binaries() / "psql"


def program(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


# --------------------------------------------------------------------------------------------------------------- speed


@pytest.mark.parametrize("question", NARROW)
def test_a_view_does_not_stand_in_the_way_of_an_index(tmp_path, question):
    """No table is read as a whole, and one is asked through this index; on PostgreSQL see the plans there."""
    books = SqlBooks(f"sqlite:///{tmp_path}/books.db")
    books.create()
    books.close()
    plan = [row[3] for row in ask(books.url, f"EXPLAIN QUERY PLAN SELECT * FROM {question}")]
    assert [step for step in plan if step.startswith("SCAN") and "SUBQUERY" not in step and step != "SCAN b"] == []
    assert any(NARROW[question] in step for step in plan), plan
