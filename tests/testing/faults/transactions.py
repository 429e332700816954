"""Faults of transactions and savepoints."""

from contextlib import contextmanager, nullcontext, suppress

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.adapters.storage.memory.state import State, Transaction
from fanbilling.domain.errors import NotFound
from fanbilling.domain.events import Actor
from fanbilling.testing.contracts.storing.values import MOMENT


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


class CommitsInsideAdd(MemoryBooks):
    """A call of the store that ends the transaction of whoever opened it."""

    @contextmanager
    def __call__(self, **who):
        with super().__call__(**who) as store:
            add = store.add

            def committing(*records):
                add(*records)
                self._state = store._transaction.state

            store.add = committing
            yield store


class CountersNeverFall(MemoryStore):
    """They are kept outside the transaction, and go on counting what was undone."""

    highest: dict[str, int] = {}  # noqa: RUF012 - shared by all, as the fault has it

    def counters(self):
        if not self._transaction.state.journal:
            CountersNeverFall.highest.clear()
        for name, last in super().counters().items():
            CountersNeverFall.highest[name] = max(last, CountersNeverFall.highest.get(name, 0))
        return dict(CountersNeverFall.highest)


class CountersOfTheBeginning(MemoryStore):
    """They are read when the transaction opens, and not again."""

    def __init__(self, administration, transaction):
        super().__init__(administration, transaction)
        self._first = super().counters()

    def counters(self):
        return self._first


class SeriesCountTogether(MemoryStore):
    def counters(self):
        counters = super().counters()
        total = sum(last for name, last in counters.items() if name.startswith("series:"))
        return {name: total if name.startswith("series:") else last for name, last in counters.items()}


class Beside(MemoryBooks):
    """The books of another administration in the same place, of which a faulty store sees too much."""

    def __init__(self, administration="nl", shared=None):
        super().__init__(administration)
        self._shared = shared or self

    @contextmanager
    def __call__(self, **who):
        with super().__call__(**who) as store:
            if self._shared is not self:
                self.mix(store, self._shared._state)
            yield store


class SeesAnothersDocument(Beside):
    """By id it looks through the whole table."""

    def mix(self, store, theirs):
        get = store.documents.get
        other = MemoryStore("nl", Transaction(theirs, Actor("eva"), MOMENT)).documents

        def either(id):
            try:
                return get(id)
            except NotFound:
                return other.get(id)

        store.documents.get = either


class CountsForAll(Beside):
    """Its counters are added up over the whole table."""

    def mix(self, store, theirs):
        mine = store.counters

        def added():
            journal = len(theirs.journal) if mine()["journal"] else 0
            return {**mine(), "journal": mine()["journal"] + journal}

        store.counters = added


class ShowsAnothersEntries(Beside):
    """A window finds what another administration billed under the same agreement."""

    def mix(self, store, theirs):
        of = store.billed.of
        other = MemoryStore("nl", Transaction(theirs, Actor("eva"), MOMENT)).billed
        store.billed.of = lambda windows: of(windows) or other.of(windows)
