"""Every figure that was worked out by hand in subscriptions.md is what is billed, on every store."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling import Address, Administration, Office, Party, Seller, verify
from fanbilling.domain.dated import Dated
from fanbilling.domain.vat import TaxClass
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions, Timing
from tests.stores import STORES

PAGE = Path(__file__).with_name("subscriptions.md").read_text(encoding="utf-8")
SELLER = Seller(name="Tolhuis Beheer B.V.", address=Address(city="Zutphen", country="NL"))
OFFICE = Office(administration=Administration(id="tolhuis", seller=SELLER), sources=[Subscriptions()])
DESK = OFFICE.subscriptions
ACME = Party(id="acme", name="Acme B.V.")


def day(text):
    return date.fromisoformat(text)


def told():
    """Per story its number, title, and the rows (day, payer, net, VAT, total, note) of its table."""
    for number, title, body in re.findall(r"^## (\d+)\. (.+)\n((?:(?!## ).*\n)*)", PAGE, re.MULTILINE):
        lines = [line for line in body.splitlines() if line.startswith("| 2")]
        yield int(number), title, [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


STORIES = list(told())


EACH = pytest.mark.parametrize(
    ("number", "rows"), [(number, rows) for number, _, rows in STORIES], ids=[title for _, title, _ in STORIES]
)


@attrs.frozen
class Said:
    """What is said to the desk, on the day on which it is."""

    on: date
    command: object


def begun(start, price, *more, on=None, **facts):
    """A subscription of Acme that starts with one line, which is called seat."""
    line = SubscriptionLine.of("seat", "Seat", start=day(start), price=price, **facts)
    lease = Subscription(id="s", client="acme", lines=(line, *more))
    return Said(day(on or start), lambda store: DESK.start(store, lease, on=day(on or start)))


def on_seat(on, method, *words, **facts):
    """An amendment of that line."""
    return Said(day(on), lambda store: method(store, "s", "seat", *words, on=day(on), **facts))


def seats(on, quantity, from_):
    return on_seat(on, DESK.change_quantity, Decimal(quantity), from_=day(from_))


def ended(on, last_day):
    return on_seat(on, DESK.end, last_day=day(last_day), reason="agreed")


def raised(on, percentage, from_):
    return Said(day(on), lambda store: DESK.increase(store, Decimal(percentage), from_=day(from_), on=day(on)))


def paid_by(on, payer, from_):
    moved = attrs.evolve(ACME, billed_to=Dated(((day(from_), payer),)))
    return Said(day(on), lambda store: OFFICE.crm.register(store, moved, on=day(on)))


#: What is said in each story, in order.
TOLD = {
    1: [begun("2026-03-01", "30.00", quantity=10), seats("2026-03-20", 15, "2026-03-16")],
    2: [
        begun("2026-04-01", "62.00"),
        seats("2026-04-05", 0, "2026-04-10"),
        seats("2026-04-05", 1, "2026-05-21"),
    ],
    3: [begun("2026-02-15", "955.00", months=12), ended("2026-06-12", "2026-06-30")],
    4: [begun("2027-01-31", "100.00"), ended("2027-05-03", "2027-05-15")],
    5: [begun("2026-02-15", "900.00", months=3), raised("2026-06-05", 3, "2026-07-01")],
    6: [
        begun("2026-03-01", "80.00"),
        ended("2026-03-20", "2026-04-15"),
        on_seat("2026-05-06", DESK.resume),
    ],
    7: [begun("2026-03-01", "150.00"), paid_by("2026-04-20", "holding", "2026-04-01")],
    8: [
        begun("2018-10-01", "362.00", months=12, tax_class=TaxClass.REDUCED),
        ended("2018-12-10", "2018-12-31"),
    ],
    9: [begun("2026-01-10", "45.00", quantity=0), seats("2026-01-10", 1, "2026-02-10")],
    10: [
        begun(
            "2026-02-10",
            "270.00",
            months=3,
            timing=Timing.ARREARS,
            anchor=day("2026-01-01"),
            increase="2.5",
            increase_from=day("2026-04-01"),
        )
    ],
    11: [
        begun("2026-03-01", "100.00"),
        seats("2026-03-20", 2, "2026-03-11"),
        seats("2026-04-05", 1, "2026-03-11"),
    ],
    12: [
        begun(
            "2026-01-01",
            "240.00",
            SubscriptionLine.of("support", "Support", start=day("2026-01-01"), price=60, months=12, price_fixed=True),
            months=12,
            increase=4,
            increase_from=day("2027-01-01"),
        ),
        raised("2027-10-01", 10, "2028-01-01"),
    ],
}


@pytest.fixture(params=STORES)
def books(request):
    with STORES[request.param](OFFICE) as books:
        with books() as store:
            for party in (ACME, Party(id="holding", name="Acme Holding N.V.")):
                OFFICE.crm.register(store, party, on=day("2018-01-01"))
        yield books
        assert verify(books) == []


def billed(books, on):
    """What a run issues, as a row of the page; a second one issues nothing."""
    issued = []
    report = OFFICE.billing.run(books, until=on, on=on, watch=issued.extend)
    assert report.failures == ()
    assert OFFICE.billing.run(books, until=on, on=on).documents == 0
    return sorted(
        (str(on), one.payer, *(f"{n:.2f}" for n in (one.totals.taxable, one.totals.tax, one.totals.total)))
        for one in issued
    )


def test_every_story_was_found():
    assert [number for number, _, _ in STORIES] == list(TOLD)
    assert all(rows for _, _, rows in STORIES)


@EACH
def test_a_story_is_billed_as_it_was_worked_out(books, number, rows):
    """Month by month, and on the days in the table; what was said by then is said before the run of that day."""
    days = sorted({day(row[0]) for row in rows} | set(firsts(TOLD[number][0].on, day(rows[-1][0]))))
    waiting = list(TOLD[number])
    found = []
    for on in days:
        while waiting and waiting[0].on <= on:
            with books() as store:
                waiting.pop(0).command(store)
        found += billed(books, on)
    assert waiting == []
    assert found == [tuple(row[:5]) for row in rows]
    with books() as store:
        kinds = {(str(one.on), one.payer): one.kind.value for one in store.documents.page(limit=99)}
    assert [kinds[row[0], row[1]] == "credit-note" for row in rows] == [
        row[5].startswith("credit note") for row in rows
    ]


@EACH
def test_who_bills_only_at_the_end_bills_as_much(books, number, rows):
    """All that was said and then one run: the same net for each payer, whatever was corrected on the way."""
    for one in TOLD[number]:
        with books() as store:
            one.command(store)
    last = day(rows[-1][0])
    net = {}
    for _, payer, amount, _, _ in billed(books, last):
        net[payer] = net.get(payer, 0) + Decimal(amount)
    expected = {}
    for row in rows:
        expected[row[1]] = expected.get(row[1], 0) + Decimal(row[2])
    assert net == {payer: amount for payer, amount in expected.items() if amount}


def firsts(first, last):
    """The first day of a story, and the first of every month up to its last bill."""
    while first <= last:
        yield first
        first = (first.replace(day=28) + 4 * date.resolution).replace(day=1)
