"""Whatever happens to the process, the books are whole: a transaction is there or it is not."""

import os
import pickle
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.errors import AdapterFailure, InvalidSetting, RuleViolation
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts.storing import values
from fanbilling.testing.contracts.storing.kinds import KINDS, Card
from fanbilling.testing.contracts.storing.transactions import begin, everything
from tests.chaos.killing import child

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def books(tmp_path):
    books = SqlBooks(f"sqlite:///{tmp_path}/books.db", records=KINDS)
    yield books
    books.close()


def driver(store):
    """The connection of the driver below a store."""
    return store._database.transaction.connection.connection.driver_connection


def bill(store):
    """Everything that a run writes for one batch."""
    begin(store)
    store.billed.append([values.billed(values.key(f"a{n}"), document=f"d{n}") for n in range(3)])
    store.ledger.post([values.booking(f"d{n}") for n in range(3)])
    store.documents.seal([values.invoice(f"d{n}") for n in range(3)], values.PATTERN)
    store.journal.append([values.registered(f"p{n}") for n in range(3)])


def test_the_books_are_whole_wherever_a_process_is_killed(books):
    """Killed at its n-th statement, for every n until it finishes: nothing of it is there, and it can be done again."""
    with books() as store:
        store.add(Card(id="there before"))
        empty = everything(store)
    books.close()
    for kill_at in range(1, 500):

        def work(report, kill_at=kill_at):
            left = [kill_at]

            def count(_statement):
                left[0] -= 1
                if not left[0]:
                    os.kill(os.getpid(), signal.SIGKILL)

            with books(by=Actor("eva"), at=AT) as store:
                driver(store).set_trace_callback(count)
                bill(store)
            report("finished")

        with child(work) as said:
            finished = said.read() == "finished"
        with books() as store:
            assert driver(store).execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            found = everything(store)
        books.close()
        if finished:
            break
        assert found == empty, f"killed at statement {kill_at}"
    else:
        pytest.fail("it never finished")
    assert kill_at > 20, "so many statements, so many places to be killed at"
    assert [row.number for row in found["documents"]] == [f"2026-{n:04}" for n in range(1, 5)]
    assert found["positions"] == [1, 2, 3, 4]


def test_one_reads_while_another_process_writes(books):
    """A reader waits for nobody, and sees the books as they were before the transaction that is still open."""
    with books() as store:
        store.add(Card(id="before"))
    books.close()

    def work(report):
        with books() as store:
            store.add(Card(id="during"))
            report(f"{os.getpid()}\n")
            signal.pause()

    impatient = SqlBooks(books.url, records=KINDS, patience=0)
    with child(work) as said:
        writer = int(said.readline())
        with books.reading() as store:
            assert [card.id for card in store.find(Card)] == ["before"]
        with pytest.raises(AdapterFailure, match="locked") as failure, impatient():
            pass
        assert failure.value.retryable
        assert failure.value.__cause__ is not None
        os.kill(writer, signal.SIGKILL)
    with impatient() as store:
        assert [card.id for card in store.find(Card)] == ["before"], "what was not committed went with the process"
    impatient.close()


def test_two_processes_number_their_documents_without_a_gap(books):
    books.create()
    books.close()

    def work(worker):
        for n in range(10):
            with books() as store:
                store.documents.seal([values.invoice(f"{worker}-{n}")], values.PATTERN)
                store.journal.append([values.registered(worker)])

    with child(lambda _report: work("a")):
        work("b")
    with books.reading() as store:
        assert [row.place for row in store.documents.sealed(limit=99)] == list(range(1, 21))
        assert [row.position for row in store.journal.after(0, limit=99)] == list(range(1, 21))


def test_several_may_open_new_books_at_once(tmp_path):
    """Each finds the file missing or half made, and all of them end up with the same books."""
    for n in range(10):
        books = SqlBooks(f"sqlite:///{tmp_path}/{n}.db", records=KINDS)

        def work(report, books=books):
            with books() as store:
                store.add(Card(id=str(os.getpid())))
            report("done")

        with child(work) as first, child(work) as second:
            assert (first.read(), second.read()) == ("done", "done")
        with books.reading() as store:
            assert len(store.find(Card)) == 2
        books.close()


def test_threads_take_turns(books):
    def work(n):
        with books(by=Actor(f"t{n}")) as store:
            store.journal.append([values.registered(f"p{n}")])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(20)))
    with books.reading() as store:
        found = store.journal.after(0, limit=99)
        assert [row.position for row in found] == list(range(1, 21))
        assert {row.by for row in found} == {f"t{n}" for n in range(20)}


def test_another_process_finds_the_same_books(books):
    with books(by=Actor("eva"), at=AT) as store:
        bill(store)
        written = everything(store)
    program = (
        "import pickle, sys\n"
        "from fanbilling.testing.contracts.storing.transactions import everything\n"
        "books = pickle.load(sys.stdin.buffer)\n"
        "with books.reading() as store: sys.stdout.buffer.write(pickle.dumps(everything(store)))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], input=pickle.dumps(books), capture_output=True, check=True)
    assert pickle.loads(run.stdout) == written


def test_a_full_disk_keeps_nothing_of_the_transaction(books):
    """Full in the middle of a batch: it fails, also when the failure is swallowed, and the books are as before."""
    with books() as store:
        store.add(Card(id="before"))
    with pytest.raises(AdapterFailure, match="full"), books() as store:  # noqa: PT012 - the disk is that of the store
        pages = driver(store).execute("PRAGMA page_count").fetchone()[0]
        driver(store).execute(f"PRAGMA max_page_count={pages + 4}")
        store.add(*(Card(id=f"c{n}", text="x" * 200) for n in range(1000)))
    with books() as store:
        driver(store).execute("PRAGMA max_page_count=1000000")
        assert [card.id for card in store.find(Card)] == ["before"]


def test_a_transaction_that_the_database_gave_up_is_not_gone_on_with(books):
    """What follows would be written outside any transaction, and the clean exit would say that all is kept."""
    with pytest.raises(AdapterFailure, match="gave the transaction up"), books() as store:  # noqa: PT012 - so is this
        store.add(Card(id="c1"))
        driver(store).execute("ROLLBACK")  # as SQLite does by itself on some errors of the disk
        with pytest.raises(AdapterFailure, match="no such table"):
            store._database.rows(text("SELECT 1 FROM nowhere"))
        with pytest.raises(AdapterFailure, match="gave the transaction up"):
            store.add(Card(id="c2"))
    with books.reading() as store:
        assert store.find(Card) == []


def test_books_that_are_open_are_not_opened_again_by_who_has_them(books):
    with books() as store:
        with pytest.raises(RuleViolation, match="open already"), books():
            pass
        store.add(Card(id="c1"))
        with books.reading() as other:
            assert other.find(Card) == []
    with books.reading() as store:
        assert store.find(Card) == [Card(id="c1")]


def test_who_only_reads_keeps_nothing(books):
    with books.reading() as store:
        store.add(Card(id="c1"))
    with books.reading() as store:
        assert store.find(Card) == []


def test_a_database_that_is_not_known_is_refused():
    with pytest.raises(InvalidSetting, match="mysql is not supported"), SqlBooks("mysql://host/db")():
        pass


def test_a_place_that_cannot_be_opened_is_the_databases_fault(tmp_path):
    with pytest.raises(AdapterFailure, match="unable to open"), SqlBooks(f"sqlite:///{tmp_path}/none/books.db")():
        pass
