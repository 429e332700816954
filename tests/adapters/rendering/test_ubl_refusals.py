"""What keeps a document from being an e-invoice is said at once, all of it, in words that name what to fill in."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling import Office, Party
from fanbilling.adapters.rendering.ubl import UblRenderer
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.administrations import Administration, Seller
from fanbilling.domain.errors import InvalidValue, RefusedDocument
from fanbilling.domain.items import Price
from fanbilling.domain.parties import Address
from fanbilling.sources.manual import Line, Manual
from fanbilling.testing.contracts.papers import BUYER, SELLER
from tests.adapters.rendering.einvoices import (
    CONSUMER,
    EXEMPT,
    GERMAN,
    HIGH,
    OUTSIDE,
    REVERSED,
    SWISS,
    WITHIN,
    document,
    line,
    read,
)
from tests.ubl_rules import findings

ADVICE = line("Advice", "200.00", vat="42.00", quantity="2", price=Price.of("100.00", unit="HUR"))
FREE = attrs.evolve(ADVICE, vat=Decimal(0))
FIT = document(ADVICE)


def without(party, **fields):
    return attrs.evolve(party, **(fields or {"address": attrs.evolve(party.address, street="", city="")}))


LACKING = {
    "a number": (attrs.evolve(FIT, number=""), "it has no number yet: issue it first"),
    "the seller's address": (
        attrs.evolve(FIT, seller=without(SELLER)),
        "the seller's address is not complete: fill in street and city",
    ),
    "the client's address": (
        attrs.evolve(FIT, buyer=without(BUYER)),
        "the client's address is not complete: fill in street and city",
    ),
    "the seller's register": (
        attrs.evolve(FIT, seller=attrs.evolve(SELLER, registration="9000001")),
        "the seller has no KvK number of 8 digits, nor an OIN of 20: fill in registration",
    ),
    "a real register": (
        attrs.evolve(FIT, buyer=attrs.evolve(BUYER, registration="9000001")),
        "the client's registration is no KvK number of 8 digits, nor an OIN of 20: correct registration",
    ),
    "the seller's VAT number": (
        attrs.evolve(FIT, seller=attrs.evolve(SELLER, vat_id="")),
        "the seller has no VAT number: fill in vat_id",
    ),
    "a country in a VAT number": (
        attrs.evolve(FIT, buyer=attrs.evolve(BUYER, vat_id="000012014B01")),
        "the client's VAT number does not begin with a country: write vat_id as NL000099998B57",
    ),
    "an account": (
        attrs.evolve(FIT, seller=attrs.evolve(SELLER, iban="")),
        "there is no account to pay to: fill in iban",
    ),
    "a name": (attrs.evolve(FIT, buyer=attrs.evolve(BUYER, name=" ")), "the client has no name: fill in name"),
    "a country": (
        attrs.evolve(FIT, buyer=attrs.evolve(GERMAN, address=attrs.evolve(GERMAN.address, country=""))),
        "the client has no country: fill in country",
    ),
    "a way to reach the client": (
        attrs.evolve(FIT, buyer=CONSUMER),
        (
            "the client has no electronic address: fill in electronic_address, or a registration or vat_id from which "
            "it follows (a consumer has none: send a PDF)"
        ),
    ),
    "a scheme of the list": (
        attrs.evolve(FIT, buyer=attrs.evolve(BUYER, electronic_address="9999:12345678")),
        "the client's electronic address has no scheme of the list (9999): correct electronic_address",
    ),
    "an address on the network": (
        attrs.evolve(FIT, buyer=attrs.evolve(BUYER, electronic_address="EM:administratie@ardent.example")),
        "the client's electronic address has no scheme of the list (EM): correct electronic_address",
    ),
    "a text": (document(attrs.evolve(ADVICE, text="\n")), "line 1 has no text: say what it is for"),
    "a unit": (
        document(attrs.evolve(ADVICE, price=Price.of("100.00", per=3, unit="uur"), quantity=Decimal(6))),
        "",  # printed as 2 × 100.00, so that no unit is asked for
    ),
    "a unit that is printed": (
        document(attrs.evolve(ADVICE, price=Price.of("100.00", unit="uur"))),
        "line 1 is in 'uur', which is no UN/ECE code: use one such as HUR, DAY or C62",
    ),
    "a VAT number to reverse the charge to": (
        document(attrs.evolve(FREE, tax=REVERSED), buyer=attrs.evolve(CONSUMER, electronic_address="0088:1")),
        "the client has no VAT number, which a reverse charge wants: fill in vat_id",
    ),
    "a VAT number in another member state": (
        document(attrs.evolve(FREE, tax=WITHIN), buyer=attrs.evolve(GERMAN, vat_id="", electronic_address="0088:1")),
        "the client has no VAT number, which goods to another member state want: fill in vat_id",
    ),
    "a place for outside VAT beside it": (
        document(ADVICE, attrs.evolve(FREE, tax=OUTSIDE)),
        (
            "it has lines outside VAT beside others, which EN 16931 cannot carry together: bill them apart, or under "
            "the class exempt"
        ),
    ),
    "a place for a third decimal": (
        document(line("Part", "100.255", vat="21.054"), currency="BHD"),
        "it has amounts with three decimals (BHD), and EN 16931 carries two: send a PDF",
    ),
    "VAT that the rules take for right": (
        document(attrs.evolve(ADVICE, vat=Decimal("43.00"))),
        (
            "the VAT of 21% on 200.00 is 43.00, which is 1.00 or more away from what the rules compute: send a PDF, or "
            "credit its lines in smaller documents"
        ),
    ),
    "no VAT where there is none": (
        document(attrs.evolve(ADVICE, tax=EXEMPT, vat=Decimal("0.01"))),
        "it has VAT of 0.01 in category E, which has none: send a PDF",
    ),
}


@pytest.mark.parametrize("name", LACKING)
def test_what_is_lacking_is_named(name):
    made, problem = LACKING[name]
    found = UblRenderer().problems(made)
    assert found == ((problem,) if problem else ())
    if not found:
        assert findings(UblRenderer().render(made).content) == []


def test_everything_that_is_lacking_is_said_at_once():
    bare = attrs.evolve(
        document(attrs.evolve(ADVICE, text="")),
        seller=Seller(name="Klein B.V.", address=Address(country="NL")),
        buyer=attrs.evolve(CONSUMER, address=Address(country="NL")),
        id="d7",
        number="2026-0007",
    )
    with pytest.raises(RefusedDocument) as refused:
        UblRenderer().render(bare)
    assert len(refused.value.problems) == 7
    assert refused.value.code == "refused-document"
    assert str(refused.value).startswith("document 2026-0007: cannot be an e-invoice: the seller has no electronic ")
    for problem in refused.value.problems:
        assert problem in str(refused.value)


def test_plain_en_16931_asks_less():
    bare = attrs.evolve(FIT, buyer=without(CONSUMER), seller=attrs.evolve(SELLER, registration="", iban=""))
    assert UblRenderer(profile="en16931").problems(bare) == ()
    assert findings(UblRenderer(profile="en16931").render(bare).content) == []
    assert len(UblRenderer(profile="nlcius").problems(bare)) == 3
    assert len(UblRenderer(profile="peppol").problems(bare)) == 3


def test_a_seller_outside_vat_is_known_by_its_register():
    outside = document(attrs.evolve(FREE, tax=OUTSIDE), buyer=SWISS)
    assert UblRenderer().problems(outside) == ()
    unknown = attrs.evolve(outside, seller=attrs.evolve(SELLER, registration=""))
    assert "the seller has no number in the trade register: fill in registration" in UblRenderer().problems(unknown)


@pytest.mark.parametrize("cents", ["42.99", "41.01"])
def test_cents_that_corrections_kept_are_carried(cents):
    made = document(attrs.evolve(ADVICE, vat=Decimal(cents)))
    assert findings(UblRenderer().render(made).content) == []


@pytest.mark.parametrize("name", [name for name, (_, problem) in LACKING.items() if problem])
def test_what_we_refuse_the_rules_refuse_too(name, monkeypatch):
    """Nothing is refused that could be sent: written all the same, the rules find it."""
    made, _ = LACKING[name]
    monkeypatch.setattr(UblRenderer, "problems", lambda *_: ())
    assert findings(UblRenderer().render(made).content) != []


# -------------------------------------------------------------------------------------------------- where it comes from


@pytest.mark.parametrize("text", ["12345678", "106:12345678", "0106:", "0106 : 1", "nl:1", "0106:1\n"])
def test_an_electronic_address_has_a_scheme(text):
    with pytest.raises(InvalidValue, match=r"party acme: .* is not an electronic address"):
        Party(id="acme", name="Acme B.V.", electronic_address=text)
    with pytest.raises(InvalidValue, match=r"seller: .* is not an electronic address"):
        attrs.evolve(SELLER, electronic_address=text)


def test_the_reference_and_the_address_of_a_client_stand_on_its_documents():
    office = Office(administration=Administration(id="nl", seller=SELLER), sources=[Manual()])
    books = MemoryBooks()
    acme = Party(
        id="acme",
        name="Acme B.V.",
        business=True,
        address=BUYER.address,
        vat_id=BUYER.vat_id,
        reference="INK-7",
        electronic_address="0088:4012345000009",
    )
    with books() as store:
        office.crm.register(store, acme, on=date(2026, 3, 1))
        office.manual.add(
            store,
            Line(id="l1", client="acme", on=date(2026, 3, 1), text="Advice", price=Price.of("100.00")),
            on=date(2026, 3, 1),
        )
        [draft] = office.billing.preview(store, "acme", until=date(2026, 3, 2), on=date(2026, 3, 2))
        issued = office.billing.issue(store, draft)
    found = read(UblRenderer().render(issued).content)
    assert (found["BT-10"], found["BG-7"]["einvoicing_addr"]) == ("INK-7", "4012345000009")
    assert found["BG-23"][0]["BT-119"] == f"{HIGH.rate}"
