"""The client's page shows what is open and what happened, and links to nothing that runs."""

from datetime import date

import pytest

from fanbilling.adapters.rendering.html import client_page
from fanbilling.domain.money import Money

FILE = {
    "language": "nl",
    "seller": "Brinkhoff Software",
    "on": date(2026, 4, 2),
    "client": {"id": "ardent", "name": "Ardent", "lines": ["Havenkade 40"], "facts": [("E-mail", "a@ardent.example")]},
    "balance": Money.of("3227.50", "EUR"),
    "open": [
        {"number": "2026-0001", "on": date(2026, 1, 31), "due": date(2026, 2, 14), "open": Money.of("108.30", "EUR")},
        {"number": "2026-0042", "on": date(2026, 3, 31), "due": date(2026, 4, 14), "open": Money.of("3119.20", "EUR")},
    ],
    "entries": [
        {"on": date(2026, 1, 5), "desk": "crm", "what": "Gegevens vastgelegd"},
        {"on": date(2026, 1, 31), "desk": "billing", "what": "Factuur 2026-0001", "amount": Money.of("108.30", "EUR")},
        {"on": date(2026, 1, 31), "desk": "couriers", "what": "Pakje", "link": "../invoices/2026-0001.pdf"},
    ],
}


def test_it_shows_the_client_the_balance_and_what_is_late():
    page = client_page(FILE)
    assert "€\xa03.227,50" in page
    assert "Stand op 2 april 2026" in page
    assert page.count("te laat") == 1
    assert "14 feb 2026" in page


def test_the_newest_comes_first_and_of_one_day_the_last():
    page = client_page(FILE)
    assert page.index("Pakje") < page.index("Factuur 2026-0001") < page.index("Gegevens vastgelegd")
    assert "Relatiebeheer" in page
    assert "couriers" in page


def test_an_empty_file_says_so():
    page = client_page({"language": "en", "seller": "B", "client": {"id": "x", "name": "X"}})
    assert "Nothing is open." in page
    assert "Nothing has happened yet." in page


def test_it_is_escaped():
    page = client_page({**FILE, "client": {"id": "x", "name": "<script>alert(1)</script>"}})
    assert "<script" not in page


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "//evil.example/x", "java\tscript:x"]
)
def test_a_link_that_runs_or_leaves_is_dropped(link):
    entry = {"on": date(2026, 1, 5), "desk": "crm", "what": "Iets", "link": link}
    assert "<a " not in client_page({**FILE, "entries": [entry]})


@pytest.mark.parametrize(
    "link", ["2026-0001.pdf", "../invoices/a b.pdf", "https://example.com/x", "mailto:a@example.com"]
)
def test_a_link_to_a_file_a_site_or_a_mailbox_is_kept(link):
    entry = {"on": date(2026, 1, 5), "desk": "crm", "what": "Iets", "link": link}
    assert f'href="{link}"' in client_page({**FILE, "entries": [entry]})


def test_balances_in_two_currencies_are_both_shown():
    page = client_page({**FILE, "balance": [Money.of("1.00", "EUR"), Money.of("2.00", "USD")]})
    assert "€\xa01,00" in page
    assert "US$\xa02,00" in page
