"""An e-invoice lies beside the PDF and goes with the mail; what is missing for one is told until it is there."""

import json
from email import message_from_bytes

import attrs
import pytest

from fanbilling.cli.einvoices import any_wanted, completed, rules
from fanbilling.cli.place import open_place
from fanbilling.domain.parties import Address, Party
from fanbilling.domain.settings import EInvoice, Layer, Settings
from tests.cli.folders import FIRST, SECOND, SMALL, contents, fanbilling, small

NUMBER = "0106:12345678"


def clients(acme="", bolt=""):
    """The clients of the small folder, with the numbers by which two of them receive e-invoices."""
    head, one, two, later, three = SMALL["clients.csv"].strip().splitlines()
    numbers = ("registration;electronic_address;reference", f"{acme};;INK-7", f";{bolt};", ";;", ";;")
    return "\n".join(f"{line};{number}" for line, number in zip((head, one, two, later, three), numbers, strict=True))


def folder_with(at, said, **numbers):
    return small(at, settings=f"{SMALL['settings.toml']}\n{said}", clients=clients(**numbers))


def run(folder, *words):
    ran = fanbilling("run", folder, *words, "--json")
    return ran.status, json.loads(ran.out)


def e_invoices(folder):
    return sorted(path.stem for path in (folder / "invoices").glob("*.xml"))


def attached(folder, number):
    message = message_from_bytes((folder / "outbox" / f"{number}.eml").read_bytes())
    return {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}


PEPPOL = '[settings]\ne_invoice = "peppol"'


def test_an_e_invoice_lies_beside_the_pdf_goes_with_the_mail_and_is_named(tmp_path):
    folder = folder_with(tmp_path / "there", PEPPOL, acme="12345678", bolt=NUMBER)
    status, answer = run(folder, *FIRST)
    assert (status, answer["incomplete"]) == (0, [])
    # 1 is acme's, 2 bolt's; 3 is carol's, who is no business
    assert e_invoices(folder) == ["2026-0001", "2026-0002"]
    assert answer["issued"][0]["files"] == ["invoices/2026-0001.pdf", "invoices/2026-0001.xml", "outbox/2026-0001.eml"]
    assert answer["issued"][2]["files"] == ["invoices/2026-0003.pdf", "outbox/2026-0003.eml"]
    xml = (folder / "invoices" / "2026-0001.xml").read_bytes()
    # 12 × 24.95 = 299.40 and 6.5 × 112.50 = 731.25, VAT 216.44
    assert b'<cbc:PayableAmount currencyID="EUR">1247.09</cbc:PayableAmount>' in xml
    assert b"<cbc:BuyerReference>INK-7</cbc:BuyerReference>" in xml
    assert b'<cbc:EndpointID schemeID="0106">12345678</cbc:EndpointID>' in xml
    assert attached(folder, "2026-0001")["Invoice-2026-0001.xml"] == xml
    assert len(attached(folder, "2026-0001")) == 2
    assert len(attached(folder, "2026-0003")) == 1
    page = (folder / "clients" / "acme.html").read_text(encoding="utf-8")
    assert (
        page.count('<a class="small" href="../invoices/2026-0001.xml">XML</a>') == 2
    )  # what is open, and the timeline


def test_a_lost_e_invoice_is_filed_again_as_it_was(tmp_path):
    folder = folder_with(tmp_path / "there", PEPPOL, acme="12345678", bolt=NUMBER)
    run(folder, *FIRST)
    before = contents(folder)
    (folder / "invoices" / "2026-0002.xml").unlink()
    assert run(folder, *FIRST)[0] == 0
    assert contents(folder) == before


def test_what_is_missing_is_told_in_words_until_it_is_filled_in(tmp_path):
    folder = folder_with(tmp_path / "there", PEPPOL, bolt=NUMBER)
    for _ in range(2):
        status, answer = run(folder, *FIRST)
        assert status == 1
        [told] = answer["incomplete"]
        assert (told["number"], told["payer"]) == ("2026-0001", "acme")
        [missing] = told["missing"]
        assert missing.startswith("the client has no electronic address: fill in electronic_address")
    assert (folder / "invoices" / "2026-0001.pdf").is_file()
    assert list(attached(folder, "2026-0001")) == ["Invoice-2026-0001.pdf"]
    ran = fanbilling("run", folder, *FIRST)
    assert ran.status == 1
    assert "1 document without an e-invoice; the PDF is there:" in ran.err
    assert "2026-0001 · acme" in ran.err
    assert "the client has no electronic address" in " ".join(ran.err.split())
    small(folder, settings=f"{SMALL['settings.toml']}\n{PEPPOL}", clients=clients(acme="12345678", bolt=NUMBER))
    assert run(folder, *FIRST) == (0, {**answer, "incomplete": []})
    assert e_invoices(folder) == ["2026-0001", "2026-0002"]
    before = contents(folder)
    (folder / "invoices" / "2026-0001.xml").unlink()
    assert run(folder, *FIRST)[0] == 0
    assert contents(folder) == before


def test_an_e_invoice_that_somebody_made_is_left_as_it_is(tmp_path):
    folder = folder_with(tmp_path / "there", PEPPOL, bolt=NUMBER)
    assert run(folder, *FIRST)[0] == 1
    (folder / "invoices" / "2026-0001.xml").write_bytes(b"<mine/>")
    assert run(folder, *FIRST)[0] == 0
    assert (folder / "invoices" / "2026-0001.xml").read_bytes() == b"<mine/>"


def test_what_is_outside_vat_beside_what_is_not_has_no_e_invoice(tmp_path):
    lines = SMALL["lines.csv"].replace("112,50;standard", "112,50;outside")
    folder = folder_with(tmp_path / "there", f"{PEPPOL}\n", acme="12345678", bolt=NUMBER)
    small(folder, settings=f"{SMALL['settings.toml']}\n{PEPPOL}", clients=clients("12345678", NUMBER), lines=lines)
    status, answer = run(folder, *FIRST)
    [told] = answer["incomplete"]
    assert status == 1
    assert told["number"] == "2026-0001"
    assert any("outside VAT beside others" in missing for missing in told["missing"])
    assert answer["sent"] == 3


@pytest.mark.parametrize(
    ("said", "has"),
    [
        ("", []),
        ('[settings]\ne_invoice = "none"', []),
        ('[client.bolt]\ne_invoice = "nlcius"\n', []),  # the Dutch rules want the seller's number too
        ('[client.bolt]\ne_invoice = "en16931"', ["2026-0002"]),
        (f'{PEPPOL}\n[client.acme]\ne_invoice = "none"', ["2026-0002"]),
        ('[source.subscriptions]\ne_invoice = "en16931"', ["2026-0002", "2026-0003"]),  # acme's is of two sources
        ('[agreement.S-2]\ne_invoice = "peppol"', ["2026-0002"]),
    ],
)
def test_who_gets_one_is_a_setting(tmp_path, said, has):
    folder = folder_with(tmp_path / "there", said, acme="12345678", bolt=NUMBER)
    assert run(folder, *FIRST)[1]["sent"] == 3
    assert e_invoices(folder) == has


def test_a_credit_note_is_one_too(tmp_path):
    folder = folder_with(tmp_path / "there", PEPPOL, acme="12345678", bolt=NUMBER)
    run(folder, *FIRST)
    status, answer = run(folder, *SECOND)
    assert (status, answer["incomplete"]) == (0, [])
    assert b"<CreditNote " in (folder / "invoices" / "2026-0004.xml").read_bytes()


def test_another_word_is_refused_with_those_there_are(tmp_path):
    ran = fanbilling("run", folder_with(tmp_path / "there", '[settings]\ne_invoice = "ubl"'), *FIRST)
    assert ran.status == 1
    assert "this is none of none, peppol, nlcius, en16931 @ settings.e_invoice" in ran.err


def test_an_address_without_a_scheme_is_refused(tmp_path):
    ran = fanbilling("run", folder_with(tmp_path / "there", PEPPOL, bolt="12345678"), *FIRST)
    assert ran.status == 1
    assert "clients.csv, line 3, column electronic_address" in ran.err
    assert "Write scheme and number, such as 0106:12345678" in " ".join(ran.err.split())


# ---------------------------------------------------------------------------------------------------- what is filled in


@pytest.fixture
def issued(after_january):
    place = open_place(after_january)
    with place.books.reading() as store:
        return place.office, store.documents.by_number("2026-0001")


def test_only_what_is_empty_is_filled_in(issued):
    office, document = issued
    acme = Party(
        id="acme",
        name="Acme Holding N.V.",
        vat_id="NL000012014B01",
        registration="12345678",
        address=Address(street="Elders 1", postal_code="9999 ZZ", city="Elders", country="NL"),
    )
    whole = completed(document, acme, office.administration.seller)
    assert (whole.buyer.vat_id, whole.buyer.registration) == ("NL000012014B01", "12345678")
    assert (whole.buyer.name, whole.buyer.address.street) == ("Acme B.V.", "Dam 1")
    assert (whole.lines, whole.totals, whole.seller) == (document.lines, document.totals, document.seller)


def test_who_moved_abroad_keeps_the_address_of_then(issued):
    office, document = issued
    nowhere = attrs.evolve(document.buyer, address=Address(country="NL"))
    before = attrs.evolve(document, buyer=nowhere)
    streets = {}
    for country in ("NL", "BE"):
        acme = Party(id="acme", name="Acme", address=Address(street="Elders 1", city="Elders", country=country))
        streets[country] = completed(before, acme, office.administration.seller).buyer.address.street
    assert streets == {"NL": "Elders 1", "BE": ""}


def test_whether_any_is_wanted():
    assert not any_wanted(Settings())
    assert not any_wanted(Settings(administration=Layer(e_invoice=EInvoice.NONE)))
    for layer in ("sources", "clients", "agreements"):
        assert any_wanted(Settings(**{layer: {"x": Layer(e_invoice=EInvoice.PEPPOL)}}))


def test_the_client_decides_over_the_source(issued):
    _, document = issued
    said = Settings(
        administration=Layer(e_invoice=EInvoice.PEPPOL),
        clients={"acme": Layer(e_invoice=EInvoice.NLCIUS)},
        agreements={"S-1": Layer(e_invoice=EInvoice.NONE)},
    )
    assert rules(said, document) is EInvoice.NLCIUS  # S-1 is not alone on it
