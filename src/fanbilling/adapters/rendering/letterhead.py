"""The letter head of every paper: who sends it, and the lines of the address window."""

from __future__ import annotations

import attrs

from ...domain.administrations import Seller
from ...domain.invoices import Buyer
from ...domain.parties import Address
from .plain import one_line
from .transfers import grouped
from .words import Words


@attrs.frozen
class Fact:
    """A figure or a text with the word in front of it."""

    label: str
    value: str


@attrs.frozen(kw_only=True)
class Sender:
    """Who sends the document: as the head, the line above the address and the foot of the page have it."""

    name: str
    address: tuple[str, ...]
    contact: tuple[str, ...]
    legal: tuple[Fact, ...]

    @property
    def line(self) -> str:
        """The one line that shows in the window above the address."""
        return " · ".join((self.name, *self.address))


def sender(seller: Seller, towards: Address, book: Words) -> Sender:
    """Say who sends a paper; the country is named when it goes to another one."""
    legal = (
        (book["registration"], seller.registration),
        (book["vat-id"], seller.vat_id),
        (book["iban"], grouped(seller.iban)),
        (book["bic"], seller.bic),
    )
    return Sender(
        name=one_line(seller.name),
        address=_lines(seller.address, towards.country or seller.address.country, book),
        contact=tuple(line for line in map(one_line, (seller.phone, seller.email, seller.website)) if line),
        legal=tuple(Fact(label, one_line(value)) for label, value in legal if value),
    )


def window(buyer: Buyer, home: Address, book: Words) -> tuple[str, ...]:
    """Return the lines of the address window."""
    attention = book.fill("attention", name=one_line(buyer.attention)) if buyer.attention.strip() else ""
    address = _lines(buyer.address, home.country, book)
    return tuple(line for line in (one_line(buyer.name), attention, *address) if line)


def _lines(address: Address, home: str, book: Words) -> tuple[str, ...]:
    """Write an address; the country is named when the other one is elsewhere."""
    place = f"{address.postal_code} {address.city}"
    country = book.figures.country(address.country) if address.country not in ("", home) else ""
    return tuple(line for line in map(one_line, (address.street, place, country)) if line)
