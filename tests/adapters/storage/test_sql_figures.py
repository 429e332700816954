"""Money is exact in the database itself: whole cents in columns, added up as whole numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.adapters.storage.sql.figures import major, minor
from fanbilling.domain.errors import InexactNumber
from fanbilling.domain.lots import Lot
from fanbilling.testing.contracts.storing import values


@pytest.fixture
def books():
    books = SqlBooks("sqlite://")
    yield books
    books.close()


def ask(store, question):
    """Ask the database itself."""
    return store._database.transaction.connection.execute(text(question)).all()


def test_a_report_adds_up_to_the_cent(books):
    """Three hundred thousand dimes and a cent, summed by the database: 0.1 as a float would be off by now."""
    with books() as store:
        entries = [
            values.billed(values.key(f"a{n}"), lot=Lot(Decimal(1), Decimal("0.10")), vat=Decimal("0.02"))
            for n in range(3000)
        ]
        store.billed.append(
            [*entries, values.billed(values.key("large"), lot=Lot(Decimal(1), Decimal("9999999999.99")))]
        )
        [(amount, kind)] = ask(store, "SELECT sum(amount), typeof(sum(amount)) FROM fb_billed")
        assert (major(amount, "EUR"), kind) == (Decimal("10000000299.99"), "integer")


def test_no_column_holds_a_float(books):
    with books() as store:
        store.billed.append([values.billed()])
        store.ledger.post([values.booking(amount="12.50")])
        store.documents.seal([values.invoice()], values.PATTERN)
        for table in ("fb_billed", "fb_posting", "fb_document", "fb_counter"):
            [row] = [dict(row._mapping) for row in ask(store, f"SELECT * FROM {table} LIMIT 1")]
            assert [name for name, value in row.items() if isinstance(value, float)] == []
        assert ask(store, "SELECT amount, vat, quantity, rate, price, per FROM fb_billed") == [
            (5161, 1084, "16", "21", "100.00", "31")
        ]
        assert ask(store, "SELECT net, vat, total, payable FROM fb_document") == [(5151, 1082, 6233, 6233)]


@pytest.mark.parametrize(
    ("amount", "currency", "whole"),
    [("12.50", "EUR", 1250), ("-0.01", "EUR", -1), ("1250", "JPY", 1250), ("0.001", "BHD", 1), ("-0", "EUR", 0)],
)
def test_an_amount_is_kept_in_the_smallest_unit_of_its_currency(amount, currency, whole):
    assert minor(Decimal(amount), currency) == whole
    assert major(whole, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [("0.001", "EUR"), ("0.5", "JPY"), ("1E+18", "EUR")])
def test_what_does_not_fit_is_refused_and_not_rounded(amount, currency):
    with pytest.raises(InexactNumber, match="cannot be kept"):
        minor(Decimal(amount), currency)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=2, allow_nan=False))
def test_every_amount_comes_back(amount):
    assert major(minor(amount, "EUR"), "EUR") == amount
