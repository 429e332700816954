"""The agenda: whom to ask, never later than it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs

from ....domain.agenda import AT_ONCE, AgendaRow
from ....domain.errors import NotFound
from ....domain.ports.storage import Store, UnitOfWork
from .fixtures import StoreFixtures, refused
from .values import touch

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))


def due(store: Store, until: date, *, after: str = "", limit: int = 100) -> list[tuple[str, str]]:
    """Return payer and agreement of what is due."""
    return [(row.payer, row.agreement) for row in store.agenda.due(until, after=after, limit=limit)]


class AgendaContract(StoreFixtures):
    """Agreements are asked again when somebody touched them."""

    def test_a_first_touch_makes_a_row(self, books: UnitOfWork) -> None:
        """An agreement that is touched for the first time is on the agenda as the touch says."""
        with books() as store:
            store.agenda.touch([touch("a1", "holding", JAN, FEB, client="acme")])
        with books() as store:
            row = AgendaRow(
                source="testing", agreement="a1", client="acme", payer="holding", since=JAN, ask_on=FEB, version=1
            )
            assert store.agenda.get("testing", "a1") == row, "the row is as the touch says, of version 1"

    def test_what_nobody_touched_is_not_found(self, books: UnitOfWork) -> None:
        """The row of an agreement that nobody ever touched is an error, never nothing."""
        with books() as store:
            store.agenda.touch([touch("a1")])
            with refused(NotFound, "an untouched agreement is NotFound"):
                store.agenda.get("testing", "a2")
            with refused(NotFound, "the same agreement of another source is NotFound"):
                store.agenda.get("other", "a1")

    def test_a_touch_never_makes_it_later(self, books: UnitOfWork) -> None:
        """Of all touches the earliest days count, the latest client and payer, and every touch is counted."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", FEB, MAR)])
            store.agenda.touch([touch("a1", "beta", MAR, FEB), touch("a2", "acme", MAR, MAR)])
        with books() as store:
            store.agenda.touch([touch("a1", "beta", JAN, APR), touch("a1", "gamma", APR, APR)])
            row = store.agenda.get("testing", "a1")
            assert (row.since, row.ask_on) == (JAN, FEB), "a touch never makes it later: the earliest days count"
            assert (row.client, row.payer) == ("gamma", "gamma"), "the latest client and payer count"
            assert row.version == 4, "every touch is counted"
            assert store.agenda.get("testing", "a2").version == 1, "and only for its own agreement"

    def test_a_touch_wakes_what_had_nothing_to_come(self, books: UnitOfWork) -> None:
        """A row without a day to ask on gets the day of the next touch, and keeps how far it was asked."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", JAN, JAN)])
            row = store.agenda.get("testing", "a1")
            store.agenda.answered([attrs.evolve(row, since=FEB, ask_on=None, asked_until=FEB)])
            store.agenda.touch([touch("a1", "acme", MAR, APR)])
            row = store.agenda.get("testing", "a1")
            assert (row.since, row.ask_on, row.asked_until) == (FEB, APR, FEB), "it is asked again, as far as before"

    def test_a_touch_of_what_was_asked_is_for_every_run(self, books: UnitOfWork) -> None:
        """A touch inside what was asked before may change what was billed: any run asks again, however far it looks."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", JAN, JAN), touch("a2", "acme", JAN, JAN)])
            rows = [attrs.evolve(row, ask_on=APR, asked_until=FEB) for row in store.agenda.all(limit=9)]
            store.agenda.answered(rows)
            store.agenda.touch([touch("a1", "acme", FEB, MAR), touch("a2", "acme", MAR, MAR)])
        with books() as store:
            assert store.agenda.get("testing", "a1").ask_on == AT_ONCE, "inside, its last day included: at once"
            assert store.agenda.get("testing", "a2").ask_on == MAR, "after it: on its own day"
            assert due(store, AT_ONCE) == [("acme", "a1")], "also by a run that looks less far"

    def test_a_run_sees_what_is_due_until_its_day(self, books: UnitOfWork) -> None:
        """Due is what is to be asked on or before the day, by payer, source and agreement; the rest is not."""
        with books() as store:
            store.agenda.touch([touch("a3", "beta", JAN, MAR), touch("a2", "acme", JAN, FEB)])
            store.agenda.touch([touch("a1", "beta", JAN, FEB), touch("a4", "acme", JAN, FEB, source="a")])
            store.agenda.touch([touch("a5", "acme", JAN, FEB)])
            never = store.agenda.get("testing", "a5")
            store.agenda.answered([attrs.evolve(never, ask_on=None)])
        with books() as store:
            assert due(store, JAN) == [], "a run sees what is due until its day, and nothing else"
            february = [("acme", "a4"), ("acme", "a2"), ("beta", "a1")]
            assert due(store, FEB) == february, "on the day, by payer, source and agreement"
            assert due(store, APR) == [*february, ("beta", "a3")], "and after it; never what has no day"

    def test_a_page_of_the_agenda_holds_whole_payers(self, books: UnitOfWork) -> None:
        """A page has so many payers, each with all that is due, and the next goes on after the last of them."""
        touches = [
            touch(f"{payer}{n}", payer, JAN, FEB, source=f"s{n}") for payer in ("b", "B", "a", "é") for n in range(3)
        ]
        with books() as store:
            store.agenda.touch(touches)
            store.agenda.touch([touch("x", "Z", JAN, APR)])
            pages, after = [], ""
            while page := due(store, MAR, after=after, limit=2):
                payers = [payer for payer, _ in page]
                assert len(set(payers)) <= 2, "no more payers than asked"
                assert all(payers.count(payer) == 3 for payer in payers), (
                    "a page of the agenda holds whole payers, each with all that is due"
                )
                pages.extend(page)
                assert len(pages) <= 12, "the pages come to an end"
                after = payers[-1]
            expected = [(payer, f"{payer}{n}") for payer in ("B", "a", "b", "é") for n in range(3)]
            assert pages == expected, "every payer once, by code point"

    def test_a_part_of_the_payers_ends_with_its_last(self, books: UnitOfWork) -> None:
        """Asked up to a payer, a run gets that payer and those before it, whole, and nobody after it."""
        touches = [touch(f"{payer}{n}", payer, JAN, FEB) for payer in ("B", "a", "b", "é") for n in range(2)]
        with books() as store:
            store.agenda.touch(touches)
        with books() as store:

            def asked(**part: Any) -> list[str]:
                return [row.agreement for row in store.agenda.due(MAR, **{"limit": 9, **part})]

            assert asked(last="b") == ["B0", "B1", "a0", "a1", "b0", "b1"], (
                "a part of the payers ends with its last, whole, and with nobody after it"
            )
            assert asked(last="aa") == ["B0", "B1", "a0", "a1"], "nobody after the last, whether it exists or not"
            assert asked(after="B", last="a") == ["a0", "a1"], "after one and up to another"
            assert asked(after="b", last="b") == [], "nobody is after the last"
            assert asked(last="é", limit=2) == ["B0", "B1", "a0", "a1"], "no more payers than asked"
            everybody = [touched.agreement for touched in touches]
            assert asked(last=None) == everybody, "without a last payer it is everybody"

    def test_the_payers_who_are_due_come_in_order(self, books: UnitOfWork) -> None:
        """Who has something due is named once, by code point, page after page; who has not is not named."""
        with books() as store:
            store.agenda.touch([touch(f"{payer}{n}", payer, JAN, FEB) for payer in "béaB" for n in range(2)])
            store.agenda.touch([touch("x1", "x", JAN, APR), touch("y1", "y", JAN, FEB)])
            store.agenda.answered([attrs.evolve(store.agenda.get("testing", "y1"), ask_on=None)])
        with books() as store:
            assert list(store.agenda.payers(MAR, limit=9)) == ["B", "a", "b", "é"], (
                "payers who are due come in order, by code point"
            )
            assert list(store.agenda.payers(FEB, limit=9)) == ["B", "a", "b", "é"], "due until the day, it included"
            assert list(store.agenda.payers(JAN, limit=9)) == [], "nobody is due before the day"
            assert list(store.agenda.payers(MAR, after="a", limit=1)) == ["b"], "a page of payers goes on after a payer"
            pages: list[str] = []
            after = ""
            while page := store.agenda.payers(APR, after=after, limit=2):
                assert len(page) <= 2, "no more payers than asked"
                pages.extend(page)
                assert len(pages) <= 5, "the pages come to an end"
                after = page[-1]
            assert pages == ["B", "a", "b", "x", "é"], "every payer once"

    def test_what_is_held_comes_in_the_order_asked(self, books: UnitOfWork) -> None:
        """Held rows come as they are now, in the order in which they were asked for, also when asked for twice."""
        with books() as store:
            store.agenda.touch([touch(f"a{n}", source=f"s{n % 2}") for n in range(4)])
        with books() as store:
            store.agenda.touch([touch("a2", "beta", JAN, JAN, source="s0")])
            asked = [("s1", "a3"), ("s0", "a2"), ("s1", "a1"), ("s0", "a2")]
            held = list(store.agenda.hold(asked))
            assert [(row.source, row.agreement) for row in held] == asked, "held rows come in the order asked"
            assert held == [store.agenda.get(*key) for key in asked], "as they are now, own touches included"
            assert list(store.agenda.hold([])) == [], "of nothing nothing is held"

    def test_what_nobody_touched_cannot_be_held(self, books: UnitOfWork) -> None:
        """An agreement that nobody ever touched is an error, never left out."""
        with books() as store:
            store.agenda.touch([touch("a1")])
            with refused(NotFound, "holding an untouched agreement is NotFound"), store.savepoint():
                store.agenda.hold([("testing", "a1"), ("testing", "a2")])
            with refused(NotFound, "holding the same agreement of another source is NotFound"), store.savepoint():
                store.agenda.hold([("other", "a1")])
            assert [row.agreement for row in store.agenda.hold([("testing", "a1")])] == ["a1"], "the others can be held"

    def test_the_agenda_of_a_client_or_payer_is_whole(self, books: UnitOfWork) -> None:
        """Asked by client or by payer, all rows come, due or not."""
        with books() as store:
            store.agenda.touch([touch("a2", "holding", client="acme"), touch("a1", "acme", client="acme")])
            store.agenda.touch([touch("a3", "holding", client="beta"), touch("a0", "beta", client="beta")])
            store.agenda.answered([attrs.evolve(store.agenda.get("testing", "a2"), ask_on=None)])
            assert [row.agreement for row in store.agenda.of(client="acme")] == ["a1", "a2"], "all rows of a client"
            assert [row.agreement for row in store.agenda.of(payer="holding")] == ["a2", "a3"], "all rows of a payer"
            both = store.agenda.of(client="beta", payer="holding")
            assert [row.agreement for row in both] == ["a3"], "of a client and a payer at once"
            assert list(store.agenda.of(client="nobody")) == [], "nobody has none"

    def test_pages_of_the_agenda_hold_everything_once(self, books: UnitOfWork) -> None:
        """Page after page every row comes once, in the order of source and agreement, due or not."""
        with books() as store:
            store.agenda.touch([touch(f"a{n}", source=f"s{n % 3}") for n in range(7)])
            store.agenda.answered([attrs.evolve(store.agenda.get("s0", "a0"), ask_on=None)])
            pages: list[str] = []
            after = ("", "")
            while page := store.agenda.all(after=after, limit=2):
                pages.extend(row.agreement for row in page)
                assert len(pages) < 10, "the pages come to an end"
                after = (page[-1].source, page[-1].agreement)
            assert pages == ["a0", "a3", "a6", "a1", "a4", "a2", "a5"], "every row once"

    def test_an_answer_moves_the_days(self, books: UnitOfWork) -> None:
        """After an answer the row says from when and on which day to ask next, and how far it was asked."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", JAN, JAN), touch("a2", "acme", JAN, JAN)])
        with books() as store:
            row = store.agenda.get("testing", "a1")
            answer = attrs.evolve(row, since=FEB, ask_on=MAR, asked_until=FEB)
            store.agenda.answered([answer])
        with books() as store:
            assert store.agenda.get("testing", "a1") == answer, "the row is as the answer says"
            assert due(store, FEB) == [("acme", "a2")], "and due on its new day only"
            store.agenda.answered([attrs.evolve(answer, ask_on=APR)])
            assert store.agenda.get("testing", "a1").ask_on == APR, "an answer does not count as a touch"

    def test_an_answer_does_not_undo_a_touch(self, books: UnitOfWork) -> None:
        """What was touched since it was read is asked again; but that it was asked so far is remembered."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", FEB, FEB), touch("a2", "acme", FEB, FEB)])
            rows = store.agenda.all(limit=9)
        with books() as store:
            store.agenda.touch([touch("a1", "acme", JAN, JAN)])
            store.agenda.answered([attrs.evolve(row, since=APR, ask_on=None, asked_until=MAR) for row in rows])
        with books() as store:
            first, second = store.agenda.all(limit=9)
            assert (first.since, first.ask_on) == (JAN, AT_ONCE), (
                "an answer does not undo a touch: inside what was asked meanwhile it is asked at once"
            )
            assert first.asked_until == MAR, "how far it was asked is remembered all the same"
            assert (second.since, second.ask_on, second.asked_until) == (APR, None, MAR), "the others are answered"

    def test_how_far_was_asked_never_falls(self, books: UnitOfWork) -> None:
        """A later answer that looked less far, or not at all, leaves how far was asked as it was."""
        with books() as store:
            store.agenda.touch([touch("a1", "acme", JAN, JAN)])
            row = store.agenda.get("testing", "a1")
            for asked in (MAR, FEB, None):
                store.agenda.answered([attrs.evolve(row, asked_until=asked)])
                assert store.agenda.get("testing", "a1").asked_until == MAR, "asked_until never falls"
            store.agenda.touch([touch("a1", "acme", JAN, JAN)])
            store.agenda.answered([attrs.evolve(row, asked_until=FEB)])
            assert store.agenda.get("testing", "a1").asked_until == MAR, "also not when it was touched in between"

    def test_an_answer_for_no_row_is_passed_over(self, books: UnitOfWork) -> None:
        """An answer does not put an agreement on the agenda; only a touch does."""
        with books() as store:
            store.agenda.touch([])
            store.agenda.answered([])
            store.agenda.answered(
                [AgendaRow(source="testing", agreement="a1", client="acme", payer="acme", since=JAN, ask_on=JAN)]
            )
            assert list(store.agenda.all(limit=9)) == [], "an answer puts nothing on the agenda; only a touch does"

    def test_thousands_of_touches_at_once(self, books: UnitOfWork) -> None:
        """Many agreements are touched and answered in one go."""
        with books() as store:
            store.agenda.touch([touch(f"a{n:04}", f"p{n % 7}", JAN, JAN) for n in range(2000)])
            rows = store.agenda.due(JAN, limit=7)
            assert len(rows) == 2000, "all are due"
            store.agenda.answered([attrs.evolve(row, ask_on=None, asked_until=JAN) for row in rows])
            assert due(store, APR) == [], "all are answered"
