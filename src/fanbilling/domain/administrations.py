"""Administrations: the books of one selling company."""

from __future__ import annotations

import attrs

from .errors import InvalidValue
from .money import places
from .parties import Address, an_electronic_address


@attrs.frozen(kw_only=True)
class Seller:
    """Who sends the bills: what the law wants printed on them (Wet OB art. 35a) and where to pay.

    Args:
        electronic_address: from where e-invoices are sent, with the scheme before it: ``"0106:12345678"`` (EN 16931,
            BT-34); absent means that it follows from the number in the trade register, or the VAT number.
    """

    name: str
    address: Address
    vat_id: str = ""
    registration: str = ""
    iban: str = ""
    bic: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    electronic_address: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a seller without a name or a country, or with an electronic address that is none."""
        if not self.name.strip() or not self.address.country:
            raise InvalidValue("a seller needs a name and a country", where="seller", remedy="fill in both")
        an_electronic_address(self.electronic_address, where="seller")


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
