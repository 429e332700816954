"""Books in a database: in a file of SQLite or on a server of PostgreSQL. Needs the extra ``sql``."""

from .books import SqlBooks
from .schema import Difference, Upgraded, check, create_tables, is_ready, remove_key, upgrade, version
from .store import SqlStore

__all__ = [
    "Difference",
    "SqlBooks",
    "SqlStore",
    "Upgraded",
    "check",
    "create_tables",
    "is_ready",
    "remove_key",
    "upgrade",
    "version",
]
