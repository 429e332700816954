"""A document as an Invoice or a CreditNote of UBL 2.1, its elements in the order of the schema.

The comments name the terms of EN 16931 (BT, BG) where the name of an element does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from ....domain.invoices import Buyer, DocumentKind, Invoice, InvoiceLine, TaxSubtotal
from ....domain.parties import Address
from ....domain.periods import Period
from ....domain.vat import Category, Tax
from ..sections import sections
from ..transfers import compact, valid_iban
from ..view import legal, view
from ..words import Words, words
from .codes import EXEMPTIONS
from .elements import Element, amount, cac, cbc, plain
from .identities import Named, electronic_address, registration, vat_country, vat_number
from .lines import item_name, multiplied, supplied, unit_of

#: What the standard has said where nobody gave a reference and nobody is known to have ordered (Peppol BIS 3, BT-10).
NO_REFERENCE = "NA"

#: Countries that the list of EN 16931 has under another code.
_COUNTRY_CODES = {"XK": "1A"}


@attrs.frozen(kw_only=True)
class Form:
    """In which form a document is written: as a credit note, whose figures are turned round, or as an invoice.

    A credit note that corrects no document of ours is an invoice with negative figures: a CreditNote has to say what it
    corrects (NL-R-001).
    """

    document: Invoice
    credit: bool
    book: Words

    @property
    def sign(self) -> Decimal:
        """With what every figure is multiplied."""
        return Decimal(-1) if self.credit else Decimal(1)

    @property
    def outside(self) -> bool:
        """Whether VAT does not come into it: then no VAT number may be named (BR-O-02)."""
        return any(subtotal.tax.category == Category.OUTSIDE for subtotal in self.document.taxes)

    def amount(self, name: str, value: Decimal) -> Element | None:
        """Return an amount of the document."""
        return amount(name, value * self.sign, self.document.currency)


def tree(document: Invoice, customization: str, process: str) -> tuple[str, Iterator[Element | None]]:
    """Return the name of the root and what is in it."""
    credit = document.kind is DocumentKind.CREDIT_NOTE and bool(document.preceding)
    form = Form(document=document, credit=credit, book=words(document.language))
    return ("CreditNote" if credit else "Invoice"), _elements(form, customization, process)


def _elements(form: Form, customization: str, process: str) -> Iterator[Element | None]:
    document, shown = form.document, view(form.document)
    yield cbc("CustomizationID", customization)
    yield cbc("ProfileID", process)
    yield cbc("ID", document.number)
    yield cbc("IssueDate", document.on)
    if form.credit:
        yield cbc("CreditNoteTypeCode", "381")
    else:
        yield cbc("DueDate", document.due if document.totals.payable > 0 else "")
        yield cbc("InvoiceTypeCode", "380")
    yield cbc("Note", shown.concerns)
    yield cbc("DocumentCurrencyCode", document.currency)
    yield cbc("BuyerReference", reference(document.buyer))
    yield _period(_span(document))
    for preceding in document.preceding:
        named = (cbc("ID", preceding.number), cbc("IssueDate", preceding.on))
        yield cac("BillingReference", cac("InvoiceDocumentReference", *named))
    yield cac("AccountingSupplierParty", _seller(form))
    yield cac("AccountingCustomerParty", _buyer(form))
    yield _delivery(document)
    yield _payment_means(form)
    yield cac("PaymentTerms", cbc("Note", shown.payment.sentence))
    yield cac("TaxTotal", form.amount("TaxAmount", document.totals.tax), *(_tax(form, t) for t in document.taxes))
    yield _totals(form)
    yield from _lines(form)


def reference(buyer: Buyer) -> str:
    """Return what the buyer finds its way with: its own reference, else who it is for, else that there is none."""
    return buyer.reference.strip() or buyer.attention.strip() or NO_REFERENCE


# ------------------------------------------------------------------------------------------------------------- parties


def _seller(form: Form) -> Element | None:
    seller = form.document.seller
    return cac(
        "Party",
        _endpoint(seller),
        *_named(form, seller, seller.name),
        cac("Contact", cbc("Telephone", seller.phone), cbc("ElectronicMail", seller.email)),
    )


def _buyer(form: Form) -> Element | None:
    buyer = form.document.buyer
    return cac(
        "Party",
        _endpoint(buyer),
        cac("PartyIdentification", cbc("ID", buyer.id)),
        *_named(form, buyer, buyer.name),
        cac("Contact", cbc("Name", buyer.attention), cbc("ElectronicMail", buyer.email)),
    )


def _endpoint(party: Named) -> Element | None:
    found = electronic_address(party)
    return cbc("EndpointID", found.value, schemeID=found.scheme) if found else None


def _named(form: Form, party: Named, name: str) -> Iterator[Element | None]:
    number = registration(party)
    yield cac("PartyName", cbc("Name", name))
    yield cac("PostalAddress", *_address(party.address))
    if party.vat_id.strip() and not form.outside:
        yield cac("PartyTaxScheme", cbc("CompanyID", vat_number(party.vat_id)), _VAT)
    legal_id = cbc("CompanyID", number.value, schemeID=number.scheme)
    yield cac("PartyLegalEntity", cbc("RegistrationName", name), legal_id)


def _address(address: Address) -> Iterator[Element | None]:
    yield cbc("StreetName", address.street)
    yield cbc("CityName", address.city)
    yield cbc("PostalZone", address.postal_code)
    yield _country(address.country)


def _country(code: str) -> Element | None:
    return cac("Country", cbc("IdentificationCode", _COUNTRY_CODES.get(code, code)))


def _delivery(document: Invoice) -> Element | None:
    """Say to which country goods went, where that is why there is no VAT (BT-80, BR-IC-12)."""
    if all(subtotal.tax.category != Category.INTRA_COMMUNITY for subtotal in document.taxes):
        return None
    where = vat_country(document.buyer.vat_id) or document.buyer.address.country
    return cac("Delivery", cac("DeliveryLocation", cac("Address", _country(where))))


# ------------------------------------------------------------------------------------------------------------- periods


def _span(document: Invoice) -> Period:
    """From the first day of any line to the last of any."""
    periods = [supplied(line) for line in document.lines]
    return Period(min(period.start for period in periods), max(period.end for period in periods))


def _period(period: Period) -> Element | None:
    return cac("InvoicePeriod", cbc("StartDate", period.start), cbc("EndDate", period.last_day))


# ------------------------------------------------------------------------------------------------------------- figures


def _payment_means(form: Form) -> Element | None:
    """Say how it is paid (UNTDID 4461): to us by SEPA (58) or another transfer (30), and back by us as agreed (57).

    Our own account on a credit note would have the client pay once more; but how it is paid has to be said (NL-R-007).
    """
    document, seller = form.document, form.document.seller
    due = cbc("PaymentDueDate", document.due) if form.credit else None  # an Invoice has it in its head
    if document.totals.payable < 0 and form.credit:
        return cac("PaymentMeans", cbc("PaymentMeansCode", "57"), due)
    account = compact(seller.iban)
    if document.totals.payable <= 0 or not account:
        return None
    sepa = document.currency == "EUR" and valid_iban(account)
    return cac(
        "PaymentMeans",
        cbc("PaymentMeansCode", "58" if sepa else "30"),
        due,
        cbc("PaymentID", document.number),
        cac(
            "PayeeFinancialAccount",
            cbc("ID", account),
            cbc("Name", seller.name),
            cac("FinancialInstitutionBranch", cbc("ID", seller.bic)),
        ),
    )


_VAT = cac("TaxScheme", cbc("ID", "VAT"))


def _rate(tax: Tax) -> Iterator[Element | None]:
    yield cbc("ID", tax.category)
    if tax.category != Category.OUTSIDE:
        yield cbc("Percent", plain(tax.rate))


def _tax(form: Form, subtotal: TaxSubtotal) -> Element | None:
    category = subtotal.tax.category
    return cac(
        "TaxSubtotal",
        form.amount("TaxableAmount", subtotal.base),
        form.amount("TaxAmount", subtotal.vat),
        cac(
            "TaxCategory",
            *_rate(subtotal.tax),
            cbc("TaxExemptionReasonCode", EXEMPTIONS.get(category, "")),
            cbc("TaxExemptionReason", legal(category, form.document, form.book)),
            _VAT,
        ),
    )


def _totals(form: Form) -> Element | None:
    totals = form.document.totals
    prepaid = totals.total - totals.payable
    return cac(
        "LegalMonetaryTotal",
        form.amount("LineExtensionAmount", totals.lines),
        form.amount("TaxExclusiveAmount", totals.taxable),
        form.amount("TaxInclusiveAmount", totals.total),
        form.amount("PrepaidAmount", prepaid) if prepaid else None,
        form.amount("PayableAmount", totals.payable),
    )


# --------------------------------------------------------------------------------------------------------------- lines


def _lines(form: Form) -> Iterator[Element | None]:
    shown = [line for section in sections(form.document, form.book, form.sign) for line in section.lines]
    for line, words_of_it in zip(form.document.lines, shown, strict=True):
        yield _line(form, line, words_of_it.note)


def _line(form: Form, line: InvoiceLine, note: str) -> Element | None:
    quantity, price, per = multiplied(line, form.document.currency)
    unit = unit_of(line, form.document.currency)
    quantified = "CreditedQuantity" if form.credit else "InvoicedQuantity"
    name = item_name(line)
    title = "" if line.title == name else line.title
    return cac(
        "CreditNoteLine" if form.credit else "InvoiceLine",
        cbc("ID", str(line.number)),
        cbc("Note", note),
        cbc(quantified, plain(quantity * form.sign), unitCode=unit),
        form.amount("LineExtensionAmount", line.net),
        _period(supplied(line)),
        cac(
            "Item",
            cbc("Description", title),
            cbc("Name", name),
            cac("ClassifiedTaxCategory", *_rate(line.tax), _VAT),
        ),
        cac(
            "Price",
            cbc("PriceAmount", plain(price), currencyID=form.document.currency),
            cbc("BaseQuantity", plain(per), unitCode=unit) if per != 1 else None,
        ),
    )
