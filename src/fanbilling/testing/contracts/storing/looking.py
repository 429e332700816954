"""Looking: books that can be opened only to look show one moment, wait for nobody, and keep nothing."""

from __future__ import annotations

from contextlib import suppress
from threading import Event
from typing import ClassVar

import pytest

from ....domain.errors import BillingError
from ....domain.ports.books import ReadingBooks
from ....domain.ports.storage import UnitOfWork
from .crew import Crew
from .fixtures import StoreFixtures
from .kinds import Card
from .transactions import begin, everything


class LookingContract(StoreFixtures):
    """An optional part of the port: books that do not offer it are passed over."""

    #: Whether somebody can look while another one writes; a place with one connection for all cannot do that.
    beside: ClassVar[bool] = True

    @pytest.fixture
    def looking(self, books: UnitOfWork) -> ReadingBooks:
        """The books, as far as they can be opened only to look."""
        if not isinstance(books, ReadingBooks):
            pytest.skip("these books cannot be opened only to look")
        return books

    def test_who_looks_sees_what_was_kept(self, books: UnitOfWork, looking: ReadingBooks) -> None:
        """Whatever earlier transactions kept is there, in every part."""
        with books() as store:
            begin(store)
            kept = everything(store)
        with looking.reading() as store:
            assert store.administration == "nl", "whoever looks is told whose books these are"
            assert everything(store) == kept, "who looks sees what was kept"

    def test_who_looks_keeps_nothing(self, books: UnitOfWork, looking: ReadingBooks) -> None:
        """What is written all the same is refused, or gone at the end."""
        with suppress(BillingError), looking.reading() as store:
            store.add(Card(id="c1"))
        with books() as store:
            assert list(store.find(Card)) == [], "who looks keeps nothing"

    def test_who_looks_waits_for_nobody(self, books: UnitOfWork, looking: ReadingBooks) -> None:
        """While somebody writes, whoever looks sees the books as they were before, at once."""
        self._several()
        seen: list[str] = []
        looked, crew = Event(), Crew()

        def look() -> None:
            try:
                with looking.reading() as store:
                    seen.extend(card.id for card in store.find(Card))
            except BillingError as error:
                raise AssertionError(f"who looks waits for nobody: {error}") from error
            finally:
                looked.set()

        with books() as store:
            store.add(Card(id="before"))
        with books() as store:
            store.add(Card(id="after"))
            crew.start(look)
            assert looked.wait(30), "who looks waits for nobody"
        crew.end()
        assert seen == ["before"], "who looks sees nothing that is not kept yet"

    def test_who_looks_sees_one_moment(self, books: UnitOfWork, looking: ReadingBooks) -> None:
        """What others keep meanwhile is not seen, and they are not kept waiting."""
        self._several()
        written, crew = Event(), Crew()

        def write() -> None:
            try:
                with books() as store:
                    store.add(Card(id="after"))
            except BillingError as error:
                raise AssertionError(f"who looks keeps nobody waiting: {error}") from error
            finally:
                written.set()

        with books() as store:
            store.add(Card(id="before"))
        with looking.reading() as store:
            first = [card.id for card in store.find(Card)]
            crew.start(write)
            assert written.wait(30), "who looks keeps nobody waiting"
            assert [card.id for card in store.find(Card)] == first == ["before"], "who looks sees one moment"
        crew.end()
        with looking.reading() as store:
            assert [card.id for card in store.find(Card)] == ["after", "before"], "and the next time the next moment"

    def _several(self) -> None:
        if not self.beside:
            pytest.skip("here one looks or writes at a time")
