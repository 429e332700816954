"""Many processes at once: numbers without a gap, no deadlock, and who follows the journal misses nothing."""

import os
import select
from contextlib import ExitStack
from datetime import date

from fanbilling import Party
from fanbilling.domain.events import Actor, InvoiceIssued
from tests.chaos.audit import finished
from tests.chaos.company import DESK, founded, last_day, undisturbed
from tests.chaos.killing import child

PROCESSES = 8
ENTERED = 3
UNTIL, ON = last_day(0), date(2026, 2, 1)


def issuing(books, clients, worker):
    """Issue the bills of every eighth client, each in a transaction of its own, and enter new clients in between.

    Who issues waits for the numbers; who enters clients does not, and only the journal keeps them in order.
    """

    def work(report):
        for client in [f"c{n:04}" for n in range(worker, clients, PROCESSES)]:
            with books.reading() as store:
                [draft] = DESK.billing.preview(store, client, until=UNTIL, on=ON)
            with books(by=Actor(f"w{worker}")) as store:
                DESK.billing.issue(store, draft)
            with books(by=Actor(f"w{worker}")) as store:
                for new in range(ENTERED):
                    DESK.crm.register(store, Party(id=f"{client}-{new}", name="New"), on=ON)
        report("done")

    return work


def following(books, over):
    """Follow the journal until the others are done: report every position that does not follow, and how many came."""

    def work(report):
        last, issued, pages, more = 0, 0, 0, True
        while more:
            more = not select.select([over], [], [], 0.001)[0]  # asked before the last look: nothing comes after
            while True:
                with books.reading() as store:
                    page = store.journal.after(last, limit=100)
                if not page:
                    break
                pages += 1
                for row in page:
                    if row.position != last + 1:
                        report(f"{row.position} after {last}; ")
                    last = row.position
                    issued += isinstance(row.event, InvoiceIssued)
        report(f"{issued} issued, the last at {last}, {'meanwhile' if pages > 10 else 'all at once'}")

    return work


def test_many_processes_into_one_series(url, open_books, often):
    clients = often(240, 2_000)
    books = open_books(url)
    founded(books, clients)
    with books.reading() as store:
        before = store.counters()["journal"]
    books.close()
    over, tell = os.pipe()
    with child(following(books, over)) as followed:
        with ExitStack() as everybody:
            said = [everybody.enter_context(child(issuing(books, clients, n))) for n in range(PROCESSES)]
            assert [one.read() for one in said] == ["done"] * PROCESSES
        os.write(tell, b"over")
        assert followed.read() == f"{clients} issued, the last at {before + clients * (1 + ENTERED)}, meanwhile"
    os.close(over)
    os.close(tell)
    assert finished(books, DESK, UNTIL, undisturbed(clients, 1)) == []
