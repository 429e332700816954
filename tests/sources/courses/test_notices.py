"""What participants are told, on every store: once, on its day, with its calendar and certificate."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fanbilling.domain.notices import PlannedNotice
from fanbilling.domain.ports.delivery import Rendered
from fanbilling.sources.courses import Courses, Ending
from tests.desks.announcing import BY, Postman, write
from tests.sources.courses.worlds import EARLY, START, course, day, office, opened, registration, session
from tests.stores import STORES

OFFICE = office()
DESK = OFFICE.courses
WEEK_BEFORE = START - timedelta(weeks=1)
JUNE = date(2026, 6, 8)


@pytest.fixture(params=STORES)
def books(request):
    with STORES[request.param](OFFICE) as opened_books:
        with opened_books() as store:
            opened(DESK, store, session(capacity=2), session("june", JUNE, days=1))
        yield opened_books


def do(books, *calls):
    with books(by=BY) as store:
        for call in calls:
            call(store)


def join(*ids, on=EARLY, **changes):
    def call(store):
        for id in ids:
            DESK.register(store, registration(id, **changes), on=on)

    return call


class Press:
    def print(self, paper):
        return Rendered(content=paper.number.encode(), media_type="text/plain", suffix=".txt")


def sent(books, on, **options):
    """Send what is due on a day, twice; return to whom went what."""
    mailer = Postman()
    for _ in range(2):
        report = OFFICE.delivery.notify(books, mailer=mailer, write=write, on=on, by=BY, printer=Press(), **options)
        assert report.failures == ()
    return sorted((to, subject.removeprefix("courses.")) for _, to, subject in mailer.sent)


def due(books, on):
    with books() as store:
        found = Courses().notices(store, OFFICE.administration, on=on)
        return {(one.subject, one.purpose.removeprefix("courses.")): one for one in found}


def test_a_confirmation_at_once_and_a_reminder_a_week_before(books):
    do(books, join("r1"))
    assert sent(books, EARLY) == [("r1@bos.example", "confirmation")]
    assert sent(books, WEEK_BEFORE - timedelta(days=1)) == []
    assert sent(books, WEEK_BEFORE) == [("r1@bos.example", "reminder")]
    assert sent(books, START) == []
    assert sent(books, START + timedelta(days=3)) == []


def test_a_reminder_that_was_not_sent_in_time_goes_until_the_first_day(books):
    do(books, join("r1"))
    sent(books, EARLY)
    assert due(books, START).keys() == {("r1", "confirmation"), ("r1", "reminder")}
    assert due(books, START + timedelta(days=1)).keys() == set()


@pytest.mark.parametrize(
    ("on", "reminded"), [(WEEK_BEFORE - timedelta(days=1), True), (WEEK_BEFORE, False), (START, False)]
)
def test_who_registers_late_is_told_once(books, on, reminded):
    do(books, join("r1", on=on))
    assert sent(books, on) == [("r1@bos.example", "confirmation")]
    assert sent(books, START) == ([("r1@bos.example", "reminder")] if reminded else [])


def test_who_cancelled_hears_that_and_is_not_reminded(books):
    do(books, join("r1", "r2", "r3"))
    assert sent(books, EARLY) == [
        ("r1@bos.example", "confirmation"), ("r2@bos.example", "confirmation"), ("r3@bos.example", "waiting")
    ]  # fmt: skip
    do(books, lambda store: DESK.cancel(store, "r1", on=date(2026, 4, 1), reason="ill", by=Ending.CLIENT))
    assert sent(books, date(2026, 4, 1)) == [("r1@bos.example", "cancelled"), ("r3@bos.example", "confirmation")]
    assert sent(books, WEEK_BEFORE) == [("r2@bos.example", "reminder"), ("r3@bos.example", "reminder")]


def test_other_days_take_the_old_ones_out_of_the_calendar(books):
    do(books, join("r1"))
    [before] = due(books, EARLY).values()
    sent(books, EARLY)
    do(books, lambda store: DESK.reschedule(store, "may", [day(JUNE, hours=(10, 12))], on=date(2026, 4, 1)))
    [after] = due(books, date(2026, 4, 1)).values()
    assert [(one.start, one.revision, one.cancelled) for one in before.calendar] == [
        (day(START).start, 0, False), (day(date(2026, 5, 19)).start, 0, False)
    ]  # fmt: skip
    assert [(one.start, one.revision, one.cancelled) for one in after.calendar] == [
        (day(JUNE, hours=(10, 12)).start, 1, False), (day(JUNE, hours=(10, 12)).start, 1, True)
    ]  # fmt: skip
    assert [one.uid for one in after.calendar] == [one.uid for one in before.calendar]
    assert {one.zone for one in after.calendar} == {"Europe/Amsterdam"}
    told = dict(after.facts)
    assert (told["old_day"], told["day"], told["time"]) == (START, JUNE, "10:30–12:00")
    assert sent(books, date(2026, 4, 1)) == [("r1@bos.example", "moved")]
    assert sent(books, WEEK_BEFORE) == []
    assert sent(books, JUNE - timedelta(weeks=1)) == [("r1@bos.example", "reminder")]


def test_who_is_moved_before_anything_went_out_hears_of_the_new_session_alone(books):
    do(books, join("r1"), lambda store: DESK.move(store, "r1", "june", on=EARLY))
    assert sent(books, EARLY) == [("r1@bos.example", "moved")]


def test_a_session_that_is_called_off_is_told_to_all_and_taken_out_of_the_calendar(books):
    do(books, join("r1", "r2", "r3"))
    sent(books, EARLY)
    do(books, lambda store: DESK.cancel_session(store, "may", on=date(2026, 5, 1), reason="too few"))
    found = due(books, date(2026, 5, 1))
    assert all(one.cancelled for one in found["r1", "called-off"].calendar)
    assert [to for to, _ in sent(books, date(2026, 5, 1))] == ["r1@bos.example", "r2@bos.example", "r3@bos.example"]
    assert sent(books, WEEK_BEFORE) == []


def test_a_party_is_told_at_its_own_address_and_a_client_who_knows_who_comes_at_its(books):
    do(books, join("r1", name="", email="", participant="noor", client="acme"), join("r2", name="", email=""))
    assert sent(books, EARLY) == [("acme@acme.example", "confirmation"), ("noor@bos.example", "confirmation")]


def test_a_substitute_is_told_and_the_one_who_stays_away_is_not(books):
    do(books, join("r1"))
    sent(books, EARLY)
    do(books, lambda store: DESK.substitute(store, "r1", on=date(2026, 4, 1), name="Jan", email="jan@x.example"))
    assert sent(books, date(2026, 4, 1)) == [("jan@x.example", "confirmation")]
    assert sent(books, WEEK_BEFORE) == [("jan@x.example", "reminder")]


def test_a_certificate_goes_with_its_paper_to_who_was_there(books):
    last = START + timedelta(days=1)
    do(
        books,
        join("r1", "r2"),
        lambda store: DESK.attend(store, "r1", [START, last], on=last),
        lambda store: DESK.finish(store, "may", on=last),
    )
    [(key, notice)] = due(books, last).items()
    assert key == ("r1", "certificate")
    assert notice.paper.number == dict(notice.facts)["certificate"]
    assert sent(books, last) == [("r1@bos.example", "certificate")]
    assert due(books, last + timedelta(days=31)) == {}


def test_who_is_forgotten_is_forgotten_in_what_was_sent_and_hears_nothing_more(books):
    last = START + timedelta(days=1)
    do(books, join("r1", "r2"))
    sent(books, EARLY)
    do(
        books,
        lambda store: DESK.cancel(store, "r2", on=last, reason="ill"),
        lambda store: DESK.attend(store, "r1", [START, last], on=last),
        lambda store: DESK.finish(store, "may", on=last),
        lambda store: DESK.forget_participants(store, before=last + timedelta(days=1)),
    )
    assert sent(books, last + timedelta(days=1)) == []
    with books() as store:
        assert {one.email for one in store.find(PlannedNotice, limit=99)} == {"erased"}


def test_it_is_written_in_the_language_of_the_course(books):
    do(books, lambda store: DESK.add_course(store, course("nl", language="nl")))
    do(books, lambda store: DESK.plan(store, session("s", JUNE, course="nl")), join("r1", session="s"))
    assert [one.language for one in due(books, EARLY).values()] == ["nl"]
