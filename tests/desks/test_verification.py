"""Whatever somebody does to a database by hand, `verify` names the law that it breaks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from fanbilling import Credit, Money, Party, Payment, Price, verify
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.ports.books import ReadingBooks
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from fanbilling.verification import Finding, tallies
from tests.desks.worlds import STORES, office
from tests.unsealed import damaged

FIRST = "(select id from fb_document where place = 1)"
SECOND = "(select id from fb_document where place = 2)"

#: What was done, the statements that do it, and the laws of which one at least is named.
DAMAGES = [
    ("a document is taken out of the middle", ["delete from fb_document where place = 2"], {"L3", "L4"}),
    ("the last document is taken away", ["delete from fb_document where place = 5"], {"L1", "L4"}),
    ("the total beside a document is changed", ["update fb_document set total = total + 1 where place = 1"], {"L4"}),
    ("a document gets another payer", ["update fb_document set payer = 'b' where place = 1"], {"L4"}),
    ("a document gets another date", ["update fb_document set on_date = '2026-06-01' where place = 1"], {"L3", "L4"}),
    (
        "an amount in the sealed text is changed",
        ["update fb_document set body = replace(body, '100.00', '90.00')"],
        {"L4"},
    ),
    (
        "a sealed text no longer adds up",
        ["update fb_document set body = replace(body, '\"21.00\"', '\"20.00\"')"],
        {"L5"},
    ),
    (
        "a reason is taken out of the sealed text",
        ["update fb_document set body = replace(body, 'manual.line', '')"],
        {"L18"},
    ),
    (
        "two documents change numbers",
        [
            "update fb_document set number = 'x' where place = 1",
            "update fb_document set number = '2026-0001' where place = 2",
            "update fb_document set number = '2026-0002' where place = 1",
        ],
        {"L4"},
    ),
    ("a seal is changed", ["update fb_document set chain = 'f' || substr(chain, 2) where place = 3"], {"L4"}),
    ("a billed entry is taken away", [f"delete from fb_billed where document = {FIRST} and line = 1"], {"L1"}),
    ("a billed amount is changed", [f"update fb_billed set amount = amount - 1 where document = {FIRST}"], {"L1"}),
    ("a billed VAT is changed", [f"update fb_billed set vat = vat + 1 where document = {SECOND}"], {"L1"}),
    ("a billed quantity is changed", [f"update fb_billed set quantity = '7' where document = {FIRST}"], {"L1"}),
    ("a billed rate is changed", [f"update fb_billed set rate = '9' where document = {FIRST}"], {"L1"}),
    ("a billed entry is moved to another key", [f"update fb_billed set fact = 'x' where document = {FIRST}"], {"L1"}),
    (
        "a line is billed once more",
        [
            "create table copied as select * from fb_billed where reverses is null limit 1",
            "update copied set revision = 9, line = 9",
            "insert into fb_billed select * from copied",
        ],
        {"L1"},
    ),
    ("a reversal gives back too much", ["update fb_billed set amount = -99999 where reverses is not null"], {"L5"}),
    ("a reversal points nowhere", ["update fb_billed set reverses = 7 where reverses is not null"], {"L5"}),
    (
        "a billed period is moved over another",
        ["update fb_billed set supplied_start = '2026-01-15', supplied_end = '2026-03-15' where filed = '2026-02-01'"],
        {"L2"},
    ),
    ("a posting is taken away", ["delete from fb_posting where account = '8000'"], {"L9"}),
    ("a posting is changed", ["update fb_posting set amount = amount + 1 where account = '1500'"], {"L9"}),
    (
        "an open item is booked on another document",
        [f"update fb_posting set item = {SECOND} where item = {FIRST} and kind = 'invoice'"],
        {"L9"},
    ),
    ("a whole entry is taken away", [f"delete from fb_posting where entry = {FIRST}"], {"L9"}),
    ("a payment is taken away", ["delete from fb_receivables_payment"], {"L10"}),
    ("an allocation is taken away", ["delete from fb_receivables_allocation"], {"L9", "L10"}),
    (
        "an allocation is made larger",
        ["update fb_receivables_allocation set body = replace(body, 'EUR 50.00', 'EUR 60.00')"],
        {"L9", "L10"},
    ),
    ("a sealed text is cut off", ["update fb_document set body = substr(body, 1, 40) where place = 1"], {"L4", "L5"}),
    ("a payment cannot be read", ["update fb_receivables_payment set body = '{}'"], {"L9"}),
    ("a row is taken out of the journal", ["delete from fb_journal where position = 4"], {"L4"}),
    ("the journal tells another total", ["update fb_journal set body = replace(body, '121.00', '12.00')"], {"L4"}),
    (
        "the journal forgets a payment",
        ["update fb_journal set kind = 'party.registered' where kind = 'payment.received'"],
        {"L10"},
    ),
    ("a series would leave a gap", ["update fb_counter set value = 6 where name = 'series:2026'"], {"L3"}),
    ("a series would give a number again", ["update fb_counter set value = 4 where name = 'series:2026'"], {"L3"}),
    ("the counter of a series is gone", ["delete from fb_counter where name = 'series:2026'"], {"L3"}),
    (
        "a series without documents has given numbers",
        [
            "create table copied as select * from fb_counter where name = 'series:2026'",
            "update copied set name = 'series:2025'",
            "insert into fb_counter select * from copied",
        ],
        {"L3"},
    ),
    ("the journal would leave a gap", ["update fb_counter set value = value + 1 where name = 'journal'"], {"L4"}),
    ("the journal would use a position again", ["update fb_counter set value = 1 where name = 'journal'"], {"L4"}),
    ("the counter of the journal is gone", ["delete from fb_counter where name = 'journal'"], {"L4"}),
    (
        "two billed entries change documents",
        [
            f"update fb_billed set document = 'x' where document = {FIRST}",
            f"update fb_billed set document = {FIRST} where document = {SECOND}",
            f"update fb_billed set document = {SECOND} where document = 'x'",
        ],
        {"L1"},
    ),
    (
        "two billed amounts are wrong by as much, up and down",
        [
            f"update fb_billed set amount = amount + 1 where document = {FIRST}",
            f"update fb_billed set amount = amount - 1 where document = {SECOND}",
        ],
        {"L1"},
    ),
    (
        "two open items are wrong by as much, up and down",
        [
            f"update fb_posting set amount = amount + 1 where item = {FIRST} and kind = 'invoice'",
            f"update fb_posting set amount = amount - 1 where entry = {FIRST} and account = '8000'",
            f"update fb_posting set amount = amount - 1 where item = {SECOND} and kind = 'invoice'",
            f"update fb_posting set amount = amount + 1 where entry = {SECOND} and account = '8000'",
        ],
        {"L9"},
    ),
    ("an open item gets another payer", [f"update fb_posting set party = 'b' where item = {FIRST}"], {"L9"}),
    (
        "an invoice is booked in another currency",
        [f"update fb_posting set currency = 'USD' where entry = {FIRST}"],
        {"L9"},
    ),
    ("a billed price is changed", [f"update fb_billed set price = '99.00' where document = {FIRST}"], {"L1"}),
    ("a billed entry gets another payer", [f"update fb_billed set payer = 'b' where document = {FIRST}"], {"L1"}),
    (
        "a billed period is made longer",
        [f"update fb_billed set supplied_end = '2026-02-02' where document = {FIRST} and supplied_end is not null"],
        {"L1"},
    ),
    (
        "an allocation is moved to a document that is not there",
        [
            (
                "update fb_receivables_allocation set document = 'x', "
                'body = replace(body, \'"document":"\' || document || \'"\', \'"document":"x"\')'
            ),
            "update fb_posting set item = 'x' where kind = 'allocation' and substr(item, 1, 8) <> 'payment:'",
        ],
        {"L10"},
    ),
    (
        "an allocation is moved to a payment that is not there",
        [
            (
                "update fb_receivables_allocation set payment = 'x', "
                'body = replace(body, \'"payment":"p"\', \'"payment":"x"\')'
            ),
        ],
        {"L10"},
    ),
]


@pytest.fixture(scope="module", params=[store for store in STORES if store != "memory"])
def books(request):
    """Books in every database, with invoices, a credit note, a payment and an allocation."""
    desk = office()
    with STORES[request.param](desk) as opened:
        filled(desk, opened)
        yield opened


def filled(desk, books):
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    with books() as store:
        for client in ("a", "b"):
            desk.crm.register(store, Party(id=client, name=client.upper()), on=january)
        seats = SubscriptionLine.of("seats", "Seats", start=january, price="100.00")
        desk.subscriptions.start(store, Subscription(id="s", client="a", lines=(seats,)), on=january)
        work = Line(id="w", client="b", on=january, text="Work", price=Price.of("12.34"), quantity=Decimal(5))
        desk.manual.add(store, work, on=january)
    for until in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)):
        desk.billing.run(books, until=until, on=until)
    with books() as store:
        credit = Credit(id="c", document="2026-0001", line=1, amount=Decimal(10), reason="goodwill")
        desk.billing.credit(store, credit, on=date(2026, 3, 31))
        payment = Payment(id="p", payer="a", on=february, amount=Money.of(50, "EUR"), reference="2026-0001")
        desk.receivables.receive(store, payment)


def findings(books, *statements):
    """What is found after something was done to the books."""
    with damaged(books, *statements) as changed:
        return verify(changed)


def test_sound_books_have_no_findings(books):
    """All laws hold, and there are enough documents for the damages to hit something."""
    assert findings(books) == verify(books) == []
    with books() as store:
        assert len(store.documents.page(limit=9)) == 5


@pytest.mark.parametrize(("statements", "laws"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damage_is_found(books, statements, laws):
    """The damage changes something, and a finding names one of the laws that it breaks, the place and both figures."""
    found = findings(books, *statements)
    assert {finding.law for finding in found} & laws
    assert all(finding.where and finding.expected != finding.found for finding in found)


def test_a_counter_is_named_with_both_figures(books):
    """Five documents were issued, so the series stands at 5; a counter at 4 would give number 5 again."""
    statement = "update fb_counter set value = 4 where name = 'series:2026'"
    assert findings(books, statement) == [Finding(law="L3", where="counter of series:2026", expected="5", found="4")]


def test_two_errors_that_cancel_are_both_told(books):
    """The first document has one line of 100.00, the second one of 61.70 (5 × 12.34): a cent up, and a cent down."""
    up = f"update fb_billed set amount = amount + 1 where document = {FIRST}"
    down = f"update fb_billed set amount = amount - 1 where document = {SECOND}"
    found = findings(books, up, down)
    assert {(f.law, f.where, f.expected, f.found) for f in found if f.law == "L1"} == {
        ("L1", "2026-0001, line 1, net of the billed entry", "100", "100.01"),
        ("L1", "2026-0002, line 1, net of the billed entry", "61.7", "61.69"),
    }


def test_an_allocation_to_nothing_is_told_although_the_ledger_agrees(books):
    """Allocation and booking name the same document, so no open item differs: only the document is not there."""
    [(_, statements, _)] = [damage for damage in DAMAGES if damage[0].endswith("document that is not there")]
    found = findings(books, *statements)
    assert Finding(law="L10", where="allocation p:1", expected="x on record", found="none") in found


def test_of_many_findings_the_first_thousand_are_told_and_how_many_more(books):
    """1,500 events tell of documents that were never issued: 1,000 are told, and that there are 500 more."""
    body = """'{"party":"a","on":"2026-01-31","document":"x' || n || '","number":"x' || n ||
        '","kind":"invoice","total":"1.00","currency":"EUR"}'"""
    *told, last = findings(
        books,
        f"""insert into fb_journal (administration, position, at, "by", kind, party, on_date, body)
        with recursive more(n) as (select 1 union all select n + 1 from more where n < 1500)
        select 'nl', (select max(position) from fb_journal) + n, '2026-01-31T00:00:00+00:00', 'x', 'invoice.issued',
            'a', '2026-01-31', {body} from more""",
        "update fb_counter set value = value + 1500 where name = 'journal'",
    )
    assert len(told) == len(set(told)) == 1000
    assert all(finding.law == "L4" and finding.where.startswith("journal, document x") for finding in told)
    assert last == Finding(law="L4", where="told, after the first 1000", expected="nothing more", found="500 more")


def test_of_ruined_books_only_some_parts_are_looked_into(books, monkeypatch):
    """Where not even the facts of two parts may be kept, one is looked into, and it is told that others differ."""
    monkeypatch.setattr(tallies, "KEPT", 1)
    found = findings(books, "update fb_billed set amount = amount + 1")
    assert [finding for finding in found if finding.where.endswith("net of the billed entry")]
    assert [finding.found for finding in found if finding.where == "lines, not looked into"] == [
        "at least 4 more differences"
    ]


def test_what_cannot_be_compared_is_told(books):
    """A payment that cannot be read keeps what hangs on payments from being compared, and nothing else."""
    unread = "update fb_receivables_payment set body = '{}'"
    wrong = f"update fb_billed set vat = vat + 1 where document = {FIRST}"
    found = findings(books, unread, wrong)
    assert {finding.law for finding in found if finding.found == "payments cannot be read"} == {"L4", "L9", "L10"}
    assert [finding.where for finding in found if finding.law == "L1"] == ["2026-0001, line 1, VAT of the billed entry"]


def test_a_text_that_cannot_be_read_does_not_hide_the_others(books):
    """The first text is cut off; that the second one no longer adds up is told all the same."""
    cut = "update fb_document set body = substr(body, 1, 40) where place = 1"
    wrong = "update fb_document set body = replace(body, '\"61.70\"', '\"61.60\"') where place = 2"
    found = findings(books, cut, wrong)
    assert ("L4", "2026-0001", "a text that can be read") in {(f.law, f.where, f.expected) for f in found}
    assert [finding for finding in found if finding.law == "L5" and finding.where.startswith("2026-0002")]


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_books_that_can_only_look_are_asked_to(store):
    """Verifying waits for nobody: while another writes, the books are opened to look."""
    desk = office()
    with STORES[store](desk) as writing:
        filled(desk, writing)
        looking = SqlBooks(writing.url, records=desk.records, patience=0, prefix=writing.prefix)
        assert isinstance(looking, ReadingBooks)
        assert not isinstance(MemoryBooks(), ReadingBooks)
        with writing() as opened:
            desk.crm.register(opened, Party(id="z", name="Z"), on=date(2026, 4, 1))
            assert verify(looking) == []
        looking.close()


def test_more_allocated_than_was_paid_is_told(books):
    """50.00 was paid and 50.00 allocated; with 60.00 allocated, 10.00 too much was."""
    larger = "update fb_receivables_allocation set body = replace(body, 'EUR 50.00', 'EUR 60.00')"
    found = findings(books, larger)
    assert Finding(law="L10", where="payment:p, left to allocate", expected="nothing below 0", found="-10") in found


def test_every_period_inside_a_longer_one_is_told(books):
    """January made as long as April lies over February and over March, although those two lie side by side."""
    longer = "update fb_billed set supplied_end = '2026-05-01' where supplied_start = '2026-01-01' and reverses is null"
    found = findings(books, longer)
    assert [(f.where, f.expected, f.found) for f in found if f.law == "L2"] == [
        ("subscriptions/s/seats", "nothing before 2026-05-01", "billed from 2026-02-01"),
        ("subscriptions/s/seats", "nothing before 2026-05-01", "billed from 2026-03-01"),
    ]


def test_every_date_before_one_that_came_earlier_is_told(books):
    """With the second of five documents dated in June, the three of February and March after it go back."""
    later = "update fb_document set on_date = '2026-06-01' where place = 2"
    found = findings(books, later)
    assert [(f.where, f.expected) for f in found if f.law == "L3"] == [
        ("2026-0003", "a date of 2026-06-01 or later"),
        ("2026-0004", "a date of 2026-06-01 or later"),
        ("2026-0005", "a date of 2026-06-01 or later"),
    ]
