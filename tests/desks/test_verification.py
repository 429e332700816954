"""Whatever somebody does to the database by hand, `verify` names the law that it breaks."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import date
from decimal import Decimal

import pytest

from fanbilling import Credit, Money, Party, Payment, Price, verify
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks.worlds import office

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
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Books with invoices, a credit note, a payment and an allocation, in a file."""
    path = tmp_path_factory.mktemp("sound") / "books.db"
    desk = office()
    books = SqlBooks(f"sqlite:///{path}", administration="nl", records=desk.records)
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
    books.close()
    return path, desk


def findings(path, desk):
    books = SqlBooks(f"sqlite:///{path}", administration="nl", records=desk.records)
    try:
        return verify(books)
    finally:
        books.close()


def test_sound_books_have_no_findings(sound):
    """All laws hold, and there are enough documents for the damages to hit something."""
    path, desk = sound
    assert findings(path, desk) == []
    with sqlite3.connect(path) as connection:
        assert connection.execute("select count(*) from fb_document").fetchone() == (5,)


@pytest.mark.parametrize(("statements", "laws"), [d[1:] for d in DAMAGES], ids=[d[0] for d in DAMAGES])
def test_a_damage_is_found(sound, tmp_path, statements, laws):
    """The damage changes something, and a finding names one of the laws that it breaks, the place and both figures."""
    path, desk = sound
    damaged = tmp_path / "books.db"
    shutil.copy(path, damaged)
    with sqlite3.connect(damaged) as connection:
        changed = [connection.execute(statement).rowcount for statement in statements]
    connection.close()
    assert all(count != 0 for count in changed), "the damage hit nothing"
    found = findings(damaged, desk)
    assert {finding.law for finding in found} & laws
    assert all(finding.where and finding.expected != finding.found for finding in found)
