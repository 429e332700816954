"""Payments against open items: as the payer says, then what is due longest, never more than is open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.money import Money
from fanbilling.domain.payments import OpenItem, Payment, allocate


def eur(amount):
    return Money.of(amount, "EUR")


def item(number, open_, due="2026-02-01", on="2026-01-01", currency="EUR"):
    return OpenItem(
        document=f"id-{number}",
        number=number,
        payer="ada",
        on=date.fromisoformat(on),
        due=date.fromisoformat(due),
        open=Money.of(open_, currency),
    )


def shares(amount, items, reference=""):
    return [(s.item.number, str(s.amount.amount), s.rule) for s in allocate(eur(amount), items, reference=reference)]


THREE = (item("2026-0003", "30.00", "2026-04-01"), item("2026-0001", "10.00"), item("2026-0002", "20.00", "2026-03-01"))
BY_REFERENCE, BY_AGE = "allocation.reference", "allocation.oldest"


@pytest.mark.parametrize(
    ("amount", "reference", "expected"),
    [
        ("15.00", "", [("2026-0001", "10.00", BY_AGE), ("2026-0002", "5.00", BY_AGE)]),
        ("30.00", "invoice 2026-0003, thanks", [("2026-0003", "30.00", BY_REFERENCE)]),
        ("35.00", "2026-0003", [("2026-0003", "30.00", BY_REFERENCE), ("2026-0001", "5.00", BY_AGE)]),
        ("25.00", "2026-0002/2026-0001", [("2026-0001", "10.00", BY_REFERENCE), ("2026-0002", "15.00", BY_REFERENCE)]),
        ("10.00", "12026-0003", [("2026-0001", "10.00", BY_AGE)]),
        ("10.00", "2026-00030", [("2026-0001", "10.00", BY_AGE)]),
        ("99.00", "", [("2026-0001", "10.00", BY_AGE), ("2026-0002", "20.00", BY_AGE), ("2026-0003", "30.00", BY_AGE)]),
    ],
    ids=[
        "the oldest first",
        "the one that is named",
        "the rest to the oldest",
        "two that are named, the oldest first",
        "a number inside a longer one before it",
        "a number inside a longer one after it",
        "what is too much stays on account",
    ],
)
def test_a_payment_goes_to_what_the_payer_named_and_then_to_what_is_due_longest(amount, reference, expected):
    assert shares(amount, THREE, reference) == expected


def test_of_items_due_on_one_day_the_earlier_document_goes_first():
    assert shares("1.00", [item("2", "1.00", on="2026-01-02"), item("1", "1.00", on="2026-01-01")])[0][0] == "1"


def test_credit_notes_and_other_currencies_are_passed_over():
    assert shares("5.00", [item("1", "-5.00"), item("2", "5.00", currency="USD"), item("3", "0.00")], "1 2 3") == []


def test_a_payment_of_nothing_is_refused():
    for amount in ("0.00", "-1.00"):
        with pytest.raises(InvalidValue, match="above zero"):
            Payment(id="p", payer="ada", on=date(2026, 1, 1), amount=eur(amount))


@given(st.integers(1, 10_000), st.lists(st.tuples(st.integers(-500, 5_000), st.dates()), max_size=6), st.integers(0, 6))
def test_never_more_than_is_open_and_never_more_than_was_paid(cents, opens, named):
    items = [
        OpenItem(document=str(n), number=f"n{n}", payer="ada", on=due, due=due, open=eur(f"{open_ / 100:.2f}"))
        for n, (open_, due) in enumerate(opens)
    ]
    amount = eur(f"{cents / 100:.2f}")
    given_out = allocate(amount, items, reference=f"n{named}")
    total = Money.total((share.amount for share in given_out), "EUR")
    payable = Money.total((i.open for i in items if i.open > eur(0)), "EUR")
    assert all(eur(0) < share.amount <= share.item.open for share in given_out)
    assert len({share.item.document for share in given_out}) == len(given_out)
    assert total == min(amount, payable)
