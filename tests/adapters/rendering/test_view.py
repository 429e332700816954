"""The view says what the law wants, in the order of the lines, with the last day of each period."""

import subprocess
import sys
from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling.adapters.rendering.look import Look
from fanbilling.adapters.rendering.pdf import PdfRenderer
from fanbilling.adapters.rendering.view import view
from fanbilling.domain.errors import InvalidSetting
from fanbilling.domain.invoices import Preceding
from fanbilling.domain.items import Price
from fanbilling.domain.periods import Period
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import Tax
from tests.adapters.rendering.documents import (
    ABROAD,
    JANUARY,
    credit_note,
    document,
    line,
    nothing,
    one_line,
    reverse_charge,
    upgrade,
)


def lines_of(made):
    return [each for section in view(made).sections for each in section.lines]


def test_a_whole_period_is_printed_as_once_its_price():
    [only] = lines_of(one_line())
    assert (only.quantity, only.unit, only.price, only.per, only.net) == ("1", "", "89,50", "", "89,50")
    assert only.period == "1 – 31 januari 2026"


def test_a_part_of_a_period_is_printed_in_days_at_the_price_of_the_period():
    back, new, *_ = lines_of(upgrade())
    assert (new.quantity, new.unit, new.price, new.per, new.net) == ("16", "dagen", "149,00", "per 31 dagen", "76,90")
    assert (back.quantity, back.net) == ("−16", "−46,19")
    assert back.note == "Correctie op factuur 2025-0931. Gewijzigd per 16 januari 2026"


def test_seats_are_named_where_days_alone_would_puzzle():
    """3 seats on 16 of 31 days at 10.00: 48 × 10.00 / 31 = 15.483, rounded 15.48; VAT 3.25."""
    half = Period(date(2026, 1, 16), date(2026, 2, 1))
    because = Reason("subscription.period", Decimal(48), (("days", 16), ("of", 31), ("quantity", Decimal(3))))
    price = Price.of("10.00", per=31, unit="DAY")
    [only] = lines_of(document([line("Seats", "48", price, net="15.48", vat="3.25", supplied=half, because=because)]))
    assert (only.quantity, only.unit, only.note) == ("48", "dagen", "3 × 16 van 31 dagen")


def test_a_section_has_one_period_when_its_lines_have():
    planning, project, other = view(upgrade()).sections
    assert (planning.title, planning.period, planning.subtotal) == (
        "Brinkhoff Planning",
        "16 – 31 januari 2026",
        "30,71",
    )
    assert [each.period for each in planning.lines] == ["", ""]
    assert (project.period, [each.period for each in project.lines]) == ("", ["14 januari 2026", "22 januari 2026"])
    assert (other.title, other.label) == ("Overig", "Subtotaal Overig")


def test_one_section_has_no_subtotal_and_a_heading_that_repeats_its_line_is_left_out():
    [only] = view(one_line()).sections
    assert only.subtotal == ""
    price = Price.of("10.00")
    [same] = view(document([line("Toegang", "1", price, net="10.00", vat="2.10", title="Toegang")])).sections
    assert (same.title, same.lines[0].text) == ("", "Toegang")


def test_what_was_supplied_on_the_day_of_the_document_needs_no_day():
    price = Price.of("10.00")
    made = document([line("Toegang", "1", price, net="10.00", vat="2.10", filed=date(2026, 1, 31))])
    assert lines_of(made)[0].period == ""


def test_a_credit_note_is_printed_the_other_way_round():
    shown = view(credit_note())
    assert shown.title == "Creditnota 2026-0004"
    assert shown.concerns == "Correctie op factuur 2026-0001 van 31 januari 2026"
    assert [(each.quantity, each.price, each.net) for each in lines_of(credit_note())] == [
        ("1", "20,00", "20,00"),
        ("2", "248,95", "497,90"),
        ("−1", "35,00", "−35,00"),
    ]
    assert [(tax.base, tax.vat) for tax in shown.taxes] == [("482,90", "101,41")]
    assert (shown.payable.label, shown.payable.value) == ("U krijgt terug", "€\xa0584,31")
    assert shown.payment.transfer is None
    assert "Vervaldatum" not in [fact.label for fact in shown.facts]


def test_a_line_says_which_of_several_documents_it_corrects():
    made = credit_note()
    preceding = (*made.preceding, Preceding(number="2026-0002", on=date(2026, 2, 1)))
    notes = [each.note for each in lines_of(attrs.evolve(made, preceding=preceding))]
    assert notes == ["Correctie op factuur 2026-0001", "Correctie op factuur 2026-0001", ""]
    unknown = tuple(attrs.evolve(p, on=date(2025, 1, 1)) for p in preceding)
    assert lines_of(attrs.evolve(made, preceding=unknown))[0].note == "Correctie op een eerdere factuur"


def test_reverse_charge_names_the_law_and_both_vat_numbers():
    shown = view(reverse_charge("nl"))
    assert shown.notes == ("Btw verlegd (artikel 196 van Richtlijn 2006/112/EG).",)
    assert "DE999990133" in [fact.value for fact in shown.facts]
    assert "NL000099998B57" in [fact.value for fact in shown.sender.legal]
    assert shown.window[-1] == "Duitsland"
    assert shown.sender.address[-1] == "Nederland"
    assert [(tax.label, tax.base, tax.vat) for tax in shown.taxes] == [("Btw verlegd", "1.027,95", "0,00")]


@pytest.mark.parametrize(
    ("category", "buyer", "note"),
    [
        ("E", None, "Exempt from VAT."),
        ("K", ABROAD, "Intra-Community supply, 0% VAT (Article 138 of Directive 2006/112/EC)."),
        ("G", ABROAD, "Export outside the European Union, 0% VAT (Article 146 of Directive 2006/112/EC)."),
        ("O", ABROAD, "Not subject to VAT."),
        ("AE", None, "VAT reverse charge."),
    ],
)
def test_every_treatment_without_vat_is_named(category, buyer, note):
    price, tax = Price.of("10.00"), Tax(category, Decimal(0))
    made = document([line("Thing", "1", price, net="10.00", vat="0.00", tax=tax)], language="en")
    assert view(attrs.evolve(made, buyer=buyer or made.buyer)).notes == (note,)


def test_a_rate_needs_no_words():
    assert view(one_line()).notes == ()


def test_nothing_to_pay_asks_for_nothing():
    shown = view(nothing())
    assert (shown.payable.label, shown.payment.sentence) == ("Totaal", "U hoeft niets te betalen.")
    assert (shown.payment.facts, shown.payment.transfer) == ((), None)


def test_the_transfer_pays_what_the_document_asks():
    transfer = view(one_line()).payment.transfer
    assert transfer is not None
    assert (transfer.name, transfer.iban) == ("Brinkhoff Software", "NL91ABNA0417164300")
    assert (transfer.amount, transfer.mention) == (Decimal("108.30"), "2026-0001")


def test_another_currency_has_its_own_sign_and_no_code():
    price = Price.of("100.00")
    made = document([line("Licence", "1", price, net="100.00", vat="21.00", supplied=JANUARY)], currency="USD")
    shown = view(made)
    assert (shown.columns[-1], shown.payable.value) == ("Bedrag in USD", "US$\xa0121,00")
    assert shown.payment.transfer is None


def test_a_document_without_a_number_says_so():
    assert view(document(one_line().lines, number="")).title == "Factuur (concept)"


PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
PICTURE += (
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10"><rect width="30" height="10"/></svg>'


@pytest.mark.parametrize("logo", [PICTURE, DRAWING], ids=["png", "svg"])
def test_a_logo_takes_the_place_of_the_name(logo):
    plain = PdfRenderer().render(one_line()).content
    assert PdfRenderer(look=Look(logo=logo)).render(one_line()).content != plain


def test_the_size_of_a_picture_is_read_from_the_picture():
    assert Look(logo=PICTURE).size == (1, 1)
    jpeg = b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x01\x01\x11\x00"
    assert Look(logo=jpeg).size == (64, 32)


@pytest.mark.parametrize("wrong", [{"accent": "blue"}, {"accent": "#12345"}, {"logo": b"GIF89a"}])
def test_a_look_that_cannot_be_printed_is_refused(wrong):
    with pytest.raises(InvalidSetting, match="look"):
        Look(**wrong)


def test_words_and_views_need_no_engine():
    program = "import sys, fanbilling.adapters.rendering.view, fanbilling.adapters.mail; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"typst", "jinja2", "segno", "css_inline"}.isdisjoint(loaded)
