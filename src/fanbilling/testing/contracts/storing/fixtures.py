"""What every test of a store starts from, and how it says that a rule was broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

import pytest

from ....domain.errors import BillingError
from ....domain.ports.storage import Store, UnitOfWork
from .kinds import KINDS


class StoreFixtures:
    """Books to test with: an adapter overrides ``new_books``, and ``neighbour`` when it keeps many administrations."""

    #: The kinds of records that the tests keep, for a store that has to prepare for them.
    kinds: ClassVar[tuple[type, ...]] = KINDS

    @pytest.fixture
    def new_books(self) -> Callable[[], UnitOfWork]:
        """What makes fresh, empty books of administration ``"nl"``, as often as it is called."""
        raise NotImplementedError("override the fixture new_books: return a function that makes fresh, empty books")

    @pytest.fixture
    def books(self, new_books: Callable[[], UnitOfWork]) -> UnitOfWork:
        """Fresh, empty books."""
        return new_books()

    @pytest.fixture
    def neighbour(self, books: UnitOfWork) -> UnitOfWork | None:
        """The books of another administration in the same place; none when a place holds one only."""
        return None


#: What a test raises to undo what it did: an error that is not ours, and that no store comes to by itself.
Undo = ArithmeticError


@contextmanager
def failing() -> Iterator[None]:
    """Expect that what follows ends with the test's own error, and that this error passes on."""
    try:
        yield
    except Undo:
        return
    raise AssertionError("the error that ends a transaction or a savepoint passes on to the caller")


@contextmanager
def undone(books: UnitOfWork) -> Iterator[Store]:
    """Open a transaction that is undone at the end."""
    with failing(), books() as store:
        yield store
        raise Undo


@contextmanager
def refused(error: type[BillingError], rule: str) -> Iterator[None]:
    """Expect that a rule is held by refusing what follows with an error of one kind."""
    try:
        yield
    except error:
        return
    except Exception as other:
        raise AssertionError(f"{rule}: expected {error.__name__}, got {type(other).__name__}: {other}") from other
    raise AssertionError(f"{rule}: expected {error.__name__}, and nothing was refused")
