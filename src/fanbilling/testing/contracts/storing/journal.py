"""The journal: what happened, in order, without a gap, and by whom."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs
from hypothesis import given
from hypothesis import strategies as st

from ....domain.errors import InvalidValue
from ....domain.events import Actor, Event
from ....domain.ports.storage import Store, UnitOfWork
from ... import strategies
from .fixtures import StoreFixtures, refused, undone
from .values import DAY, MOMENT, changed, registered


def written(store: Store) -> list[tuple[int, str]]:
    """Return the positions and parties of everything in the journal."""
    return [(row.position, row.event.party) for row in store.journal.after(0, limit=100)]


class JournalContract(StoreFixtures):
    """Events are numbered as they come."""

    def test_positions_follow_each_other_without_a_gap(self, books: UnitOfWork) -> None:
        """Events get positions 1, 2, 3 in the order in which they were written, over calls and transactions."""
        with books() as store:
            store.journal.append([registered("c"), registered("a")])
            store.journal.append([registered("b")])
            assert written(store) == [(1, "c"), (2, "a"), (3, "b")], (
                "positions follow each other in the order written, also as the transaction itself sees them"
            )
        with books() as store:
            store.journal.append([registered("d")])
        with books() as store:
            assert written(store) == [(1, "c"), (2, "a"), (3, "b"), (4, "d")], "positions 1..n in the order written"

    def test_an_event_comes_back_with_its_actor_and_moment(self, books: UnitOfWork) -> None:
        """What happened is read as it was written, by whom and when the transaction was opened."""
        with books(by=Actor("eva"), at=MOMENT) as store:
            store.journal.append([registered(), changed()])
        with books(by=Actor("job"), at=MOMENT.replace(year=2027)) as store:
            store.journal.append([changed("other")])
            rows = store.journal.after(0, limit=9)
            assert [row.event for row in rows] == [registered(), changed(), changed("other")], "events come back equal"
            assert [row.by for row in rows] == ["eva", "eva", "job"], "each with its actor"
            moments = [MOMENT, MOMENT, MOMENT.replace(year=2027)]
            assert [row.at for row in rows] == moments, "each with the moment of its transaction"
            assert all(row.at.tzinfo is not None for row in rows), "a moment has a time zone"

    def test_the_moment_is_now_unless_another_is_given(self, books: UnitOfWork) -> None:
        """Who opens the books without a moment works now."""
        before = datetime.now(UTC)  # noqa: TID251 - the rule is about the clock
        with books() as store:
            store.journal.append([registered()])
            [row] = store.journal.after(0, limit=9)
        assert before <= row.at <= datetime.now(UTC), "now, in a time zone"  # noqa: TID251

    def test_every_event_comes_back_equal(self, books: UnitOfWork) -> None:
        """Every event that can happen can be written."""

        @given(events=st.lists(strategies.events(), max_size=4))
        def check(events: list[Event]) -> None:
            with undone(books) as store:
                store.journal.append(events)
                assert [row.event for row in store.journal.after(0, limit=9)] == events, "events come back equal"

        check()

    def test_the_journal_is_read_on_from_a_position(self, books: UnitOfWork) -> None:
        """A reader gets what comes after its position, no more than it asks for, and nothing at the end."""
        with books() as store:
            store.journal.append([registered(f"p{n}") for n in range(1, 8)])
            assert [row.position for row in store.journal.after(2, limit=3)] == [3, 4, 5], (
                "the journal is read on from a position: it skips nothing and drops nothing"
            )
            assert [row.position for row in store.journal.after(5, limit=3)] == [6, 7], (
                "the rest of the journal is read too"
            )
            assert list(store.journal.after(7, limit=3)) == [], "nothing after the end"

    def test_a_party_has_a_journal_of_its_own(self, books: UnitOfWork) -> None:
        """What concerns one party is read without the others, at its own positions."""
        with books() as store:
            store.journal.append([registered(("acme", "beta")[n % 2]) for n in range(6)])
            mine = [row.position for row in store.journal.after(0, limit=9, party="beta")]
            assert mine == [2, 4, 6], "only what concerns the party"
            assert [row.position for row in store.journal.after(2, limit=1, party="beta")] == [4], "page by page"

    def test_an_event_that_nobody_registered_is_refused(self, books: UnitOfWork) -> None:
        """An event without a stable name could not be read back, and is not written."""
        stranger = attrs.make_class("Stranger", [], bases=(Event,), frozen=True, kw_only=True)
        with books() as store:
            with refused(InvalidValue, "an unregistered event is refused"), store.savepoint():
                store.journal.append([registered(), stranger(party="acme", on=DAY)])
            assert written(store) == [], "and nothing of that call is written"

    def test_nothing_that_happened_takes_no_position(self, books: UnitOfWork) -> None:
        """No events are no error and use up no position."""
        with books() as store:
            store.journal.append([])
            store.journal.append([registered()])
            assert written(store) == [(1, "acme")], "no position is used up"
