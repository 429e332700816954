"""Several workers at once bill what one would have billed; what passes is tried again; nothing is done twice."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

import attrs
import pytest

from fanbilling import Actor, Party, Price, verify
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.errors import AdapterFailure
from fanbilling.sources.manual import Line
from tests.desks.worlds import office

JAN, FEB = date(2026, 1, 31), date(2026, 2, 28)
CLIENTS = 23
OFFICE = office()


@pytest.fixture(params=["sqlite", "postgresql"])
def two_books(request, tmp_path):
    """Two books with the same in them: for one worker, and for several."""
    books = []
    for name in ("alone", "together"):
        if request.param == "sqlite":
            books.append(SqlBooks(f"sqlite:///{tmp_path}/{name}.db", records=OFFICE.records))
        else:
            books.append(SqlBooks(request.getfixturevalue("pg_url"), records=OFFICE.records, prefix=f"{name}_"))
        filled(books[-1])
    yield books
    for one in books:
        one.close()


def filled(books):
    """Clients with a line or two each; every fifth pays for the one after it; one credit note is on its way."""
    with books() as store:
        for n in range(CLIENTS):
            id = f"c{n:02}"
            OFFICE.crm.register(store, Party(id=id, name=id.upper()), on=JAN)
            OFFICE.manual.add(store, line(f"{id}-a", id, "10.00"))
            if n % 3 == 0:
                OFFICE.manual.add(store, line(f"{id}-b", id, "0.99"))


def line(id, client, price):
    return Line(id=id, client=client, on=JAN, text=id, price=Price.of(price))


def run(books, executor=None, **options):
    return OFFICE.billing.run(books, until=JAN, on=JAN, batch=4, executor=executor, **options)


def kept(books):
    """Everything that a run wrote, but for the numbers, which follow the order of the workers."""
    with books() as store:
        documents = store.documents.page(limit=100)
        return {
            "documents": sorted((attrs.evolve(d, number="", place=0) for d in documents), key=lambda d: d.id),
            "numbers": [document.number for document in documents],
            "billed": store.billed.page(limit=1000),
            "balances": store.ledger.balances(),
            "open": {(party, item): amount for (party, item, _), amount in store.ledger.open_items("1300").items()},
            "agenda": store.agenda.all(limit=1000),
            "events": len(store.journal.after(0, limit=1000)),
        }


def test_two_processes_bill_what_one_bills(two_books):
    """The same documents, entries, postings and days to ask on; the numbers are the same 23, in some order."""
    alone, together = two_books
    serial = run(alone)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
        report = run(together, workers)
    assert report == serial
    assert (report.documents, report.failures) == (CLIENTS, ())
    assert kept(together) == kept(alone)
    assert verify(together) == []
    assert run(together).documents == 0


def test_threads_bill_what_one_bills(two_books):
    alone, together = two_books
    with ThreadPoolExecutor(3) as workers:
        assert run(together, workers) == run(alone)
    assert kept(together) == kept(alone)


def test_the_documents_are_handed_over_in_the_order_of_the_payers(two_books):
    _, books = two_books
    seen = []
    with ThreadPoolExecutor(3) as workers:
        run(books, workers, watch=lambda documents: seen.extend(d.payer for d in documents))
    assert seen == [f"c{n:02}" for n in range(CLIENTS)]


def test_what_fails_in_a_worker_is_reported_and_the_others_go_on(two_books):
    """c07 has no party any more; whoever bills with an executor reads the same failure as one who bills alone."""
    for books in two_books:
        with books() as store:
            store.remove(Party, "c07")
    alone, together = two_books
    serial = run(alone)
    with ThreadPoolExecutor(2) as workers:
        assert run(together, workers) == serial
    assert [failure.payer for failure in serial.failures] == ["c07"]
    assert serial.documents == CLIENTS - 1


def test_a_batch_is_work_that_can_be_sent_to_another_machine(tmp_path):
    books = SqlBooks(f"sqlite:///{tmp_path}/books.db", records=OFFICE.records)
    again = pickle.loads(pickle.dumps((OFFICE, books)))
    assert again[0] == OFFICE
    assert (again[1].url, again[1].administration, again[1].records) == (books.url, "nl", OFFICE.records)


class Cut:
    """Books on a line that breaks: before what was done arrives, or when the answer that it is kept comes back."""

    def __init__(self, books, *, before=0, after=0):
        self.books, self.before, self.after = books, before, after

    @contextmanager
    def __call__(self, *, by=Actor("system"), at=None):
        with self.books(by=by, at=at) as store:
            yield store
            if self.before:
                self.before -= 1
                raise AdapterFailure("the line was cut", where="books", retryable=True)
        if self.after:
            self.after -= 1
            raise AdapterFailure("the line was cut", where="books", retryable=True)


@pytest.mark.parametrize("cut", [{"before": 1}, {"before": 3}, {"after": 1}, {"before": 1, "after": 1}])
def test_a_line_that_is_cut_neither_loses_nor_doubles_nor_forgets(cut):
    """Before the commit it is done again; after it, the books are asked: the report and the watcher miss nothing."""
    books = MemoryBooks()
    filled(books)
    seen = []
    report = run(Cut(books, **cut), watch=seen.extend)
    assert (report.documents, report.failures) == (CLIENTS, ())
    assert sorted(d.number for d in seen) == [f"2026-{n:04}" for n in range(1, CLIENTS + 1)]
    assert verify(books) == []


def test_a_line_that_stays_cut_ends_the_run_and_nothing_is_lost():
    """Nobody can say whether the last batch was kept: the caller is told so, and running again does the rest."""
    books = MemoryBooks()
    filled(books)
    with pytest.raises(AdapterFailure, match="the line was cut"):
        run(Cut(books, before=10_000))
    assert run(books).documents == CLIENTS


def test_a_run_that_waited_for_another_goes_on_behind_it(pg_url):
    """While it waits for the first batch of another run, that is billed: it must not take this for the end."""
    books = SqlBooks(pg_url, records=OFFICE.records)
    filled(books)
    with ThreadPoolExecutor(1) as other:
        with books() as store:
            held = store.agenda.due(JAN, limit=4)
            waiting = other.submit(run, books)
            while not _somebody_waits(store):
                pass
            store.agenda.answered([attrs.evolve(row, ask_on=FEB) for row in held])
        assert waiting.result().documents == CLIENTS - 4
    books.close()


def _somebody_waits(store):
    [(waiting,)] = store._database.transaction.ask("SELECT count(*) FROM pg_locks WHERE NOT granted", ())
    return waiting
