"""Books in a database: in a file of SQLite or on a server of PostgreSQL. Needs the extra ``sql``."""

from .backends import backend_of
from .books import SqlBooks
from .schema import Difference, Upgraded, check, is_ready, remove_key, upgrade, version
from .store import SqlStore
from .transaction import Transaction
from .transactions import transaction_of

__all__ = [
    "Difference",
    "SqlBooks",
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
