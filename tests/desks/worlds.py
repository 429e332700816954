"""One small office, for every store that tests of the desks run on."""

from __future__ import annotations

from fanbilling import Address, Administration, Office, Seller
from fanbilling.sources.manual import Manual
from fanbilling.sources.subscriptions import Subscriptions
from tests.stores import STORES, sqlite

__all__ = ["STORES", "office", "sqlite"]


def office(administration: str = "nl") -> Office:
    """An office with both desks."""
    seller = Seller(name="Brinkhoff Software B.V.", address=Address(city="Utrecht", country="NL"))
    return Office(administration=Administration(id=administration, seller=seller), sources=[Manual(), Subscriptions()])
