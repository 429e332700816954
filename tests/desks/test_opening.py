"""Opening balances: everything in, once, reconciled; and every desk understands what the old system left behind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling import Credit, Layer, Money, Party, Payment, Price, Settings, Then, verify
from fanbilling.domain.errors import (
    AdapterFailure,
    Conflict,
    InvalidValue,
    NotFound,
    OverAllocation,
    RefusedOpening,
    RuleViolation,
)
from fanbilling.domain.opening import AccountBalance, BilledUntil, OldInvoice, Opening
from fanbilling.domain.payments import Allocation
from fanbilling.domain.reconciling import given
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks.worlds import STORES, office
from tests.unsealed import damaged

YEAR = date(2026, 1, 1)
LAST = date(2026, 6, 30)  # the last day of the old system
FIRST = date(2026, 7, 31)  # until where the first run looks
ON = date(2026, 8, 1)
NUMBERS = Settings(administration=Layer(number="N{series}-{n:04}"))


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def agreed(desk, books):
    """A has seats of 100.00 in advance and help of 10.00 in arrears a month; B was done five hours of 12.34 in May."""
    with books() as store:
        for client in ("a", "b"):
            desk.crm.register(store, Party(id=client, name=client.upper()), on=YEAR)
        seats = SubscriptionLine.of("seats", "Seats", start=YEAR, price="100.00")
        support = SubscriptionLine.of("help", "Help", start=YEAR, price="10.00", timing="arrears")
        desk.subscriptions.start(store, Subscription(id="s", client="a", lines=(seats, support)), on=YEAR)
        work = Line(id="w", client="b", on=date(2026, 5, 6), text="Work", price=Price.of("12.34"), quantity=Decimal(5))
        desk.manual.add(store, work, on=work.on)


def the_opening(**changes) -> Opening:
    """What the old system said on 30 June.

    Seats and help until 30 June: 6 × 100.00 and 6 × 10.00. June stands on invoice 2026-0412: seats 100.00, help 10.00,
    together 110.00 and 23.10 of VAT, 133.10; 33.10 of that was paid. Work: 5 × 12.34 = 61.70, VAT 12.957 → 12.96,
    74.66, on 2026-0390, which is paid. A paid 50.00 ahead. Receivable: 133.10 − 33.10 − 50.00 = 50.00.
    """
    opening = Opening(
        id="Old system until 30 June 2026",
        on=LAST,
        open_items=[
            OldInvoice(id="2026-0412", payer="a", on=date(2026, 6, 30), due=date(2026, 7, 14), open=euro("100.00")),
            OldInvoice(id="2026-0390", payer="b", on=date(2026, 6, 1), due=date(2026, 6, 15), open=euro("0.00")),
        ],
        billed=[
            BilledUntil(source="subscriptions", agreement="s", until=date(2026, 5, 31), net=euro("550.00")),
            BilledUntil(source="subscriptions", agreement="s", until=LAST, number="2026-0412", net=euro("110.00")),
            BilledUntil(source="manual", agreement="w", until=LAST, number="2026-0390", net=euro("61.70")),
        ],
        on_account=[Payment(id="bank-7", payer="a", on=date(2026, 6, 20), amount=euro("50.00"))],
        balances=[
            AccountBalance(account="1300", amount=euro("50.00")),
            AccountBalance(account="1100", amount=euro("812.40")),
            AccountBalance(account="1500", amount=euro("-162.40")),
            AccountBalance(account="0500", amount=euro("-700.00")),
        ],
    )
    return attrs.evolve(opening, **changes)


@pytest.fixture(params=STORES)
def world(request):
    """Books in which everything is agreed and nothing is loaded yet."""
    desk = attrs.evolve(office(), settings=NUMBERS)
    with STORES[request.param](desk) as books:
        agreed(desk, books)
        yield desk, books
        assert verify(books) == []


@pytest.fixture
def live(world):
    """Books that are live."""
    desk, books = world
    with books() as store:
        desk.opening.load(store, the_opening())
    return desk, books


def everything(store):
    return [
        store.journal.after(0, limit=10_000),
        store.agenda.all(limit=10_000),
        store.billed.page(limit=10_000),
        store.ledger.entries(limit=10_000),
        store.find(OldInvoice),
        store.find(Payment),
    ]


# ----------------------------------------------------------------------------------------------------- what comes in


def test_the_report_reconciles_to_the_old_totals(world):
    """100.00 open less 50.00 on account is the 50.00 of the receivable account; debit and credit are equal."""
    desk, books = world
    with books() as store:
        report = desk.opening.load(store, the_opening())
    [control] = report.control
    assert [str(m.amount) for m in (control.open_items, control.on_account, control.balance, control.difference)] == [
        "100.00", "50.00", "50.00", "0.00",
    ]  # fmt: skip
    assert [(one.payer, str(one.balance.amount)) for one in report.clients] == [("a", "50.00"), ("b", "0.00")]
    assert report.trial_balance == (euro("0.00"),)
    assert report.problems == report.differences == report.not_mentioned == ()


def test_what_stands_billed_is_told_row_by_row(world):
    """January to May: 5 × 100.00, and help of January to May, 5 × 10.00. June: 110.00, until 30 June."""
    desk, books = world
    with books() as store:
        report = desk.opening.load(store, the_opening())
    rows = [(str(one.row), str(one.ours.amount), len(one.entries), one.through) for one in report.billed]
    assert sorted(rows) == [
        ("manual/w", "61.70", 1, None),
        ("subscriptions/s", "110.00", 2, LAST),
        ("subscriptions/s", "550.00", 10, date(2026, 5, 31)),
    ]


def test_another_amount_of_the_old_system_is_shown_and_corrects_nothing(world):
    """The old price was 95.00 in June: 105.00 for 110.00, so 5.00 less. The first run bills July and nothing else."""
    desk, books = world
    rows = list(the_opening().billed)
    rows[1] = attrs.evolve(rows[1], net=euro("105.00"))
    with books() as store:
        report = desk.opening.load(store, the_opening(billed=rows))
    assert [(one.row.number, str(one.difference.amount)) for one in report.differences] == [("2026-0412", "-5.00")]
    assert nets(*run(desk, books)) == ["10.00", "100.00"]


def test_the_trial_balance_is_the_old_one(live):
    _, books = live
    with books() as store:
        balances = {account: str(amount) for (account, _), amount in store.ledger.balances().items() if amount}
    assert balances == {"1300": "50.00", "1100": "812.40", "1500": "-162.40", "0500": "-700.00"}


def test_the_same_opening_twice_is_loaded_once(world):
    desk, books = world
    with books() as store:
        report = desk.opening.load(store, the_opening())
        before = everything(store)
    shuffled = the_opening(balances=the_opening().balances[::-1], open_items=the_opening().open_items[::-1])
    for again in (the_opening(), shuffled):
        with books() as store:
            assert desk.opening.load(store, again).control == report.control
            assert desk.opening.load(store, again).billed == report.billed
            assert everything(store) == before


@pytest.mark.parametrize(
    "other",
    [
        {"on": date(2026, 7, 1)},
        {"billed": the_opening().billed[:2]},
        {"on_account": ()},
        {"balances": ()},
        {"open_items": the_opening().open_items[:1]},
    ],
)
def test_the_id_with_other_content_is_a_conflict(live, other):
    desk, books = live
    with books() as store, pytest.raises(Conflict, match="another opening"):
        desk.opening.load(store, the_opening(**other))


def test_a_second_opening_adds_to_the_first(live):
    """20.00 that was forgotten: 120.00 is open, and the balance is 70.00."""
    desk, books = live
    late = OldInvoice(id="2026-0377", payer="b", on=date(2026, 5, 1), due=date(2026, 5, 15), open=euro("20.00"))
    more = Opening(
        id="Forgotten",
        on=LAST,
        open_items=[late],
        balances=[
            AccountBalance(account="1300", amount=euro("20.00")),
            AccountBalance(account="0500", amount=euro("-20.00")),
        ],
    )
    with books() as store:
        desk.opening.load(store, more)
    assert open_items(desk, books) == [("2026-0377", "20.00"), ("2026-0412", "100.00")]


def test_a_check_shows_the_same_and_leaves_no_trace(world):
    desk, books = world
    with books() as store:
        before = everything(store)
        report = desk.opening.check(store, the_opening())
        assert everything(store) == before
    with books() as store:
        assert desk.opening.load(store, the_opening()) == report


def test_what_the_opening_says_nothing_of_is_named(world):
    """The work of May would be billed again by the first run: the report says so."""
    desk, books = world
    with books() as store:
        report = desk.opening.check(store, the_opening(billed=the_opening().billed[:2]))
    assert report.not_mentioned == (("manual", "w"),)
    assert report.problems == ()


def test_the_lines_of_an_agreement_may_be_billed_until_different_days(world):
    """Seats until July, help until May: the run until July bills help of June and July, 20.00, and no seats."""
    desk, books = world
    rows = [
        BilledUntil(source="subscriptions", agreement="s", line="seats", until=date(2026, 7, 31)),
        BilledUntil(source="subscriptions", agreement="s", line="help", until=date(2026, 5, 31)),
        BilledUntil(source="manual", agreement="w", until=LAST),
    ]
    with books() as store:
        desk.opening.load(store, the_opening(billed=rows))
    assert nets(*run(desk, books)) == ["10.00", "10.00"]


def test_an_opening_of_nothing_is_loaded(world):
    desk, books = world
    with books() as store:
        assert desk.opening.load(store, Opening(id="nothing", on=LAST)).control == ()


# --------------------------------------------------------------------------------------------------- what is refused

NOBODY = OldInvoice(id="2026-0001x", payer="nobody", on=LAST, due=LAST, open=euro("0.00"))

#: What is changed, and what one of the problems says.
REFUSED = [
    ({"open_items": [*the_opening().open_items, NOBODY]}, "open item 2026-0001x: there is no party 'nobody'"),
    ({"on_account": [attrs.evolve(the_opening().on_account[0], payer="nobody")]}, "bank-7: there is no party"),
    ({"open_items": [*the_opening().open_items] * 2}, "open item 2026-0412: it is there 2 times"),
    ({"on_account": [*the_opening().on_account] * 2}, "on account bank-7: it is there 2 times"),
    ({"balances": [*the_opening().balances] * 2}, "balance of 1300 in EUR: it is there 2 times"),
    ({"billed": [*the_opening().billed] * 2}, "manual/w, 2026-06-30: it is there 2 times"),
    ({"balances": the_opening().balances[:-1]}, "trial balance: debit and credit differ by EUR 700.00"),
    (
        {"on_account": ()},
        "open items of EUR 100.00 less EUR 0.00 on account make EUR 100.00, which differs by EUR -50.00",
    ),
    (
        {"open_items": [attrs.evolve(item, on=date(2026, 7, 1)) for item in the_opening().open_items]},
        "open item 2026-0412: it is of 2026-07-01, after the last day",
    ),
    ({"open_items": the_opening().open_items[:1]}, "old invoice 2026-0390 is not among the open items"),
    (
        {"open_items": [*the_opening().open_items, attrs.evolve(NOBODY, id="N2026-0007", payer="a")]},
        "open item N2026-0007: our own numbering gives this number too",
    ),
    (
        {"billed": [BilledUntil(source="subscriptions", agreement="t", until=LAST)]},
        "billed until, subscriptions/t: ",
    ),
    ({"billed": [BilledUntil(source="leases", agreement="s", until=LAST)]}, "no source is called 'leases'"),
    (
        {"billed": [BilledUntil(source="subscriptions", agreement="s", until=date(2025, 12, 31))]},
        "nothing of it was due until 2025-12-31",
    ),
    (
        {"billed": [BilledUntil(source="manual", agreement="w", until=LAST, number="2026-0412")]},
        "open item 2026-0412: what stands on it is for b in EUR",
    ),
    (
        {"billed": [BilledUntil(source="manual", agreement="w", until=LAST, net=Money.of(1, "USD"))]},
        "several currencies: EUR, USD",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "says"), REFUSED, ids=[says[-40:] for _, says in REFUSED])
def test_what_cannot_be_right_is_refused_and_leaves_nothing(world, changes, says):
    desk, books = world
    with books() as store:
        before = everything(store)
        with pytest.raises(RefusedOpening) as refused:
            desk.opening.load(store, the_opening(**changes))
        assert any(says in str(problem) for problem in refused.value.problems), refused.value.problems
        assert everything(store) == before


def test_the_whole_list_is_told_at_once(world):
    """An unknown payer, a second number, an unknown agreement, no bank account: four things, and their sums."""
    desk, books = world
    opening = the_opening(
        open_items=[*the_opening().open_items, NOBODY, NOBODY],
        billed=[*the_opening().billed, BilledUntil(source="subscriptions", agreement="t", until=LAST)],
        balances=the_opening().balances[:1] + the_opening().balances[2:],
    )
    with books() as store:
        report = desk.opening.check(store, opening)
    assert sorted(problem.where for problem in report.problems) == [
        "billed until, subscriptions/t",
        "open item 2026-0001x",
        "open item 2026-0001x",
        "open item 2026-0001x",
        "trial balance",
    ]


def test_what_we_billed_ourselves_cannot_stand_billed_by_another(world):
    desk, books = world
    desk.billing.run(books, until=date(2026, 1, 31), on=date(2026, 1, 31))
    with books() as store:
        report = desk.opening.check(store, the_opening(billed=the_opening().billed[:1]))
    assert "billed here from 2026-01-01" in str(report.problems[0])


def test_what_is_in_the_books_already_is_not_brought_twice(live):
    desk, books = live
    with books() as store:
        report = desk.opening.check(store, the_opening(id="again"))
    wheres = {problem.where: problem.problem for problem in report.problems}
    assert wheres["open item 2026-0412"] == wheres["on account bank-7"] == "it is in the books already"
    assert "billed here from" in wheres["billed until, subscriptions/s"]


def test_a_source_that_fails_is_one_problem_and_the_others_are_told(world):
    """The source of loose lines breaks down: the work is named, and the subscription is computed."""
    desk, books = world
    broken = attrs.evolve(desk, sources=[Broken() if s.name == "manual" else s for s in desk.sources])
    with books() as store:
        report = broken.opening.check(store, the_opening())
    assert [(problem.where, problem.problem) for problem in report.problems] == [
        ("billed until, manual/w", "out of order")
    ]
    assert len(report.billed) == 2


def test_a_database_that_fails_is_no_problem_of_the_opening(world):
    desk, books = world
    broken = attrs.evolve(
        desk, sources=[Broken(AdapterFailure("no connection")) if s.name == "manual" else s for s in desk.sources]
    )
    with books() as store, pytest.raises(AdapterFailure, match="no connection"):
        broken.opening.check(store, the_opening())


@attrs.frozen
class Broken:
    error: Exception = RuntimeError("out of order")
    name = "manual"
    records = ()

    def items(self, reading, asked, until):
        raise self.error

    def next_ask(self, reading, asked, after):
        return {}


def test_books_of_another_administration_are_refused(world):
    desk, _ = world
    other = attrs.evolve(office("be"), settings=NUMBERS)
    with STORES["memory"](other) as books, books() as store:
        for call in (desk.opening.load, desk.opening.check):
            with pytest.raises(RuleViolation, match="administration"):
                call(store, the_opening())


@pytest.mark.parametrize(
    ("number", "pattern", "clash"),
    [
        ("2026-0412", "{series}-{n:04}", True),
        ("2026-412", "{series}-{n:04}", False),
        ("2025-0412", "{series}-{n:04}", False),
        ("F/2026/12", "F/{series}/{n}", True),
        ("2027-0001", "{series}-{n:04}", True),  # the day after is in the next year
        ("draft", "{series}-{n:04}", False),
    ],
)
def test_an_old_number_must_not_be_one_that_we_shall_give(number, pattern, clash):
    settings = Settings(sources={"manual": Layer(number=pattern)}, administration=Layer(number="X{series}-{n}"))
    assert given(number, settings, date(2026, 12, 31)) is clash


# ------------------------------------------------------------------------------------------ what every desk makes of it


def run(desk, books):
    desk.billing.run(books, until=FIRST, on=ON)
    with books() as store:
        return list(store.documents.page(limit=100))


def nets(*documents):
    return [f"{line.net:.2f}" for document in documents for line in document.lines]


def open_items(desk, books, payer=None):
    with books() as store:
        return [(item.number, str(item.open.amount)) for item in desk.receivables.open_items(store, payer)]


def test_a_run_right_after_bills_what_the_old_system_had_not(live):
    """July: seats 100.00 on the 1st, help 10.00 on the 31st. Until 30 June nothing, and nothing twice."""
    desk, books = live
    for until in (date(2026, 3, 31), LAST):
        assert desk.billing.run(books, until=until, on=LAST).documents == 0
    [invoice] = run(desk, books)
    assert nets(invoice) == ["10.00", "100.00"]
    assert desk.billing.run(books, until=FIRST, on=ON).documents == 0
    assert desk.billing.run(books, until=date(2026, 3, 31), on=ON).documents == 0


def test_nothing_stands_unbilled_and_nothing_drifts(live):
    desk, books = live
    with books() as store:
        assert list(desk.billing.why_not(store, until=LAST)) == []
        assert list(desk.billing.drift(store, until=LAST)) == []
        assert desk.billing.preview(store, "a", until=LAST, on=LAST) == ()


def test_a_payer_names_the_old_number(live):
    desk, books = live
    run(desk, books)  # 133.10, due on 15 August
    with books() as store:
        payment = Payment(id="p", payer="a", on=ON, amount=euro("100.00"), reference="invoice 2026-0412")
        [allocation] = desk.receivables.receive(store, payment)
    assert allocation.document == "2026-0412"
    assert open_items(desk, books) == [("N2026-0001", "133.10")]


def test_money_on_account_is_set_against_the_oldest(live):
    """The 50.00 that A paid ahead: 100.00 − 50.00."""
    desk, books = live
    with books() as store:
        assert desk.receivables.on_account(store, "a") == (euro("50.00"),)
        desk.receivables.settle(store, on=ON)
        assert desk.receivables.on_account(store, "a") == ()
    assert open_items(desk, books) == [("2026-0412", "50.00")]


def test_money_is_set_against_an_old_invoice_by_hand(live):
    desk, books = live
    with books() as store:
        part = Allocation(id="x", payer="a", payment="bank-7", document="2026-0412", on=ON, amount=euro("20.00"))
        desk.receivables.allocate(store, part)
    assert open_items(desk, books) == [("2026-0412", "80.00")]
    with books() as store, pytest.raises(OverAllocation, match=r"30\.00 left"):
        desk.receivables.allocate(store, attrs.evolve(part, id="y", amount=euro("30.01")))
    with books() as store, pytest.raises(NotFound, match="2026-0413"):
        desk.receivables.allocate(store, attrs.evolve(part, id="z", document="2026-0413"))


def test_age_is_counted_from_the_old_due_date(live):
    """Due on 14 July; on 13 August 30 days overdue, on the next day 31."""
    desk, books = live
    for day, place in ((date(2026, 8, 13), 1), (date(2026, 8, 14), 2)):
        with books() as store:
            [aged] = desk.receivables.ageing(store, on=day)
        assert [str(bucket.amount) for bucket in aged.buckets][place] == "100.00"


def test_an_old_credit_note_stays_owed(world):
    """We owe B 12.10 since May: the balance is 12.10 less, 37.90."""
    desk, books = world
    credit_note = OldInvoice(id="2026-0388", payer="b", on=date(2026, 5, 28), due=LAST, open=euro("-12.10"))
    balances = [AccountBalance(account="1300", amount=euro("37.90")), *the_opening().balances[1:3]]
    balances.append(AccountBalance(account="0500", amount=euro("-687.90")))
    with books() as store:
        desk.opening.load(store, the_opening(open_items=[*the_opening().open_items, credit_note], balances=balances))
    assert open_items(desk, books, "b") == [("2026-0388", "-12.10")]


def test_a_change_before_the_changeover_names_the_old_invoice(live):
    """On 2 July it turns out that the seats were 90.00 from 16 June.

    June has 30 days: 15 at 100.00 is 50.00, given back 100.00 − 50.00 = 50.00; 15 at 90.00 is 45.00. VAT of what is
    given back: half of the 21.00 that the old invoice had, 10.50. July at 90.00 and help 10.00.
    """
    desk, books = live
    with books() as store:
        desk.subscriptions.change_price(
            store, "s", "seats", Decimal("90.00"), from_=date(2026, 6, 16), on=date(2026, 7, 2)
        )
    [invoice] = run(desk, books)
    assert sorted(nets(invoice)) == ["-50.00", "10.00", "45.00", "90.00"]
    [given_back] = [line for line in invoice.lines if line.corrects]
    assert (given_back.vat, given_back.corrects) == (Decimal("-10.50"), "2026-0412")
    assert [(p.number, p.on) for p in invoice.preceding] == [("2026-0412", date(2026, 6, 30))]


def test_where_the_old_invoice_is_not_known_the_opening_is_named(live):
    """The seats ended on 15 May: 16 of 31 days of May, 51.61, and June, 100.00, are given back."""
    desk, books = live
    with books() as store:
        desk.subscriptions.end(store, "s", "seats", last_day=date(2026, 5, 15), reason="left", on=date(2026, 7, 2))
    [note] = run(desk, books)
    assert sorted(nets(note)) == ["-100.00", "-51.61", "10.00"]
    assert [(p.number, p.on) for p in note.preceding] == [
        ("2026-0412", date(2026, 6, 30)),
        ("Old system until 30 June 2026", LAST),
    ]


def test_an_old_invoice_is_credited_by_its_number(live):
    """All of 2026-0390: 61.70 and its VAT of 12.96. It is waived: the next run does not ask for it again."""
    desk, books = live
    with books() as store:
        note = desk.billing.credit(store, Credit(id="c", document="2026-0390", reason="not ours"), on=ON)
        assert desk.billing.credit(store, Credit(id="c", document="2026-0390", reason="not ours"), on=ON) == note
    assert (note.totals.taxable, note.totals.tax) == (Decimal("-61.70"), Decimal("-12.96"))
    assert [p.number for p in note.preceding] == ["2026-0390"]
    assert nets(*run(desk, books)) == ["-61.70", "10.00", "100.00"]


def test_a_part_of_an_old_invoice_is_credited_and_billed_again(live):
    """Line 2 of 2026-0412 is the seats (help comes first): 100.00 back, and asked for again by the run."""
    desk, books = live
    with books() as store:
        credit = Credit(id="c", document="2026-0412", line=2, reason="order number", then=Then.REBILL)
        note = desk.billing.credit(store, credit, on=ON)
    assert (note.totals.taxable, note.totals.tax) == (Decimal(-100), Decimal(-21))
    assert sorted(nets(*run(desk, books))) == ["-100.00", "10.00", "100.00", "100.00"]


def test_where_the_old_invoice_is_not_known_a_credit_names_the_line(live):
    desk, books = live
    opening = the_opening().id
    with books() as store, pytest.raises(InvalidValue, match="name the line"):
        desk.billing.credit(store, Credit(id="c", document=opening, reason="goodwill"), on=ON)
    with books() as store:
        credit = Credit(id="c", document=opening, line=1, amount=Decimal("1.00"), reason="goodwill")
        note = desk.billing.credit(store, credit, on=ON)
    assert (note.totals.total, note.preceding[0].number) == (Decimal("-1.21"), opening)


def test_the_file_of_a_client_tells_what_was_brought(live):
    desk, books = live
    with books() as store:
        desk.receivables.settle(store, on=ON)
        told = [(entry.what, entry.about, entry.number) for entry in desk.crm.file(store, "a").entries]
    assert told[2:] == [
        ("opening.invoice", "", "2026-0412"),
        ("payment.received", "bank-7", ""),
        ("opening.billed", "s", ""),
        ("opening.billed", "s", ""),
        ("payment.allocated", "bank-7", "2026-0412"),
    ]


def test_an_opening_is_part_of_the_transaction_of_its_caller(world):
    """What is rolled back was never there."""
    desk, books = world

    def fails_afterwards():
        with books() as store:
            desk.opening.load(store, the_opening())
            raise KeyError

    with pytest.raises(KeyError):
        fails_afterwards()
    with books() as store:
        assert store.find(OldInvoice) == []
        assert store.ledger.balances() == {}


# --------------------------------------------------------------------------------------------------------- verification

#: What was done by hand, and the laws of which one at least is named.
DAMAGES = [
    ("an entry is taken away", "delete from fb_billed where document = '2026-0412' and line = 1", {"L1"}),
    (
        "an entry of no known invoice is taken away",
        "delete from fb_billed where substr(document, 1, 3) = 'Old' and line = 3",
        {"L1"},
    ),
    (
        "an amount that was billed is changed",
        "update fb_billed set amount = amount - 1 where document = '2026-0390'",
        {"L1"},
    ),
    ("a VAT that was billed is changed", "update fb_billed set vat = vat + 1 where document = '2026-0390'", {"L1"}),
    (
        "an entry is moved to another invoice",
        "update fb_billed set document = '2026-0390' where document = '2026-0412'",
        {"L1"},
    ),
    (
        "a row of what was billed is taken away",
        "delete from fb_opening_billed where substr(id, length(id)) = '1'",
        {"L1"},
    ),
    (
        "a row of what was billed is changed",
        "update fb_opening_billed set body = replace(body, 'EUR 61.70', 'EUR 61.00')",
        {"L1"},
    ),
    (
        "an open item is changed",
        "update fb_opening_invoice set body = replace(body, 'EUR 100.00', 'EUR 90.00')",
        {"L9", "L10"},
    ),
    (
        "an open item gets another payer",
        'update fb_opening_invoice set body = replace(body, \'"payer":"a"\', \'"payer":"b"\')',
        {"L9"},
    ),
    ("an open item is taken away", "delete from fb_opening_invoice where id = '2026-0412'", {"L9", "L10"}),
    (
        "a posting is changed",
        "update fb_posting set amount = amount + 1 where item = '2026-0412' and kind = 'opening'",
        {"L9"},
    ),
    ("a balance is taken away", "delete from fb_posting where account = '0500'", {"L9"}),
    ("money on account is taken away", "delete from fb_receivables_payment where id = 'bank-7'", {"L9", "L10"}),
    (
        "the journal forgets an old invoice",
        "update fb_journal set kind = 'party.registered' where kind = 'opening.invoice'",
        {"L10"},
    ),
]


@pytest.fixture(scope="module", params=[store for store in STORES if store != "memory"])
def kept(request):
    """Books in every database that are live, in which money on account was set against an old invoice."""
    desk = attrs.evolve(office(), settings=NUMBERS)
    with STORES[request.param](desk) as books:
        agreed(desk, books)
        with books() as store:
            desk.opening.load(store, the_opening())
            desk.receivables.settle(store, on=ON)
        assert verify(books) == []
        yield books


@pytest.mark.parametrize(("statement", "laws"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damage_to_an_opening_is_found(kept, statement, laws):
    with damaged(kept, statement) as books:
        assert laws & {finding.law for finding in verify(books)}
