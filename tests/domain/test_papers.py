"""Numbers of documents, accounts, settings and ledger entries."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling.domain.accounts import Chart
from fanbilling.domain.errors import DateBeforeSeries, InvalidSetting, RuleViolation
from fanbilling.domain.ledger import LedgerEntry, Posting, allocation_entry, payment_entry, trial_balance
from fanbilling.domain.money import Money
from fanbilling.domain.numbering import check_date, series_of, written
from fanbilling.domain.payments import Allocation, Payment
from fanbilling.domain.settings import Layer, Sections, Settings

ON = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("pattern", "series", "number", "printed"),
    [
        ("{year}", "2026", "{series}-{n:04}", "2026-0007"),
        ("{year}{month}", "202603", "F{series}{n:03}", "F202603007"),
        ("sales", "sales", "{n}", "7"),
    ],
    ids=["per year", "per month", "one series"],
)
def test_a_number_is_its_series_and_its_place(pattern, series, number, printed):
    assert series_of(pattern, ON) == series
    assert written(number, series, 7) == printed


@pytest.mark.parametrize("pattern", ["{week}", "{", "{0}", "{year.era}", "{year:%q}"], ids=str)
def test_a_pattern_that_cannot_be_filled_in_is_refused(pattern):
    with pytest.raises(InvalidSetting, match="cannot be filled in"):
        series_of(pattern, ON)


def test_dates_never_go_back_along_a_series():
    check_date("2026", ON, None)
    check_date("2026", ON, ON)
    with pytest.raises(DateBeforeSeries, match="2026-03-10"):
        check_date("2026", ON, date(2026, 3, 10))


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (("revenue", "subscriptions", "S"), "8011"),
        (("revenue", "subscriptions", "AE"), "8010"),
        (("revenue", "manual", "S"), "8001"),
        (("vat", "S", "21"), "1500"),
    ],
    ids=["most refined", "less refined", "plain", "usual"],
)
def test_a_role_has_the_most_refined_account_that_is_set(role, code):
    chart = Chart({"revenue": "8001", "revenue.subscriptions": "8010", "revenue.subscriptions.S": "8011"})
    assert chart.code(*role) == code
    assert Chart().code(*role) == {"revenue": "8000", "vat": "1500"}[role[0]]


@pytest.mark.parametrize("codes", [{"revenu": "8000"}, {"revenue": ""}], ids=["a misspelt role", "no code"])
def test_an_unknown_role_or_an_empty_code_is_refused(codes):
    with pytest.raises(InvalidSetting):
        Chart(codes)


SETTINGS = Settings(
    administration=Layer(payment_days=30, language="nl"),
    sources={"manual": Layer(payment_days=21)},
    clients={"ada": Layer(payment_days=8, end_of_month=False)},
    agreements={"a1": Layer(payment_days=0)},
)


@pytest.mark.parametrize(
    ("asked", "value", "layer"),
    [
        ({}, 30, "administration"),
        ({"source": "manual"}, 21, "source manual"),
        ({"source": "manual", "client": "ada"}, 8, "client ada"),
        ({"source": "manual", "client": "ada", "agreement": "a1"}, 0, "agreement a1"),
        ({"agreement": "a1", "call": Layer(payment_days=1)}, 1, "this call"),
        ({"client": "bob"}, 30, "administration"),
    ],
    ids=[
        "administration",
        "source",
        "client beats source",
        "zero days are a setting",
        "this call",
        "an unknown client",
    ],
)
def test_the_stronger_layer_wins_and_says_its_name(asked, value, layer):
    found = SETTINGS.resolve("payment_days", **asked)
    assert (found.value, found.layer) == (value, layer)
    assert SETTINGS.settled(**asked).payment_days == value


def test_all_settings_at_once_are_what_each_is_alone():
    asked = {"source": "manual", "client": "ada", "agreement": "a1", "call": Layer(title="Work", end_of_month=True)}
    alone = {field.name: SETTINGS.resolve(field.name, **asked).value for field in attrs.fields(Layer)}
    assert attrs.asdict(SETTINGS.settled(**asked)) == alone
    assert (alone["title"], alone["payment_days"], alone["end_of_month"], alone["language"]) == ("Work", 0, True, "nl")


def test_what_nobody_set_has_its_default():
    found = SETTINGS.resolve("sections")
    assert (found.value, found.layer) == (Sections.AGREEMENT, "default")
    assert SETTINGS.resolve("end_of_month", client="ada").layer == "client ada"


def test_an_unknown_setting_is_refused_with_a_suggestion():
    with pytest.raises(InvalidSetting, match="did you mean 'payment_days'"):
        SETTINGS.resolve("payment_day")


@pytest.mark.parametrize(
    "layer",
    [{"payment_days": -1}, {"payment_days": 366}, {"language": "fr"}, {"number": "{series}"}],
    ids=["days below zero", "more than a year", "a language without words", "a number without its place"],
)
def test_a_setting_that_no_document_could_follow_is_refused(layer):
    with pytest.raises(InvalidSetting):
        Layer(**layer)


def entry(*amounts):
    postings = tuple(Posting(account="1", amount=Decimal(amount)) for amount in amounts)
    return LedgerEntry(id="e", kind="x", on=ON, currency="EUR", postings=postings)


def test_l9_an_entry_balances_to_the_cent():
    assert entry("10.00", "-9.99", "-0.01").postings
    with pytest.raises(RuleViolation, match=r"differ by 0\.01"):
        entry("10.00", "-9.99")


def test_l9_a_payment_and_its_allocation_move_the_receivable_and_nothing_else():
    chart, amount = Chart(), Money.of("121.00", "EUR")
    paid = payment_entry(Payment(id="p", payer="ada", on=ON, amount=amount), chart)
    put = allocation_entry(
        Allocation(id="a", payer="ada", payment="p", document="d", on=ON, amount=Money.of("100.00", "EUR")), chart
    )
    assert [(p.account, str(p.amount), p.item) for p in (*paid.postings, *put.postings)] == [
        ("1100", "121.00", ""),
        ("1300", "-121.00", "payment:p"),
        ("1300", "100.00", "payment:p"),
        ("1300", "-100.00", "d"),
    ]


def test_l9_a_trial_balance_adds_up_per_currency():
    balances = {("1300", "EUR"): Decimal(5), ("8000", "EUR"): Decimal(-5), ("1300", "USD"): Decimal("0.01")}
    assert trial_balance(balances) == {"EUR": 0, "USD": Decimal("0.01")}
