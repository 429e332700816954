"""An e-invoice says what its document says: both kinds, every VAT category, who is who, and how it is paid."""

import re
from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling.adapters.rendering.ubl import Profile, UblRenderer
from fanbilling.adapters.rendering.ubl.codes import SCHEMES, UNITS, VAT_SCHEMES
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.items import Price
from fanbilling.domain.periods import Period
from fanbilling.testing.contracts.papers import BUYER, SELLER
from tests.adapters.rendering.einvoices import (
    BELGIAN,
    CONSUMER,
    EXEMPT,
    EXPORTED,
    GERMAN,
    HIGH,
    LOW,
    OUTSIDE,
    REVERSED,
    SWISS,
    WITHIN,
    ZERO,
    document,
    line,
    read,
)
from tests.ubl_rules import EN16931, findings

MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
ADVICE = line("Advice", "200.00", vat="42.00", quantity="2", price=Price.of("100.00", unit="HUR"))
BACK = line("Book", "-69.90", tax=LOW, vat="-6.29", quantity="-2", price=Price.of("34.95"), corrects="d0")


def rendered(made, profile="peppol"):
    """What is read in a document that every rule lets through."""
    xml = UblRenderer(profile=profile).render(made).content
    assert findings(xml) == []
    return read(xml)


# ---------------------------------------------------------------------------------------------------------------- kinds


def test_an_invoice_is_of_type_380_and_has_its_due_date_in_its_head():
    found = rendered(document(ADVICE))
    assert (found["BT-3"], found["BT-9"], found["BT-5"]) == ("380", date(2026, 3, 16), "EUR")
    assert found["BT-20"] == "Wij ontvangen € 242,00 graag uiterlijk op 16 maart 2026."


def test_a_credit_note_has_positive_figures_and_says_what_it_corrects():
    """Two books of 34.95 back: 69.90, with 9% VAT 6.291, so 6.29; together 76.19."""
    found = rendered(document(BACK, preceding=["2026-0017"]))
    assert found["BT-3"] == "381"
    assert found["BG-3"] == [{"BT-25": "2026-0017", "BT-26": date(2026, 2, 1)}]
    [book] = found["BG-25"]
    assert (book["BT-129"], book["BT-146"], book["BT-131"]) == ("2", "34.95", "69.90")
    assert [found[name] for name in ("BT-106", "BT-110", "BT-112", "BT-115")] == ["69.90", "6.29", "76.19", "76.19"]


def test_a_credit_note_is_paid_back_as_agreed_and_never_to_us():
    found = rendered(document(BACK, preceding=["2026-0017"]))
    assert (found["BT-81"], found["BT-9"]) == ("57", date(2026, 3, 16))
    assert "BT-84" not in found


def test_a_line_that_goes_the_other_way_on_a_credit_note_is_negative():
    """Given back 69.90, asked 34.95: 34.95 is given back."""
    again = line("Book", "34.95", tax=LOW, vat="3.15", price=Price.of("34.95"))
    found = rendered(document(BACK, again, preceding=["2026-0017"]))
    assert [(each["BT-129"], each["BT-131"]) for each in found["BG-25"]] == [("2", "69.90"), ("-1", "-34.95")]
    assert found["BT-106"] == "34.95"


def test_a_credit_note_by_which_something_is_asked_has_negative_figures_and_our_account():
    """A discount of 10.00 was given, and is taken back: 10.00 and 2.10 VAT are asked."""
    found = rendered(document(line("Discount", "10.00", vat="2.10", corrects="d0"), preceding=["2026-0017"]))
    assert (found["BT-3"], found["BT-115"]) == ("381", "-12.10")
    assert (found["BT-81"], found["BT-84"], found["BT-9"]) == ("58", "NL91ABNA0417164300", date(2026, 3, 16))


def test_what_gives_back_without_correcting_anything_is_an_invoice_with_negative_figures():
    found = rendered(document(line("Returned crates", "-50.00", vat="-10.50", quantity="-1")))
    assert (found["BT-3"], found["BT-115"]) == ("380", "-60.50")
    assert "BT-81" not in found
    assert "BT-9" not in found


def test_an_invoice_with_a_correction_has_a_negative_quantity_and_a_positive_price():
    """16 of 31 days of 89.50 back: 46.19; 200.00 asked; 153.81 and 32.30 VAT, of which 9.70 was given back."""
    back = line(
        "Licence",
        "-46.19",
        vat="-9.70",
        quantity="-16",
        price=Price.of("89.50", per=31, unit="DAY"),
        corrects="d0",
        supplied=Period(date(2026, 1, 16), date(2026, 2, 1)),
    )
    found = rendered(document(back, ADVICE, preceding=["2026-0017"]))
    first, _ = found["BG-25"]
    figures = [first[name] for name in ("BT-129", "BT-130", "BT-146", "BT-149", "BT-131")]
    assert figures == ["-16", "DAY", "89.5", "31", "-46.19"]
    assert first["BT-127-00"] == [{"BT-127": "Correctie op factuur 2026-0017"}]
    assert found["BG-1"] == [{"BT-22": "Met correctie op factuur 2026-0017 van 1 februari 2026"}]
    assert (found["BT-73"], found["BT-74"]) == (date(2026, 1, 16), date(2026, 3, 2))
    assert found["BT-115"] == "186.11"


# -------------------------------------------------------------------------------------------------------------- amounts


def test_a_month_of_31_days_at_a_price_per_31_is_one_time_the_price():
    found = rendered(
        document(line("Licence", "89.50", vat="18.80", quantity="31", supplied=MARCH, price=Price.of("89.50", per=31)))
    )
    [licence] = found["BG-25"]
    assert (licence["BT-129"], licence["BT-130"], licence["BT-146"]) == ("1", "C62", "89.5")
    assert "BT-149" not in licence
    assert (licence["BT-134"], licence["BT-135"]) == (date(2026, 3, 1), date(2026, 3, 31))


def test_money_given_back_is_one_time_its_amount():
    found = rendered(document(attrs.evolve(BACK, quantity=Decimal(0)), preceding=["2026-0017"]))
    [money] = found["BG-25"]
    assert (money["BT-129"], money["BT-146"], money["BT-131"]) == ("1", "69.9", "69.90")


def test_a_line_without_a_period_was_supplied_on_the_day_of_its_key():
    found = rendered(document(attrs.evolve(ADVICE, key=attrs.evolve(ADVICE.key, filed=date(2026, 2, 10)))))
    [advice] = found["BG-25"]
    assert (advice["BT-134"], advice["BT-135"]) == (date(2026, 2, 10), date(2026, 2, 10))


def test_dollars_are_paid_by_another_transfer_than_sepa():
    found = rendered(document(ADVICE, currency="USD"))
    assert (found["BT-5"], found["BT-81"], found["BT-115"]) == ("USD", "30", "242.00")


def test_yen_have_no_decimals_and_a_product_that_is_rounded_is_written_as_one_amount():
    """3 × 33.40 = 100.20, in whole yen 100; 21% of 100 is 21."""
    found = rendered(document(line("Part", "100", vat="21", quantity="3", price=Price.of("33.40")), currency="JPY"))
    [part] = found["BG-25"]
    assert (part["BT-129"], part["BT-146"], part["BT-131"], found["BT-115"]) == ("1", "100", "100", "121")


def test_a_dinar_that_fits_in_two_decimals_is_carried():
    found = rendered(document(line("Part", "100.250", vat="21.050", quantity="1"), currency="BHD"))
    assert (found["BG-25"][0]["BT-131"], found["BT-115"]) == ("100.25", "121.30")


# ------------------------------------------------------------------------------------------------------------------ VAT


@pytest.mark.parametrize(
    ("tax", "buyer", "code", "reason"),
    [
        (HIGH, BUYER, None, None),
        (ZERO, BUYER, None, None),
        (EXEMPT, BUYER, None, "Vrijgesteld van btw."),
        (REVERSED, BUYER, "VATEX-EU-AE", "Btw verlegd."),
        (REVERSED, GERMAN, "VATEX-EU-AE", "Btw verlegd (artikel 196 van Richtlijn 2006/112/EG)."),
        (WITHIN, GERMAN, "VATEX-EU-IC", "Intracommunautaire levering, 0% btw (artikel 138 van Richtlijn 2006/112/EG)."),
        (
            EXPORTED,
            SWISS,
            "VATEX-EU-G",
            "Uitvoer buiten de Europese Unie, 0% btw (artikel 146 van Richtlijn 2006/112/EG).",
        ),
        (OUTSIDE, SWISS, "VATEX-EU-O", "Niet onderworpen aan btw."),
    ],
    ids=["S", "Z", "E", "AE at home", "AE abroad", "K", "G", "O"],
)
def test_every_category_says_why_there_is_no_vat(tax, buyer, code, reason):
    vat = Decimal(200) * tax.rate / 100
    found = rendered(document(attrs.evolve(ADVICE, tax=tax, vat=vat), buyer=buyer))
    [group] = found["BG-23"]
    assert (group["BT-118"], group["BT-116"]) == (tax.category, "200.00")
    assert (group.get("BT-121"), group.get("BT-120")) == (code, reason)
    assert group.get("BT-119") == (None if tax is OUTSIDE else f"{tax.rate}")
    assert ("vat_identifier" in found["BG-4"]) is (tax is not OUTSIDE)


def test_each_rate_has_a_group_of_its_own():
    """200.00 at 21% is 42.00; 104.85 at 9% is 9.4365, so 9.44; 10.00 exempt; together 314.85 and 51.44."""
    book = line("Book", "104.85", tax=LOW, vat="9.44", quantity="3", price=Price.of("34.95"))
    found = rendered(document(ADVICE, book, line("Course", "10.00", tax=EXEMPT)))
    groups = [[group[name] for name in ("BT-118", "BT-119", "BT-116", "BT-117")] for group in found["BG-23"]]
    assert groups == [["E", "0", "10.00", "0.00"], ["S", "9", "104.85", "9.44"], ["S", "21", "200.00", "42.00"]]
    assert [found[name] for name in ("BT-106", "BT-110", "BT-112")] == ["314.85", "51.44", "366.29"]


def test_goods_within_the_union_say_where_they_went():
    found = rendered(document(attrs.evolve(ADVICE, tax=WITHIN, vat=Decimal(0)), buyer=GERMAN))
    assert found["BG-13"]["country_code"] == "DE"


# ----------------------------------------------------------------------------------------------------------- who is who


@pytest.mark.parametrize(
    ("buyer", "address"),
    [
        (BUYER, ("0106", "90000011")),  # the trade register of the Netherlands
        (attrs.evolve(BUYER, registration="00000001003214345000"), ("0190", "00000001003214345000")),  # a government
        (attrs.evolve(BUYER, registration=""), ("9944", "NL000012014B01")),
        (BELGIAN, ("0208", "0000999001")),
        (attrs.evolve(BELGIAN, registration=""), ("0208", "0000999001")),
        (GERMAN, ("9930", "DE999990133")),
        (SWISS, ("9927", "CHE999999996")),
        (attrs.evolve(GERMAN, electronic_address="0088:4012345000009"), ("0088", "4012345000009")),
    ],
)
def test_where_an_e_invoice_is_received_is_said_or_follows(buyer, address):
    tax = HIGH if buyer.address.country == "NL" else REVERSED
    found = rendered(document(attrs.evolve(ADVICE, tax=tax, vat=200 * tax.rate / 100), buyer=buyer))
    assert (found["BG-7"]["einvoicing_addr_schemeid"], found["BG-7"]["einvoicing_addr"]) == address


def test_a_seller_may_send_from_an_address_of_its_own():
    seller = attrs.evolve(SELLER, electronic_address="9944:NL000099998B57")
    found = rendered(document(ADVICE, seller=seller))
    assert found["BG-4"]["einvoicing_addr"] == "NL000099998B57"
    assert found["BG-4"]["legal_identifier"] == "90000001"


@pytest.mark.parametrize("country", sorted(VAT_SCHEMES))
def test_a_scheme_of_vat_numbers_is_one_of_the_list(country):
    prefix = {"GR": "EL"}.get(country, country)
    buyer = attrs.evolve(GERMAN, vat_id=f"{prefix}12345678", registration="")
    found = rendered(document(attrs.evolve(ADVICE, tax=REVERSED, vat=Decimal(0)), buyer=buyer))
    assert found["BG-7"]["einvoicing_addr_schemeid"] == VAT_SCHEMES[country]


@pytest.mark.parametrize(
    ("reference", "attention", "said"),
    [("INK-2026-7", "Crediteuren", "INK-2026-7"), ("", "Crediteuren", "Crediteuren"), ("", "", "NA"), (" ", " ", "NA")],
)
def test_the_reference_is_the_clients_own_else_who_it_is_for_else_none(reference, attention, said):
    found = rendered(document(ADVICE, buyer=attrs.evolve(BUYER, reference=reference, attention=attention)))
    assert found["BT-10"] == said


def test_a_consumer_can_have_an_e_invoice_outside_the_network():
    for profile in ("nlcius", "en16931"):
        assert rendered(document(ADVICE, buyer=CONSUMER), profile)["BG-7"]["name"] == "R. Denkbeeld"


# ---------------------------------------------------------------------------------------------------------------- texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<b>Smit</b> & Zn ]]>", "<b>Smit</b> & Zn ]]>"),
        ("two\nlines\tand more", "two lines and more"),
        ("x" * 10_000, "x" * 10_000),
        ("Ærøskøbing 東京 🎉", "Ærøskøbing 東京 🎉"),
        ("not\ufffe in\uffff XML", "not in XML"),
        ("\u202eturned", "turned"),
    ],
    ids=["markup", "lines", "long", "scripts", "no characters of XML", "turned round"],
)
def test_a_text_is_carried_as_it_is_read(text, shown):
    found = rendered(document(attrs.evolve(ADVICE, text=text, title=text), buyer=attrs.evolve(BUYER, name=text)))
    assert found["BG-25"][0]["BT-153"] == shown
    assert found["BG-7"]["name"] == shown


def test_the_heading_of_a_line_describes_it_and_names_it_where_it_has_no_text():
    found = rendered(document(attrs.evolve(ADVICE, title="Planning"), attrs.evolve(ADVICE, title="Care", text=" ")))
    assert [(each["BT-153"], each.get("BT-154")) for each in found["BG-25"]] == [("Advice", "Planning"), ("Care", None)]


# ------------------------------------------------------------------------------------------------------------- profiles


def test_each_profile_says_by_whose_rules_it_is_written():
    ids = {profile: read(UblRenderer(profile=profile).render(document(ADVICE)).content)["BT-24"] for profile in Profile}
    assert ids == {
        "peppol": "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0",
        "nlcius": "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0",
        "en16931": "urn:cen.eu:en16931:2017",
    }
    assert rendered(document(ADVICE))["BT-23"] == "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


def test_there_is_no_other_profile():
    with pytest.raises(InvalidValue, match="'xrechnung' is none of them"):
        UblRenderer(profile="xrechnung")


@pytest.mark.parametrize(("rule", "codes"), [("BR-CL-23", UNITS), ("BR-CL-25", SCHEMES)], ids=["units", "schemes"])
def test_the_lists_of_codes_are_those_of_the_rules(rule, codes):
    written = EN16931.read_text(encoding="utf-8")
    before = written[: written.index(f">{rule}<")]
    listed = re.findall(r"contains\(\s*'([^']*)'", before)[-1]
    assert codes == set(listed.split())
