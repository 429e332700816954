"""Parties: everybody a company deals with, each once, in all their roles."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

import attrs

from .countries import COUNTRIES, HOME
from .dated import Dated
from .errors import InvalidValue
from .languages import LANGUAGES
from .records import ERASED, record
from .texts import a_text, an_id

#: Members of the European Union for VAT, by ISO code (Greece is EL in VAT numbers, GR here).
EU = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)

#: Scheme, colon, identifier: the usual way of writing it; the schemes have four digits or two letters.
_ELECTRONIC = re.compile(r"([0-9]{4}|[A-Z]{2}):[!-~]{1,100}")


class Role(StrEnum):
    """What somebody is to us; one party can be several things at once."""

    PROSPECT = "prospect"
    CLIENT = "client"
    PAYER = "payer"
    CONTACT = "contact"
    SUPPLIER = "supplier"
    EMPLOYEE = "employee"


@attrs.frozen(kw_only=True)
class Address:
    """Where somebody receives post, as it is printed in an address window."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""


@attrs.frozen(kw_only=True)
class TaxPosition:
    """What decides how somebody is taxed: the country, whether a business, and the VAT number."""

    country: str
    business: bool = False
    vat_id: str = ""


@record(
    "parties.party",
    keys=("name", "country"),
    party="id",
    # How it was taxed stays (country, business, VAT number, positions): the books are computed from it.
    personal={
        "name": ERASED,
        "registration": "",
        "attention": "",
        "address": Address(),
        "email": "",
        "language": "",
        "reference": "",
        "electronic_address": "",
    },
)
@attrs.frozen(kw_only=True)
class Party:
    """A person or organisation, with the data that a bill needs.

    Who pays (``billed_to``) and the tax position can change from a day on; what was billed before keeps its own.

    Args:
        id: the caller's own id.
        country: where it is taxed, as an ISO 3166 code; absent means the country of the address, or the Netherlands.
        billed_to: the id of the party who pays for this one, by day; absent means that it pays itself.
        positions: earlier and later tax positions by day; absent means the country, business and VAT number above.
        erased: the day on which its person data was erased; it gets no bill before it is registered again.
        reference: what it wants to be mentioned on every bill, to find its own way with it (EN 16931, BT-10).
        electronic_address: where it receives e-invoices, with the scheme before it: ``"0106:12345678"`` (BT-49);
            absent means that it follows from the number in the trade register, or the VAT number.

    Raises:
        InvalidValue: when id or name is missing, the country is not a two-letter code, or the electronic address has
            no scheme.
    """

    id: str
    name: str
    country: str = ""
    business: bool = False
    vat_id: str = ""
    registration: str = ""
    attention: str = ""
    address: Address = Address()
    email: str = ""
    language: str = ""
    roles: frozenset[Role] = frozenset({Role.CLIENT})
    billed_to: Dated[str] | None = None
    positions: Dated[TaxPosition] | None = None
    erased: date | None = None
    reference: str = ""
    electronic_address: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse a party that no bill could be addressed to; an address without a country is in the party's own."""
        where = f"party {an_id(self.id, where='party')}"
        a_text(self.name, where=f"{where}, name", needed=True)
        for text in (self.vat_id, self.registration, self.attention, self.email, self.reference):
            a_text(text, where=where)
        an_electronic_address(self.electronic_address, where=where)
        if self.language and self.language not in LANGUAGES:
            raise InvalidValue(
                f"no documents are written in {self.language!r}", where=where, remedy=f"use {' or '.join(LANGUAGES)}"
            )
        if not self.country:
            object.__setattr__(self, "country", self.address.country or HOME)
        if not self.address.country:
            object.__setattr__(self, "address", attrs.evolve(self.address, country=self.country))
        for country in (self.country, self.address.country):
            if country not in COUNTRIES:
                raise InvalidValue(f"{country!r} is not a country", where=where, remedy='write a code such as "NL"')

    def payer(self, day: date) -> str:
        """Return the id of who pays for this party on a day."""
        return self.billed_to.get(day, self.id) if self.billed_to else self.id

    @property
    def billed_with(self) -> str:
        """The id of the last known payer: bills of everybody with the same one are computed together.

        So a holding gets one bill for all that it pays, also around the day on which it starts to pay for another.
        """
        return self.billed_to.steps[-1][1] if self.billed_to else self.id

    def position(self, day: date) -> TaxPosition:
        """Return how this party is taxed on a day."""
        if self.positions:
            return self.positions.get(day, self.positions.steps[0][1])
        return TaxPosition(country=self.country, business=self.business, vat_id=self.vat_id)


def an_electronic_address(text: str, *, where: str) -> str:
    """Return where e-invoices are received, scheme first, or refuse what is not such an address; it may be empty.

    Args:
        text: a scheme of the list EAS, a colon and an identifier: ``"0106:12345678"`` is a Dutch trade register number.

    Raises:
        InvalidValue: for anything else.
    """
    a_text(text, where=where)
    if text and not _ELECTRONIC.fullmatch(text):
        raise InvalidValue(
            f"{text!r} is not an electronic address", where=where, remedy='write scheme and number: "0106:12345678"'
        )
    return text
