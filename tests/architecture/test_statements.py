"""A run asks and writes for many at once: the number of statements of a batch does not depend on the clients in it."""

from datetime import timedelta

import pytest

from bench.statements import counted
from bench.world import AT, BY, MONTH, build, month_end, office, opened

JANUARY = month_end(MONTH)
OF_A_BATCH = [
    "SELECT fb_agenda",  # who is due: whole payers
    "SELECT fb_subscriptions_subscription",
    "SELECT fb_decision",
    "SELECT fb_billed",
    "SELECT fb_parties_party",
    "UPDATE fb_agenda",
    "INSERT fb_billed",
    "INSERT fb_posting",
    "INSERT fb_counter",  # numbers, drawn when everything else is written
    "INSERT fb_document",
    "UPDATE fb_counter",  # the last link of the chain
    "INSERT fb_counter",  # places in the journal
    "INSERT fb_journal",
]

#: Nobody is due; and nobody is behind those whom another run may just have billed.
THE_END = ["SELECT fb_agenda", "SELECT fb_agenda"]


@pytest.fixture
def company(tmp_path):
    """The books of a company with so many clients, each of whom has a bill to get."""
    opened_books = []

    def made(clients, **options):
        path = tmp_path / f"{clients}.db"
        build(path, clients, **options)
        books = opened(path)
        books.create()
        opened_books.append(books)
        return books

    yield made
    for books in opened_books:
        books.close()


def told(books, until=JANUARY, **options):
    """What the database is told in a run: per transaction, the statements in short."""
    with counted() as batches:
        report = office().billing.run(books, until=until, on=until, by=BY, at=AT, **options)
    assert report.failures == ()
    return report.documents, [[short(statement) for statement in batch] for batch in batches]


def short(statement):
    verb = statement.partition(" ")[0]
    return f"{verb} {next(word for word in statement.replace('.', ' ').split() if word.startswith('fb_'))}"


@pytest.mark.parametrize("clients", [1, 300])
def test_a_batch_takes_the_same_statements_for_one_client_and_for_many(company, clients):
    documents, [batch, *rest] = told(company(clients))
    assert documents == clients  # or a statement that found one client only would look like a quick one
    assert batch == OF_A_BATCH
    assert rest == [THE_END]


def test_every_batch_takes_the_same_statements(company):
    documents, batches = told(company(300), batch=100)
    assert documents == 300
    assert batches == [OF_A_BATCH] * 3 + [THE_END]


def test_a_run_without_anybody_due_asks_for_nobody_else(company):
    books = company(50)
    told(books)
    assert told(books) == (0, [THE_END])


@pytest.mark.parametrize("clients", [1, 30])
def test_corrections_read_the_documents_that_they_correct_at_once(company, clients):
    books = company(clients)
    told(books)
    with books(by=BY, at=AT) as store:
        for number in range(clients):
            office().subscriptions.end(
                store, f"s{number:06}", "l1", last_day=JANUARY - timedelta(days=10), reason="moved", on=JANUARY
            )
    documents, [batch, _] = told(books, until=JANUARY)
    assert documents == clients
    assert batch.count("SELECT fb_document") == 1
    assert len(batch) == len(OF_A_BATCH) + 1
