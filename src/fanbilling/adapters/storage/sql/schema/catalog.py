"""What stands in a database, and what should: both as plain words by name, so that they can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.schema import CreateIndex

from .sealing import triggers
from .steps import Steps
from .views import VIEWS

#: By what it is and how it is called: "column fb_document.id" is "text not null".
Catalog = dict[str, str]

_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX .+? ON .+? ?\(([^()]*)\)( WHERE .*)?", re.DOTALL)

_SQLITE = {
    # Days are text there; the first schema called them dates, which is another word for the same.
    "column": """\
SELECT m.type, m.name, c.name, CASE c.type WHEN 'DATE' THEN 'TEXT' ELSE c.type END, c."notnull", c.pk
FROM sqlite_master m CROSS JOIN pragma_table_info(m.name) c
WHERE m.type IN ('table', 'view') AND SUBSTR(m.name, 1, LENGTH('fb_')) = 'fb_' ORDER BY m.name, c.cid""",
    "index": """\
SELECT name, sql FROM sqlite_master
WHERE type = 'index' AND sql IS NOT NULL AND SUBSTR(tbl_name, 1, LENGTH('fb_')) = 'fb_'""",
    "trigger": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
}
_POSTGRESQL = {
    "column": """\
SELECT CASE c.relkind WHEN 'r' THEN 'table' ELSE 'view' END, c.relname, a.attname, FORMAT_TYPE(a.atttypid, a.atttypmod),
CASE WHEN a.attnotnull THEN 1 ELSE 0 END, COALESCE(ARRAY_POSITION(CAST(k.conkey AS smallint[]), a.attnum), 0)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
WHERE c.relkind IN ('r', 'v') AND STARTS_WITH(c.relname, 'fb_') AND PG_TABLE_IS_VISIBLE(c.oid)
AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum""",
    "index": """\
SELECT i.relname, PG_GET_INDEXDEF(x.indexrelid) FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE STARTS_WITH(c.relname, 'fb_') AND PG_TABLE_IS_VISIBLE(c.oid) AND x.indisvalid AND NOT x.indisprimary""",
    "trigger": """\
SELECT t.tgname, CONCAT('on ', c.relname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND STARTS_WITH(c.relname, 'fb_')
AND PG_TABLE_IS_VISIBLE(c.oid)""",
}
_ASKED = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def found(steps: Steps) -> Catalog:
    """Return what stands in the database under the prefix of these tables."""
    asked = _ASKED[steps.backend]
    catalog = _columns(steps.ask(asked["column"]))
    catalog |= {f"index {name}": _index(made) for name, made in steps.ask(asked["index"])}
    return catalog | {f"trigger {name}": _words(made) for name, made in steps.ask(asked["trigger"])}


def expected(steps: Steps, tables: Iterable[Table]) -> Catalog:
    """Return what should stand there: these tables, with the triggers and the views of the core."""
    catalog: Catalog = {}
    for table in tables:
        catalog |= _of_table(steps, table)
    for name, table_name, made in triggers(steps.backend):
        catalog[f"trigger {name}"] = f"on {table_name}" if steps.backend == "postgresql" else made
    for view in VIEWS:
        catalog[f"view {view.name}"] = ", ".join(column.name for column in view.columns)
    return {steps.named(name): steps.named(words) for name, words in catalog.items()}


def _of_table(steps: Steps, table: Table) -> Iterator[tuple[str, str]]:
    yield f"table {table.name}", ", ".join(column.name for column in table.primary_key.columns)
    for column in table.columns:
        yield f"column {table.name}.{column.name}", column_words(steps, column)
    for index in table.indexes:
        yield f"index {index.name}", _index(steps.written(CreateIndex(index)))


def column_words(steps: Steps, column: Column[Any]) -> str:
    """Return the type of a column, and whether it may be empty."""
    kind = column.type.compile(steps.transaction.dialect).partition(" COLLATE")[0]
    return _typed(kind, always=not column.nullable)


def _columns(rows: Sequence[Sequence[Any]]) -> Catalog:
    """Name every table, every view and each of their columns."""
    catalog: Catalog = {}
    keys: dict[str, dict[int, str]] = {}
    for what, table, column, kind, always, place in rows:
        if what == "view":
            before = catalog.get(f"view {table}")
            catalog[f"view {table}"] = f"{before}, {column}" if before else column
            continue
        catalog[f"column {table}.{column}"] = _typed(kind, always=bool(always))
        keys.setdefault(table, {}).update({place: column} if place else {})
    return catalog | {f"table {table}": ", ".join(key[place] for place in sorted(key)) for table, key in keys.items()}


def _typed(kind: str, *, always: bool) -> str:
    return f"{kind.lower()} not null" if always else kind.lower()


def _index(made: str) -> str:
    """Return what an index is, in the same words for every database."""
    definition = _INDEX.fullmatch(_words(made))
    if definition is None:
        return made
    unique, columns, some = definition.groups()
    return f"{'unique ' if unique else ''}{columns}{' of some' if some else ''}".replace('"', "")


def _words(text: str) -> str:
    return " ".join(text.split())
