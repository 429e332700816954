"""The tables of the books: one row per thing that is summed, constrained or looked up, a body where a record is whole.

Amounts are whole numbers of the currency's smallest unit, because a database that adds up decimals may do so in floats.
Quantities, prices and rates are exact text. Every primary key begins with the administration (law L20).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Index, LargeBinary, MetaData, Table, Text, literal_column
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from ....domain.errors import InvalidValue
from ....domain.kinds import CORE_RECORDS
from ....domain.records import RecordKind, kind_of

METADATA = MetaData()

#: Text sorts by code point, whatever the language of the database.
TEXT = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
#: A day; where a database has no days, as it is written: 2026-01-31.
DAY = Date().with_variant(Text(), "sqlite")
_TYPES: dict[str, TypeEngine[Any]] = {"str": TEXT, "int": BigInteger(), "date": DAY}


def _text(name: str, **options: Any) -> Column[Any]:
    return Column(name, TEXT, nullable=options.pop("nullable", False), **options)


def _whole(name: str, **options: Any) -> Column[Any]:
    return Column(name, BigInteger, nullable=options.pop("nullable", False), autoincrement=False, **options)


def _day(name: str, **options: Any) -> Column[Any]:
    return Column(name, DAY, nullable=options.pop("nullable", False), **options)


def _key(column: Column[Any]) -> Column[Any]:
    column.primary_key = True
    return column


def _table(name: str, *parts: Column[Any] | Index, body: bool, metadata: MetaData = METADATA) -> Table:
    """Define a table. One with long texts in it keeps them apart from its key; the others lie in the order of it."""
    return Table(f"fb_{name}", metadata, _key(_text("administration")), *parts, sqlite_with_rowid=body)


agenda = _table(
    "agenda",
    _key(_text("source")),
    _key(_text("agreement")),
    _text("client"),
    _text("payer"),
    _day("since"),
    _day("ask_on", nullable=True),
    _day("asked_until", nullable=True),
    _whole("version"),
    # By payer first: a run turns its pages by payer, and passes over each row that is not due once, not once a page.
    Index("fb_agenda_due", "administration", "payer", "ask_on"),
    Index("fb_agenda_client", "administration", "client"),
    body=False,
)

#: What was billed; it is the line table of reports as well.
billed = _table(
    "billed",
    _key(_text("source")),
    _key(_text("agreement")),
    _key(_day("filed")),
    _key(_text("fact")),
    _key(_whole("revision")),
    _text("document"),
    _whole("line"),
    _text("payer"),
    _text("currency"),
    _text("category"),
    _text("rate"),
    _text("price"),
    _text("per"),
    _text("unit"),
    _text("kind"),
    _text("quantity"),
    _whole("amount"),
    _whole("vat"),
    _day("on_date"),
    _text("client"),
    _text("account"),
    _text("text"),
    _text("title"),
    _day("supplied_start", nullable=True),
    _day("supplied_end", nullable=True),
    _whole("reverses", nullable=True),
    Index("fb_billed_document", "administration", "document", "line"),
    body=False,
)

decision = _table(
    "decision",
    _key(_whole("made")),
    _text("id"),
    _text("source"),
    _text("agreement"),
    _day("filed"),
    _text("fact"),
    _text("body"),
    Index("fb_decision_id", "administration", "id", unique=True),
    Index("fb_decision_key", "administration", "source", "agreement", "filed"),
    body=True,
)

document = _table(
    "document",
    _key(_text("series")),
    _key(_whole("place")),
    _text("id"),
    _text("number"),
    _text("kind"),
    _day("on_date"),
    _day("due"),
    _text("payer"),
    _text("currency"),
    _whole("net"),
    _whole("vat"),
    _whole("total"),
    _whole("payable"),
    _text("body"),
    _text("chain"),
    Index("fb_document_id", "administration", "id", unique=True),
    Index("fb_document_number", "administration", "number", unique=True),
    Index("fb_document_payer", "administration", "payer", "series", "place"),
    body=True,
)

posting = _table(
    "posting",
    _key(_text("entry")),
    _key(_whole("line")),
    _text("kind"),
    _day("on_date"),
    _text("currency"),
    _text("account"),
    _whole("amount"),
    _text("party"),
    _text("item"),
    # Open items are asked per party; most postings (revenue, VAT) concern none, and are left out.
    Index(
        "fb_posting_party",
        *("administration", "party", "account"),
        sqlite_where=literal_column("party != ''"),
        postgresql_where=literal_column("party != ''"),
    ),
    body=False,
)
journal = _table(
    "journal",
    _key(_whole("position")),
    _text("at"),
    _text("by"),
    _text("kind"),
    _text("party"),
    _day("on_date"),
    _text("body"),
    Index("fb_journal_party", "administration", "party", "position"),
    body=True,
)

#: What was rendered, as it was sent.
rendered = _table(
    "rendered",
    _key(_text("id")),
    _text("media_type"),
    _text("suffix"),
    _text("digest"),
    Column("content", LargeBinary, nullable=False),
    body=True,
)

#: Where numbering stands: per series the last place, date and chain link, and the last position of the journal.
counter = _table(
    "counter",
    _key(_text("name")),
    _whole("value"),
    _day("last_date", nullable=True),
    _text("head"),
    body=False,
)

#: Which schema the tables have: a row for the core, with its number, and one for each kind of record, with its keys.
versions = Table(
    "fb_schema", MetaData(), _key(_text("name")), _whole("version"), _text("keys"), sqlite_with_rowid=False
)


@lru_cache(maxsize=256)
def record_table(kind: RecordKind) -> Table:
    """Return the table of a kind of record: its id, its keys as typed columns, and the record itself as text.

    Raises:
        InvalidValue: when the name of the kind is that of another table, or of a view, or no name of a table.
    """
    name = kind.name.replace(".", "_")
    if odd := [word for word in ("'", '"', "%", "fb_") if any(word in one for one in (kind.name, *kind.keys))]:
        raise InvalidValue(
            f"a table cannot be named after it: it has {odd[0]} in it",
            where=f"record {kind.name}",
            remedy='use names such as "desk.thing"',
        )
    if f"fb_{name}" in {*METADATA.tables, versions.name} or name.startswith("report_"):
        raise InvalidValue("the name is taken", where=f"record {kind.name}", remedy='use a name such as "desk.thing"')
    types = kind.key_types()
    keys = [Column(key_column(key), _TYPES[types[key].__name__], nullable=True) for key in kind.keys]
    indexes = [_paging(name, key) for key in kind.keys]
    return _table(name, _key(_text("id")), *keys, _text("body"), *indexes, body=True, metadata=MetaData())


def _paging(table: str, key: str) -> Index:
    """Index a key as pages are turned by it: absent ones come first, which PostgreSQL does not do by itself."""
    column = key_column(key)
    first = {column: "NULLS FIRST"}
    return Index(f"fb_{table}_{key}", "administration", column, "id", postgresql_ops=first)


def key_column(key: str) -> str:
    """Return the column of a key: its own name, unless the table needs that itself."""
    return f"{key}_" if key in {"administration", "body"} else key


def described(records: Iterable[type] = ()) -> list[Table]:
    """Return every table of the books: those of the core, and those of the kinds of records that sources keep."""
    kinds = dict.fromkeys((*CORE_RECORDS, *records))
    return [*METADATA.tables.values(), *(record_table(kind_of(cls)) for cls in kinds)]
