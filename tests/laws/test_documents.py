"""Laws L5, L13, L14 and L18 over documents of any size, prices and quantities."""

import copy
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fanbilling.domain.decisions import Then
from fanbilling.domain.vat import TaxClass
from tests.laws import oracle
from tests.laws.engine import ACROSS, KEYS, LATE, Books, thing
from tests.laws.test_the_equation import judge_document, left_of

things = st.builds(
    lambda key, quantity, price, **fields: thing(key, quantity, str(price), **fields),
    key=st.sampled_from(KEYS),
    quantity=st.decimals("0.001", "500", places=3),
    price=st.decimals(0, 1000, places=4),
    per=st.sampled_from(("1", "30", "31", "365")),
    tax=st.sampled_from((TaxClass.STANDARD, TaxClass.REDUCED)),
    payer=st.sampled_from(("", "hold")),
    supplied=st.sampled_from((None, ACROSS)),
)
many = st.lists(things, min_size=1, max_size=12)


@given(many)
def test_l5_a_document_is_the_sum_of_its_lines_and_of_the_vat_per_rate(items):
    for draft in Books(*items).bill():
        judge_document(draft)


@given(many, st.data())
def test_l5_credits_never_exceed_what_is_left_and_end_at_zero_together(items, data):
    books = Books(*items)
    books.bill()
    for line in [entry for key in KEYS for entry in books.lines(key)]:
        for _ in range(data.draw(st.integers(0, 3))):
            quantity = left_of(books, line)[0]
            if quantity > Fraction(1, 100):
                whole = Decimal(quantity.numerator) / Decimal(quantity.denominator)
                part = round(whole * data.draw(st.decimals("0.1", "1", places=2)), 6)
                judge_document(books.credit(line, min(part, whole)))
            assert min(left_of(books, line)) >= 0
        if any(left_of(books, line)):
            judge_document(books.credit(line))
        assert left_of(books, line) == (0, 0, 0)
    assert sum(draft.totals.total for draft in books.documents) == 0
    assert books.preview() == ()


@given(many)
def test_l5_a_credit_that_is_billed_again_comes_to_the_same(items):
    books = Books(*items)
    before = books.bill()
    for line in [entry for key in KEYS for entry in books.lines(key)]:
        if any(left_of(books, line)):
            books.credit(line, then=Then.REBILL)
    again = books.bill()
    assert [draft.totals for draft in again] == [draft.totals for draft in before if draft.lines]


@given(many, st.randoms(use_true_random=False))
def test_l13_what_is_previewed_is_what_is_issued_whatever_the_order_of_the_facts(items, random):
    books, other = Books(*items), Books(*items)
    facts = list(other.facts.items())
    random.shuffle(facts)
    other.facts = dict(facts)
    shown = books.preview()
    assert [(d.id, d.totals, d.taxes, d.parts) for d in shown] == [
        (d.id, d.totals, d.taxes, d.parts) for d in other.preview()
    ]
    assert books.bill() == shown


@given(many)
def test_l13_a_preview_leaves_no_trace(items):
    books = Books(*items)
    before = copy.deepcopy((books.facts, books.decisions, books.billed))
    books.preview()
    assert (books.facts, books.decisions, books.billed) == before


@given(many)
def test_l14_a_second_run_issues_nothing(items):
    books = Books(*items)
    books.bill()
    assert books.preview() == ()


@given(many)
def test_l18_every_amount_of_a_draft_is_in_its_reason_tree(items):
    for draft in Books(*items).bill():
        tree = draft.explain()
        amounts = {draft.totals.lines, draft.totals.taxable, draft.totals.tax, draft.totals.total, draft.totals.payable}
        amounts.update(figure for tax in draft.taxes for figure in (tax.base, tax.vat))
        amounts.update(line.part.lot.amount for line in draft.lines)
        said = {reason.value for reason in tree.walk()}
        said |= {figure for reason in tree.walk() for _, figure in reason.inputs}
        assert amounts <= said
        assert all(line.because in tree.walk() for line in draft.lines)


@given(many)
def test_l18_the_lines_of_the_tree_add_up_to_its_total(items):
    for draft in Books(*items).bill():
        total = draft.explain()
        net, vat = total.because
        assert sum(reason.value for reason in net.because) == net.value
        assert sum(reason.value for reason in vat.because) == vat.value
        assert net.value + vat.value == total.value
        for subtotal in vat.because:
            assert sum(reason.value for reason in subtotal.because) == subtotal.value
            rate = next(reason for reason in subtotal.because if reason.rule == "vat.rate")
            asked = Fraction(rate.input("base")) * Fraction(rate.input("rate"))
            assert oracle.half_up(asked) == Fraction(rate.value) * 100


@given(things)
def test_l18_a_correction_names_the_line_that_it_corrects(item):
    books = Books(item)
    books.bill()
    books.facts.clear()
    for draft in books.bill():
        for line in draft.lines:
            assert line.corrects
            assert line.because.rule == "line.correction"
            assert line.because.input("billed") == -line.part.lot.amount
    assert books.preview(LATE) == ()
