"""Old books, put back as they were: on SQLite, or on PostgreSQL in its words for the same tables."""

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import psycopg

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.adapters.storage.sql.schema import migrations
from fanbilling.adapters.storage.sql.schema.sealing import seal
from fanbilling.adapters.storage.sql.schema.steps import Steps
from fanbilling.adapters.storage.sql.schema.views import make_views
from fanbilling.cli.place import Seen
from fanbilling.configuration import load_administration, load_settings
from fanbilling.office import Office
from fanbilling.sources.manual import Manual
from fanbilling.sources.subscriptions import Subscriptions
from tests.postgres import dsn

OLD = {
    number: (Path(__file__).parent / "museum" / f"{number}.sql").read_text(encoding="utf-8")
    for number in range(1, migrations.CURRENT)
}
SEALED = ("document", "billed", "posting", "journal")


def office():
    """The desk of the sample company."""
    settings = files("fanbilling.samples") / "brinkhoff" / "settings.toml"
    administration = load_administration(settings)
    return Office(administration=administration, settings=load_settings(settings), sources=[Manual(), Subscriptions()])


RECORDS = (*office().records, Seen)


def restore(url, number=1):
    """Put the books of an earlier schema into an empty database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(OLD[number])
    else:
        with psycopg.connect(dsn(url)) as connection:
            connection.execute(in_postgresql(number))
            if number > 1:
                views_and_triggers(connection)


_DAYS = 'since|ask_on|asked_until|filed|on_date|supplied_start|supplied_end|last_date|due|"on"'


def in_postgresql(number):
    """The same tables and rows as PostgreSQL takes them; views and triggers are left out."""
    text = re.sub(r"\n WITHOUT ROWID", "", OLD[number]).replace("BEGIN TRANSACTION;", "").replace("COMMIT;", "")
    text = re.sub(r"^CREATE (TRIGGER|VIEW) .*\n", "", text, flags=re.MULTILINE)
    kept = [line for line in text.splitlines() if "sqlite_stat1" not in line and not line.startswith("ANALYZE")]
    text = re.sub(rf"^(\t(?:{_DAYS})) TEXT", r"\1 DATE", "\n".join(kept), flags=re.MULTILINE)
    if number > 1:
        text = re.sub(r"^(CREATE INDEX .*), id\);", r"\1 NULLS FIRST, id);", text, flags=re.MULTILINE)
    return text.replace(" TEXT", ' TEXT COLLATE "C"').replace(" BLOB", " BYTEA")


def views_and_triggers(connection):
    """Views and triggers say the same since schema 2, in words of which every program since has the same."""
    steps = Steps(connection, "fb_")
    make_views(steps)
    seal(steps)


def books(url):
    """The books of the sample company in a database."""
    return SqlBooks(url, "brinkhoff", records=RECORDS)


def ask(url, question):
    """Ask a database, as anybody may."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(question).fetchall()
    with psycopg.connect(dsn(url)) as connection:
        return connection.execute(question).fetchall()


def sealed(url):
    """Every row of what must never change, as it is kept."""
    return {name: sorted(ask(url, f"SELECT * FROM fb_{name}"), key=str) for name in SEALED}


def structure(url):
    """What stands in a database besides rows, in its own words, and the rows of the table of versions."""
    if url.startswith("sqlite"):
        found = ask(url, "SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2")
        there = any(name == "fb_schema" for _, name, _ in found)
    else:
        found = ask(
            url,
            "SELECT CAST(c.relkind AS text), c.relname, CONCAT(pg_get_indexdef(c.oid), a.said, t.said) FROM pg_class c "
            "LEFT JOIN LATERAL (SELECT string_agg(CONCAT(attname, atttypid, attnotnull), ',' ORDER BY attnum) AS said "
            "FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) a ON true "
            "LEFT JOIN LATERAL (SELECT string_agg(pg_get_triggerdef(oid), ',' ORDER BY tgname) AS said FROM pg_trigger "
            "WHERE tgrelid = c.oid) t ON true WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1, 2",
        )
        there = any(name == "fb_schema" for _, name, _ in found)
    return found, sorted(ask(url, "SELECT * FROM fb_schema")) if there else []
