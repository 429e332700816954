"""Books that let several in at once: with every care they are sound, and each care that is left out is a fault."""

from contextlib import contextmanager
from itertools import count
from threading import Barrier, BrokenBarrierError, Lock

import attrs

from fanbilling.adapters.storage.memory import MemoryBooks, MemoryStore
from fanbilling.adapters.storage.memory.journal import MemoryJournal
from fanbilling.adapters.storage.memory.state import State, Transaction
from fanbilling.domain.errors import AdapterFailure
from fanbilling.domain.events import Actor, Recorded
from fanbilling.testing.contracts.storing.values import MOMENT

#: What has to wait for whoever was first, and which part of the books stands still then.
CARES = {
    "store.add": "records",
    "store.replace": "records",
    "store.remove": "records",
    "store.hold": "records",
    "journal.append": "journal",
    "agenda.touch": "agenda",
    "agenda.answered": "agenda",
    "agenda.hold": "agenda",
    "agenda.due": "agenda",
    "billed.append": "billed",
    "documents.seal": "documents",
}
PARTS = {"documents": ("sealed", "numbers", "series")}


class TwoAtOnce(MemoryBooks):
    """Each works on the books as they were when it came in; what it changed is put in when it ends."""

    careless = ""

    def __init__(self, administration="nl"):
        super().__init__(administration)
        self._parts = {part: Lock() for part in CARES.values()}
        self._meeting = Barrier(2)

    @contextmanager
    def __call__(self, *, by=Actor("system"), at=None):
        before = self._state
        transaction = Transaction(before, by, at or MOMENT)
        store, held = self.opened(transaction), []

        def taken(part):
            if part not in held:
                self._parts[part].acquire()
                held.append(part)
                now = self._state
                transaction.change(**{name: getattr(now, name) for name in PARTS.get(part, (part,))})

        for call, part in CARES.items():
            self._guard(store, call, part, taken)
        try:
            yield store
            with self._lock:
                self._state = merged(self._state, before, transaction.state)
        finally:
            transaction.end()
            for part in held:
                self._parts[part].release()

    def opened(self, transaction):
        return MemoryStore(self.administration, transaction)

    def _guard(self, store, call, part, taken):
        owner, name = call.split(".")
        holder = store if owner == "store" else getattr(store, owner)
        method = getattr(holder, name)

        def guarded(*args, **kwargs):
            if call == self.careless:
                self._meet()
            else:
                taken(part)
            return method(*args, **kwargs)

        setattr(holder, name, guarded)

    def _meet(self):
        """Let two come to the same place, so that the fault shows whatever the machine is doing."""
        if self.careless.startswith("agenda."):
            return  # there one is enough
        try:
            self._meeting.wait(1)
        except BrokenBarrierError:
            self._meeting.reset()


def careless(call):
    """Books that leave out one care."""
    return type("Careless", (TwoAtOnce,), {"careless": call})


class LateJournal(MemoryJournal):
    """Its positions come from a sequence, when an event is written; they are seen when the transaction ends."""

    def append(self, events):
        at, by = self._transaction.at, self._transaction.by.id
        written = [Recorded(position=next(self.sequence), at=at, by=by, event=event) for event in events]
        self._transaction.change(journal=(*self._transaction.state.journal, *written))

    def after(self, position, *, limit, party=None):
        rows = sorted(self._transaction.state.journal, key=lambda row: row.position)
        return [row for row in rows if row.position > position and party in (None, row.event.party)][:limit]


class PositionsVisibleLate(TwoAtOnce):
    careless = "journal.append"

    def __init__(self, administration="nl"):
        super().__init__(administration)
        self._sequence = count(1)

    def opened(self, transaction):
        store = super().opened(transaction)
        store.journal = LateJournal(transaction)
        store.journal.sequence = self._sequence
        return store

    def _meet(self):
        """It needs nobody else for its fault."""


def merged(now, before, mine):
    """The books with what one transaction changed: row by row, the later over the earlier."""
    changed = {}
    for name in attrs.fields_dict(State):
        old, was, new = (getattr(state, name) for state in (now, before, mine))
        if new is not was:
            changed[name] = _both(old, new)
    return attrs.evolve(now, **changed)


def _both(old, new):
    if isinstance(new, tuple):
        return tuple({row.position: row for row in (*old, *new)}.values())
    if isinstance(new, dict):
        return {
            **old,
            **{key: _both(old.get(key, {}), row) if isinstance(row, dict) else row for key, row in new.items()},
        }
    return new


class Looking(MemoryBooks):
    """Books that can be opened only to look, as they were last kept."""

    @contextmanager
    def reading(self, *, by=Actor("system"), at=None):
        transaction = Transaction(self.seen(), by, at or MOMENT)
        try:
            yield MemoryStore(self.administration, transaction)
        finally:
            self.looked(transaction.end())

    def seen(self):
        return self._state

    def looked(self, state):
        """It keeps nothing."""


class LooksAtTheBeginning(Looking):
    """Shows the books as they were when they were made."""

    def seen(self):
        return State()


class KeepsWhatWasLooked(Looking):
    def looked(self, state):
        self._state = state


class LookingWaits(Looking):
    """Looking is a transaction like any other."""

    @contextmanager
    def reading(self, *, by=Actor("system"), at=None):
        if not self._lock.acquire(timeout=0.1):
            raise AdapterFailure("somebody else is writing")
        try:
            with super().reading(by=by, at=at) as store:
                yield store
        finally:
            self._lock.release()


class LooksAtEveryMoment(Looking):
    """Each question sees the books as they are then."""

    @contextmanager
    def reading(self, *, by=Actor("system"), at=None):
        with super().reading(by=by, at=at) as store:
            find = store.find

            def latest(*args, **kwargs):
                store._transaction._state = self._state
                return find(*args, **kwargs)

            store.find = latest
            yield store
