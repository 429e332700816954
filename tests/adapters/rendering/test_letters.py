"""A letter says in a few words what is attached, how much it is, and until when."""

import attrs
import pytest

from fanbilling.adapters.rendering.letters import invoice_letter
from fanbilling.domain.errors import RuleViolation
from fanbilling.domain.ports.delivery import Rendered
from tests.adapters.rendering.documents import SELLER, credit_note, forty_lines, nothing, one_line, reverse_charge

PAPER = Rendered(content=b"%PDF-", media_type="application/pdf", suffix=".pdf")


def test_a_letter_with_an_invoice_says_what_to_pay_and_when():
    letter = invoice_letter(one_line(), PAPER, "m-1")
    assert letter.id == "m-1"
    assert letter.subject == "Factuur 2026-0001 van Brinkhoff Software"
    assert letter.sender == "Brinkhoff Software <facturen@brinkhoff.example>"
    assert letter.recipient == '"Ardent Logistiek B.V." <administratie@ardent.example>'
    for text in ("€\xa0108,30", "14 februari 2026", "NL91 ABNA 0417 1643 00", "Brinkhoff Planning"):
        assert text in letter.text
    [attached] = letter.attachments
    assert (attached.name, attached.media_type) == ("Factuur-2026-0001.pdf", "application/pdf")


def test_text_and_html_say_the_same():
    letter = invoice_letter(one_line(), PAPER, "m-1")
    shown = letter.html.replace("&nbsp;", "\xa0")
    for text in letter.text.splitlines():
        assert text.strip(" –") in shown
    assert "<style" not in letter.html


def test_a_letter_with_a_credit_note_asks_for_nothing():
    letter = invoice_letter(credit_note(), PAPER, "m-1")
    assert letter.subject.startswith("Creditnota 2026-0004")
    assert "Wij crediteren €\xa0584,31" in letter.text
    assert "uiterlijk" not in letter.text


def test_a_letter_with_nothing_to_pay_says_so():
    assert "U hoeft niets te betalen." in invoice_letter(nothing(), PAPER, "m-1").text


def test_a_letter_is_in_the_language_of_its_document():
    letter = invoice_letter(reverse_charge(), PAPER, "m-1")
    assert letter.subject == "Invoice 2026-0005 from Brinkhoff Software"
    assert "14 February 2026" in letter.text


def test_a_letter_names_a_few_things_and_counts_the_others():
    letter = invoice_letter(forty_lines(), PAPER, "m-1")
    assert letter.text.count("Project Koppelingen") == 5
    assert "en nog 5 andere posten" in letter.text


def test_without_an_account_number_a_letter_names_none():
    made = attrs.evolve(one_line(), seller=attrs.evolve(SELLER, iban="", bic=""))
    assert "onder vermelding van 2026-0001" in invoice_letter(made, PAPER, "m-1").text


@pytest.mark.parametrize("who", ["seller", "buyer"])
def test_a_letter_needs_two_addresses(who):
    made = one_line()
    without = attrs.evolve(made, **{who: attrs.evolve(getattr(made, who), email=" ")})
    with pytest.raises(RuleViolation, match="no e-mail address"):
        invoice_letter(without, PAPER, "m-1")
