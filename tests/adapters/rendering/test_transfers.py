"""A code on a document pays exactly that document, or is not there."""

from decimal import Decimal

import pytest
import segno

from fanbilling.adapters.rendering.transfers import grouped, square, transfer, valid_iban

GOOD = {"name": "Brinkhoff Software", "iban": "NL91 ABNA 0417 1643 00", "amount": Decimal("108.30"), "currency": "EUR"}


def made(**changes):
    return transfer(**{**GOOD, "mention": "2026-0001", **changes})


@pytest.mark.parametrize("iban", ["NL91ABNA0417164300", "DE89370400440532013000", "GB82WEST12345698765432"])
def test_a_right_account_number_is_accepted(iban):
    assert valid_iban(iban)


@pytest.mark.parametrize(
    "iban", ["", "NL91ABNA0417164301", "NL19ABNA0417164300", "nl91abna0417164300", "NL91ABNA04171643-0"]
)
def test_a_wrong_account_number_is_refused(iban):
    assert not valid_iban(iban)


def test_an_account_number_is_written_in_groups_of_four():
    assert grouped("nl91abna0417164300") == "NL91 ABNA 0417 1643 00"
    assert grouped("") == ""


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "USD"},
        {"amount": Decimal(0)},
        {"amount": Decimal("-1.00")},
        {"amount": Decimal("1000000000.00")},
        {"iban": "NL91ABNA0417164301"},
        {"mention": ""},
        {"name": "\x00 "},
        {"name": "€" * 70, "mention": "€" * 30},
    ],
    ids=["dollars", "nothing", "owed by us", "too much", "wrong check digits", "no number", "no name", "no room"],
)
def test_a_transfer_that_no_bank_could_make_has_no_code(change):
    assert made() is not None
    assert made(**change) is None


def test_a_line_break_brings_no_second_value_into_a_code():
    payment = made(name="Brinkhoff\nNL00EVIL\n", mention="2026-0001\r\nx")
    assert (payment.name, payment.mention) == ("Brinkhoff NL00EVIL", "2026-0001 x")


def test_the_code_holds_the_lines_of_the_standard(monkeypatch):
    """EPC069-12: service tag, version, character set, SCT, BIC, name, account, amount, purpose, structured, text."""
    drawn = []
    make = segno.make_qr

    def watched(content, **settings):
        drawn.append((content, settings))
        return make(content, **settings)

    monkeypatch.setattr("segno.helpers.segno.make_qr", watched)
    assert square(made()).startswith("<svg")
    [(content, settings)] = drawn
    text = content.decode() if isinstance(content, bytes) else content
    lines = ["BCD", "002", "1", "SCT", "", "Brinkhoff Software", "NL91ABNA0417164300", "EUR108.3", "", "", "2026-0001"]
    assert text.splitlines() == lines
    assert settings["error"].upper() == "M"
