"""Books in a database: in a file of SQLite or on a server of PostgreSQL. Needs the extra ``sql``."""

from .books import SqlBooks
from .databases import backend_of
from .hosts import transaction_of
from .hosts.transaction import Transaction
from .rendered import SqlDocumentStore
from .schema import Difference, Upgraded, check, is_ready, remove_key, upgrade, version
from .store import SqlStore

__all__ = [
    "Difference",
    "SqlBooks",
    "SqlDocumentStore",
    "SqlStore",
    "Transaction",
    "Upgraded",
    "backend_of",
    "check",
    "is_ready",
    "remove_key",
    "transaction_of",
    "upgrade",
    "version",
]
