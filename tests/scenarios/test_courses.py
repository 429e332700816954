"""Every figure that was worked out by hand in courses.md is what the library bills, on every store."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from fanbilling.domain.dated import EVER, Dated
from tests.sources.courses.worlds import EARLY, START, WEEKS, course, office, opened, registration, session
from tests.stores import STORES

PAGE = Path(__file__).with_name("courses.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]
WORKED = [tuple(row) for row in ROWS if row[0] != "story"]
STORIES = {}
OFFICE = office()
DESK = OFFICE.courses
JUNE = date(2026, 6, 8)
MONTHS = [(date(2026, n, last), date(2026, n + 1, 1)) for n, last in ((3, 31), (4, 30), (5, 31), (6, 30))]


def story(told):
    """A story: it yields at the end of each month, when the bills of that month are made."""
    STORIES[told.__name__.replace("_", "-")] = told
    return told


def school(store, capacity=4, **changes):
    """Safety in May and in June, and Care in June."""
    safety = course(**({"price": "395.00"} | changes))
    care = course("care", title="Care", price="300.00", tax_class="exempt")
    sessions = session(capacity=capacity), session("june", JUNE), session("care", JUNE, course="care")
    opened(DESK, store, *sessions, courses=(safety, care))


def join(store, *ids, on=EARLY, **changes):
    for id in ids:
        DESK.register(store, registration(id, **changes), on=on)


def april(n):
    return date(2026, 4, n)


def may(n):
    return date(2026, 5, n)


@story
def moved(store):
    school(store)
    join(store, "r1")
    store = yield
    DESK.move(store, "r1", "june", on=april(10), client="beta", fee=Decimal("45.00"))


@story
def tiers(store):
    school(store)
    join(store, "r1", "r2", "r3", "r4")
    store = yield
    DESK.cancel(store, "r1", on=april(20), reason="ill")
    DESK.cancel(store, "r2", on=april(21), reason="ill")
    store = yield
    DESK.cancel(store, "r3", on=may(11), reason="ill")
    DESK.cancel(store, "r4", on=may(12), reason="ill")


@story
def waited(store):
    school(store, capacity=1)
    join(store, "r1")
    join(store, "r2", client="beta")
    store = yield
    DESK.cancel(store, "r1", on=april(10), reason="ill")


@story
def called_off(store):
    school(store)
    join(store, "r1", "r2")
    store = yield
    DESK.cancel(store, "r1", on=april(22), reason="ill")
    store = yield
    DESK.cancel_session(store, "may", on=may(4), reason="too few")


@story
def both(store):
    school(store)
    join(store, "r1")
    join(store, "r2", session="care")
    yield


@story
def three(store):
    school(store)
    join(store, "r1", "r2", "r3", discount=Decimal(10), voucher="SPRING")
    yield


@story
def substitute(store):
    school(store, cancellation=attrs.evolve(WEEKS, substitution=Decimal("35.00")))
    join(store, "r1")
    store = yield
    store = yield
    DESK.substitute(store, "r1", on=may(15), name="Jan Vos", email="jan@vos.example")


@story
def early(store):
    school(store, price=Dated(((EVER, Decimal("395.00")), (april(1), Decimal("450.00")))))
    join(store, "r1")
    store = yield
    join(store, "r2", on=april(2), client="beta")
    DESK.move(store, "r1", "june", on=april(10))


@story
def unknown(store):
    school(store)
    join(store, "r1", client="")
    store = yield
    DESK.identify(store, "r1", "beta", on=april(10))


@story
def no_show(store):
    school(store, bill_days_before=-7)
    join(store, "r1", "r2")
    store = yield
    store = yield
    DESK.attend(store, "r1", [START, may(19)], on=may(19))
    DESK.finish(store, "may", on=may(19))


def play(told, books):
    """Play a story month by month; every bill is made twice, and the second run finds nothing."""
    with books() as store:
        chapters = told(store)
        next(chapters)
    over = False
    for until, on in MONTHS:
        for expected in (None, 0):
            report = OFFICE.billing.run(books, until=until, on=on)
            assert report.failures == ()
            assert expected is None or report.documents == expected
        assert OFFICE.verify(books) == []
        if not over:
            with books() as store:
                over = ended(chapters, store)


def ended(chapters, store):
    try:
        chapters.send(store)
    except StopIteration:
        return True
    return False


def line_of(document):
    figures = (document.totals.taxable, document.totals.tax, document.totals.total)
    return (f"{document.until:%Y-%m}", document.payer, *(f"{figure:.2f}" for figure in figures))


def test_every_story_of_the_page_is_played():
    assert len(STORIES) == PAGE.count("\n## ")
    assert {row[0] for row in WORKED} == STORIES.keys()


@pytest.mark.parametrize("name", STORES)
@pytest.mark.parametrize("told", STORIES.values(), ids=STORIES.keys())
def test_a_story_comes_out_as_it_was_worked_by_hand(told, name):
    with STORES[name](OFFICE) as books:
        play(told, books)
        with books() as store:
            documents = store.documents.page(limit=99)
            balances = store.ledger.balances()
    mine = told.__name__.replace("_", "-")
    assert sorted(map(line_of, documents)) == sorted(row[1:] for row in WORKED if row[0] == mine)
    assert sum(balances.values()) == 0
