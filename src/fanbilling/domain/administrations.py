"""Administrations: the books of one selling company."""

from __future__ import annotations

import attrs

from .errors import InvalidValue
from .money import places
from .parties import Address


@attrs.frozen(kw_only=True)
class Seller:
    """Who sends the bills: what the law wants printed on them (Wet OB art. 35a) and where to pay."""

    name: str
    address: Address
    vat_id: str = ""
    registration: str = ""
    iban: str = ""
    bic: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a seller without a name or a country."""
        if not self.name.strip() or not self.address.country:
            raise InvalidValue("a seller needs a name and a country", where="seller", remedy="fill in both")


@attrs.frozen(kw_only=True)
class Administration:
    """One set of books: its id is part of every key, so that two never meet (law L20)."""

    id: str
    seller: Seller
    currency: str = "EUR"

    def __attrs_post_init__(self) -> None:
        """Refuse an administration without an id or with an impossible currency."""
        if not self.id:
            raise InvalidValue("an administration needs an id", where="administration", remedy='write id = "nl"')
        places(self.currency)
