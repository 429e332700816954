"""Faults of transactions and savepoints."""

from contextlib import contextmanager, nullcontext, suppress

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.adapters.storage.memory.state import State


class CommitsDespiteAnError(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        failure = None
        with super().__call__(**who) as store:
            try:
                yield store
            except Exception as error:  # noqa: BLE001 - that is the fault
                failure = error
        if failure:
            raise failure


class ForgetsToCommit(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        before = self._state
        with super().__call__(**who) as store:
            yield store
        self._state = before


class SwallowsTheError(MemoryBooks):
    @contextmanager
    def __call__(self, **who):
        with suppress(Exception), super().__call__(**who) as store:
            yield store


class StaysOpen(MemoryBooks):
    """Its stores go on to answer after their transaction, each from what it last saw."""

    @contextmanager
    def __call__(self, **who):
        with super().__call__(**who) as store:
            yield store
        store._transaction._ended = False


class SavepointUndoesNothing(MemoryStore):
    def savepoint(self):
        return nullcontext()


class SavepointSwallowsTheError(MemoryStore):
    @contextmanager
    def savepoint(self):
        with suppress(Exception), super().savepoint():
            yield


class SavepointUndoesTheTransaction(MemoryStore):
    @contextmanager
    def savepoint(self):
        try:
            yield
        except BaseException:
            self._transaction._state = State()
            raise


class OnlyTheOuterSavepointCounts(MemoryStore):
    depth = 0

    @contextmanager
    def savepoint(self):
        self.depth += 1
        try:
            with super().savepoint() if self.depth == 1 else nullcontext():
                yield
        finally:
            self.depth -= 1


class AgendaOutsideTheSavepoint(MemoryStore):
    """Whoever undoes a list of changes may forget one kind of them."""

    @contextmanager
    def savepoint(self):
        try:
            with super().savepoint():
                try:
                    yield
                finally:
                    touched = self._transaction.state.agenda
        except BaseException:
            self._transaction.change(agenda=touched)
            raise


class OneAdministrationForAll(MemoryBooks):
    def __init__(self, administration="nl", shared=None):
        super().__init__(administration)
        self._shared = shared or self

    @contextmanager
    def __call__(self, **who):
        self._state = self._shared._state
        with super().__call__(**who) as store:
            yield store
        self._shared._state = self._state
