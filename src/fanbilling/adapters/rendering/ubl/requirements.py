"""What keeps a document from being an e-invoice, in words that say what to fill in; the rule stands beside each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ....domain.exact import EXACT, rounded
from ....domain.invoices import Invoice, TaxSubtotal
from ....domain.money import places
from ....domain.vat import Category
from .codes import SCHEMES, UNITS
from .elements import MOST_DECIMALS, printable
from .identities import DUTCH, Named, country, electronic_address, registration, vat_country
from .lines import item_name, unit_of

_SELLER, _BUYER = "the seller", "the client"
_TOLERATED = Decimal(1)


def problems(document: Invoice, *, peppol: bool, nlcius: bool) -> Iterator[str]:
    """Yield everything that is missing, or that EN 16931 cannot carry.

    Args:
        document: what is to be sent.
        peppol: whether it travels over the Peppol network, which wants both addresses, and more of Dutch sellers.
        nlcius: whether it goes by the Dutch rules, which want the most of them.
    """
    if not printable(document.number):
        yield "it has no number yet: issue it first"
    for who, party, name in (
        (_SELLER, document.seller, document.seller.name),
        (_BUYER, document.buyer, document.buyer.name),
    ):
        yield from _party(who, party, name)
        yield from _address(who, party, needed=peppol)
    yield from _taxed(document)
    if (peppol or nlcius) and country(document.seller) == "NL":
        yield from _dutch(document, registered=nlcius)
    yield from _figures(document)
    yield from _lines(document)


def _party(who: str, party: Named, name: str) -> Iterator[str]:
    if not printable(name):
        yield f"{who} has no name: fill in name"  # BR-06, BR-07
    if not party.address.country:
        yield f"{who} has no country: fill in country"  # BR-09, BR-11
    if party.vat_id.strip() and not vat_country(party.vat_id):
        yield f"{who}'s VAT number does not begin with a country: write vat_id as NL000099998B57"  # BR-CO-09


def _address(who: str, party: Named, *, needed: bool) -> Iterator[str]:
    """The electronic address (PEPPOL-EN16931-R010, R020, CL008)."""
    found = electronic_address(party)
    if found is None:
        if needed:
            yield (
                f"{who} has no electronic address: fill in electronic_address, or a registration or vat_id from which "
                "it follows (a consumer has none: send a PDF)"
            )
    elif found.scheme not in SCHEMES or (needed and not found.scheme.isdigit()):
        yield f"{who}'s electronic address has no scheme of the list ({found.scheme}): correct electronic_address"


def _taxed(document: Invoice) -> Iterator[str]:
    """The numbers that a VAT category wants (BR-S-02, BR-AE-02, BR-IC-02, BR-O-11 and their like)."""
    categories = {subtotal.tax.category for subtotal in document.taxes}
    seller, buyer = document.seller, document.buyer
    if Category.OUTSIDE in categories:
        if len(categories) > 1:
            yield (
                "it has lines outside VAT beside others, which EN 16931 cannot carry together: bill them apart, or "
                "under the class exempt"
            )
        if not printable(seller.registration):
            yield "the seller has no number in the trade register: fill in registration"  # BR-CO-26
    elif not seller.vat_id.strip():
        yield "the seller has no VAT number: fill in vat_id"
    if Category.INTRA_COMMUNITY in categories and not buyer.vat_id.strip():
        yield "the client has no VAT number, which goods to another member state want: fill in vat_id"
    if Category.REVERSE_CHARGE in categories and not printable(buyer.vat_id + buyer.registration):
        yield "the client has no VAT number, which a reverse charge wants: fill in vat_id"


def _dutch(document: Invoice, *, registered: bool) -> Iterator[str]:
    """What Dutch sellers have to say (NL-R-002 to NL-R-007; BR-NL-1 to BR-NL-11).

    Args:
        document: what is to be sent.
        registered: whether the seller's number in the trade register may not be absent.
    """
    seller, buyer = document.seller, document.buyer
    yield from _postal(_SELLER, seller)
    if registration(seller).scheme not in DUTCH and (registered or printable(seller.registration)):
        yield "the seller has no KvK number of 8 digits, nor an OIN of 20: fill in registration"
    if document.totals.payable > 0 and not seller.iban.strip():
        yield "there is no account to pay to: fill in iban"
    if country(buyer) == "NL":
        yield from _postal(_BUYER, buyer)
        if printable(buyer.registration) and registration(buyer).scheme not in DUTCH:
            yield "the client's registration is no KvK number of 8 digits, nor an OIN of 20: correct registration"


def _postal(who: str, party: Named) -> Iterator[str]:
    address = party.address
    parts = (("street", address.street), ("postal_code", address.postal_code), ("city", address.city))
    missing = [name for name, value in parts if not printable(value)]
    if missing:
        yield f"{who}'s address is not complete: fill in {' and '.join(missing)}"


def _figures(document: Invoice) -> Iterator[str]:
    if places(document.currency) > MOST_DECIMALS:
        totals, taxes = document.totals, document.taxes
        figures = [totals.total, totals.payable, *(line.net for line in document.lines)]
        figures += [figure for subtotal in taxes for figure in (subtotal.base, subtotal.vat)]
        if any(figure != rounded(figure, MOST_DECIMALS) for figure in figures):
            yield f"it has amounts with three decimals ({document.currency}), and EN 16931 carries two: send a PDF"
    for subtotal in document.taxes:
        yield from _cents(subtotal)


def _cents(subtotal: TaxSubtotal) -> Iterator[str]:
    """The VAT of a rate: corrections keep their own cents, and the rules let them, up to a point (BR-CO-17)."""
    category, rate, base, vat = subtotal.tax.category, subtotal.tax.rate, subtotal.base, subtotal.vat
    if category != Category.STANDARD:
        if vat:
            yield f"it has VAT of {vat} in category {category}, which has none: send a PDF"  # BR-E-09 and its like
        return
    computed = rounded(EXACT.multiply(abs(base), rate).scaleb(-2), MOST_DECIMALS)
    if abs(abs(vat) - computed) >= _TOLERATED:
        yield (
            f"the VAT of {rate}% on {base} is {vat}, which is 1.00 or more away from what the rules compute: send a "
            "PDF, or credit its lines in smaller documents"
        )


def _lines(document: Invoice) -> Iterator[str]:
    for line in document.lines:
        if not printable(item_name(line)):
            yield f"line {line.number} has no text: say what it is for"  # BR-25
        unit = unit_of(line, document.currency)
        if unit not in UNITS:
            yield f"line {line.number} is in {unit!r}, which is no UN/ECE code: use one such as HUR, DAY or C62"
