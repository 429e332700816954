"""Who is who on an e-invoice: VAT numbers, numbers in a trade register, electronic addresses, each in its scheme."""

from __future__ import annotations

import re
from typing import Protocol

import attrs

from ....domain.countries import COUNTRIES
from ....domain.parties import Address
from .codes import VAT_SCHEMES

#: How VAT numbers name Greece and Northern Ireland.
_OTHER_NAMES = {"EL": "GR", "XI": "GB"}
_KVK, _OIN, _BELGIAN = "0106", "0190", "0208"

#: Schemes of numbers that the Dutch rules take for a trade register's: KvK, and OIN for governments.
DUTCH = (_KVK, _OIN)


class Named(Protocol):
    """What seller and buyer have in common."""

    @property
    def address(self) -> Address:
        """Where it receives post."""

    @property
    def vat_id(self) -> str:
        """Its VAT number."""

    @property
    def registration(self) -> str:
        """Its number in the trade register."""

    @property
    def electronic_address(self) -> str:
        """Where it sends or receives e-invoices, scheme first."""


@attrs.frozen
class Identifier:
    """A number, and the scheme that says whose numbers these are; without one where the list has none."""

    value: str
    scheme: str = ""


def vat_number(text: str) -> str:
    """Return a VAT number as machines write it: ``NL 0000.99.998.B57`` becomes ``NL000099998B57``."""
    return re.sub(r"[\s./-]", "", text).upper()


def vat_country(text: str) -> str:
    """Return the country with which a VAT number begins, or nothing when it begins with none."""
    code = vat_number(text)[:2]
    country = _OTHER_NAMES.get(code, code)
    return country if country in COUNTRIES else ""


def country(party: Named) -> str:
    """Return the country by whose rules a party is looked at: that of its VAT number, else that of its address."""
    return vat_country(party.vat_id) or party.address.country


def registration(party: Named) -> Identifier:
    """Return the number in a trade register, with its scheme for Dutch and Belgian ones (ISO 6523)."""
    number = re.sub(r"[\s.]", "", party.registration)
    home = party.address.country
    if home == "NL" and re.fullmatch("[0-9]{8}", number):
        return Identifier(number, _KVK)
    if home == "NL" and re.fullmatch("[0-9]{20}", number):
        return Identifier(number, _OIN)
    if home == "BE" and _belgian(number):
        return Identifier(number, _BELGIAN)
    return Identifier(party.registration)


def electronic_address(party: Named) -> Identifier | None:
    """Return where a party sends or receives e-invoices: as was said, else as follows from its numbers.

    Only schemes that mean just that number are concluded; countries that use another one have to be told.
    """
    if party.electronic_address:
        scheme, _, value = party.electronic_address.partition(":")
        return Identifier(value, scheme)
    found = registration(party)
    if found.scheme:
        return found
    number = vat_number(party.vat_id)
    if number[:2] == "BE" and _belgian(number[2:]):
        return Identifier(number[2:], _BELGIAN)
    scheme = VAT_SCHEMES.get(vat_country(number), "")
    return Identifier(number, scheme) if scheme else None


def _belgian(number: str) -> bool:
    """Whether the check digits of a Belgian enterprise number are right (97 less the rest of the first eight)."""
    return bool(re.fullmatch("[0-9]{10}", number)) and 97 - int(number[:8]) % 97 == int(number[8:])
