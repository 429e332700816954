"""Runs: one bad client never stops the others, and a write that fails leaves nothing half done (law L19)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling import Address, Administration, Office, Party, Price, Seller, joined, verify
from fanbilling.domain.errors import AdapterFailure, Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.events import Actor
from fanbilling.sources.manual import Line, Manual
from tests.desks.worlds import STORES, office

DAY = date(2026, 1, 31)
NAMES = ("a", "b", "c", "d", "e")


@attrs.frozen
class Moody(Manual):
    """A source that cannot answer for one client, or answers what it was not asked."""

    mood: str = ""

    def items(self, reading, asked, until):
        for item in super().items(reading, asked, until):
            if item.client != "c":
                yield item
            elif self.mood == "raises":
                raise ZeroDivisionError("cannot say")
            elif self.mood == "answers for another day":
                yield attrs.evolve(item, key=attrs.evolve(item.key, filed=date(1999, 1, 1)))
            elif self.mood == "is negative":
                yield attrs.evolve(item, quantity=Decimal(-1))
            elif self.mood == "has a float":
                yield attrs.evolve(item, quantity=1.5)
            else:
                yield item


class Failing:
    """Books of which some openings fail when they are kept."""

    def __init__(self, books, failures):
        self.books, self.failures, self.sizes = books, failures, []

    @contextmanager
    def __call__(self, *, by=Actor("system"), at=None):
        with self.books(by=by, at=at) as store:
            yield store
            if self.failures:
                raise self.failures.pop(0)


@pytest.fixture(params=STORES)
def world(request):
    """An office with five clients who each owe one line, on every store."""
    desk = office()
    with STORES[request.param](desk) as books:
        fill(desk, books)
        yield desk, books


def fill(desk, books):
    with books() as store:
        for name in NAMES:
            desk.crm.register(store, Party(id=name, name=name.upper()), on=DAY)
            desk.manual.add(store, Line(id=f"l-{name}", client=name, on=DAY, text="Work", price=Price.of(10)), on=DAY)


def numbers(books):
    with books() as store:
        return [document.number for document in store.documents.page(limit=99)]


@pytest.mark.parametrize("mood", ["raises", "answers for another day", "is negative", "has a float"])
def test_a_source_that_fails_for_one_client_sets_that_one_aside(world, mood):
    """The others get their bills in the same run; the one stays due, and gets its bill when the source is mended."""
    desk, books = world
    moody = Office(administration=desk.administration, sources=[Moody(mood=mood)])
    report = moody.billing.run(books, until=DAY, on=DAY)
    assert report.documents == 4
    [failure] = report.failures
    assert failure.payer == "c"
    assert failure.problem
    assert verify(books) == []
    with books() as store:
        [left] = moody.billing.why_not(store, until=DAY)
    asked_for = "answers for another day"  # every day is asked here
    assert (left.payer, left.because.rule) == ("c", "unbilled.ready" if mood == asked_for else "unbilled.failed")
    assert desk.billing.run(books, until=DAY, on=DAY).documents == 1
    assert numbers(books) == [f"2026-000{n}" for n in range(1, 6)]


def test_a_batch_that_cannot_be_written_is_repeated_by_halves(world):
    """Two refusals at the moment of keeping: everything is issued all the same, once, without a gap."""
    desk, books = world
    failing = Failing(books, [Conflict("somebody was first"), AdapterFailure("gone", retryable=True)])
    report = desk.billing.run(failing, until=DAY, on=DAY)
    assert (report.documents, report.failures) == (5, ())
    assert numbers(books) == [f"2026-000{n}" for n in range(1, 6)]
    assert verify(books) == []


def test_the_one_whose_bill_cannot_be_written_is_named(world):
    """Down to one client, the failure is a row of the report, and the run goes on."""
    desk, books = world
    failing = Failing(books, [AdapterFailure("full")] * 3)  # five, two, one
    report = desk.billing.run(failing, until=DAY, on=DAY)
    assert [(failure.payer, failure.code) for failure in report.failures] == [("a", "adapter-failure")]
    assert report.documents == 4


def test_a_run_dated_before_the_last_document_issues_nothing(world):
    """Dates never go back along a series: every payer is reported with both dates, and stays due."""
    desk, books = world
    with books() as store:
        [draft] = desk.billing.preview(store, "a", until=DAY, on=date(2026, 3, 1))
        desk.billing.issue(store, draft)
    report = desk.billing.run(books, until=DAY, on=DAY)
    assert {failure.code for failure in report.failures} == {"date-before-series"}
    assert [failure.payer for failure in report.failures] == ["b", "c", "d", "e"]
    assert all("2026-03-01" in failure.problem for failure in report.failures)
    assert numbers(books) == ["2026-0001"]
    assert verify(books) == []


def test_a_run_inside_the_transaction_of_a_host_is_undone_with_it(world):
    """`joined` bills in savepoints: when the host rolls back, nothing was ever billed."""
    desk, books = world
    documents = []

    def host() -> None:
        with books() as store:
            documents.append(desk.billing.run(joined(store), until=DAY, on=DAY, batch=2).documents)
            raise KeyError

    with pytest.raises(KeyError):
        host()
    assert documents == [5]
    assert numbers(books) == []
    assert desk.billing.run(books, until=DAY, on=DAY).documents == 5


def test_every_desk_refuses_the_books_of_another_administration(world):
    """Law L20: the message names both, and nothing is written."""
    _, books = world
    seller = Seller(name="Other", address=Address(country="NL"))
    other = Office(administration=Administration(id="be", seller=seller), sources=[Manual()])
    for refused in (
        lambda store: other.crm.register(store, Party(id="x", name="X"), on=DAY),
        lambda store: other.billing.preview(store, "a", until=DAY, on=DAY),
        other.receivables.open_items,
        lambda store: other.manual.withdraw(store, "l-a", on=DAY, reason="x"),
    ):
        with pytest.raises(RuleViolation, match="'nl'"), books() as store:
            refused(store)
    with pytest.raises(RuleViolation, match="'nl'"):
        other.billing.run(books, until=DAY, on=DAY)
    assert numbers(books) == []


def test_an_unknown_payer_has_no_preview(world):
    """A spelling mistake is not an empty bill."""
    desk, books = world
    with books() as store, pytest.raises(NotFound):
        desk.billing.preview(store, "nobody", until=DAY, on=DAY)


@pytest.mark.parametrize("day", ["2026-01-31", None, 20260131])
def test_a_day_that_is_not_a_day_is_refused(world, day):
    """A text or a number for a day is refused at the door, and nothing is kept."""
    desk, books = world
    with books() as store, pytest.raises(InvalidValue, match="date"):
        desk.manual.add(store, Line(id="x", client="a", on=day, text="Work", price=Price.of(10)), on=DAY)
    for call in (
        lambda store: desk.billing.preview(store, "a", until=day, on=DAY),
        lambda store: desk.billing.preview(store, "a", until=DAY, on=day),
    ):
        with books() as store, pytest.raises(InvalidValue, match="date"):
            call(store)
    with pytest.raises(InvalidValue, match="date"):
        desk.billing.run(books, until=day, on=DAY)
