"""Laws L1, L5, L13 and L14 over everything that can happen to a few keys, each compared with an oracle of fractions."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fanbilling.domain.decisions import DecisionKind, Then
from fanbilling.domain.errors import OverCredit
from fanbilling.domain.reasons import Reason
from fanbilling.domain.vat import TaxClass
from tests.laws import oracle
from tests.laws.engine import ACROSS, EARLY, KEYS, LATE, Books, thing

keys = st.sampled_from(KEYS)
names = st.sampled_from(("0", "1"))
prices = st.sampled_from((("0.333", "1"), ("100.00", "1"), ("100.00", "31"), ("0.005", "1")))
quantities = st.sampled_from(("1", "2", "3", "10", "31", "0.5"))
taxes = st.sampled_from((TaxClass.STANDARD, TaxClass.REDUCED))
payers = st.sampled_from(("", "hold"))
supplies = st.sampled_from((None, ACROSS))
untils = st.sampled_from((EARLY, LATE))
amounts = st.sampled_from(("0.01", "0.50", "1.00", "20.00"))
thens = st.sampled_from(tuple(Then))
some = st.none() | st.sampled_from(("1", "2", "3", "0.5"))
#: How a line is credited: all of it, a quantity, or an amount of money; and what then.
ways = st.tuples(st.sampled_from(("line", "half", "third", "one", "amount")), thens)
places = st.integers(0, 30)
facts = st.builds(
    lambda key, quantity, price, **fields: thing(key, quantity, price[0], per=price[1], **fields),
    key=keys,
    quantity=quantities,
    price=prices,
    tax=taxes,
    payer=payers,
    supplied=supplies,
    bill_on=untils,
)
BLOCKED = Reason("laws.blocked")


class Equation(RuleBasedStateMachine):
    """A small world: three clients with a key each, two payers, two rates of VAT, a few prices."""

    def __init__(self):
        super().__init__()
        self.books = Books()
        self.checked = 0

    # ----------------------------------------------------------------------------------------------------- what is due

    @initialize(quantity=quantities, price=prices)
    def begin(self, quantity, price):
        self.books.put(thing(KEYS[0], quantity, price[0], per=price[1]))

    @rule(fact=facts, name=names)
    def a_fact_appears_or_becomes_another(self, fact, name):
        self.books.put(fact, name)

    def facts_of(self, key):
        return [name for known, name in self.books.facts if known == key]

    @rule(key=keys, change=st.sampled_from(("price", "quantity", "payer", "tax", "supplied")), to=places)
    def a_fact_changes(self, key, change, to):
        for name in self.facts_of(key):
            was = self.books.facts[key, name]
            price = (("0.333", "1"), ("100.00", "1"), ("100.00", "31"))[to % 3] if change == "price" else None
            self.books.put(
                thing(
                    key,
                    ("1", "2", "3", "10", "0")[to % 5] if change == "quantity" else was.quantity,
                    price[0] if price else str(was.price.amount),
                    per=price[1] if price else str(was.price.per),
                    tax=tuple(TaxClass)[to % 2] if change == "tax" else was.tax_class,
                    payer=("", "hold")[to % 2] if change == "payer" else was.payer,
                    supplied=(None, ACROSS)[to % 2] if change == "supplied" else was.supplied,
                    bill_on=was.bill_on,
                    blocked=was.blocked,
                ),
                name,
            )

    @rule(key=keys, name=names)
    def a_fact_vanishes(self, key, name):
        self.books.facts.pop((key, name), None)

    @rule(key=keys, blocked=st.sampled_from((BLOCKED, None)))
    def a_fact_is_blocked_or_approved(self, key, blocked):
        for name in self.facts_of(key):
            self.books.change(name, key, blocked=blocked)

    # ------------------------------------------------------------------------------------------------ what was decided

    @rule(key=keys, quantity=some, until=st.none() | untils)
    def hold(self, key, quantity, until):
        self.books.decide(DecisionKind.HELD, key, quantity=quantity and Decimal(quantity), until=until)

    @rule(key=keys, quantity=some)
    def waive(self, key, quantity):
        self.books.decide(DecisionKind.WAIVED, key, quantity=quantity and Decimal(quantity))

    @rule(key=keys, amount=amounts)
    def concede(self, key, amount):
        self.books.decide(DecisionKind.CONCEDED, key, amount=Decimal(amount))

    @rule(key=keys, quantity=some, payer=st.sampled_from(("hold", "ada", "bob")))
    def move(self, key, quantity, payer):
        self.books.decide(DecisionKind.MOVED, key, quantity=quantity and Decimal(quantity), payer=payer)

    @precondition(lambda self: any(d.withdrawn is None for d in self.books.decisions))
    @rule(place=places)
    def withdraw(self, place):
        standing = [d for d in self.books.decisions if d.withdrawn is None]
        self.books.withdraw(standing[-1 - place % len(standing)])

    @rule()
    def release_everything(self):
        for decision in self.books.decisions:
            if decision.kind is DecisionKind.HELD and decision.withdrawn is None:
                self.books.withdraw(decision)

    # ------------------------------------------------------------------------------------------------- what was billed

    @rule(until=untils)
    def bill(self, until):
        books = self.books
        before = {key: oracle.standing(books.billed.get(key, ())) for key in KEYS}
        known = {key for key in KEYS if books.billed.get(key)}
        books.bill(until)
        self.judge_the_run(until, before, known)
        assert books.preview(until) == ()
        assert books.preview(EARLY) == ()

    def judge_the_run(self, until, before, known):
        """Compare what stands after a run with what the oracle says."""
        books = self.books
        owed, _ = oracle.owed(books.items, books.decisions)
        waits = oracle.kept(books.items, books.decisions, until)
        for key in KEYS:
            now = oracle.standing(books.billed.get(key, ()))
            wait = waits.get(key, Fraction(0))
            early = key not in known and any(item.bill_on > until for item in books.items if item.key == key)
            if wait is oracle.EVERYTHING or early:
                assert now == before[key]
                continue
            heap = owed.get(key, {})
            still = oracle.gaps(heap, now)
            asked = sum(max(quantity, 0) for quantity, _ in oracle.gaps(heap, before[key]).values())
            assert sum(quantity for quantity, _ in still.values()) == min(wait, asked)
            for quantity, cents in still.values():
                assert quantity >= 0
                assert cents >= 0 if quantity else cents == 0

    @rule(payer=payers, key=keys, backwards=st.booleans())
    def two_drafts_of_one_preview_are_issued(self, payer, key, backwards):
        for name in self.facts_of(key):
            self.books.change(name, key, payer=payer)
        made = self.books.preview(LATE)
        for draft in reversed(made) if backwards else made:
            self.books.issue(draft)
        assert self.books.preview(LATE) == ()

    @precondition(lambda self: self.books.entries())
    @rule(place=places, way=ways)
    def credit(self, place, way):
        lines = [entry for key in KEYS for entry in self.books.lines(key)]
        self.credit_line(lines[-1 - place % len(lines)], *way)

    def credit_line(self, line, how, then):
        """Credit a line in one of the ways; judge that exactly the line is given back, in proportion."""
        books = self.books
        quantity, net, vat = left_of(books, line)
        if not quantity and not net:
            assert_refused(books, line)
            return
        how = "line" if how == "amount" and not net else how
        settled = not [part for draft in books.preview(LATE) for part in draft.parts if part.key == line.key]
        owed, _ = oracle.owed(books.items, books.decisions)
        billed = oracle.standing(books.billed[line.key])
        settled = settled and not oracle.is_open(oracle.gaps(owed.get(line.key, {}), billed))
        asked = {"half": quantity / 2, "third": quantity / 3, "one": Fraction(1)}.get(how, quantity)
        asked = oracle.half_up(min(asked, quantity) * 10**6) / 10**6
        if how == "amount":
            cents = min(net, 50)
            note = books.credit(line, amount=Decimal(int(cents)) / 100)
            expected = Fraction(0), cents
        elif not asked:
            note = books.credit(line, then=then)
            expected = Fraction(0), net
        else:
            note = books.credit(line, decimal(asked), then=then)
            expected = asked, oracle.half_up(net * asked / quantity)
        after = left_of(books, line)
        assert (quantity - after[0], net - after[1]) == expected
        assert vat - after[2] == (vat if after[1] == 0 else oracle.half_up(vat * expected[1] / net))
        assert all(part.reverses is not None for part in note.parts)
        if after[0] == 0 and how != "amount":
            assert after == (0, 0, 0)
        if not expected[0] or how == "amount" or then is Then.WAIVE:
            if settled:
                assert not [draft for draft in books.preview(LATE) if line.key in {part.key for part in draft.parts}]
                again, _ = oracle.owed(books.items, books.decisions)
                assert not oracle.is_open(oracle.gaps(again.get(line.key, {}), oracle.standing(books.billed[line.key])))
        elif settled and then is Then.HOLD:
            assert not [draft for draft in books.preview(LATE) if line.key in {part.key for part in draft.parts}]
        elif settled:
            again, _ = oracle.owed(books.items, books.decisions)
            assert again.get(line.key) == owed.get(line.key)

    # --------------------------------------------------------------------------------------------- things that collide

    @rule(until=untils, place=places, several=st.lists(ways, min_size=1, max_size=4))
    def bill_and_credit_a_line_several_times(self, until, place, several):
        self.bill(until)
        lines = [entry for key in KEYS for entry in self.books.lines(key)]
        if lines:
            for way in several:
                self.credit_line(lines[-1 - place % len(lines)], *way)
            self.bill(until)

    @rule(place=places, then=thens, how=st.sampled_from(("third", "one")))
    def bill_and_credit_a_line_until_nothing_is_left(self, place, then, how):
        self.bill(LATE)
        lines = [entry for key in KEYS for entry in self.books.lines(key)]
        if not lines:
            return
        line = lines[-1 - place % len(lines)]
        for _ in range(3):
            self.credit_line(line, how, then)
        if any(left_of(self.books, line)):
            self.credit_line(line, "line", then)
        assert left_of(self.books, line) == (0, 0, 0)
        assert_refused(self.books, line)
        self.bill(LATE)

    @rule(key=keys, quantity=some, until=untils)
    def hold_and_run_twice(self, key, quantity, until):
        self.hold(key, quantity, None)
        self.bill(until)
        self.bill(until)

    @rule(place=places, ways=st.lists(ways, min_size=1, max_size=2), back=places)
    def bill_credit_withdraw_and_bill(self, place, ways, back):
        self.bill(LATE)
        lines = [entry for key in KEYS for entry in self.books.lines(key)]
        if lines:
            for way in ways:
                self.credit_line(lines[-1 - place % len(lines)], *way)
            if any(d.withdrawn is None for d in self.books.decisions):
                self.withdraw(back)
            self.bill(LATE)

    @rule(key=keys, amount=amounts, place=places, several=st.lists(ways, min_size=1, max_size=3))
    def concede_bill_take_it_back_bill_and_credit(self, key, amount, place, several):
        self.bill(LATE)
        self.concede(key, amount)
        self.bill(LATE)
        self.books.withdraw(self.books.decisions[-1])
        self.bill(LATE)
        lines = self.books.lines(key)
        for way in several if lines else ():
            self.credit_line(lines[-1 - place % len(lines)], *way)
        self.bill(LATE)

    @rule(key=keys, until=untils)
    def stop_and_resume(self, key, until):
        self.bill(until)
        was = dict(self.books.facts)
        for name in self.facts_of(key):
            self.books.change(name, key, quantity=Decimal(0))
        self.bill(until)
        self.books.facts = was
        self.bill(until)

    # ----------------------------------------------------------------------------------------------- what always holds

    @invariant()
    def revisions_follow_each_other(self):
        for entries in self.books.billed.values():
            assert [entry.revision for entry in entries] == list(range(len(entries)))

    @invariant()
    def reversals_stay_within_their_line(self):
        for entries in self.books.billed.values():
            lines = {}
            for entry in entries:
                net, vat, quantity = cents(entry.lot.amount), cents(entry.vat), Fraction(entry.lot.quantity)
                assert quantity * net >= 0
                if entry.reverses is None:
                    assert quantity >= 0
                    assert net >= 0
                    assert vat >= 0
                    lines[entry.revision] = [entry.terms, quantity, net, vat]
                    continue
                assert quantity <= 0
                assert net <= 0
                assert vat <= 0
                line = lines[entry.reverses]  # a line, not a reversal
                assert line[0] == entry.terms
                line[1:] = line[1] + quantity, line[2] + net, line[3] + vat
                assert min(line[1:]) >= 0
                assert line[3] == 0 or line[2] > 0

    @invariant()
    def documents_add_up(self):
        for draft in self.books.documents[self.checked :]:
            judge_document(draft)
        self.checked = len(self.books.documents)

    @invariant()
    def what_is_due_is_billed_forgone_conceded_or_open(self):
        books = self.books
        heaps, took = oracle.owed(books.items, books.decisions)
        all_due = oracle.due(books.items)
        moved = {d.id for d in books.decisions if d.kind is DecisionKind.MOVED}
        for key in KEYS:
            mine = [
                taken for d in books.decisions if d.key == key and d.id not in moved for taken in took.get(d.id, ())
            ]
            for n in (0, 1):
                whole = sum(lot[n] for lot in all_due.get(key, {}).values())
                forgone = sum(taken[n + 1] for taken in mine)
                billed = sum(lot[n] for lot in oracle.standing(books.billed.get(key, ())).values())
                still = sum(lot[n] for lot in heaps.get(key, {}).values()) - billed
                assert whole == billed + forgone + still


def cents(amount):
    figure = Fraction(amount) * 100
    assert figure.denominator == 1
    return figure


def decimal(figure):
    return Decimal(figure.numerator) / Decimal(figure.denominator)


def left_of(books, line):
    """Return quantity, cents and cents of VAT that no reversal has taken."""
    mine = [entry for entry in books.billed[line.key] if line.revision in (entry.revision, entry.reverses)]
    quantity = sum(Fraction(entry.lot.quantity) for entry in mine)
    return quantity, sum(cents(entry.lot.amount) for entry in mine), sum(cents(entry.vat) for entry in mine)


def assert_refused(books, line):
    """A line of which nothing is left cannot be credited."""
    for asked in ({}, {"quantity": "0.5"}, {"amount": "0.01"}):
        try:
            books.credit(line, **asked)
        except OverCredit:
            continue
        raise AssertionError(f"credited {asked} of a line of which nothing is left")


def judge_document(draft):
    """Totals, VAT per rate, and the reason of every amount, added up a second time."""
    lines = draft.lines
    net, vat = sum(cents(line.part.lot.amount) for line in lines), sum(cents(line.vat) for line in lines)
    foot = draft.totals
    assert (cents(foot.lines), cents(foot.taxable), cents(foot.tax)) == (net, net, vat)
    assert cents(foot.total) == cents(foot.payable) == net + vat
    assert [subtotal.tax for subtotal in draft.taxes] == sorted({line.part.terms.tax for line in lines})
    for subtotal in draft.taxes:
        mine = [line for line in lines if line.part.terms.tax == subtotal.tax]
        new = [line for line in mine if line.part.reverses is None]
        back = [line for line in mine if line.part.reverses is not None]
        asked = oracle.half_up(sum(cents(line.part.lot.amount) for line in new) * Fraction(subtotal.tax.rate) / 100)
        assert sum(cents(line.vat) for line in new) == asked
        assert cents(subtotal.base) == sum(cents(line.part.lot.amount) for line in mine)
        assert cents(subtotal.vat) == asked + sum(cents(line.vat) for line in back)
    figures = {reason.value for reason in draft.explain().walk()}
    shown = {line.part.lot.amount for line in lines} | {foot.lines, foot.tax, foot.total}
    assert figures >= shown | {subtotal.vat for subtotal in draft.taxes}
    for line in lines:
        assert line.because.rule


TestEquation = Equation.TestCase
TestEquation.settings = settings(stateful_step_count=12)
