"""Several at once: whoever works together on the same books, it is as if they had worked one after the other.

A store that lets one transaction in at a time holds these rules by that alone. One that lets in several has to make
the second wait, or refuse it. Nothing here depends on how quick a machine is: a store that holds the rules passes
however the threads fall, and patience only decides how surely one that does not is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from threading import Barrier, BrokenBarrierError, Event, Semaphore
from typing import ClassVar

import attrs
import pytest

from ....domain.billed import BilledEntry
from ....domain.chain import chain
from ....domain.errors import Conflict, DateBeforeSeries
from ....domain.ports.storage import Store, UnitOfWork
from .crew import FOR_EVER, Crew, Work, done
from .fixtures import StoreFixtures, Undo
from .kinds import Card
from .values import DAY, LATER, PATTERN, billed, invoice, key, registered, touch, window

WAYS: dict[str, Callable[[Store], object]] = {
    "held": lambda store: store.agenda.hold([("testing", "a1")]),
    "asked for": lambda store: store.agenda.due(DAY, limit=9),
}
CHANGES: dict[str, Callable[[Store], object]] = {
    "a touch": lambda store: store.agenda.touch([touch("a1", "acme", DAY.replace(day=1), DAY)]),
    "an answer": lambda store: store.agenda.answered([attrs.evolve(store.agenda.get("testing", "a1"), ask_on=None)]),
}
RECORD_CHANGES: dict[str, Callable[[Store], object]] = {
    "a hold": lambda store: store.hold(Card, ["c1"]),
    "a replacement": lambda store: store.replace(store.get(Card, "c1"), Card(id="c1", text="changed")),
    "a removal": lambda store: store.remove(Card, "c1"),
}


class TogetherContract(StoreFixtures):
    """Several transactions at once, each in a thread of its own, on the same books."""

    #: How many seconds a test watches somebody who should be waiting.
    patience: ClassVar[float] = 0.25

    @pytest.mark.parametrize("change", CHANGES)
    @pytest.mark.parametrize("way", WAYS)
    def test_what_is_held_stands_still(self, books: UnitOfWork, way: str, change: str) -> None:
        """While one transaction holds a row, a touch or an answer by another one waits until the first ends."""
        with books() as store:
            store.agenda.touch([touch("a1")])
        ended, crew = Event(), Crew()

        def other() -> None:
            done(books, CHANGES[change])
            ended.set()

        with books() as store:
            WAYS[way](store)
            before = store.agenda.get("testing", "a1")
            crew.start(other)
            assert not ended.wait(self.patience), f"what is {way} is held: {change} by another waits until the end"
            assert store.agenda.get("testing", "a1") == before, f"what is {way} stands still under whoever reads it"
        crew.end()
        with books() as store:
            assert store.agenda.get("testing", "a1") != before, f"after the end {change} goes through"

    @pytest.mark.parametrize("change", RECORD_CHANGES)
    def test_a_record_that_is_held_stands_still(self, books: UnitOfWork, change: str) -> None:
        """While one transaction holds a record, whoever holds, replaces or removes it waits until the first ends."""
        with books() as store:
            store.add(Card(id="c1"), Card(id="c2"))
        ended, crew = Event(), Crew()

        def other() -> None:
            done(books, RECORD_CHANGES[change])
            ended.set()

        with books() as store:
            held = store.hold(Card, ["c2", "c1", "nothing"])
            assert held == {"c1": Card(id="c1"), "c2": Card(id="c2")}, "held are those that exist, as they are"
            crew.start(other)
            assert not ended.wait(self.patience), f"what is held is held: {change} by another waits until the end"
            assert store.get(Card, "c1") == Card(id="c1"), "what is held stands still under whoever reads it"
        crew.end()

    def test_who_holds_first_decides(self, books: UnitOfWork) -> None:
        """Of many who hold a record, read what is left and take of it, all together never take more than there is."""
        with books() as store:
            store.add(Card(id="seats"))
        crew, taken = Crew(), []

        def take(n: int) -> None:
            def seat(store: Store) -> None:
                store.hold(Card, ["seats"])
                if len(store.find(Card, {"client": "seated"})) < 3:
                    store.add(Card(id=f"guest {n}", client="seated"))

            done(books, seat)
            taken.append(n)

        crew.start(*(partial(take, n) for n in range(6)))
        crew.end()
        with books() as store:
            assert len(taken) == 6, "everybody gets an answer"
            assert len(store.find(Card, {"client": "seated"})) == 3, "never more than there is: who holds first decides"

    def test_a_key_is_billed_by_one_of_two(self, books: UnitOfWork) -> None:
        """Of two who bill the same key and revision at once, one does and the other gets a conflict; never both."""
        for n in range(3):
            outcomes = self._two(
                books,
                partial(_bill, agreement=f"a{n}"),
                look=partial(_billed, agreement=f"a{n}"),
            )
            with books() as store:
                kept = [entry.document for entry in _billed(store, f"a{n}")]
            assert len(kept) == 1, "a (key, revision) is billed by one of two: never by both, never by none"
            assert outcomes == [(who, who in kept) for who in ("d1", "d2")], "the other one gets a Conflict"

    def test_a_record_is_replaced_by_one_of_two(self, books: UnitOfWork) -> None:
        """Of two who replace what both have read, one does and the other gets a conflict: no change is lost."""
        with books() as store:
            store.add(Card(id="c1"))
        outcomes = self._two(
            books,
            lambda store, who: store.replace(Card(id="c1"), Card(id="c1", client=who)),
            look=lambda store: store.get(Card, "c1"),
        )
        with books() as store:
            kept = store.get(Card, "c1").client
        expected = [(who, who == kept) for who in ("d1", "d2")]
        assert outcomes == expected, "a stale replacement by another at the same time is a Conflict: no change is lost"

    def test_eight_who_issue_into_one_series_leave_no_gap(self, books: UnitOfWork) -> None:
        """Numbers are 1..n without a gap or a double, dates never go back, the chain holds, whoever comes between."""

        def issuing(who: int) -> Work:
            def issue() -> None:
                for n in range(4):
                    self._issue(books, f"d{who}-{n}", fails=n == 1, later=who % 2 == 0)

            return issue

        crew = Crew()
        crew.start(*(issuing(who) for who in range(8)))
        crew.end()
        with books() as store:
            rows, counters = store.documents.sealed(limit=99), store.counters()
        rule = "whoever issues into one series gets a number of its own: 1..n without a gap or a double"
        assert [row.place for row in rows] == list(range(1, 25)), rule
        assert [row.number for row in rows] == [f"2026-{n:04}" for n in range(1, 25)], "as they are written too"
        assert len({row.id for row in rows}) == 24, "every document has a number"
        assert [row.on for row in rows] == sorted(row.on for row in rows), "dates never go back along the numbers"
        link = ""
        for row in rows:
            link = chain(link, row.number, row.body)
            assert row.chain == link, "every link follows from the one before it"
        assert counters["series:2026"] == 24, "and the counter says the last place"

    def test_a_position_is_not_seen_before_those_in_front_of_it(self, books: UnitOfWork) -> None:
        """Who writes later and ends sooner never gets a later position that is seen first."""
        seen: list[int] = []
        ended, crew = Event(), Crew()

        def other() -> None:
            done(books, lambda store: store.journal.append([registered("quick")]))
            self._follow(books, seen)
            ended.set()

        with books() as store:
            store.journal.append([registered("slow")])
            crew.start(other)
            ended.wait(self.patience)
        crew.end()
        self._follow(books, seen)
        assert seen == [1, 2], "no journal position is visible late: a reader who follows the journal misses nothing"

    def test_a_reader_who_follows_the_journal_misses_nothing(self, books: UnitOfWork) -> None:
        """While many write, a reader who goes on from the last position it saw gets every position once, in order."""
        seen: list[int] = []
        written, crew = Semaphore(0), Crew()

        def writing(who: int) -> Work:
            def write() -> None:
                for _ in range(5):
                    done(books, lambda store: store.journal.append([registered(f"p{who}"), registered(f"q{who}")]))
                    written.release()

            return write

        def reading() -> None:
            for _ in range(20):  # whenever somebody has ended, while the others are on their way
                written.acquire(timeout=FOR_EVER)
                self._follow(books, seen)

        crew.start(reading, *(writing(who) for who in range(4)))
        crew.end()
        assert seen == list(range(1, 41)), "a reader who follows the journal misses nothing and sees nothing twice"

    def _two(
        self, books: UnitOfWork, act: Callable[[Store, str], object], *, look: Callable[[Store], object]
    ) -> list[tuple[str, bool]]:
        """Let two look, and then act, each in a transaction; return who got through and who got a conflict."""
        outcomes: list[tuple[str, bool]] = []
        both_in = Barrier(2)

        def work(who: str) -> None:
            def turn(store: Store) -> None:
                look(store)
                with suppress(BrokenBarrierError):  # a store may let in one at a time: then the other is not here
                    both_in.wait(self.patience)
                act(store, who)

            try:
                done(books, turn)
            except Conflict:
                outcomes.append((who, False))
            else:
                outcomes.append((who, True))

        crew = Crew()
        crew.start(lambda: work("d1"), lambda: work("d2"))
        crew.end()
        return sorted(outcomes)

    def _issue(self, books: UnitOfWork, id: str, *, fails: bool, later: bool) -> None:
        """Issue a document, dated later when its day has passed meanwhile; or fail after its number was drawn."""

        def seal(day: date) -> None:
            def work(store: Store) -> None:
                store.documents.seal([invoice(id, on=day)], PATTERN)
                if fails:
                    raise Undo

            with suppress(Undo):
                done(books, work)

        try:
            for day in (LATER,) if later else (DAY, LATER):
                with suppress(DateBeforeSeries):
                    seal(day)
                    return
        except Conflict as error:
            raise AssertionError(f"whoever issues into one series gets a number of its own: {error}") from error

    @staticmethod
    def _follow(books: UnitOfWork, seen: list[int]) -> None:
        """Read on from the last position that was seen, page by page, each in a transaction of its own."""
        page: Sequence[int] = (0,)
        while page:
            with books() as store:
                rows = store.journal.after(seen[-1] if seen else 0, limit=3)
            page = [row.position for row in rows]
            seen.extend(page)


def _bill(store: Store, who: str, *, agreement: str) -> None:
    store.billed.append([billed(key(agreement), document=who)])


def _billed(store: Store, agreement: str) -> Sequence[BilledEntry]:
    return store.billed.of([window(agreement)])
