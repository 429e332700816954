"""Old books, put back as they were: on SQLite, or on PostgreSQL in its words for the same tables."""

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

import psycopg

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.cli.place import Seen
from fanbilling.configuration import load_administration, load_settings
from fanbilling.office import Office
from fanbilling.sources.manual import Manual
from fanbilling.sources.subscriptions import Subscriptions
from tests.postgres import dsn

FIRST = (Path(__file__).parent / "museum" / "1.sql").read_text(encoding="utf-8")
SEALED = ("document", "billed", "posting", "journal")


def office():
    """The desk of the sample company."""
    settings = files("fanbilling.samples") / "brinkhoff" / "settings.toml"
    administration = load_administration(settings)
    return Office(administration=administration, settings=load_settings(settings), sources=[Manual(), Subscriptions()])


RECORDS = (*office().records, Seen)


def restore(url):
    """Put the books of schema 1 into an empty database."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.executescript(FIRST)
    else:
        with psycopg.connect(dsn(url)) as connection:
            connection.execute(in_postgresql())


def in_postgresql():
    """The same tables and rows as PostgreSQL takes them."""
    text = re.sub(r"\n WITHOUT ROWID\n", "", FIRST).replace("BEGIN TRANSACTION;", "").replace("COMMIT;", "")
    kept = [line for line in text.splitlines() if "sqlite_stat1" not in line and not line.startswith("ANALYZE")]
    return "\n".join(kept).replace(" TEXT", ' TEXT COLLATE "C"')


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
