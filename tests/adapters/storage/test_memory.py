"""The store in memory holds the contract it is the measure of, and guards its lock."""

import threading

import pytest

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import RuleViolation
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts import StoreContract
from fanbilling.testing.contracts.storing.kinds import Card


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def new_books(self):
        return MemoryBooks

    @pytest.fixture
    def neighbour(self):
        return MemoryBooks("be")


def test_books_that_are_open_are_not_opened_again_by_who_has_them():
    books = MemoryBooks()
    with books() as store:
        with pytest.raises(RuleViolation, match="open already"), books():
            pass
        store.add(Card(id="c1"))
    with books() as store:
        assert store.get(Card, "c1").id == "c1"


def test_one_writes_at_a_time_and_the_next_one_waits():
    books, errors = MemoryBooks(), []

    def work(worker):
        for n in range(20):
            with books(by=Actor(f"w{worker}")) as store:
                seen = len(store.find(Card))
                store.add(Card(id=f"{worker}-{n}", size=seen))
                if len(store.find(Card)) != seen + 1:
                    errors.append((worker, n))

    workers = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with books() as store:
        assert errors == []
        assert sorted(card.size for card in store.find(Card)) == list(range(80))


def test_books_that_could_not_be_opened_can_be_opened_afterwards():
    books = MemoryBooks()
    with pytest.raises(ZeroDivisionError), books():
        raise ZeroDivisionError
    with books() as store:
        assert list(store.find(Card)) == []
