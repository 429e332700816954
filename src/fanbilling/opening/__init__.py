"""Going live: opening balances from an old system."""

from .desk import OpeningBalances

__all__ = ["OpeningBalances"]
