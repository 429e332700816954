"""Nobody waits for one who waits for him: sessions are held first, then agenda rows at once, the journal is last."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

from hypothesis import given

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import BillingError
from fanbilling.sources.courses import Registration
from fanbilling.testing.worlds import forgotten
from tests.sources.courses.test_contract import stories


class Watched:
    """A store, or a part of it, of which is written down what is held in which order."""

    def __init__(self, watched, steps, place="store"):
        self._watched, self._steps, self._place = watched, steps, place

    def __getattr__(self, name):
        found = getattr(self._watched, name)
        if name in ("agenda", "journal"):
            return Watched(found, self._steps, name)
        if (self._place, name) not in HOLDS:
            return found

        def noted(*given):
            names = HOLDS[self._place, name](*given)
            if names:
                self._steps.append((f"{self._place}.{name}", names))
            return found(*given)

        return noted


HOLDS = {
    ("store", "hold"): lambda _kind, ids: set(ids),
    ("agenda", "hold"): lambda agreements: {agreement for _, agreement in agreements},
    ("agenda", "touch"): lambda touches: {touch.agreement for touch in touches},
    ("journal", "append"): lambda events: {event.agreement for event in events},
}


def wrong(steps, known):
    """Say what is out of order in the steps of one command."""
    rows = None
    for place, (step, names) in enumerate(steps):
        last = place == len(steps) - 1
        if step == "store.hold" and rows is not None and names - steps[0][1]:
            yield f"session {names} is held after agenda rows"
        elif step in ("agenda.hold", "agenda.touch"):
            fresh = names - (rows or set())
            if rows is not None and fresh & known:
                yield f"{step} of {fresh} after others were held"
            rows = (rows or set()) | names
        elif step == "journal.append" and not last:
            yield f"the journal is written before {steps[place + 1]}"


@given(stories())
def test_every_command_holds_in_one_order(story):
    with forgotten(MemoryBooks()) as store:
        for command in story:
            steps, known = [], {one.id for one in store.find(Registration)}
            with suppress(BillingError), store.savepoint():
                command(Watched(store, steps))
            assert list(wrong(steps, known)) == []


def test_the_watch_sees_what_is_out_of_order():
    row, other = ("agenda.hold", {"r1"}), ("agenda.hold", {"r2"})
    told = ("journal.append", {"r1"})
    found = Counter(
        len(list(wrong(steps, {"r1", "r2"})))
        for steps in ([row, told, other], [row, other, told], [row, ("store.hold", {"may"}), told])
    )
    assert found == {2: 1, 1: 2}
    assert list(wrong([("store.hold", {"may"}), ("agenda.hold", {"r1", "r2"}), row, told], {"r1", "r2"})) == []
