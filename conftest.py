"""The examples in the README, the documentation and the scenarios are tests; a real PostgreSQL is there for all."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

from tests.postgres import new_pg_url, pg_server, pg_url

__all__ = ["new_pg_url", "pg_server", "pg_url"]

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["*.md"], fixtures=["new_pg_url"]
).pytest()
