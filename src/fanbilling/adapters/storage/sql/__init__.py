"""Books in a database: in a file of SQLite or on a server of PostgreSQL. Needs the extra ``sql``."""

from .books import SqlBooks
from .schema import create_tables
from .store import SqlStore

__all__ = ["SqlBooks", "SqlStore", "create_tables"]
