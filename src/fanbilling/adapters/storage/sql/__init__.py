"""Books in a database: SQLite in a file, read by others while one writes. Needs the extra ``sql``."""

from .books import SqlBooks
from .store import SqlStore
from .tables import create_tables

__all__ = ["SqlBooks", "SqlStore", "create_tables"]
