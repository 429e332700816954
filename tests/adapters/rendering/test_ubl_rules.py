"""The official rules find nothing in our e-invoices, and do find what is wrong with a changed one."""

import copy
from decimal import Decimal

import facturx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from fanbilling.adapters.rendering.ubl import Profile, UblRenderer
from fanbilling.cli.place import open_place
from fanbilling.testing.contracts.papers import PAPERS
from tests.adapters.rendering.documents import SAMPLES, upgrade
from tests.adapters.rendering.einvoices import documents, heard, read, said
from tests.cli.folders import billed_sample
from tests.ubl_rules import findings

SPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
CONSUMERS = {"denkbeeld", "fictief", "verzonnen", "voorbeeld"}
profiles = pytest.mark.parametrize("profile", Profile)


@pytest.mark.parametrize("make", [*SAMPLES.values(), *PAPERS.values()], ids=[*SAMPLES, *PAPERS])
@profiles
def test_the_rules_find_nothing_in_a_sample(make, profile):
    for language in ("nl", "en"):
        assert findings(UblRenderer(profile=profile).render(make(language)).content) == []


@given(documents(), st.sampled_from(Profile))
def test_the_rules_find_nothing_in_any_document(document, profile):
    renderer = UblRenderer(profile=profile)
    refused = renderer.problems(document)
    if refused:  # only a consumer, who has no address on the network
        assert len(refused) == 1
        assert "no electronic address" in refused[0]
        assert (document.buyer.id, profile) == ("denkbeeld", Profile.PEPPOL)
    else:
        assert findings(renderer.render(document).content) == []


# -------------------------------------------------------------------------------------------------- the sample company


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    folder, _ = billed_sample(tmp_path_factory)
    place = open_place(folder)
    with place.books.reading() as store:
        documents = tuple(store.documents.page(limit=1000))
    place.books.close()
    return documents


def test_every_document_of_the_sample_company_passes_and_has_its_own_amounts(issued):
    assert len(issued) == 197
    refused = set()
    for document in issued:
        profile = "en16931" if document.buyer.id in CONSUMERS else "peppol"
        if profile == "en16931":
            refused.add(document.buyer.id)
            [problem] = UblRenderer().problems(document)
            assert "no electronic address" in problem
        xml = UblRenderer(profile=profile).render(document).content
        assert findings(xml) == [], document.number
        found = read(xml)
        assert heard(found) == said(document, sign=-1 if found["BT-3"] == "381" else 1)
    assert refused == CONSUMERS


# ------------------------------------------------------------------------------------------------------ they can say no


def changed(path, text):
    """Change the text of an element."""

    def change(root):
        root.find(path, SPACES).text = text

    return change


def without(path):
    """Take an element out."""

    def change(root):
        found = root.find(path, SPACES)
        found.getparent().remove(found)

    return change


def twice(path):
    """Put an element there twice."""

    def change(root):
        found = root.find(path, SPACES)
        found.addnext(copy.deepcopy(found))

    return change


TOTAL, PARTY = "cac:LegalMonetaryTotal/cbc:", "/cac:Party/cac:"
MUTATIONS = {
    "a wrong total": (changed(f"{TOTAL}TaxInclusiveAmount", "3119.21"), "BR-CO-15"),
    "a wrong amount to pay": (changed(f"{TOTAL}PayableAmount", "3119.21"), "BR-CO-16"),
    "a wrong sum of lines": (changed(f"{TOTAL}LineExtensionAmount", "2619.45"), "BR-CO-10"),
    "VAT that does not add up": (changed("cac:TaxTotal/cbc:TaxAmount", "499.77"), "BR-CO-14"),
    "VAT of another rate": (changed("cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", "42.75"), "BR-CO-17"),
    "three decimals": (changed(f"{TOTAL}PayableAmount", "3119.201"), "BR-DEC-18"),
    "a line that is not its product": (changed("cac:InvoiceLine/cbc:LineExtensionAmount", "-46.29"), "R120"),
    "a negative price": (changed("cac:InvoiceLine/cac:Price/cbc:PriceAmount", "-89.5"), "BR-27"),
    "a unit of our own": (lambda root: root.find(".//*[@unitCode]").set("unitCode", "hours"), "BR-CL-23"),
    "no text": (without("cac:InvoiceLine/cac:Item/cbc:Name"), "BR-25"),
    "no reference": (without("cbc:BuyerReference"), "R003"),
    "no number": (without("cbc:ID"), "BR-02"),
    "no address": (without("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"), "R010"),
    "no VAT number of the seller": (without(f"cac:AccountingSupplierParty{PARTY}PartyTaxScheme"), "BR-S-02"),
    "no way to pay": (without("cac:PaymentMeans"), "NL-R-007"),
    "an account to nowhere": (without("cac:PaymentMeans/cac:PayeeFinancialAccount"), "BR-61"),
    "a way to pay that the Dutch do not know": (changed("cac:PaymentMeans/cbc:PaymentMeansCode", "10"), "NL-R-008"),
    "a trade register that is none": (
        lambda root: root.find(f".//cac:AccountingSupplierParty{PARTY}PartyLegalEntity/cbc:CompanyID", SPACES).set(
            "schemeID", "0007"
        ),
        "NL-R-003",
    ),
    "a currency that is none": (changed("cbc:DocumentCurrencyCode", "EUX"), "BR-CL-04"),
    "a country that is none": (
        changed(f"cac:AccountingCustomerParty{PARTY}PostalAddress/cac:Country/cbc:IdentificationCode", "XX"),
        "BR-CL-14",
    ),
    "a day that is none": (changed("cbc:IssueDate", "31-01-2026"), "XSD"),
    "a line outside the period": (changed("cac:InvoiceLine/cac:InvoicePeriod/cbc:StartDate", "2026-01-01"), "R110"),
    "two notes": (twice("cbc:Note"), "R002"),
    "the same rate twice": (twice("cac:TaxTotal/cac:TaxSubtotal"), "BR-CO-14"),
    "an empty element": (changed("cbc:Note", None), "R008"),
    "elements in another order": (
        lambda root: root.append(root.find("cac:TaxTotal", SPACES)),
        "XSD",
    ),
    "another kind of document": (changed("cbc:InvoiceTypeCode", "326"), "P0100"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_rules_find_what_is_wrong(name):
    change, rule = MUTATIONS[name]
    root = etree.fromstring(UblRenderer().render(upgrade()).content)
    change(root)
    assert any(rule in finding.split(": ")[0] for finding in findings(etree.tostring(root)))


def test_something_else_is_no_e_invoice():
    assert findings(b"<Order/>") == ["XSD: Order is neither an Invoice nor a CreditNote"]


def test_the_rules_would_let_90_cents_of_vat_through_and_we_do_not():
    """2619.44 + 500.66 = 3120.10: everything agrees with everything, but 9% of 419.40 is 37.75 and not 38.65."""
    root = etree.fromstring(UblRenderer(profile="en16931").render(upgrade()).content)
    for path, text in {
        "cac:TaxTotal/cbc:TaxAmount": "500.66",
        "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount": "38.65",
        f"{TOTAL}TaxInclusiveAmount": "3120.10",
        f"{TOTAL}PayableAmount": "3120.10",
    }.items():
        changed(path, text)(root)
    xml = etree.tostring(root)
    assert findings(xml) == []
    assert heard(read(xml)) != said(upgrade(), sign=1)


# ------------------------------------------------------------------------------------------------------ another's hand


@given(documents())
def test_another_writer_writes_the_same_from_what_is_read(document):
    """What another program reads in our file, and writes by itself, says the same and passes too."""
    found = read(UblRenderer(profile="en16931").render(document).content)
    theirs = facturx.generate_ubl_xml(copy.deepcopy(found), level="en16931", check_schematron=False)
    assert read(theirs) == found
    # Theirs leaves a rate of nothing out of its figures, which is theirs to answer for.
    if all(Decimal(tax.get("BT-119", 1)) for tax in found["BG-23"]):
        assert findings(theirs) == []
