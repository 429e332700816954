"""What is asked of the database does not depend on how many are billed: a fixed number of statements, each by a key."""

from collections import Counter
from contextlib import contextmanager
from datetime import date

import attrs
import pytest
from sqlalchemy import Select, event

from fanbilling.adapters.storage.sql import SqlBooks, agenda, billed, decisions, documents, journal, ledger, records
from fanbilling.domain.errors import InvalidValue
from fanbilling.domain.parties import Party
from fanbilling.domain.ports.sourcing import OneOf
from fanbilling.domain.records import kind_of
from fanbilling.testing.contracts.storing import values
from fanbilling.testing.contracts.storing.kinds import KINDS, Card

DAY = values.DAY


@pytest.fixture
def books(tmp_path):
    books = SqlBooks(f"sqlite:///{tmp_path}/books.db", records=KINDS)
    yield books
    books.close()


@contextmanager
def counted(books):
    """The statements that are sent, savepoints included."""
    sent = []

    def note(_connection, _cursor, statement, _values, _context, _many):
        sent.append(statement)

    engine = books._opened()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def answers(store, payers):
    rows = store.agenda.due(DAY, limit=payers)
    return [attrs.evolve(row, ask_on=date(2026, 2, 28), asked_until=DAY) for row in rows]


#: What a run does for n payers, and in how many statements; a write of many has a savepoint around it (two of them).
STEPS = {
    "add": (3, lambda store, n: store.add(*(Card(id=f"c{i}") for i in range(n)))),
    "get_many": (1, lambda store, n: store.get_many(Card, [f"c{i}" for i in range(n)])),
    "find one of": (1, lambda store, n: store.find(Card, {"client": OneOf(tuple(f"p{i}" for i in range(n)))})),
    "touch": (3, lambda store, n: store.agenda.touch([values.touch(f"a{i}", f"p{i}") for i in range(n)])),
    "due": (1, lambda store, n: store.agenda.due(DAY, limit=n)),
    "bill": (3, lambda store, n: store.billed.append([values.billed(values.key(f"a{i}")) for i in range(n)])),
    "windows": (1, lambda store, n: store.billed.of([values.window(f"a{i}") for i in range(n)])),
    "decide": (4, lambda store, n: store.decisions.add([values.decision(f"w{i}") for i in range(n)])),
    "decided": (1, lambda store, n: store.decisions.of([values.window(f"a{i}") for i in range(n)])),
    "post": (3, lambda store, n: store.ledger.post([values.booking(f"b{i}") for i in range(n)])),
    "seal": (5, lambda store, n: store.documents.seal([values.invoice(f"d{i}") for i in range(n)], values.PATTERN)),
    "documents": (1, lambda store, n: store.documents.get_many([f"d{i}" for i in range(n)])),
    "journal": (4, lambda store, n: store.journal.append([values.registered(f"p{i}") for i in range(n)])),
    "answered": (2, lambda store, n: store.agenda.answered(answers(store, n))),  # one of them reads what is answered
}


@pytest.mark.parametrize("payers", [2, 500])
def test_a_batch_takes_as_many_statements_whatever_its_size(books, payers):
    needed = {}
    with books() as store:
        for name, (_, step) in STEPS.items():
            with counted(books) as sent:
                step(store, payers)
            needed[name] = len(sent)
    assert needed == {name: number for name, (number, _) in STEPS.items()}


def test_every_one_of_five_hundred_is_answered(books):
    """One list as one parameter: all of them count, not only the first."""
    with books() as store:
        for _, step in STEPS.values():
            step(store, 500)
        windows = [values.window(f"a{i}") for i in range(500)]
        assert len(store.get_many(Card, [f"c{i}" for i in range(500)])) == 500
        assert len(store.billed.of(windows)) == 500
        assert len(store.documents.get_many([f"d{i}" for i in range(500)])) == 500
        assert store.agenda.due(DAY, limit=500) == []
        assert len(store.agenda.due(date(2026, 3, 1), limit=400)) == 400


def questions():
    """Every question that a store asks as it stands in its modules."""
    for module in (agenda, billed, decisions, documents, journal, ledger):
        for name, statement in vars(module).items():
            if isinstance(statement, Select) and (statement._limit_clause is not None or name in {"_GET", "_INSIDE"}):
                yield f"{module.__name__.rpartition('.')[2]}{name}", statement
    drawer = records._drawer(kind_of(Party))
    yield from {"record by id": drawer.one, "records by id": drawer.many}.items()
    yield from {f"agenda of {given}": agenda._OF[given] for given in ((True, False), (False, True))}.items()
    yield from {"billed of a document": billed._OF_DOCUMENT, "open of a party": ledger._OPEN_OF}.items()


@pytest.mark.parametrize(("name", "statement"), list(questions()))
def test_every_question_is_answered_through_a_key(books, name, statement):
    """The plan narrows the administration down by something else: it does not read all rows of it."""
    with books.reading() as store:
        connection = store._database.transaction.connection
        compiled = statement.compile(dialect=connection.dialect)
        some = tuple("1" for _ in compiled.positiontup)
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", some)]
    reads = [step for step in plan if step.startswith(("SCAN fb_", "SEARCH fb_"))]
    assert reads, name
    assert [step for step in reads if " AND " not in step] == [], name


def test_the_few_that_are_due_are_found_among_many(books):
    """The work of finding 50 payers among 20,000 is a fraction of what reading their rows would be."""
    with books() as store:
        touches = [values.touch(f"a{i}", f"p{i:05}", ask_on=date(2026, 12, 31)) for i in range(20_000)]
        store.agenda.touch(touches)
        store.agenda.touch([values.touch(f"a{i}", f"p{i:05}", ask_on=DAY) for i in range(0, 20_000, 400)])
        driver = store._database.transaction.connection.connection.driver_connection
        steps = Counter()
        driver.set_progress_handler(lambda: steps.update(["thousand"]), 1000)
        found = store.agenda.due(DAY, limit=500)
        driver.set_progress_handler(None, 0)
    assert len(found) == 50
    assert steps["thousand"] < 250, "a few steps of the index per row that is passed over"


def test_a_text_that_the_database_would_cut_off_is_refused(books):
    """SQLite ends a text in a list at NUL: the window of another agreement would be read, and billed twice."""
    with books() as store:
        store.billed.append([values.billed(values.key("a")), values.billed(values.key("a\\u0000b"))])
        with pytest.raises(InvalidValue, match="NUL"):
            store.billed.of([values.window("a\0b")])
        assert [entry.key.agreement for entry in store.billed.of([values.window("a\\u0000b")])] == ["a\\u0000b"]
