"""Notices: whatever a source says is due is sent once, under one id, judged again right before (law L16)."""

from __future__ import annotations

from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling import Party
from fanbilling.adapters.documents.folder import FolderDocuments
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.codec import dump_event
from fanbilling.delivery import notices as rounds
from fanbilling.domain.errors import AdapterFailure, InvalidValue, RuleViolation
from fanbilling.domain.events import NoticeFailed, NoticeSent
from fanbilling.domain.messages import MessageState
from fanbilling.domain.notices import PlannedNotice
from fanbilling.domain.ports.delivery import Rendered
from fanbilling.domain.ports.messaging import forget_recipients
from tests.desks.announcing import BOOKED, BY, STARTS, Place, Places, Postman, book, change, hall, notice, write
from tests.stores import STORES, tried

REMIND = STARTS - timedelta(days=7)


@pytest.fixture(params=STORES)
def world(request):
    desk = hall()
    with STORES[request.param](desk) as books:
        yield desk, books


def notify(desk, books, mailer, on=BOOKED, **options):
    return desk.delivery.notify(books, mailer=mailer, write=write, on=on, by=BY, **options)


def told(books):
    with books() as store:
        events = [recorded.event for recorded in store.journal.after(0, limit=999)]
    return [event for event in events if isinstance(event, (NoticeSent, NoticeFailed))]


def planned(books, **where):
    with books() as store:
        return list(store.find(PlannedNotice, where, limit=999))


def ann(**more):
    return Place(id="r1", name="Ann", email="ann@people.example", **more)


def test_a_notice_is_sent_once_and_each_on_its_own_day(world):
    desk, books = world
    book(books, ann())
    mailer = Postman()
    assert notify(desk, books, mailer).sent == 1
    assert notify(desk, books, mailer).sent == 0
    assert notify(desk, books, mailer, REMIND - timedelta(days=1)).sent == 0
    assert notify(desk, books, mailer, REMIND).sent == 1
    assert notify(desk, books, mailer, STARTS).sent == 0
    assert [subject for _, _, subject in mailer.sent] == ["places.confirmation", "places.reminder"]
    assert len({key for key, _, _ in mailer.sent}) == 2


def test_what_is_of_no_use_any_more_is_not_sent(world):
    desk, books = world
    book(books, ann())
    mailer = Postman()
    assert notify(desk, books, mailer, STARTS + timedelta(days=1)).sent == 0
    assert mailer.sent == []


def test_what_was_cancelled_in_the_meantime_is_not_sent(world, monkeypatch):
    """The first mail of the round goes out, and while it does the second place is cancelled."""
    monkeypatch.setattr(rounds, "ROUND", 1)
    desk, books = world
    book(books, ann(), Place(id="r2", email="bob@people.example"))
    mailer = Postman(first=lambda: change(books, "r2", cancelled=True))
    report = notify(desk, books, mailer)
    assert (report.sent, report.dropped) == (1, 1)
    assert [to for _, to, _ in mailer.sent] == ["ann@people.example"]


def test_what_was_on_its_way_when_the_process_stopped_goes_again_under_the_same_id(world):
    desk, books = world
    book(books, ann())
    stopped = Postman(dies="ann@people.example")
    with pytest.raises(KeyboardInterrupt):
        notify(desk, books, stopped)
    assert told(books) == []
    mailer = Postman()
    assert notify(desk, books, mailer, resume=False).sent == 0  # somebody else may be at it
    assert notify(desk, books, mailer).sent == 1
    assert mailer.sent == stopped.sent
    assert len(told(books)) == 1


def test_what_was_left_on_its_way_and_is_no_longer_due_is_dropped_and_can_come_back(world):
    desk, books = world
    book(books, ann())
    with pytest.raises(KeyboardInterrupt):
        notify(desk, books, Postman(dies="ann@people.example"))
    change(books, "r1", cancelled=True)
    mailer = Postman()
    assert notify(desk, books, mailer).dropped == 1
    assert [one.state for one in planned(books)] == [MessageState.DROPPED]
    assert notify(desk, books, mailer).dropped == 0
    change(books, "r1", cancelled=False)
    assert notify(desk, books, mailer).sent == 1


def test_what_was_refused_is_told_once_by_code_and_tried_again_under_the_same_id(world):
    desk, books = world
    book(books, ann())
    for _ in range(2):
        report = notify(desk, books, Postman(fails="ann@people.example"))
        assert [failure.code for failure in report.failures] == ["adapter-failure"]
        assert "does not exist" in report.failures[0].problem
    [failed] = told(books)
    assert isinstance(failed, NoticeFailed)
    mailer = Postman()
    assert notify(desk, books, mailer).sent == 1
    assert [key for key, _, _ in mailer.sent] == [failed.message]


def test_a_raised_revision_or_another_address_is_another_notice(world):
    desk, books = world
    book(books, ann())
    mailer = Postman()
    notify(desk, books, mailer)
    change(books, "r1", revision=1)
    assert notify(desk, books, mailer).sent == 1
    change(books, "r1", email="ANN@people.example")
    assert notify(desk, books, mailer).sent == 0  # the same address, typed otherwise
    change(books, "r1", email="ann@elsewhere.example")
    assert notify(desk, books, mailer).sent == 1
    assert len({key for key, _, _ in mailer.sent}) == 3


def test_a_party_is_written_to_at_its_address_of_today_in_its_language(world):
    desk, books = world
    book(books, Place(id="r1", party="acme"), client="acme")
    written = []

    def keep(notice, printed, id, to):
        written.append(notice)
        return write(notice, printed, id, to)

    with books(by=BY) as store:
        desk.crm.register(store, attrs.evolve(store.get(Party, "acme"), email="new@client.example"), on=BOOKED)
    mailer = Postman()
    desk.delivery.notify(books, mailer=mailer, write=keep, on=BOOKED)
    assert [to for _, to, _ in mailer.sent] == ["new@client.example"]
    assert [(one.name, one.language) for one in written] == [("ACME", "nl")]


def test_it_stands_in_the_file_of_the_client_and_no_address_in_the_journal(world):
    """A participant of a client is no party; the client's file tells that the confirmation went out."""
    desk, books = world
    book(books, ann(client="acme"), client="acme")
    notify(desk, books, Postman())
    [event] = told(books)
    assert (event.party, event.subject, event.purpose) == ("acme", "r1", "places.confirmation")
    assert "people.example" not in str(dump_event(event))
    with books() as store:
        [entry] = desk.crm.file(store, "acme").entries
    assert (entry.what, entry.about) == ("notice.sent", "r1")


def test_who_has_no_address_is_told_by_code_and_gets_it_when_there_is_one(world):
    desk, books = world
    book(books, Place(id="r1", party="acme"), client="acme")
    with books(by=BY) as store:
        acme = store.get(Party, "acme")
        store.replace(acme, attrs.evolve(acme, email=""))
    report = notify(desk, books, Postman())
    assert [(failure.payer, failure.code) for failure in report.failures] == [("acme", "no-address")]
    with books(by=BY) as store:
        store.replace(attrs.evolve(acme, email=""), acme)
    mailer = Postman()
    assert notify(desk, books, mailer).sent == 1
    assert [to for _, to, _ in mailer.sent] == ["acme@client.example"]


class Press:
    """A printer that counts."""

    def __init__(self):
        self.printed = 0

    def print(self, paper):
        self.printed += 1
        return Rendered(content=f"{paper.kind} {paper.language}".encode(), media_type="text/plain", suffix=".txt")


def test_a_paper_is_printed_in_the_language_of_the_reader(world):
    desk, books = world
    book(books, Place(id="r1", party="acme", certificate=True), client="acme")
    letters, press = [], Press()

    def keep(notice, printed, id, to):
        letters.append(write(notice, printed, id, to))
        return letters[-1]

    desk.delivery.notify(books, mailer=Postman(), write=keep, on=BOOKED, printer=press)
    assert [letter.text for letter in letters] == ["nl certificate nl"]


def test_a_paper_without_a_printer_is_a_failure_of_that_notice_alone(world):
    desk, books = world
    book(books, ann(), Place(id="r2", email="bob@people.example", certificate=True))
    report = notify(desk, books, Postman())
    assert report.sent == 1
    assert ["nothing to print it with" in failure.problem for failure in report.failures] == [True]


def test_a_paper_is_kept_as_it_was_sent_and_goes_again_as_it_was(world, tmp_path):
    desk, books = world
    book(books, ann(certificate=True))
    documents, press = FolderDocuments(tmp_path / "sent"), Press()
    with pytest.raises(KeyboardInterrupt):
        notify(desk, books, Postman(dies="ann@people.example"), printer=press, documents=documents)
    assert notify(desk, books, Postman(), printer=press, documents=documents).sent == 1
    assert press.printed == 1
    [kept] = planned(books)
    assert documents.fetch(kept.id).content == b"certificate en"


def test_more_than_a_round_go_out_the_oldest_first(world):
    desk, books = world
    late = [Place(id=f"a{n:02}", email=f"a{n}@people.example", booked=BOOKED) for n in range(30)]
    early = [Place(id=f"b{n:02}", email=f"b{n}@people.example", booked=date(2026, 3, 1)) for n in range(30)]
    book(books, *late, *early)
    mailer, seen = Postman(), []
    assert notify(desk, books, mailer, watch=lambda page: seen.append(len(page))).sent == 60
    assert [to[0] for _, to, _ in mailer.sent] == ["b"] * 30 + ["a"] * 30
    assert sum(seen) == 60
    assert notify(desk, books, mailer).sent == 0


def test_the_books_of_another_are_refused_before_anything_is_asked(world):
    _, books = world
    book(books, ann())
    with pytest.raises(RuleViolation, match="the store is of administration 'nl'"):
        notify(hall("be"), books, Postman())


def test_a_source_that_speaks_for_another_is_refused():
    class Loud(Places):
        name = "loud"

    desk = attrs.evolve(hall(), sources=[Loud()])
    books = MemoryBooks("nl")
    book(books, ann())
    with pytest.raises(AdapterFailure, match="a notice of 'places'"):
        notify(desk, books, Postman())


# ----------------------------------------------------------------------------------------------------------- forgetting


def test_whoever_is_erased_is_not_in_what_was_sent(world):
    desk, books = world
    book(books, Place(id="r1", party="acme", email="jo@client.example"), client="acme")
    notify(desk, books, Postman())
    with books(by=BY) as store:
        assert "jo@client.example" in str(desk.crm.export(store, "acme").plain())
        desk.crm.erase(store, "acme", on=date(2026, 4, 1))
    [kept] = planned(books)
    assert kept.email == "erased"


def test_a_notice_under_way_stands_in_the_way_and_one_that_failed_is_given_up(world):
    desk, books = world
    book(books, Place(id="r1", party="acme"), client="acme")
    with pytest.raises(KeyboardInterrupt):
        notify(desk, books, Postman(dies="acme@client.example"))
    with books(by=BY) as store, pytest.raises(RuleViolation, match=r"places\.confirmation r1 is under way"):
        desk.crm.erase(store, "acme", on=BOOKED)
    notify(desk, books, Postman(fails="acme@client.example"))
    with books(by=BY) as store:
        desk.crm.erase(store, "acme", on=BOOKED)
    [kept] = planned(books)
    assert (kept.state, kept.code, kept.problem) == (MessageState.DROPPED, "", "")


def test_a_participant_who_is_no_party_is_forgotten_by_the_desk_that_knows_the_name(world):
    desk, books = world
    book(books, ann(), Place(id="r2", email="bob@people.example"), Place(id="r3", email="cy@people.example"))
    notify(desk, books, Postman(fails="bob@people.example"))
    with books(by=BY) as store:
        assert forget_recipients(store, "places", ["r1", "r2"]) == 2
        assert forget_recipients(store, "places", ["r1", "r2"]) == 0
        assert forget_recipients(store, "other", ["r3"]) == 0
    assert {(one.subject, one.email, one.problem) for one in planned(books)} == {
        ("r1", "erased", ""),
        ("r2", "erased", ""),
        ("r3", "cy@people.example", ""),
    }


# ------------------------------------------------------------------------------------------------------------ the value

HOUSE = hall().administration


@pytest.mark.parametrize(
    "change",
    [
        {"email": "a@b.example\r\nBcc: x@evil.example"},
        {"name": "An\x00n"},
        {"email": "", "party": ""},
        {"subject": ""},
        {"language": "fr"},
        {"facts": (("day", "x\x1b[2J"),)},
        {"name": "x" * 10_001},
    ],
)
def test_a_hostile_notice_is_refused(change):
    with pytest.raises(InvalidValue):
        attrs.evolve(notice(ann(), "places.confirmation", BOOKED, HOUSE), **change)


def test_an_id_follows_from_what_it_is_about_and_nothing_else():
    one = notice(ann(), "places.confirmation", BOOKED, HOUSE)
    same = attrs.evolve(one, name="Anna", on=REMIND, facts=(), until=None)
    others = [
        attrs.evolve(one, purpose="places.reminder"),
        attrs.evolve(one, subject="r2"),
        attrs.evolve(one, source="rooms"),
        attrs.evolve(one, revision=1),
        attrs.evolve(one, email="bob@people.example"),
    ]
    assert same.id == one.id
    assert len({one.id, *(other.id for other in others)}) == 6


# -------------------------------------------------------------------------------------------------------------- the law

DAYS = [BOOKED + timedelta(days=n) for n in (0, 8, 10, 11, 12, 18, 19)]
ADDRESSES = ["a@p.example", "b@p.example"]
STEPS = st.one_of(
    st.tuples(st.just("change"), st.sampled_from("xyz"), st.sampled_from(["cancel", "restore", "revise", "address"])),
    st.tuples(st.just("send"), st.sampled_from(["well", "fails", "dies"]), st.sampled_from(ADDRESSES)),
    st.tuples(st.just("day"), st.just(""), st.just("")),
)


@tried("memory")
@given(steps=st.lists(STEPS, min_size=2, max_size=14))
def test_l16_whatever_happens_everything_due_is_sent_and_nothing_knowingly_twice(steps):
    """The oracle keeps for each notice how often it was handed over, and which of these ended in a crash."""
    desk, books = hall(), MemoryBooks("nl")
    book(books, *(Place(id=id, email=ADDRESSES[n % 2]) for n, id in enumerate("xyz")))
    days = iter(DAYS)
    on, arrived, crashed = next(days), [], set()
    for kind, what, more in [*steps, ("send", "well", "")]:
        if kind == "day":
            on = next(days, on)
        elif kind == "change":
            with books() as store:
                place = store.get(Place, what)
            changes = {
                "cancel": {"cancelled": True},
                "restore": {"cancelled": False},
                "revise": {"revision": place.revision + 1},
                "address": {"email": ADDRESSES[place.email == ADDRESSES[0]]},
            }
            change(books, what, **changes[more])
        else:
            with books() as store:
                due = {one.id for one in Places().notices(store, HOUSE, on=on) if one.is_due(on)}
            mailer = Postman(fails=more if what == "fails" else "", dies=more if what == "dies" else "")
            try:
                notify(desk, books, mailer, on)
            except KeyboardInterrupt:
                crashed.add(mailer.sent[-1][0])
                crashed |= {one.id for one in planned(books, state="sending")}
            handed = [key for key, _, _ in mailer.sent]
            assert set(handed) <= due, "what is not due is not sent"
            assert len(handed) == len(set(handed)), "nothing twice in a round"
            assert set(handed) & set(arrived) <= crashed, "nothing that is known to have been sent is sent again"
            arrived += handed
    assert due <= set(arrived), "everything that is due was sent in the end"
    sent = [event.message for event in told(books) if isinstance(event, NoticeSent)]
    assert len(sent) == len(set(sent)), "and told once"
    assert due <= set(sent)
