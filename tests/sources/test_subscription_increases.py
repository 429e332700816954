"""Subscriptions whose price rises by a percentage: every year as agreed, and many at once; figures worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fanbilling.adapters.rendering.words import sentence
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.codec import dumps, loads
from fanbilling.domain.errors import InexactNumber, InvalidValue, NotFound
from fanbilling.domain.parties import Party
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.domain.reasons import Reason
from fanbilling.sources.subscriptions import (
    LeftOut,
    PriceIncrease,
    Subscription,
    SubscriptionLine,
    Subscriptions,
    SubscriptionsDesk,
)
from tests.desks.worlds import office
from tests.stores import STORES, kept

DESK = SubscriptionsDesk()
OFFICE = office()
START, TODAY, JULY = date(2026, 1, 1), date(2026, 5, 4), date(2026, 7, 1)
RISE = Decimal("2.5")


def rent(id="rent", start=START, price="845.00", **changes):
    return SubscriptionLine.of(id, "Rent", start=start, price=price, **changes)


def let(store, *lines, id="house", currency="EUR"):
    lease = Subscription(id=id, client="tenant", currency=currency, lines=lines or (rent(),))
    DESK.start(store, lease, on=START)


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](OFFICE) as books, books() as store:
        store.add(Party(id="tenant", name="T. Huurder"))
        yield store


def answer(store, until, since=date.min, id="house"):
    return Subscriptions().items(store, [Asked(agreement=id, since=since)], until)


def due(items):
    """(first day, last day, price of a whole period, amount) of what is supplied."""
    return [
        (str(i.supplied.start), str(i.supplied.last_day), str(i.price.amount), str(i.price.total(i.quantity, 2)))
        for i in items
    ]


def prices(store, *days):
    """The price of the period that is filed under each of these days."""
    found = {item.key.filed: str(item.price.amount) for item in answer(store, max(days))}
    return [found[day] for day in days]


# --------------------------------------------------------------------------------------------------- agreed beforehand


def test_a_price_rises_every_year_on_the_price_then_in_force(store):
    """845.00 × 1.025 = 866.125 → 866.13; × 1.025 = 887.78325 → 887.78; × 1.025 = 909.9745 → 909.97."""
    let(store, rent(increase="2.5", increase_from=JULY))
    assert prices(store, date(2026, 6, 1), JULY, date(2027, 6, 1), date(2027, 7, 1), date(2028, 7, 1)) == [
        "845.00",
        "866.13",
        "866.13",
        "887.78",
        "909.97",
    ]


def test_a_quarter_that_straddles_the_increase_is_cut_by_days(store):
    """47 days (17 of May, 30 of June) and 45 of 92: 900 × 47 ÷ 92 = 459.782…, 927 × 45 ÷ 92 = 453.423…."""
    let(store, rent(start=date(2026, 2, 15), price="900.00", months=3, increase=3, increase_from=JULY))
    assert due(answer(store, date(2026, 5, 15), since=date(2026, 5, 15))) == [
        ("2026-05-15", "2026-06-30", "900.00", "459.78"),
        ("2026-07-01", "2026-08-14", "927.00", "453.42"),
    ]


def test_what_was_due_before_it_rises_stays_as_it_was(store):
    let(store)
    before = answer(store, date(2026, 6, 30))
    DESK.change_increase(store, "house", "rent", RISE, from_=JULY, on=TODAY)
    assert answer(store, date(2026, 6, 30)) == before


def test_the_reason_says_by_how_much_and_since_when_in_every_period_since(store):
    let(store, rent(increase="2.5", increase_from=JULY))
    items = answer(store, date(2026, 9, 1), since=date(2026, 6, 1))
    raised = Reason(
        "subscription.raised",
        Decimal("866.13"),
        (("percentage", RISE), ("was", Decimal("845.00")), ("from", JULY)),
    )
    assert [item.because.because for item in items] == [(), (raised,), (raised,), (raised,)]
    assert sentence(raised, "en") == "Raised by 2.5% from 1 July 2026: 866.13, was 845.00"
    assert sentence(raised, "nl") == "Verhoogd met 2,5% per 1 juli 2026: 866,13, was 845,00"


def test_an_agreed_price_is_what_rises_next_time(store):
    """From 1 October 870.00; on 1 July 2027 870.00 × 1.025 = 891.75."""
    let(store, rent(increase="2.5", increase_from=JULY))
    DESK.change_price(store, "house", "rent", Decimal("870.00"), from_=date(2026, 10, 1), on=TODAY)
    assert prices(store, JULY, date(2026, 10, 1), date(2027, 7, 1)) == ["866.13", "870.00", "891.75"]


def test_a_price_that_turns_out_to_have_been_another_one_rises_all_the_same(store):
    """From 1 March 800.00, heard of later: 800.00 × 1.025 = 820.00."""
    let(store, rent(increase="2.5", increase_from=JULY))
    DESK.change_price(store, "house", "rent", Decimal("800.00"), from_=date(2026, 3, 1), on=date(2026, 8, 3))
    assert prices(store, date(2026, 2, 1), date(2026, 3, 1), JULY) == ["845.00", "800.00", "820.00"]


def test_a_price_agreed_from_the_very_day_is_the_price(store):
    """880.00 from 1 July, not raised that day; a year later 880.00 × 1.025 = 902.00."""
    let(store, rent(increase="2.5", increase_from=JULY))
    DESK.change_price(store, "house", "rent", Decimal("880.00"), from_=JULY, on=TODAY)
    assert prices(store, date(2026, 6, 1), JULY, date(2027, 7, 1)) == ["845.00", "880.00", "902.00"]


def test_another_percentage_and_another_day_are_agreed_from_a_day(store):
    """866.13 from July; 1% from January: 866.13 × 1.01 = 874.7913 → 874.79, and no longer in July; then none."""
    let(store, rent(increase="2.5", increase_from=JULY))
    DESK.change_increase(store, "house", "rent", Decimal(1), from_=date(2027, 1, 1), on=TODAY)
    DESK.change_increase(store, "house", "rent", Decimal(0), from_=date(2028, 1, 1), on=TODAY)
    days = (JULY, date(2027, 1, 1), date(2027, 7, 1), date(2028, 1, 1), date(2030, 7, 1))
    assert prices(store, *days) == ["866.13", "874.79", "874.79", "874.79", "874.79"]


def test_what_was_agreed_from_a_day_can_be_taken_back(store):
    """Without what was agreed from January it rises in July again: 866.13 × 1.025 = 887.78325 → 887.78."""
    let(store, rent(increase="2.5", increase_from=JULY))
    DESK.change_increase(store, "house", "rent", Decimal(1), from_=date(2027, 1, 1), on=TODAY)
    DESK.change_increase(store, "house", "rent", None, from_=date(2027, 1, 1), on=TODAY)
    assert prices(store, date(2027, 1, 1), date(2027, 7, 1)) == ["866.13", "887.78"]
    for _ in range(2):
        DESK.change_increase(store, "house", "rent", None, from_=JULY, on=TODAY)
    assert prices(store, JULY, date(2030, 7, 1)) == ["845.00", "845.00"]
    assert store.get(Subscription, "house").lines == (rent(),)


def test_an_increase_of_leap_day_is_on_the_last_day_of_february(store):
    """100.00, 110.00, 121.00, 133.10, 146.41, and from 29 February 2032 146.41 × 1.1 = 161.051 → 161.05."""
    let(store, rent(start=date(2028, 1, 1), price="100.00", increase=10, increase_from=date(2028, 2, 29)))
    days = [item.supplied.start for item in answer(store, date(2032, 2, 1)) if item.key.filed.month == 2]
    assert [day for day in days if day.day > 1] == [
        date(2028, 2, 29),
        date(2029, 2, 28),
        date(2030, 2, 28),
        date(2031, 2, 28),
        date(2032, 2, 29),
    ]
    assert prices(store, date(2029, 3, 1), date(2031, 3, 1), date(2032, 3, 1)) == ["121.00", "146.41", "161.05"]


def test_a_price_in_more_decimals_keeps_as_many(store):
    """0.0350 is 0.035: × 1.025 = 0.035875 → 0.036. In yen, 1001 × 1.025 = 1026.025 → 1026."""
    let(store, rent(price="0.0350", increase="2.5", increase_from=JULY))
    let(store, rent(price="1001", increase="2.5", increase_from=JULY), id="tokyo", currency="JPY")
    assert prices(store, JULY) == ["0.036"]
    assert [str(item.price.amount) for item in answer(store, JULY, since=JULY, id="tokyo")] == ["1026"]


def test_an_increase_touches_the_period_that_holds_its_day(store):
    let(store, rent(start=date(2026, 2, 15), months=3))
    DESK.change_increase(store, "house", "rent", RISE, from_=JULY, on=TODAY)
    DESK.change_increase(store, "house", "rent", RISE, from_=JULY, on=TODAY)
    events = [recorded.event for recorded in store.journal.after(0, limit=9)]
    assert [(event.change, event.since) for event in events] == [
        ("started", date(2026, 2, 15)),
        ("increase-changed", date(2026, 5, 15)),
    ]


@pytest.mark.parametrize(
    ("percentage", "day", "message"),
    [
        (Decimal(-1), JULY, "use 0 to 100"),
        (Decimal("100.01"), JULY, "use 0 to 100"),
        (RISE, START, "give a later day"),
        (RISE, date(2025, 7, 1), "give a later day"),
    ],
)
def test_an_increase_that_cannot_be_is_refused(store, percentage, day, message):
    let(store)
    with pytest.raises(InvalidValue, match=message):
        DESK.change_increase(store, "house", "rent", percentage, from_=day, on=TODAY)
    with pytest.raises(InvalidValue, match=message):
        let(store, rent(increase=percentage, increase_from=day), id="other")


def test_an_increase_has_a_percentage_and_a_day():
    for half in ({"increase": "2.5"}, {"increase_from": JULY}):
        with pytest.raises(InvalidValue, match="give increase and increase_from"):
            rent(**half)
    with pytest.raises(InexactNumber):
        rent(increase=2.5, increase_from=JULY)


def test_a_fixed_price_never_rises(store):
    with pytest.raises(InvalidValue, match="its price is fixed"):
        let(store, rent(price_fixed=True, increase="2.5", increase_from=JULY))
    let(store, rent(price_fixed=True))
    with pytest.raises(InvalidValue, match="its price is fixed"):
        DESK.change_increase(store, "house", "rent", RISE, from_=JULY, on=TODAY)
    DESK.change_price(store, "house", "rent", Decimal("900.00"), from_=JULY, on=TODAY)
    assert prices(store, JULY) == ["900.00"]


def test_increases_survive_being_written_down(store):
    let(store, rent(increase="2.5", increase_from=JULY), rent("parking", price="75.00"))
    DESK.increase(store, Decimal("3.25"), from_=date(2027, 1, 1), on=TODAY)
    kept_line = store.get(Subscription, "house")
    assert loads(Subscription, dumps(kept_line)) == kept_line
    assert [line.single_increases.steps for line in kept_line.lines] == [((date(2027, 1, 1), Decimal("3.25")),)] * 2


# ------------------------------------------------------------------------------------------------------- many at once


def everybody(store):
    """One line of every kind that an increase meets."""
    let(
        store,
        rent(),
        rent("service", price="55.00", price_fixed=True),
        rent("ended"),
        rent("later", start=JULY),
        rent("agreed"),
        rent("yearly", increase=4, increase_from=JULY),
    )
    let(store, rent(price="75.00"), id="parking")
    DESK.end(store, "house", "ended", last_day=date(2026, 6, 30), reason="Moved out", on=TODAY)
    DESK.change_price(store, "house", "agreed", Decimal("870.00"), from_=JULY, on=TODAY)


def test_many_lines_rise_at_once_and_the_report_says_which_did_not(store):
    """845.00 × 1.025 = 866.125 → 866.13; 75.00 × 1.025 = 76.875 → 76.88."""
    everybody(store)
    report = DESK.increase(store, RISE, from_=JULY, on=TODAY)
    assert [(one.subscription, one.line, str(one.was), str(one.price)) for one in report.increased] == [
        ("house", "rent", "845.00", "866.13"),
        ("parking", "rent", "75.00", "76.88"),
    ]
    assert [(one.line, sentence(one.because, "en"), sentence(one.because, "nl")) for one in report.left_out] == [
        (
            "service",
            "The price is fixed: no percentage raises it",
            "De prijs staat vast: geen percentage verhoogt hem",
        ),
        (
            "ended",
            "Ended, last day 30 June 2026 (Moved out)",
            "Beëindigd, laatste dag 30 juni 2026 (Moved out)",
        ),
        ("later", "Starts only on 1 July 2026", "Begint pas op 1 juli 2026"),
        ("agreed", "870.00 was agreed from that day", "Per die dag is 870,00 afgesproken"),
        ("yearly", "Rises by 4% on that day, as agreed", "Stijgt die dag met 4%, zoals afgesproken"),
    ]
    assert prices(store, date(2026, 6, 1)) == ["845.00"]
    assert {item.key.fact: str(item.price.amount) for item in answer(store, JULY, since=JULY)} == {
        "rent": "866.13",
        "service": "55.00",
        "ended": "845.00",
        "later": "845.00",
        "agreed": "870.00",
        "yearly": "878.80",  # 845.00 × 1.04
    }


def test_the_same_increase_again_changes_nothing(store):
    everybody(store)
    first = DESK.increase(store, RISE, from_=JULY, on=TODAY)
    before = kept(store, OFFICE.records)
    assert DESK.increase(store, RISE, from_=JULY, on=TODAY) == first
    assert kept(store, OFFICE.records) == before


def test_another_percentage_from_the_same_day_takes_its_place(store):
    """Not 866.13 × 1.03, but 845.00 × 1.03 = 870.35; and with zero 845.00 stays."""
    let(store)
    DESK.increase(store, RISE, from_=JULY, on=TODAY)
    [again] = DESK.increase(store, Decimal(3), from_=JULY, on=TODAY).increased
    assert (str(again.was), str(again.price), prices(store, JULY)) == ("845.00", "870.35", ["870.35"])
    [back] = DESK.increase(store, Decimal(0), from_=JULY, on=TODAY).increased
    assert (str(back.was), str(back.price), prices(store, JULY)) == ("845.00", "845.00", ["845.00"])


def test_nothing_is_taken_back_where_nothing_rose(store):
    let(store)
    assert DESK.increase(store, Decimal(0), from_=JULY, on=TODAY).left_out == (
        LeftOut(subscription="house", line="rent", because=Reason("increase.none")),
    )
    assert store.get(Subscription, "house").lines[0].single_increases is None


def test_only_those_that_are_named_rise(store):
    everybody(store)
    report = DESK.increase(store, RISE, from_=JULY, on=TODAY, subscriptions=["parking", "parking"])
    because = Reason(
        "subscription.raised",
        Decimal("76.88"),
        (("percentage", RISE), ("was", Decimal("75.00")), ("from", JULY)),
    )
    assert report.increased == (
        PriceIncrease(
            subscription="parking", line="rent", was=Decimal("75.00"), price=Decimal("76.88"), because=because
        ),
    )
    assert report.left_out == ()


def test_one_that_does_not_exist_or_a_wrong_percentage_raises_nobody(store):
    everybody(store)
    before = kept(store, OFFICE.records)
    with pytest.raises(NotFound):
        DESK.increase(store, RISE, from_=JULY, on=TODAY, subscriptions=["parking", "nowhere"])
    for wrong in (Decimal(-1), Decimal(101)):
        with pytest.raises(InvalidValue, match="use 0 to 100"):
            DESK.increase(store, wrong, from_=JULY, on=TODAY)
    assert kept(store, OFFICE.records) == before


def test_each_subscription_is_asked_again_once_and_says_so_once(store):
    let(store, rent(), rent("parking", months=3, start=date(2026, 2, 15)))
    DESK.increase(store, RISE, from_=JULY, on=TODAY)
    events = [recorded.event for recorded in store.journal.after(0, limit=9)]
    assert [(event.change, event.since) for event in events] == [
        ("started", START),
        ("price-raised", date(2026, 5, 15)),  # the quarter of the parking holds 1 July
    ]


def test_more_than_fit_on_a_page_rise_together(monkeypatch):
    monkeypatch.setattr("fanbilling.sources.subscriptions.joint.PAGE", 2)
    with MemoryBooks()() as store:
        store.add(Party(id="tenant", name="T. Huurder"))
        for n in range(5):
            let(store, id=f"house-{n}")
        report = DESK.increase(store, RISE, from_=JULY, on=TODAY)
    assert [one.subscription for one in report.increased] == [f"house-{n}" for n in range(5)]


# ---------------------------------------------------------------------------------------------------------------- laws


def raised_cents(cents, hundredths):
    """A price in cents after a rise in hundredths of a percent: half up, in whole numbers."""
    return (2 * cents * (10_000 + hundredths) + 10_000) // 20_000


@given(st.integers(0, 1_000_000), st.integers(0, 10_000), st.integers(1, 12), st.dates(START, date(2031, 12, 31)))
def test_after_n_years_the_price_is_the_one_before_raised_n_times(cents, hundredths, years, first):
    start = date(first.year - 2, 1, 1)
    line = rent(
        start=start,
        price=Decimal(cents) / 100,
        months=12,
        anchor=first,
        increase=Decimal(hundredths) / 100,
        increase_from=first,
    )
    with MemoryBooks()() as store:
        store.add(Party(id="tenant", name="T. Huurder"))
        let(store, line)
        items = answer(store, date(first.year + years, 12, 31), since=first)
    expected = [raised_cents(cents, hundredths)]
    for _ in range(years):
        expected.append(raised_cents(expected[-1], hundredths))
    assert [item.price.amount * 100 for item in items] == expected


DAYS = st.dates(date(2026, 1, 2), date(2029, 12, 31)) | st.sampled_from([JULY, date(2028, 2, 29), date(2028, 7, 1)])
PERCENTS = st.sampled_from([Decimal(0), Decimal("2.5"), Decimal("3.33"), Decimal(10)])
AGREED = st.lists(
    st.tuples(st.just("price"), DAYS, st.sampled_from([Decimal("100.00"), Decimal("845.55")]))
    | st.tuples(st.just("yearly"), DAYS, PERCENTS)
    | st.tuples(st.just("single"), DAYS, PERCENTS),
    max_size=6,
)


def recurs(first, day):
    """Whether a day is the one on which something of an earlier day returns every year."""
    if (first.month, first.day) == (2, 29):
        last = (day + timedelta(days=1)).month == 3 and day.month == 2
        return last and day >= first
    return (day.month, day.day) == (first.month, first.day) and day >= first


def walked(agreed):
    """The price of every day, by walking through the days; the latest word about a day counts."""
    said = {kind: {day: figure for one, day, figure in agreed if one == kind} for kind in ("price", "yearly", "single")}
    price, day, found = Decimal("845.00"), START, {}
    while day < date(2033, 1, 1):
        last = max((first for first in said["yearly"] if first <= day), default=None)
        if day in said["price"]:
            price = said["price"][day]
        elif day in said["single"]:
            price = Decimal(raised_cents(int(price * 100), int(said["single"][day] * 100))) / 100
        elif last is not None and recurs(last, day):
            price = Decimal(raised_cents(int(price * 100), int(said["yearly"][last] * 100))) / 100
        found[day] = price
        day += timedelta(days=1)
    return found


@given(AGREED, st.sampled_from([1, 3, 12]))
def test_whatever_is_agreed_every_day_has_the_price_that_a_calendar_would_show(agreed, months):
    """Also: the items tile the days (law L2), and each is whole days at one price."""
    with MemoryBooks()() as store:
        store.add(Party(id="tenant", name="T. Huurder"))
        let(store, rent(months=months))
        rises = {"price": DESK.change_price, "yearly": DESK.change_increase}
        singles = {}
        for kind, day, figure in agreed:
            if kind == "single":
                report = DESK.increase(store, figure, from_=day, on=TODAY)
                singles |= dict.fromkeys([day] if report.increased else [], figure)
            else:
                rises[kind](store, "house", "rent", figure, from_=day, on=TODAY)
        items = answer(store, date(2032, 12, 31))
    told = [one for one in agreed if one[0] != "single"] + [("single", *one) for one in singles.items()]
    charged = {}
    for item in items:
        for n in range(item.supplied.days):
            day = item.supplied.start + timedelta(days=n)
            assert day not in charged
            charged[day] = item.price.amount
    assert charged == walked(told)


@example([("yearly", date(2026, 1, 2), Decimal("2.5"))], date(2026, 1, 2), Decimal(0), False)
@given(AGREED, DAYS, PERCENTS, st.booleans())
def test_an_increase_leaves_what_was_due_before_it_as_it_was(agreed, day, percentage, once):
    """Every period that ends before the day is the same item as before, to its reason (law S6)."""
    with MemoryBooks()() as store:
        store.add(Party(id="tenant", name="T. Huurder"))
        let(store)
        for kind, first, figure in agreed:
            if kind == "single":
                DESK.increase(store, figure, from_=first, on=TODAY)
            else:
                {"price": DESK.change_price, "yearly": DESK.change_increase}[kind](
                    store, "house", "rent", figure, from_=first, on=TODAY
                )
        before = answer(store, date(2030, 12, 31))
        if once:
            DESK.increase(store, percentage, from_=day, on=TODAY)
        else:
            DESK.change_increase(store, "house", "rent", percentage, from_=day, on=TODAY)
        after = answer(store, date(2030, 12, 31))
    ends = {item.key: item.supplied.last_day for item in before}  # of the whole period: it may be cut into several
    earlier = [item for item in before if ends[item.key] < day]
    assert after[: len(earlier)] == earlier
    assert until(after, day) == until(before, day)


def until(items, day):
    """What each day before a day costs."""
    return {
        item.supplied.start + timedelta(days=n): item.price.amount
        for item in items
        for n in range(item.supplied.days)
        if item.supplied.start + timedelta(days=n) < day
    }
