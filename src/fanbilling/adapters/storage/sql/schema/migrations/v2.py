"""Schema 2: the tables know their version, what was issued is sealed, reports have views, pages an index that fits.

Days in tables of SQLite that schema 1 made are still declared ``DATE``. They hold the same text and sort alike, and to
make those tables anew would take the rows of a host along that refer to them.
"""

from __future__ import annotations

from ..steps import Steps

_OF_KEYS = """\
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = ANY (current_schemas(false)) AND starts_with(tablename, 'fb_') AND STRPOS(indexdef, ' UNIQUE ') = 0
AND RIGHT(indexdef, 5) = ', id)' AND STRPOS(indexdef, 'NULLS FIRST') = 0
ORDER BY indexname"""


def migrate(steps: Steps) -> None:
    """Let the indexes of PostgreSQL put absent keys first, as pages of records do."""
    if steps.backend == "postgresql":
        for index, made in steps.ask(_OF_KEYS):
            steps.do(f'DROP INDEX "{index}"')
            steps.do(f"{made.removesuffix(', id)')} NULLS FIRST, id)")
