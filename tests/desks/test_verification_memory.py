"""`verify` holds no more of large books than of small ones, sound or damaged."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from unittest import mock

import attrs
import pytest

from fanbilling import Party, Price, verify
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.chain import chain
from fanbilling.sources.manual import Line
from fanbilling.verification import reading, tallies
from tests.desks.worlds import office

JANUARY = date(2026, 1, 31)


class Made:
    """Books of any number of bills, all like the first one, made page by page while they are read."""

    def __init__(self, store, bills, *, wrong=()):
        [self.row] = store.documents.sealed(limit=2)
        [self.entry] = store.billed.page(limit=2)
        [self.booked] = store.ledger.entries(limit=2)
        *_, self.told = store.journal.after(0, limit=99)
        self.bills = bills
        self.wrong = set(wrong)
        self.head = ""
        self.documents = SimpleNamespace(
            sealed=lambda after, limit: self._page(self._row, after[1], limit), get_many=lambda _: {}
        )
        self.billed = SimpleNamespace(page=lambda after, limit: self._page(self._entry, _number(after), limit))
        self.ledger = SimpleNamespace(
            entries=lambda after, limit: self._page(self._booked, int(after[1:] or 0), limit), balances=self._balances
        )
        self.journal = SimpleNamespace(after=lambda position, limit: self._page(self._told, position, limit))

    @contextmanager
    def __call__(self):
        yield self

    def counters(self):
        return {f"series:{self.row.series}": self.bills, "journal": self.bills}

    def find(self, kind, where, *, order_by, after, limit):
        return []

    def get_many(self, kind, ids):
        return {}

    def _page(self, made, after, limit):
        return [made(n) for n in range(after + 1, min(after + limit, self.bills) + 1)]

    def _row(self, n):
        body = json.loads(self.row.body)
        body["id"], body["lines"][0]["key"][1] = f"d{n:06}", f"{n:06}"
        text, number = json.dumps(body), f"n{n}"
        self.head = chain(self.head if n > 1 else "", number, text)
        return attrs.evolve(self.row, id=f"d{n:06}", number=number, place=n, body=text, chain=self.head)

    def _entry(self, n):
        vat = self.entry.vat + (n in self.wrong)
        return attrs.evolve(
            self.entry, key=attrs.evolve(self.entry.key, agreement=f"{n:06}"), document=f"d{n:06}", vat=vat
        )

    def _booked(self, n):
        postings = [attrs.evolve(part, item=part.item and f"d{n:06}") for part in self.booked.postings]
        return attrs.evolve(self.booked, id=f"d{n:06}", postings=tuple(postings))

    def _told(self, n):
        event = attrs.evolve(self.told.event, document=f"d{n:06}", number=f"n{n}")
        return attrs.evolve(self.told, position=n, event=event)

    def _balances(self):
        return {(part.account, "EUR"): part.amount * self.bills for part in self.booked.postings}


def _number(after):
    return int(after[0].agreement) if after else 0


@pytest.fixture(scope="module")
def store():
    """Books with one bill of one line."""
    desk, books = office(), MemoryBooks()
    with books() as store:
        desk.crm.register(store, Party(id="a", name="A"), on=JANUARY)
        work = Line(id="w", client="a", on=JANUARY, text="Work", price=Price.of("50"), quantity=Decimal(2))
        desk.manual.add(store, work, on=JANUARY)
    desk.billing.run(books, until=JANUARY, on=JANUARY)
    with books() as store:
        yield store


@pytest.fixture(autouse=True)
def _small_pages():
    """Small enough that a few hundred bills are many pages, and more than any part holds."""
    with mock.patch.object(reading, "PAGE", 20), mock.patch.object(tallies, "PARTS", 64):
        yield


def held(books):
    """The findings, and the most that was held at any moment."""
    tracemalloc.start()
    try:
        return verify(books), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_times_the_bills_take_no_more_memory(store):
    """A bill takes 2 kB as text alone: 900 bills more would be 1.8 MB if they were kept, and their ids alone 50 kB."""
    verify(Made(store, 20))  # what is set up once is not counted
    few, small = held(Made(store, 100))
    many, large = held(Made(store, 1000))
    assert few == many == []
    assert large - small < 40_000


def test_a_culprit_among_many_takes_no_more_memory(store):
    """One of 64 parts is kept, about 16 of 1,000 bills: all facts kept whole would be 1 MB and more."""
    verify(Made(store, 20, wrong=[7]))
    few, small = held(Made(store, 100, wrong=[7]))
    many, large = held(Made(store, 1000, wrong=[7]))
    assert few == many
    assert [(f.law, f.where) for f in few if "billed entry" in f.where] == [
        ("L1", "n7, line 1, VAT of the billed entry")
    ]
    assert large - small < 200_000
