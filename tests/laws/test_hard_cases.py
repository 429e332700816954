"""The hard cases of the equation, each with its figures worked by hand."""

from decimal import Decimal

import pytest

from fanbilling.domain.decisions import Decision, DecisionKind, Then
from fanbilling.domain.errors import OverCredit, RuleViolation
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import TaxClass
from tests.laws.engine import ACROSS, EARLY, KEYS, LATE, ON, Books, thing


def figures(*made):
    """Return, per draft, its parts as (payer, quantity, money, what is reversed), in plain text."""
    return [
        [
            f"{p.terms.payer} {p.lot.quantity.normalize():f} {p.lot.amount:.2f}"
            + ("" if p.reverses is None else f" of {p.reverses}")
            for p in draft.parts
        ]
        for draft in made
    ]


def billed(*items):
    """Return books in which everything that was due is billed."""
    books = Books(*items)
    books.bill()
    return books


def test_a_smaller_quantity_gives_back_that_quantity_with_its_money():
    books = billed(thing(price="100.00"))
    books.change(quantity=Decimal(7))
    assert figures(*books.bill()) == [["ada -3 -300.00 of 0"]]


def test_another_price_gives_everything_back_and_bills_it_anew():
    books = billed(thing(price="100.00"))
    books.put(thing(price="120.00"))
    assert figures(*books.bill()) == [["ada -10 -1000.00 of 0", "ada 10 1200.00"]]


def test_the_newest_line_is_given_back_first():
    books = billed(thing(price="100.00", quantity="6"))
    books.change(quantity=Decimal(10))
    assert figures(*books.bill()) == [["ada 4 400.00"]]
    books.change(quantity=Decimal(5))
    assert figures(*books.bill()) == [["ada -4 -400.00 of 1", "ada -1 -100.00 of 0"]]


def test_what_was_billed_is_corrected_by_a_run_that_looks_less_far():
    """Billed at the end of January, lowered afterwards: a run until 31 December gives back three of it."""
    books = billed(thing(price="100.00", bill_on=LATE))
    books.change(quantity=Decimal(7))
    assert figures(*books.bill(EARLY)) == [["ada -3 -300.00 of 0"]]


def across():
    """Return books with 31 days at 10.00, cut by the rate into 15 days at 6% and 16 at 9%."""
    return Books(thing(quantity="31", price="310.00", per="31", tax=TaxClass.REDUCED, supplied=ACROSS))


def test_a_waiver_takes_the_next_days_when_the_first_are_gone():
    """20 of 31 days are waived: 15 at 6% and 5 at 9%; 11 at 9% are left."""
    books = across()
    books.decide(DecisionKind.WAIVED, quantity=Decimal(20))
    assert figures(*books.bill()) == [["ada 11 110.00"]]


def test_a_hold_keeps_the_next_days_when_the_first_are_kept():
    """20 of 31 days are held: 15 at 6% and 5 at 9%; 11 at 9% are billed."""
    books = across()
    books.decide(DecisionKind.HELD, quantity=Decimal(20))
    assert figures(*books.bill()) == [["ada 11 110.00"]]


def test_vat_is_rounded_once_for_each_rate_by_itself():
    """21% of 0.09 is 0.0189, so 0.02; 6% of 0.09 is 0.0054, so 0.01: together 0.03."""
    day = (
        thing(price="0.09", quantity="1"),
        thing(KEYS[1], price="0.09", quantity="1", payer="ada", tax=TaxClass.REDUCED),
    )
    [draft] = Books(*day).bill()
    assert [str(line.vat) for line in draft.lines] == ["0.02", "0.01"]
    assert draft.totals.tax == Decimal("0.03")


def test_what_is_held_in_full_is_not_billed():
    books = Books(thing())
    books.decide(DecisionKind.HELD)
    assert books.preview() == ()


def test_two_holds_of_one_key_add_up():
    """Ten at 100.00, four and five held: one is billed."""
    books = Books(thing(price="100.00"))
    books.decide(DecisionKind.HELD, quantity=Decimal(4))
    books.decide(DecisionKind.HELD, quantity=Decimal(5))
    assert figures(*books.bill()) == [["ada 1 100.00"]]


def test_what_may_be_billed_later_waits_for_its_day():
    books = Books(thing(price="100.00", bill_on=LATE))
    assert books.preview(EARLY) == ()
    assert figures(*books.bill(LATE)) == [["ada 10 1000.00"]]


def test_items_under_one_key_add_up_before_they_are_rounded():
    """4 + 6 at 0.333 are 3.33; 1.33 and 2.00 would be as much here, 10 lines of 0.33 would not."""
    books = Books(thing(quantity="4"), thing(quantity="6"))
    assert figures(*books.bill()) == [["ada 10 3.33"]]


def test_what_is_blocked_after_it_was_billed_is_left_alone():
    books = billed(thing())
    books.change(blocked=Reason("not approved"))
    assert books.preview() == ()


def test_a_waiver_takes_its_own_terms_first():
    """Ten of the days at 9% are waived: 15 at 6% and 6 at 9% are left."""
    books = across()
    [preview] = books.preview()
    books.decide(DecisionKind.WAIVED, quantity=Decimal(10), terms=preview.parts[1].terms)
    assert figures(*books.bill()) == [["ada 15 150.00", "ada 6 60.00"]]


def test_a_concession_is_taken_once_and_never_more_than_is_owed():
    """200.00 off 150.00 at 6% and 160.00 at 9% leaves 110.00; 500.00 off leaves nothing to pay."""
    books = across()
    books.decide(DecisionKind.CONCEDED, amount=Decimal("200.00"))
    assert figures(*books.bill()) == [["ada 15 0.00", "ada 16 110.00"]]
    books.decide(DecisionKind.CONCEDED, amount=Decimal("300.00"))
    assert figures(*books.bill()) == [["ada 0 -110.00 of 1"]]


def test_a_credit_gives_back_the_vat_that_its_line_was_charged():
    """0.02 and 0.02 at 21% are 0.0084, so 0.01, and the second line brought it: it takes 0.01 back, not 0.0042."""
    books = billed(thing(price="0.02", quantity="1"), thing(KEYS[1], price="0.02", quantity="1", payer="ada"))
    second = books.lines(KEYS[1])[0]
    assert second.vat == Decimal("0.01")
    assert books.credit(second).totals.tax == Decimal("-0.01")


def test_partial_credits_give_back_the_vat_once():
    """1.00 and 0.21: one of three gives back 0.33 and 0.07, the others 0.67 and 0.14; together all of it."""
    books = billed(thing(quantity="3"))
    [line] = books.lines()
    first, rest = books.credit(line, "1"), books.credit(line)
    assert [note.totals.tax for note in (first, rest)] == [Decimal("-0.07"), Decimal("-0.14")]
    assert [note.totals.total for note in (first, rest)] == [Decimal("-0.40"), Decimal("-0.81")]


def test_a_concession_takes_money_from_one_line_and_no_quantity():
    books = billed(thing(price="100.00", quantity="6"))
    books.change(quantity=Decimal(10))
    books.bill()
    books.decide(DecisionKind.CONCEDED, amount=Decimal("50.00"))
    assert figures(*books.bill()) == [["ada 0 -50.00 of 1"]]


def test_another_payer_gets_an_invoice_and_the_first_a_credit_note():
    """Revisions follow the drafts: ada's comes first, then that of hold."""
    books = billed(thing(price="100.00"))
    books.change(payer="hold")
    assert figures(*books.bill()) == [["ada -10 -1000.00 of 0"], ["hold 10 1000.00"]]
    books.change(payer="")
    assert figures(*books.bill()) == [["ada 10 1000.00"], ["hold -10 -1000.00 of 2"]]
    assert [entry.revision for entry in books.billed[KEYS[0]]] == [0, 1, 2, 3, 4]


def test_two_drafts_of_one_preview_are_issued_in_either_order():
    books = billed(thing(price="100.00"))
    books.change(payer="hold")
    first, second = books.preview()
    books.issue(second)
    books.issue(first)
    assert books.preview() == ()


def test_a_rate_that_changes_inside_the_period_cuts_the_line():
    """31 days for 310.00: 15 days at 6% are 150.00 and 9.00; 16 days at 9% are 160.00 and 14.40."""
    books = Books(thing(quantity="31", price="310.00", per="31", tax=TaxClass.REDUCED, supplied=ACROSS))
    [draft] = books.bill()
    assert figures(draft) == [["ada 15 150.00", "ada 16 160.00"]]
    assert [(str(tax.tax.rate), str(tax.base), str(tax.vat)) for tax in draft.taxes] == [
        ("6", "150.00", "9.00"),
        ("9", "160.00", "14.40"),
    ]


def test_moved_in_steps_each_step_moves_more():
    """Of 10, first 3 and then 3 more are for ada: bob keeps 4."""
    books = Books(thing(KEYS[1], price="100.00"))
    books.decide(DecisionKind.MOVED, KEYS[1], quantity=Decimal(3), payer="ada")
    books.decide(DecisionKind.MOVED, KEYS[1], quantity=Decimal(3), payer="ada")
    assert figures(*books.bill()) == [["ada 6 600.00"], ["bob 4 400.00"]]


def test_a_hold_in_part_bills_the_rest_and_its_release_the_exact_remainder():
    """10 × 0.333 is 3.33; held are 4, 1.33; billed 2.00 and later 1.33."""
    books = Books(thing())
    hold = books.decide(DecisionKind.HELD, quantity=Decimal(4))
    assert figures(*books.bill()) == [["ada 6 2.00"]]
    books.withdraw(hold)
    assert figures(*books.bill()) == [["ada 4 1.33"]]


def test_a_hold_ends_on_its_day():
    books = Books(thing())
    books.decide(DecisionKind.HELD, until=LATE)
    assert books.preview(EARLY) == ()
    assert figures(*books.bill(LATE)) == [["ada 10 3.33"]]


@pytest.mark.parametrize(
    ("then", "next_run"),
    [(Then.WAIVE, []), (Then.REBILL, [["ada 7 2.33"]]), (Then.HOLD, [])],
    ids=["waived", "billed again", "held"],
)
def test_partial_credits_take_the_cents_of_their_line_and_end_at_zero(then, next_run):
    """Of 10 for 3.33: 4 is 1.33, 3 of the other 6 for 2.00 is 1.00, and the last 3 the exact 1.00."""
    books = billed(thing())
    [line] = books.lines()
    assert figures(books.credit(line, "4", then=then)) == [["ada -4 -1.33 of 0"]]
    assert figures(books.credit(line, "3", then=then)) == [["ada -3 -1.00 of 0"]]
    assert figures(*books.preview()) == next_run
    assert figures(books.credit(line, then=then)) == [["ada -3 -1.00 of 0"]]
    assert sum(entry.vat for entry in books.entries()) == 0
    with pytest.raises(OverCredit):
        books.credit(line, "1", then=then)


def test_a_credit_is_not_set_off_against_what_is_open():
    """Of 10, 4 are to be billed again; 3 more are waived: the client gets 3 back, and 4 are still open."""
    books = billed(thing(price="100.00"))
    [line] = books.lines()
    books.credit(line, "4", then=Then.REBILL)
    assert figures(books.credit(line, "3")) == [["ada -3 -300.00 of 0"]]
    assert figures(*books.bill()) == [["ada 4 400.00"]]


def test_a_credit_holds_no_other_correction():
    books = billed(thing(price="100.00"))
    books.put(thing(price="120.00"))
    assert figures(books.credit(books.lines()[0], "4")) == [["ada -4 -400.00 of 0"]]
    assert figures(*books.bill()) == [["ada -6 -600.00 of 0", "ada 6 720.00"]]


def test_a_held_key_can_be_credited():
    books = billed(thing(price="100.00"))
    books.decide(DecisionKind.HELD)
    assert figures(books.credit(books.lines()[0], "4")) == [["ada -4 -400.00 of 0"]]


def test_a_concession_taken_back_is_billed_and_goes_with_the_last_credit():
    """3.33, less 1.00, and that 1.00 again: the credit of the line gives back 2.33 and the 1.00 beside it."""
    books = billed(thing())
    conceded = books.decide(DecisionKind.CONCEDED, amount=Decimal("1.00"))
    assert figures(*books.bill()) == [["ada 0 -1.00 of 0"]]
    books.withdraw(conceded)
    assert figures(*books.bill()) == [["ada 0 1.00"]]
    assert figures(books.credit(books.lines()[0])) == [["ada -10 -2.33 of 0", "ada 0 -1.00 of 2"]]
    assert books.preview() == ()


def test_a_cent_left_on_an_older_line_goes_with_the_last_credit():
    """1, 2, 3 × 0.333 were billed as 0.33, 0.34, 0.33; the second, billed anew, is reversed for 0.33 and keeps 0.01."""
    books = Books(thing(quantity="1"))
    for quantity in "123":
        books.change(quantity=Decimal(quantity))
        books.bill()
    assert [str(entry.lot.amount) for entry in books.lines()] == ["0.33", "0.34", "0.33"]
    books.credit(books.lines()[1], then=Then.REBILL)
    assert figures(*books.bill()) == [["ada 1 0.34"]]
    books.change(quantity=Decimal(2))
    assert figures(*books.bill()) == [["ada -1 -0.33 of 4"]]
    books.credit(books.lines()[0])
    assert figures(books.credit(books.lines()[2])) == [["ada -1 -0.33 of 2", "ada 0 -0.01 of 4"]]
    assert books.preview() == ()


def test_a_line_conceded_in_full_is_waived_without_money():
    """0.5 for 0.17 was conceded whole; waiving it takes the half, and none of the money of the other half."""
    books = billed(thing(quantity="1"))
    books.credit(books.lines()[0], "0.5", then=Then.REBILL)
    books.bill()
    newest = books.lines()[-1]
    books.credit(newest, amount="0.17")
    assert figures(books.credit(newest)) == [["ada -0.5 0.00 of 2"]]
    assert books.preview() == ()


def test_vat_is_rounded_once_per_rate_and_document():
    """3 × 0.07 is 0.21; 21% of that is 0.0441, so 0.04, where three times 0.0147 would be 0.03."""
    books = Books(*(thing(key, "1", "0.07", payer="hold") for key in KEYS))
    [draft] = books.bill()
    assert (draft.totals.tax, sum(line.vat for line in draft.lines)) == (Decimal("0.04"), Decimal("0.04"))


def test_the_engine_itself_refuses_more_than_is_left():
    books = billed(thing())
    [line] = books.lines()
    for kind, quantity, amount in ((DecisionKind.WAIVED, "11", None), (DecisionKind.CONCEDED, None, "3.34")):
        asked = Decision(
            id="x",
            key=line.key,
            kind=kind,
            reason="too much",
            on=ON,
            terms=line.terms,
            quantity=quantity and Decimal(quantity),
            amount=amount and Decimal(amount),
            target=line.document,
        )
        with pytest.raises(OverCredit, match="left"):
            books.preview(LATE, [asked])


def test_a_negative_item_stands_alone_only_when_it_says_so():
    with pytest.raises(RuleViolation, match="stands alone"):
        Books(thing(quantity="-5")).bill()
    books = Books(thing(quantity="-5", price="100.00", unlinked=True))
    assert figures(*books.bill()) == [["ada -5 -500.00"]]
    books.put(thing(quantity="3", price="100.00"))
    assert figures(*books.bill()) == [["ada 5 500.00 of 0", "ada 3 300.00"]]


def test_the_end_of_an_agreement_gives_back_and_its_resumption_bills_again():
    books = billed(thing(price="100.00"))
    books.facts.clear()
    assert figures(*books.bill()) == [["ada -10 -1000.00 of 0"]]
    books.put(thing(price="100.00"))
    assert figures(*books.bill()) == [["ada 10 1000.00"]]
    assert books.bill() == ()


#: What the planted defects must survive besides the machine.
CASES = tuple(
    case for name, case in sorted(globals().items()) if name.startswith("test_") and not getattr(case, "pytestmark", ())
)
