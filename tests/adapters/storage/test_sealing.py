"""What was issued cannot be changed or removed in the database, not by its owner either, unless he breaks the seal."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import update

from fanbilling import Party, verify
from fanbilling.adapters.storage.sql import SqlBooks, SqlStore, check, tables, upgrade
from fanbilling.adapters.storage.sql.database import Bulk, given
from fanbilling.adapters.storage.sql.schema.sealing import SEALED
from fanbilling.domain.errors import RuleViolation
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts.storing import values
from fanbilling.testing.contracts.storing.kinds import KINDS
from tests.adapters.storage.museums import ask, sealed
from tests.postgres import dsn, fresh

AT = datetime(2026, 3, 1, tzinfo=UTC)
REFUSED = (sqlite3.IntegrityError, psycopg.errors.RestrictViolation)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Books with two of everything."""
    if request.param == "sqlite":
        yield filled(f"sqlite:///{tmp_path}/books.db")
    else:
        with fresh(request.getfixturevalue("pg_server")) as address:
            yield filled(address)


def filled(url):
    books = SqlBooks(url, records=KINDS)
    with books(at=AT) as store:
        fill(store)
    books.close()
    return url


def fill(store):
    for number in (1, 2):
        store.billed.append([values.billed(values.key(f"a{number}"))])
        store.ledger.post([values.booking(f"b{number}")])
        store.documents.seal([values.invoice(f"d{number}")], values.PATTERN)
        store.journal.append([values.registered(f"p{number}")])
        store.agenda.touch([values.touch(f"a{number}")])
        store.decisions.add([values.decision(f"w{number}")])
        store.add(Party(id=f"p{number}", name="Acme B.V."))


def connected(url):
    """The owner of the tables, on a plain connection."""
    return closing(
        sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg.connect(dsn(url))
    )


@pytest.mark.parametrize("name", SEALED)
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE fb_{} SET administration = 'be'",
        "UPDATE fb_{} SET on_date = '2027-01-01' WHERE administration = 'nl'",
        "DELETE FROM fb_{}",
        "DELETE FROM fb_{} WHERE administration = 'nl'",
    ],
)
def test_what_is_sealed_is_neither_changed_nor_removed(url, name, change):
    before = sealed(url)
    assert all(before.values())
    with connected(url) as connection, pytest.raises(REFUSED, match=rf"of fb_{name}: .*never"):
        connection.execute(change.format(name))
    assert sealed(url) == before


def test_whoever_is_refused_is_told_what_to_do_instead(url):
    with connected(url) as connection, pytest.raises(REFUSED) as caught:
        connection.execute("DELETE FROM fb_document")
    words = str(caught.value).partition("\n")[0]
    assert words == "DELETE of fb_document: an issued document is never changed or removed; credit it"


@pytest.mark.parametrize("name", SEALED)
def test_a_whole_table_is_not_emptied_either(name, shared_pg_url):
    with connected(shared_pg_url) as connection:
        upgrade(connection)
        with pytest.raises(REFUSED, match=rf"TRUNCATE of fb_{name}: .*never"):
            connection.execute(f"TRUNCATE fb_{name} CASCADE")
        connection.rollback()


def test_what_is_not_sealed_is_free(url):
    """Decisions may be withdrawn, records change, the agenda moves on."""
    with connected(url) as connection:
        for table in ("agenda", "decision", "counter", "parties_party"):
            assert connection.execute(f"DELETE FROM fb_{table}").rowcount > 0, table
        connection.rollback()


def test_the_store_says_it_in_the_words_of_billing_and_the_transaction_goes_on(url):
    """No part of the store does this; should one ever, what comes out is a rule that was broken, not a database."""
    change = Bulk(update(tables.document).values(total=given("total")), ("total",))
    books = SqlBooks(url, records=KINDS)
    with books(at=AT) as store:
        with pytest.raises(RuleViolation, match="fb_document: an issued document is never changed") as caught:
            store._database.write(change, [(1,), (2,)], "documents")
        assert "\n" not in str(caught.value)
        store.journal.append([values.registered("p3")])
    books.close()
    assert ask(url, "SELECT count(*) FROM fb_journal") == [(3,)]


def test_a_broken_seal_is_noticed_and_put_back(url):
    """Who drops the triggers can change what he likes: the check names them, and the chain what was changed."""
    on = {"sqlite": [f"DROP TRIGGER fb_{name}_no_update" for name in SEALED]}
    on["postgresql"] = [f"DROP TRIGGER fb_{name}_sealed ON fb_{name}" for name in SEALED]
    with connected(url) as connection:
        for step in on[url.partition("+")[0].partition(":")[0]]:
            connection.execute(step)
        connection.execute("UPDATE fb_document SET total = 1 WHERE place = 2")
        connection.commit()
    books = SqlBooks(url, records=KINDS)
    assert {one.name.partition(" ")[0] for one in books.check()} == {"trigger"}
    assert len(books.check()) == 4
    assert "L4" in {finding.law for finding in verify(books)}
    books.upgrade()
    assert books.check() == []
    with connected(url) as connection, pytest.raises(REFUSED, match="never"):
        connection.execute("UPDATE fb_document SET total = 2")
    books.close()


def test_it_works_in_any_schema_of_the_search_path(shared_pg_url):
    """One function for each prefix, beside the tables; who looks elsewhere first finds it all the same."""
    with connected(shared_pg_url) as connection:
        connection.execute("CREATE SCHEMA ledgers")
        connection.execute("SET search_path TO ledgers, public")
        upgrade(connection, KINDS, prefix="sealed_")
        store = SqlStore(connection, administration="nl", by=Actor("eva"), at=AT, records=KINDS, prefix="sealed_")
        fill(store)
        connection.execute("CREATE SCHEMA elsewhere")
        connection.execute("SET search_path TO elsewhere, ledgers")
        assert check(connection, KINDS, prefix="sealed_") == []
        with pytest.raises(REFUSED, match="of sealed_billed"):
            connection.execute("UPDATE sealed_billed SET amount = 0")
        connection.rollback()
