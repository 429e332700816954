"""Subscriptions: which periods are due, in unit-days, with figures worked by hand."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.codec import dumps, loads
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import Conflict, InvalidValue, NotFound
from fanbilling.domain.parties import Party
from fanbilling.domain.periods import Period
from fanbilling.domain.ports.sourcing import Ask, Asked
from fanbilling.domain.reasons import Reason
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions, SubscriptionsDesk, Timing
from fanbilling.testing.contracts.sources import SourceContract
from tests.desks.worlds import office
from tests.stores import STORES, looked_at

DESK = SubscriptionsDesk()
OFFICE = office()
ACME = Party(id="acme", name="Acme B.V.", billed_to=Dated(((date(2026, 3, 1), "holding"),)))
TODAY = date(2026, 6, 15)


def line(id="seat", start=date(2026, 1, 1), price="100.00", **changes):
    return SubscriptionLine.of(id, "Licence", start=start, price=price, **changes)


def subscription(*lines, id="licence"):
    return Subscription(id=id, client="acme", title="Brinkhoff Orders", lines=lines or (line(),))


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](OFFICE) as books, books() as store:
        store.add(ACME)
        yield store


def answer(store, until, since=date.min):
    return Subscriptions().items(store, [Asked(agreement="licence", since=since)], until)


def figures(items):
    """(first day, last day, unit-days, amount) of what is supplied."""
    return [
        (str(i.supplied.start), str(i.supplied.last_day), i.quantity, i.price.total(i.quantity, 2))
        for i in items
        if i.supplied
    ]


def row(*figures):
    first, last, days, amount = figures
    return first, last, Decimal(days), Decimal(amount)


# ------------------------------------------------------------------------------------------------- periods and amounts


def test_a_whole_month_is_its_price(store):
    DESK.start(store, subscription(line(quantity=3, price="20.00")), on=TODAY)
    [item] = answer(store, date(2026, 1, 31))
    assert figures([item]) == [row("2026-01-01", "2026-01-31", 93, "60.00")]  # 3 × 31 unit-days at 20.00 per 31
    assert (item.price.amount, item.price.per, item.price.unit) == (20, 31, "DAY")
    assert (item.title, item.text, item.bill_on) == ("Brinkhoff Orders", "Licence", date(2026, 1, 1))
    assert item.because.inputs == (
        ("start", date(2026, 1, 1)),
        ("last_day", date(2026, 1, 31)),
        ("days", 31),
        ("of", 31),
        ("quantity", 3),
        ("price", Decimal("20.00")),
    )


def test_a_start_in_the_middle_of_a_calendar_month(store):
    """100.00 × 16 / 31 = 51.612…; then whole months."""
    DESK.start(store, subscription(line(start=date(2026, 1, 16), anchor=date(2026, 1, 1))), on=TODAY)
    assert figures(answer(store, date(2026, 2, 28))) == [
        row("2026-01-16", "2026-01-31", 16, "51.61"),
        row("2026-02-01", "2026-02-28", 28, "100.00"),
    ]
    first, second = answer(store, date(2026, 2, 28))
    assert [first.key.filed, second.key.filed] == [date(2026, 1, 16), date(2026, 2, 1)]
    assert (first.because.input("days"), first.because.input("of")) == (16, 31)


def test_an_anchor_after_the_start_counts_back(store):
    """The period that holds 10 February runs from 28 January: 18 of its 31 days."""
    DESK.start(store, subscription(line(start=date(2026, 2, 10), anchor=date(2026, 2, 28))), on=TODAY)
    first, second = answer(store, date(2026, 2, 28))
    assert figures([first]) == [row("2026-02-10", "2026-02-27", 18, "58.06")]  # 100.00 × 18 / 31 = 58.064…
    assert second.key.filed == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("year", "starts"),
    [
        (2026, ["01-31", "02-28", "03-31", "04-30"]),
        (2028, ["01-31", "02-29", "03-31", "04-30"]),
    ],
    ids=["a normal year", "a leap year"],
)
def test_the_31st_stays_the_last_day_of_the_month(store, year, starts):
    DESK.start(store, subscription(line(start=date(year, 1, 31))), on=TODAY)
    items = answer(store, date(year, 5, 30))
    assert [item.key.filed for item in items] == [date.fromisoformat(f"{year}-{day}") for day in starts]
    assert {item.price.total(item.quantity, 2) for item in items} == {Decimal("100.00")}


def test_a_year_from_leap_day(store):
    """From 29 February 2028 a year runs to 27 February 2029, 365 days, and on to the 28th: 365, 365, then 366."""
    DESK.start(store, subscription(line(start=date(2028, 2, 29), months=12, price="366.00")), on=TODAY)
    items = answer(store, date(2031, 12, 31))
    assert figures(items) == [
        row("2028-02-29", "2029-02-27", 365, "366.00"),
        row("2029-02-28", "2030-02-27", 365, "366.00"),
        row("2030-02-28", "2031-02-27", 365, "366.00"),
        row("2031-02-28", "2032-02-28", 366, "366.00"),
    ]


def test_a_quarter_in_arrears_is_billed_on_its_last_day(store):
    DESK.start(store, subscription(line(months=3, timing=Timing.ARREARS, price="262.35")), on=TODAY)
    [item] = answer(store, date(2026, 2, 10))  # going on, and answered whole: never "so far"
    assert figures([item]) == [row("2026-01-01", "2026-03-31", 90, "262.35")]
    assert (item.key.filed, item.bill_on) == (date(2026, 1, 1), date(2026, 3, 31))
    assert store.agenda.all(limit=9)[0].ask_on == date(2026, 3, 31)


# ---------------------------------------------------------------------------------------------------------- amendments


def test_an_upgrade_in_a_billed_month_adds_up_under_one_key(store):
    """10 seats to 15 March, then 15: (10 × 15 + 15 × 16) / 31 × 30.00 = 377.419…."""
    DESK.start(store, subscription(line(quantity=10, price="30.00")), on=TODAY)
    DESK.change_quantity(store, "licence", "seat", Decimal(15), from_=date(2026, 3, 16), on=TODAY)
    march = answer(store, date(2026, 3, 31), since=date(2026, 3, 1))
    assert figures(march) == [
        row("2026-03-01", "2026-03-15", 150, "145.16"),
        row("2026-03-16", "2026-03-31", 240, "232.26"),
    ]
    assert len({(item.key, item.price) for item in march}) == 1  # one key, the same terms: 390 unit-days, 377.42
    assert march[1].because.because == (
        Reason(
            "subscription.changed",
            Decimal(15),
            (("what", "quantity"), ("from", date(2026, 3, 16)), ("was", Decimal(10))),
        ),
    )


def test_price_and_quantity_change_in_one_period(store):
    """April, 30 days: 2 × 9 days at 90, 2 × 11 at 120, 3 × 10 at 120: 54.00 + 88.00 + 120.00."""
    DESK.start(store, subscription(line(quantity=2, price=90)), on=TODAY)
    DESK.change_price(store, "licence", "seat", Decimal(120), from_=date(2026, 4, 10), on=TODAY)
    DESK.change_quantity(store, "licence", "seat", Decimal(3), from_=date(2026, 4, 21), on=TODAY)
    assert figures(answer(store, date(2026, 4, 30), since=date(2026, 4, 1))) == [
        row("2026-04-01", "2026-04-09", 18, "54.00"),
        row("2026-04-10", "2026-04-20", 22, "88.00"),
        row("2026-04-21", "2026-04-30", 30, "120.00"),
    ]


def test_a_backdated_price_holds_for_all_periods_since(store):
    DESK.start(store, subscription(line(price="145.00")), on=TODAY)
    store.agenda.answered([clean(store)])
    DESK.change_price(store, "licence", "seat", Decimal("152.25"), from_=date(2026, 2, 1), on=date(2026, 4, 8))
    amounts = [item.price.amount for item in answer(store, date(2026, 4, 30))]
    assert amounts == [Decimal("145.00"), Decimal("152.25"), Decimal("152.25"), Decimal("152.25")]
    touched = store.agenda.all(limit=9)[0]
    assert (touched.since, touched.ask_on, touched.payer) == (date(2026, 2, 1), date(2026, 2, 1), "holding")


def test_a_change_in_the_middle_of_a_period_touches_its_key(store):
    DESK.start(store, subscription(line(months=12)), on=TODAY)
    store.agenda.answered([clean(store)])
    DESK.change_price(store, "licence", "seat", Decimal(200), from_=date(2027, 3, 7), on=date(2026, 4, 8))
    touched = store.agenda.all(limit=9)[0]
    assert (touched.since, touched.ask_on) == (date(2027, 1, 1), date(2026, 4, 8))


def test_a_change_in_a_first_part_of_a_period_touches_the_start_of_the_line(store):
    DESK.start(store, subscription(line(start=date(2026, 1, 16), anchor=date(2026, 1, 1))), on=TODAY)
    store.agenda.answered([clean(store)])
    DESK.change_price(store, "licence", "seat", Decimal(200), from_=date(2026, 1, 20), on=TODAY)
    assert store.agenda.all(limit=9)[0].since == date(2026, 1, 16)


@pytest.mark.parametrize("days", [(date(2026, 3, 10), date(2026, 8, 10)), (date(2026, 8, 10), date(2026, 3, 10))])
def test_an_end_that_moves_touches_from_the_earlier_of_both(store, days):
    DESK.start(store, subscription(), on=TODAY)
    DESK.end(store, "licence", "seat", last_day=days[0], reason="Moved", on=TODAY)
    store.agenda.answered([clean(store)])
    DESK.end(store, "licence", "seat", last_day=days[1], reason="Moved", on=TODAY)
    assert store.agenda.all(limit=9)[0].since == date(2026, 3, 1)


def test_several_lines_are_asked_from_the_first_start_on_the_first_day_to_bill(store):
    quarter = line("quarter", months=3, timing=Timing.ARREARS)  # filed on 1 January, billed on 31 March
    DESK.start(store, subscription(line("month", start=date(2026, 2, 10)), quarter), on=TODAY)
    [row] = store.agenda.all(limit=9)
    assert (row.since, row.ask_on) == (date(2026, 1, 1), date(2026, 2, 10))


def test_a_price_holds_up_to_the_next_agreed_one(store):
    DESK.start(store, subscription(), on=TODAY)
    DESK.change_price(store, "licence", "seat", Decimal(130), from_=date(2026, 4, 1), on=TODAY)
    DESK.change_price(store, "licence", "seat", Decimal(120), from_=date(2026, 3, 1), on=TODAY)
    assert [item.price.amount for item in answer(store, date(2026, 4, 1))] == [100, 100, 120, 130]


def test_a_yearly_line_in_advance_that_ends_early(store):
    """1187.40 a year; from 1 January to 20 April 2026 are 110 of 365 days: 1187.40 × 110 / 365 = 357.846…."""
    DESK.start(store, subscription(line(months=12, price="1187.40")), on=TODAY)
    DESK.end(store, "licence", "seat", last_day=date(2026, 4, 20), reason="Amendment 7", on=date(2026, 5, 4))
    first, second = answer(store, date(2027, 12, 31))
    assert figures([first]) == [row("2026-01-01", "2026-04-20", 110, "357.85")]
    ended = Reason("subscription.ended", date(2026, 4, 20), (("why", "Amendment 7"),))
    assert first.because.because == (ended,)
    assert (second.key.filed, second.quantity, second.because) == (date(2027, 1, 1), 0, ended)


def test_the_last_day_in_arrears_is_the_day_to_bill(store):
    DESK.start(store, subscription(line(timing=Timing.ARREARS)), on=TODAY)
    DESK.end(store, "licence", "seat", last_day=date(2026, 3, 10), reason="Moved", on=TODAY)
    items = answer(store, date(2026, 3, 31))
    assert [item.bill_on for item in items] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 10)]


def test_an_end_on_the_last_day_of_a_period_leaves_it_whole(store):
    DESK.start(store, subscription(), on=TODAY)
    before = answer(store, date(2026, 2, 28))
    DESK.end(store, "licence", "seat", last_day=date(2026, 2, 28), reason="Moved", on=TODAY)
    assert answer(store, date(2026, 2, 28)) == before
    assert [item.quantity for item in answer(store, date(2026, 3, 31))] == [31, 28, 0]


def test_an_end_taken_back_was_never_agreed(store):
    DESK.start(store, subscription(), on=TODAY)
    before = answer(store, date(2026, 12, 31))
    DESK.end(store, "licence", "seat", last_day=date(2026, 3, 10), reason="Moved", on=TODAY)
    DESK.resume(store, "licence", "seat", on=TODAY)
    assert answer(store, date(2026, 12, 31)) == before


def test_a_line_that_never_began_is_due_for_nothing(store):
    DESK.start(store, subscription(line(start=date(2026, 3, 16), anchor=date(2026, 1, 1))), on=TODAY)
    DESK.end(store, "licence", "seat", last_day=date(2026, 1, 1), reason="Cancelled", on=TODAY)
    assert {item.quantity for item in answer(store, date(2026, 12, 31))} == {0}


def test_a_pause_is_a_quantity_of_zero(store):
    DESK.start(store, subscription(), on=TODAY)
    DESK.change_quantity(store, "licence", "seat", Decimal(0), from_=date(2026, 2, 1), on=TODAY)
    DESK.change_quantity(store, "licence", "seat", Decimal(1), from_=date(2026, 3, 1), on=TODAY)
    assert [item.quantity for item in answer(store, date(2026, 3, 31))] == [31, 0, 31]


# ---------------------------------------------------------------------------------------------- commands and the agenda


def clean(store):
    """The only row, as after an answer after which nothing is to come."""
    [row] = store.agenda.all(limit=9)
    return attrs.evolve(row, since=date(2099, 1, 1), ask_on=None)


def test_saying_the_same_again_changes_nothing(store):
    for _ in range(2):
        DESK.start(store, subscription(), on=TODAY)
    for _ in range(2):
        DESK.add_line(store, "licence", line("storage", date(2026, 5, 1)), on=TODAY)
        DESK.change_price(store, "licence", "seat", Decimal(1), from_=date(2026, 7, 1), on=TODAY)
        DESK.change_quantity(store, "licence", "seat", Decimal(2), from_=date(2026, 7, 1), on=TODAY)
        DESK.end(store, "licence", "seat", last_day=date(2026, 8, 1), reason="Moved", on=TODAY)
    for _ in range(2):
        DESK.resume(store, "licence", "seat", on=TODAY)
    events = [recorded.event for recorded in store.journal.after(0, limit=99)]
    changes = ["started", "line-added", "price-changed", "quantity-changed", "ended", "resumed"]
    assert [event.change for event in events] == changes
    assert [event.since for event in events] == [
        date(2026, 1, 1), date(2026, 5, 1), date(2026, 7, 1), date(2026, 7, 1), date(2026, 8, 1), date(2026, 8, 1),
    ]  # fmt: skip


def test_one_id_stands_for_one_thing(store):
    DESK.start(store, subscription(), on=TODAY)
    with pytest.raises(Conflict, match="subscription licence"):
        DESK.start(store, subscription(line(price=1)), on=TODAY)
    with pytest.raises(Conflict, match="licence/seat"):
        DESK.add_line(store, "licence", line(price=1), on=TODAY)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (subscription(line(), line()), "an id of its own"),
        (subscription(line(months=0)), "use 1 for monthly"),
        (subscription(line(price=-1)), "price of -1"),
        (subscription(line(quantity=-1)), "quantity of -1"),
        (Subscription(id="licence", client="acme", lines=()), "an id, a client and a line"),
        (Subscription(id="licence", client="acme", currency="euro", lines=(line(),)), "EUR"),
        (subscription(SubscriptionLine.of("seat", " ", start=TODAY, price=1)), "an id and a text"),
    ],
    ids=["two lines with one id", "no months", "a price", "a quantity", "no lines", "a currency", "no text"],
)
def test_what_cannot_be_billed_is_refused(store, wrong, message):
    with pytest.raises(InvalidValue, match=message):
        DESK.start(store, wrong, on=TODAY)
    assert not store.journal.after(0, limit=9)


def test_a_line_has_a_price_from_its_first_day_and_no_end_before_it():
    with MemoryBooks()() as store:
        late = Dated(((date(2026, 2, 1), Decimal(1)),))
        one = Dated(((date(2026, 1, 1), Decimal(1)),))
        for wrong, message in (
            ({"prices": late, "quantities": one}, "no price holds on 2026-01-01"),
            ({"prices": one, "quantities": late}, "no quantity holds on 2026-01-01"),
            ({"prices": one, "quantities": one, "end": date(2025, 12, 1)}, "before it starts"),
        ):
            with pytest.raises(InvalidValue, match=message):
                DESK.start(
                    store, subscription(SubscriptionLine(id="x", text="X", start=date(2026, 1, 1), **wrong)), on=TODAY
                )


def test_what_does_not_exist_cannot_be_amended(store):
    DESK.start(store, subscription(), on=TODAY)
    with pytest.raises(NotFound, match="no line 'other'"):
        DESK.resume(store, "licence", "other", on=TODAY)
    with pytest.raises(NotFound):
        DESK.resume(store, "other", "seat", on=TODAY)
    with pytest.raises(InvalidValue, match="starts on 2026-01-01"):
        DESK.change_price(store, "licence", "seat", Decimal(1), from_=date(2025, 12, 31), on=TODAY)
    with pytest.raises(InvalidValue, match="needs a reason"):
        DESK.end(store, "licence", "seat", last_day=TODAY, reason=" ", on=TODAY)
    with pytest.raises(NotFound):
        DESK.start(store, Subscription(id="x", client="nobody", lines=(line(),)), on=TODAY)


def test_the_next_question_is_the_first_period_of_any_line_that_runs(store):
    lines = (
        line("month", timing=Timing.ARREARS),
        line("year", months=12),
        line("done", start=date(2025, 1, 1)),
        line("soon", start=date(2026, 6, 10)),
    )
    DESK.start(store, subscription(*lines), on=TODAY)
    DESK.end(store, "licence", "done", last_day=date(2026, 1, 31), reason="Done", on=TODAY)
    ask = partial(Subscriptions().next_ask, store, ["licence", "unknown"])
    assert ask(date(2026, 1, 15)) == {"licence": Ask(since=date(2026, 2, 1), on=date(2026, 2, 28))}
    assert ask(date(2026, 5, 31)) == {"licence": Ask(since=date(2026, 6, 1), on=date(2026, 6, 10))}
    for id in ("month", "year", "soon"):
        DESK.end(store, "licence", id, last_day=date(2026, 6, 30), reason="Done", on=TODAY)
    assert ask(date(2026, 6, 30)) == {}


def test_a_subscription_survives_being_written_down(store):
    DESK.start(store, subscription(line(anchor=date(2026, 1, 31), timing=Timing.ARREARS)), on=TODAY)
    DESK.change_price(store, "licence", "seat", Decimal("99.95"), from_=date(2026, 4, 1), on=TODAY)
    DESK.end(store, "licence", "seat", last_day=date(2026, 9, 30), reason="Moved", on=TODAY)
    kept = store.get(Subscription, "licence")
    assert loads(Subscription, dumps(kept)) == kept


# ---------------------------------------------------------------------------------------------------------------- laws

DAYS = st.sampled_from([date(2026, 1, 16), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 1), date(2026, 4, 15)])
COUNTS = st.sampled_from([Decimal(0), Decimal(1), Decimal("2.5")])
IDS = {"id": st.sampled_from(["s1", "s2"]), "line": st.sampled_from(["a", "b"])}


def lines(id):
    return st.builds(
        line,
        id=st.just(id),
        start=DAYS,
        price=st.sampled_from([0, 100]),
        quantity=COUNTS,
        months=st.sampled_from([1, 3, 12]),
        timing=st.sampled_from(Timing),
        anchor=st.none() | DAYS,
    )


def calls(method, **arguments):
    """Commands of the desk, with drawn arguments."""
    return st.fixed_dictionaries(arguments).map(lambda drawn: partial(method, **drawn))


STARTS = calls(DESK.start, subscription=lines("a").map(lambda a: subscription(a, id="s1")), on=DAYS)
AMENDMENTS = st.one_of(
    calls(DESK.add_line, id=st.just("s1"), line=lines("b"), on=DAYS),
    calls(DESK.change_price, **IDS, price=COUNTS, from_=DAYS, on=DAYS),
    calls(DESK.change_quantity, **IDS, quantity=COUNTS, from_=DAYS, on=DAYS),
    calls(DESK.end, **IDS, last_day=DAYS, reason=st.sampled_from(["Moved", "Done"]), on=DAYS),
    calls(DESK.resume, **IDS, on=DAYS),
    calls(DESK.change_increase, **IDS, percentage=COUNTS | st.none(), from_=DAYS, on=DAYS),
    calls(DESK.increase, percentage=COUNTS, from_=DAYS, on=DAYS),
    calls(DESK.start, subscription=lines("a").map(lambda a: subscription(a, id="s2")), on=DAYS),
)


def stories():
    return st.builds(
        lambda first, rest: [lambda store: store.add(ACME), first, *rest], STARTS, st.lists(AMENDMENTS, max_size=7)
    )


class TestSubscriptionsKeepTheLaws(SourceContract):
    far = date(2027, 3, 31)

    @pytest.fixture
    def source(self):
        return Subscriptions()

    @pytest.fixture(params=STORES)
    def books(self, request):
        with looked_at(request.param), STORES[request.param](OFFICE) as books:
            yield books

    @pytest.fixture
    def commands(self):
        return stories()


@given(
    line=lines("a"),
    amendments=st.lists(
        st.one_of(
            calls(DESK.change_price, price=COUNTS, from_=DAYS),
            calls(DESK.change_quantity, quantity=st.sampled_from([Decimal(1), Decimal(3)]), from_=DAYS),
            calls(DESK.end, last_day=DAYS, reason=st.just("Done")),
            calls(DESK.resume),
            calls(DESK.change_increase, percentage=COUNTS, from_=DAYS),
        ),
        max_size=6,
    ),
)
def test_the_periods_of_a_line_tile_its_life(line, amendments):
    """Every day on which a line is supplied is in exactly one item, and unit-days are days × quantity (law L2)."""
    far = date(2027, 6, 30)
    with MemoryBooks()() as store:
        store.add(ACME)
        DESK.start(store, subscription(line), on=TODAY)
        for amend in amendments:
            try:
                amend(store, "licence", "a", on=TODAY)
            except InvalidValue:  # before the start
                continue
        kept = store.get(Subscription, "licence").lines[0]
        items = [item for item in answer(store, far) if item.supplied]
    days = Counter(day for item in items for day in each(item.supplied))
    last = max((item.supplied.last_day for item in items), default=line.start - timedelta(days=1))
    assert last >= far if kept.end is None else kept.end == last + timedelta(days=1)
    assert days == Counter(each(Period.through(line.start, last)) if items else ())
    assert sum(item.quantity for item in items) == sum(kept.quantities.at(day) for day in days)
    assert all(item.quantity == item.supplied.days * item.because.input("quantity") for item in items)


def each(period):
    """Every day of a period."""
    return (period.start + timedelta(days=n) for n in range(period.days))
