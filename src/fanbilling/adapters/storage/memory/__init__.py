"""Books in memory: gone when the program ends, and the measure of every other store until then."""

from .books import MemoryBooks
from .store import MemoryStore

__all__ = ["MemoryBooks", "MemoryStore"]
