"""A statement in CSV: the contract of a feed, and what is said when a file is not right."""

import csv

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.adapters.payments.csv import CsvFeed
from fanbilling.domain.errors import AdapterFailure, InvalidValue, NotFound
from fanbilling.domain.ports.collection import IncomingPayment
from fanbilling.testing import strategies
from fanbilling.testing.contracts import PaymentFeedContract

HEAD = "date,amount,currency,payer,account,reference\n"


class TestIdsGiven(PaymentFeedContract):
    """A bank that gives ids."""

    ids_are_given = True
    columns = ("id", "date", "amount", "currency", "payer", "account", "reference")

    @pytest.fixture
    def new_feed(self, tmp_path):
        def new(payments):
            with (tmp_path / "statement.csv").open("w", encoding="utf-8", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(self.columns)
                for one in payments:
                    told = {"id": one.id, "date": one.on.isoformat(), "amount": one.amount.amount}
                    told |= {"currency": one.amount.currency, "payer": one.payer}
                    told |= {"account": one.account, "reference": one.reference}
                    rows.writerow([told[column] for column in self.columns])
            return CsvFeed(tmp_path / "statement.csv")

        return new


class TestIdsDerived(TestIdsGiven):
    """A bank that gives none, and has its columns in another order."""

    ids_are_given = False
    columns = ("reference", "payer", "account", "currency", "amount", "date")


def feed(tmp_path, text):
    path = tmp_path / "statement.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CsvFeed(path)


@given(
    payments=st.lists(
        st.builds(
            IncomingPayment,
            id=st.just("-"),
            on=strategies.days(),
            amount=strategies.moneys().filter(bool),
            payer=strategies.texts(),
            account=strategies.texts(),
            reference=strategies.texts(),
        ),
        max_size=6,
    )
)
def test_whatever_a_bank_can_tell_comes_back(tmp_path_factory, payments):
    """Every text and every amount, in every currency; however often the same comes in, every id is another."""
    path = tmp_path_factory.mktemp("bank") / "statement.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(TestIdsDerived.columns)
        for one in (*payments, *payments):
            amount, currency = f"{one.amount.amount:f}", one.amount.currency
            rows.writerow((one.reference, one.payer, one.account, currency, amount, one.on.isoformat()))
    found = list(CsvFeed(path).payments(None))
    assert [attrs.evolve(one, id="-") for one in found] == [*payments, *payments]
    assert len({one.id for one in found}) == len(found)


def test_an_id_follows_from_what_is_told_and_from_nothing_else(tmp_path):
    first = feed(tmp_path, HEAD + "2026-03-02,25.00,EUR,Kees,NL02,000123\n")
    [payment] = first.payments(None)
    ahead = feed(tmp_path, HEAD + "2026-03-01,1.00,EUR,Jan,NL01,x\n2026-03-02,25.00,EUR,Kees,NL02,000123\n")
    assert payment.id in [one.id for one in ahead.payments(None)]
    assert [one.id for one in ahead.payments(None)][1] == payment.id


def test_a_spreadsheet_s_mark_and_columns_of_others_are_passed_over(tmp_path):
    text = "\ufeffamount,balance,date,currency,\n12.50,1000.00,2026-03-02,EUR,\n"
    [payment] = feed(tmp_path, text).payments(None)
    assert str(payment.amount) == "EUR 12.50"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("2026-03-02,12.505,EUR,a,b,c", "more decimals than EUR"),
        ('2026-03-02,"12,50",EUR,a,b,c', "not a plain number"),
        ("2026-03-02,1e3,EUR,a,b,c", "not a plain number"),
        ("2026-03-02,nan,EUR,a,b,c", "not a plain number"),
        ("2026-03-02,0.00,EUR,a,b,c", "a payment of nothing"),
        ("2026-03-02,12.50,euro,a,b,c", "not a currency"),
        ("02-03-2026,12.50,EUR,a,b,c", "is not a date"),
        ("2026-03-02,12.50,EUR,a,b", "not as many cells"),
        ("2026-03-02,12.50,EUR,a,b,c,d", "not as many cells"),
        ("2026-03-02,12.50,EUR,a\x07,b,c", "cannot be printed"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(tmp_path, row, problem):
    with pytest.raises(InvalidValue, match=problem) as caught:
        list(feed(tmp_path, f"{HEAD}2026-03-01,1.00,EUR,a,b,c\n{row}\n").payments(None))
    assert caught.value.where.endswith("statement.csv, line 3")
    assert caught.value.remedy


def test_a_file_that_is_not_a_statement_is_refused(tmp_path):
    with pytest.raises(InvalidValue, match="no column 'date'"):
        feed(tmp_path, "a,b\n1,2\n").payments(None)
    with pytest.raises(InvalidValue, match="no column 'date'"):
        feed(tmp_path, "").payments(None)
    with pytest.raises(InvalidValue) as caught:
        feed(tmp_path, HEAD.encode() + b"2026-03-02,12.50,EUR,Kees\xff,b,c\n").payments(None)
    assert "UTF-8" in caught.value.remedy
    with pytest.raises(InvalidValue, match="stands there twice"):
        feed(tmp_path, "id,date,amount,currency\nb1,2026-03-02,1.00,EUR\nb1,2026-03-03,2.00,EUR\n").payments(None)


def test_a_file_that_is_not_there_is_worth_another_try(tmp_path):
    with pytest.raises(AdapterFailure) as caught:
        CsvFeed(tmp_path / "nothing.csv").payments(None)
    assert caught.value.retryable


def test_a_file_that_begins_later_than_what_was_taken_is_a_gap(tmp_path):
    with pytest.raises(NotFound, match="no payment 'b0'"):
        feed(tmp_path, "id,date,amount,currency\nb1,2026-03-02,1.00,EUR\n").payments("b0")
