"""The desk of courses on every store: seats, the waiting list, fees, other days, and who was there."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import attrs
import pytest

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.adapters.storage.sql import SqlBooks
from fanbilling.domain.errors import AdapterFailure, Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.courses import Courses, Ending, Registration, Session, certificate
from fanbilling.sources.courses.attendance import is_certificate_number
from tests.sources.courses.worlds import EARLY, START, WEEKS, course, day, office, opened, registration, session
from tests.stores import STORES, kept

OFFICE = office()
DESK = OFFICE.courses
WEEK = timedelta(weeks=1)
ONE = Decimal(1)


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](OFFICE) as books, books() as opened_store:
        yield opened_store


@pytest.fixture
def memory():
    with MemoryBooks("school")() as opened_store:
        opened(DESK, opened_store)
        yield opened_store


def put(store, *ids, on=EARLY, **changes):
    """Let people register; return in which state each then is."""
    return [DESK.register(store, registration(id, **changes), on=on).state for id in ids]


def states(store, session="may"):
    return {one.id: str(one.state) for one in DESK.registrations(store, session)}


def facts(store, *ids):
    """What is due, by registration and fact: quantity and price."""
    asked = [Asked(agreement=id, since=date.min) for id in ids or ("r1",)]
    items = Courses().items(store, asked, date(2027, 1, 1))
    return {(one.key.agreement, one.key.fact): (one.quantity, one.price.amount, one.payer) for one in items}


# ---------------------------------------------------------------------------------------------------------------- seats


def test_what_is_full_has_a_waiting_list_in_the_order_of_registration(store):
    opened(DESK, store)
    assert put(store, "r1", "r2", "r9", "r3") == ["placed", "placed", "waiting", "waiting"]
    DESK.cancel(store, "r2", on=EARLY, reason="ill")
    assert states(store) == {"r1": "placed", "r2": "cancelled", "r9": "placed", "r3": "waiting"}
    DESK.resize(store, "may", 3, on=EARLY)
    assert states(store)["r3"] == "placed"
    assert OFFICE.courses.registrations(store, "may")[2].news.purpose == "courses.confirmation"
    with pytest.raises(RuleViolation, match="3 seats are taken"):
        DESK.resize(store, "may", 2, on=EARLY)
    assert list(Courses().audit(store)) == []


def test_who_moves_makes_room_for_who_waits(store):
    opened(DESK, store, session(capacity=1), session("june", date(2026, 6, 8), capacity=1))
    put(store, "r1", "r2")
    put(store, "r3", session="june")
    with pytest.raises(RuleViolation, match="it is full"):
        DESK.move(store, "r1", "june", on=EARLY)
    DESK.move(store, "r2", "june", on=EARLY)  # who waits may wait elsewhere
    assert states(store, "june") == {"r3": "placed", "r2": "waiting"}
    DESK.cancel(store, "r3", on=EARLY, reason="ill")
    assert states(store, "june")["r2"] == "placed"
    put(store, "r4")
    DESK.resize(store, "june", 2, on=EARLY)
    DESK.move(store, "r1", "june", on=EARLY)
    assert states(store) == {"r4": "placed"}
    assert list(Courses().audit(store)) == []


def test_a_seat_may_be_offered_and_goes_to_the_next_when_nobody_takes_it(store):
    opened(DESK, store, session(capacity=1), courses=[course(offer_days=3)])
    put(store, "r1", "r2", "r3", "r4")
    DESK.cancel(store, "r1", on=EARLY, reason="ill")
    assert states(store)["r2"] == "offered"
    assert put(store, "r5") == ["waiting"]  # an offered seat is nobody else's
    assert DESK.lapse_offers(store, on=EARLY + timedelta(days=3)) == 0
    fourth = EARLY + timedelta(days=4)
    with pytest.raises(RuleViolation, match="the offer was until 2026-03-05"):
        DESK.accept(store, "r2", on=fourth)
    assert DESK.lapse_offers(store, on=fourth) == 1
    assert states(store) == {
        "r1": "cancelled", "r2": "cancelled", "r3": "offered", "r4": "waiting", "r5": "waiting"
    }  # fmt: skip
    assert facts(store, "r2", "r3") == {
        ("r2", "seat"): (0, Decimal(400), ""),
        ("r3", "seat"): (0, Decimal(400), ""),
    }
    DESK.accept(store, "r3", on=fourth)
    assert states(store)["r3"] == "placed"
    assert list(Courses().audit(store)) == []


def test_who_is_looked_at_first_waits_for_that(store):
    opened(DESK, store, session(capacity=1), courses=[course(reviewed=True)])
    assert put(store, "r1", "r2") == ["requested", "requested"]
    assert facts(store)["r1", "seat"][0] == 0
    assert DESK.accept(store, "r2", on=EARLY).state == "placed"
    assert DESK.accept(store, "r1", on=EARLY).state == "waiting"
    DESK.cancel(store, "r2", on=EARLY, reason="no", by=Ending.US)
    assert states(store) == {"r1": "placed", "r2": "cancelled"}


def test_nobody_comes_twice_whatever_the_spelling(store):
    opened(DESK, store)
    put(store, "r1", email="Noor@Bos.example")
    with pytest.raises(RuleViolation, match="already: registration r1") as raised:
        put(store, "r2", email="noor@bos.EXAMPLE")
    assert raised.value.where == "registration r2, email"
    put(store, "r3", participant="noor", name="", email="")
    with pytest.raises(RuleViolation, match="already: registration r3"):
        put(store, "r4", participant="noor", name="", email="")
    with pytest.raises(RuleViolation, match="already: registration r1"):
        DESK.substitute(store, "r3", on=EARLY, name="N", email="noor@bos.example")
    DESK.cancel(store, "r1", on=EARLY, reason="ill")
    assert put(store, "r2", email="noor@bos.example") == ["placed"]


def test_saying_the_same_again_changes_nothing(store):
    opened(DESK, store, session(), session("june", date(2026, 6, 8)))
    calls = [
        lambda: DESK.add_course(store, course()),
        lambda: DESK.plan(store, session()),
        lambda: put(store, "r1", "r2", client=""),
        lambda: DESK.identify(store, "r1", "acme", on=EARLY, participant="noor"),
        lambda: DESK.bill_to(store, "r1", "beta", on=EARLY),
        lambda: DESK.change_price(store, "r1", Decimal(380), on=EARLY, reason="x"),
        lambda: DESK.move(store, "r1", "june", on=EARLY, fee=Decimal(25)),
        lambda: DESK.substitute(store, "r1", on=EARLY, name="Jan", email="jan@x.example"),
        lambda: DESK.cancel(store, "r2", on=EARLY, reason="ill", fee=Decimal(10)),
        lambda: DESK.confirm_session(store, "june", on=EARLY),
        lambda: DESK.reschedule(store, "june", [day(date(2026, 6, 9))], on=EARLY),
        lambda: DESK.resize(store, "june", 1, on=EARLY),
        lambda: DESK.attend(store, "r1", [date(2026, 6, 9)], on=date(2026, 6, 9)),
        lambda: DESK.finish(store, "june", on=date(2026, 6, 10)),
        lambda: DESK.cancel_session(store, "may", on=EARLY, reason="x"),
    ]
    for call in calls:
        call()
        before = kept(store, OFFICE.records)
        if call is not calls[1]:
            call()
        assert kept(store, OFFICE.records) == before
    assert DESK.forget_participants(store, before=date(2027, 1, 1)) == 2
    assert DESK.forget_participants(store, before=date(2027, 1, 1)) == 0


def test_the_same_id_for_something_else_is_a_conflict(memory):
    put(memory, "r1")
    with pytest.raises(Conflict):
        put(memory, "r1", name="Somebody else")
    with pytest.raises(Conflict):
        DESK.plan(memory, session(capacity=9))
    with pytest.raises(Conflict):
        DESK.add_course(memory, course(title="Other"))
    DESK.cancel(memory, "r1", on=EARLY, reason="ill", fee=Decimal(10))
    with pytest.raises(Conflict, match="it ended on 2026-03-02"):
        DESK.cancel(memory, "r1", on=EARLY, reason="ill", fee=Decimal(20))
    with pytest.raises(Conflict):
        DESK.identify(memory, "r1", "beta", on=EARLY)


def test_what_is_over_takes_nobody(memory):
    assert put(memory, "r1", on=START) == ["placed"]
    with pytest.raises(RuleViolation, match="it began on 2026-05-18"):
        put(memory, "r2", on=START + timedelta(days=1))
    DESK.cancel_session(memory, "may", on=START, reason="x")
    with pytest.raises(RuleViolation, match="it is cancelled"):
        put(memory, "r2")
    for call in (
        lambda: DESK.finish(memory, "may", on=date(2026, 6, 1)),
        lambda: DESK.reschedule(memory, "may", [day(date(2026, 9, 1))], on=START),
        lambda: DESK.resize(memory, "may", 5, on=START),
        lambda: DESK.confirm_session(memory, "may", on=START),
        lambda: DESK.substitute(memory, "r1", on=START, name="J", email="j@x.example"),
        lambda: DESK.attend(memory, "r1", [START], on=START),
    ):
        with pytest.raises(RuleViolation):
            call()
    with pytest.raises(NotFound):
        put(memory, "r3", session="nowhere")
    with pytest.raises(NotFound):
        put(memory, "r3", session="may2", client="nobody")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_last_seat_is_not_taken_twice_at_once(kind, tmp_path, request):
    """One of two gets it; the other waits for it, or is told to try again, and waits then."""
    url = f"sqlite:///{tmp_path / 'books.db'}" if kind == "sqlite" else request.getfixturevalue("pg_url")
    with closing(SqlBooks(url, "school", records=OFFICE.records)) as books:
        with books() as store:
            opened(DESK, store, session(capacity=1))
        together, came = Barrier(2), []

        def take(id):
            try:
                with closing(SqlBooks(url, "school", records=OFFICE.records)) as own:
                    together.wait(60)
                    with own() as store:
                        came.append(DESK.register(store, registration(id), on=EARLY).state)
            except (AdapterFailure, Conflict) as error:
                came.append(error)

        threads = [Thread(target=take, args=(id,)) for id in ("r1", "r2")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(came) == 2
        with books() as store:
            put(store, "r1", "r2")  # nothing is lost: who was told to try again does
            assert sorted(states(store).values()) == ["placed", "waiting"]
            assert store.get(Session, "may").registered == 2
            assert list(Courses().audit(store)) == []


# ------------------------------------------------------------------------------------------------------- from a website

HOSTILE = [
    ("name", "Noor\r\nBcc: all@x.example"),
    ("name", "Noor\nBos"),
    ("name", "No\x00or"),
    ("name", "No\x1b[2Jor"),
    ("name", "Noor \u202egro.elpmaxe"),
    ("name", "No\u200bor"),
    ("name", "No\ud800or"),
    ("name", "x" * 201),
    ("reference", "PO 1\r\nX-Header: y"),
    ("voucher", "V\x07"),
    ("email", "a@x.example\r\nBcc: b@x.example"),
    ("email", "a@x.example, b@x.example"),
    ("email", "Noor <a@x.example>"),
    ("email", "a@@x.example"),
    ("email", "a@localhost"),
    ("email", ".a@x.example"),
    ("email", "a b@x.example"),
    ("email", "a@-x.example"),
    ("email", f"{'a' * 65}@x.example"),
    ("email", f"a@{'x.' * 130}example"),
    ("email", "a\u202e@x.example"),
]


@pytest.mark.parametrize(("field", "text"), HOSTILE)
def test_what_would_do_harm_is_refused_with_the_name_of_the_field(field, text):
    with pytest.raises(InvalidValue) as raised:
        registration(**{field: text})
    assert raised.value.where == f"registration r1, {field}"
    assert raised.value.remedy


@pytest.mark.parametrize(("field", "text"), HOSTILE[:1] + HOSTILE[10:11])
def test_neither_does_a_substitute_bring_it_in(memory, field, text):
    put(memory, "r1")
    person = {"name": "Jan", "email": "jan@x.example"} | {field: text}
    before = kept(memory, OFFICE.records)
    with pytest.raises(InvalidValue, match=field):
        DESK.substitute(memory, "r1", on=EARLY, **person)
    assert kept(memory, OFFICE.records) == before


def test_what_looks_like_html_is_a_name_like_any_other(store):
    opened(DESK, store)
    name = "<script>alert('x')</script> =1+1 O'Brien & نور"
    put(store, "r1", name=f"  {name} ", email="O'Brien+x@Bos.example")
    found = store.get(Registration, "r1")
    assert (found.name, found.email) == (name, "o'brien+x@bos.example")


def test_a_seat_for_nobody_is_refused(memory):
    with pytest.raises(InvalidValue, match="nobody can be told"):
        put(memory, "r1", name="Noor", email="", client="")
    assert put(memory, "r1", name="", email="") == ["placed"]  # the client knows who comes, later


# ----------------------------------------------------------------------------------------------------- cancelling, fees


@pytest.mark.parametrize(
    ("on", "within", "due"),
    [
        # four weeks before 18 May is 20 April, one week before is 11 May
        (date(2026, 4, 19), False, {"seat": 0}),
        (date(2026, 4, 20), False, {"seat": 0}),
        (date(2026, 4, 21), False, {"seat": 0, "fee:cancelled": 200}),
        (date(2026, 5, 11), False, {"seat": 0, "fee:cancelled": 200}),
        (date(2026, 5, 12), False, {"seat": 400}),
        (date(2026, 4, 19), True, {"seat": 0}),
        (date(2026, 4, 20), True, {"seat": 0, "fee:cancelled": 200}),
        (date(2026, 5, 10), True, {"seat": 0, "fee:cancelled": 200}),
        (date(2026, 5, 11), True, {"seat": 400}),
    ],
)
def test_what_cancelling_costs_depends_on_the_day(memory, on, within, due):
    DESK.change_course(memory, course(cancellation=attrs.evolve(WEEKS, boundary_within=within)))
    put(memory, "r1")
    DESK.cancel(memory, "r1", on=on, reason="ill")
    assert {fact: quantity * price for (_, fact), (quantity, price, _) in facts(memory).items()} == due


def test_nothing_is_due_when_we_cancel_and_a_fee_may_be_agreed(memory):
    put(memory, "r1", "r2")
    late = date(2026, 5, 15)
    DESK.cancel(memory, "r1", on=late, reason="ours", by=Ending.US)
    DESK.cancel(memory, "r2", on=late, reason="theirs", fee=Decimal(25))
    assert facts(memory, "r1", "r2") == {
        ("r1", "seat"): (0, Decimal(400), ""),
        ("r2", "seat"): (0, Decimal(400), ""),
        ("r2", "fee:cancelled"): (ONE, Decimal(25), "acme"),
    }
    put(memory, "r3")
    with pytest.raises(InvalidValue, match="a fee of -1"):
        DESK.cancel(memory, "r3", on=late, reason="x", fee=Decimal(-1))


def test_a_substitute_comes_at_a_fee_and_not_where_nobody_else_may(memory):
    DESK.change_course(memory, course(cancellation=attrs.evolve(WEEKS, substitution=Decimal(35))))
    put(memory, "r1")
    after = DESK.substitute(memory, "r1", on=EARLY, name="Jan", email="jan@x.example")
    assert (after.name, after.email, after.state) == ("Jan", "jan@x.example", "placed")
    assert (after.news.purpose, after.news.revision) == ("courses.confirmation", 1)
    assert facts(memory)["r1", "fee:substituted-1"] == (ONE, Decimal(35), "acme")
    DESK.change_course(memory, course(cancellation=attrs.evolve(WEEKS, substitution=None)))
    put(memory, "r2")
    with pytest.raises(RuleViolation, match="nobody else may come"):
        DESK.substitute(memory, "r2", on=EARLY, name="Jan", email="j@x.example")


# ------------------------------------------------------------------------------------------------------ who pays, price


def test_who_pays_may_be_known_later_and_nothing_is_lost(store):
    opened(DESK, store, session(), session("june", date(2026, 6, 8)))
    put(store, "r1", client="")
    DESK.move(store, "r1", "june", on=EARLY, fee=Decimal(25))
    [left, fee] = OFFICE.billing.why_not(store, until=date(2026, 12, 31))
    assert {left.because.because[0].rule, fee.because.because[0].rule} == {"courses.no-payer"}
    assert (left.payer, fee.payer) == ("", "")
    DESK.identify(store, "r1", "acme", on=EARLY)
    DESK.bill_to(store, "r1", "beta", on=EARLY)
    assert facts(store) == {
        ("r1", "seat"): (ONE, Decimal(400), ""),
        ("r1", "fee:moved-1"): (ONE, Decimal(25), "acme"),
    }
    assert store.get(Registration, "r1").client == "beta"


def test_the_price_is_that_of_the_day_of_registration(memory):
    put(memory, "r1", discount=Decimal("12.5"))
    DESK.change_course(memory, course(price="450.00"))
    put(memory, "r2")
    # 400 × 87.5% = 350
    assert [price for _, price, _ in facts(memory, "r1", "r2").values()] == [Decimal(350), Decimal(450)]
    DESK.change_price(memory, "r1", Decimal(300), on=EARLY, reason="a mistake of ours")
    assert facts(memory)["r1", "seat"] == (ONE, Decimal(300), "")
    with pytest.raises(InvalidValue):
        DESK.change_price(memory, "r1", Decimal(-1), on=EARLY, reason="x")
    with pytest.raises(InvalidValue, match="on 2026-03-01 it did not exist"):
        DESK.change_price(memory, "r1", Decimal(1), on=EARLY - timedelta(days=1), reason="x")


# --------------------------------------------------------------------------------------------- other days, and the end


def test_other_days_move_what_is_billed_and_when(memory):
    DESK.change_course(memory, course(bill_days_before=14))
    put(memory, "r1", "r2", "r3")
    later = date(2026, 9, 7)
    DESK.reschedule(memory, "may", [day(later)], on=EARLY, place="Assen")
    [item] = Courses().items(memory, [Asked(agreement="r1", since=date.min)], later)
    assert (item.tax_point, item.bill_on) == (later, date(2026, 8, 24))
    assert memory.agenda.get("courses", "r1").version == 2  # it was asked for once, and is asked again
    news = [one.news for one in DESK.registrations(memory, "may")]
    assert [(one.purpose, one.revision) for one in news] == [
        ("courses.moved", 1), ("courses.moved", 1), ("courses.waiting", 1)
    ]  # fmt: skip
    assert {one.was for one in news} == {START}
    with pytest.raises(InvalidValue):
        DESK.reschedule(memory, "may", [], on=EARLY)


def test_a_session_below_its_minimum_is_found_and_called_off(memory):
    DESK.plan(memory, session("june", date(2026, 6, 8), capacity=3, minimum=2))
    put(memory, "r1", session="june")
    assert DESK.below_minimum(memory, until=date(2026, 6, 7)) == []
    [(found, taken)] = DESK.below_minimum(memory, until=date(2026, 6, 8))
    assert (found.id, taken) == ("june", 1)
    with pytest.raises(InvalidValue):
        DESK.cancel_session(memory, "june", on=EARLY, reason=" ")
    DESK.cancel_session(memory, "june", on=date(2026, 6, 1), reason="too few")
    assert facts(memory) == {("r1", "seat"): (0, Decimal(400), "")}
    assert DESK.below_minimum(memory, until=date(2026, 6, 8)) == []


def test_who_was_there_enough_gets_a_certificate_with_a_number_of_its_own(store):
    opened(DESK, store, session(days=3, capacity=4), courses=[course(attendance=60, certificate="Well done.")])
    put(store, "r1", "r2", "r3", "r4", "r5")
    days = [START + timedelta(days=n) for n in range(3)]
    last = days[-1]
    with pytest.raises(InvalidValue, match="has not come"):
        DESK.attend(store, "r1", days, on=days[1])
    with pytest.raises(InvalidValue, match="is no day of session may"):
        DESK.attend(store, "r1", [EARLY], on=days[1])
    DESK.attend(store, "r1", days[:2], on=last)  # 66.7%
    DESK.attend(store, "r2", days[:1], on=last)  # 33.3%
    DESK.attend(store, "r4", days, on=last)
    with pytest.raises(RuleViolation, match="its last day is"):
        DESK.finish(store, "may", on=days[1])
    DESK.finish(store, "may", on=last)
    assert states(store) == {
        "r1": "attended", "r2": "attended", "r3": "no-show", "r4": "attended", "r5": "cancelled"
    }  # fmt: skip
    found = {one.id: one.certificate for one in DESK.registrations(store, "may")}
    assert [id for id, number in found.items() if number] == ["r1", "r4"]
    assert found["r1"] != found["r4"]
    assert all(is_certificate_number(found[id]) for id in ("r1", "r4"))
    assert DESK.certified(store, found["r1"]).id == "r1"
    wrong = found["r1"][:-1] + str((int(found["r1"][-1]) + 1) % 10)
    for number in (wrong, "", "x" * 999, found["r1"] + "1"):
        with pytest.raises(NotFound):
            DESK.certified(store, number)
    assert facts(store, "r3")["r3", "seat"][:2] == (ONE, Decimal(400))
    DESK.attend(store, "r3", days, on=last)  # put right afterwards
    DESK.attend(store, "r1", days[:1], on=last)
    found = {one.id: one.certificate for one in DESK.registrations(store, "may")}
    assert [id for id, number in found.items() if number] == ["r3", "r4"]
    with pytest.raises(RuleViolation):
        DESK.cancel(store, "r3", on=last, reason="x")
    with pytest.raises(RuleViolation):
        DESK.move(store, "r3", "may", on=last)


def test_a_certificate_says_what_was_done(memory):
    put(memory, "r1")
    days = [START, START + timedelta(days=1)]
    DESK.attend(memory, "r1", days, on=days[1])
    DESK.finish(memory, "may", on=days[1])
    mine = memory.get(Registration, "r1")
    paper = certificate(
        mine,
        memory.get(Session, "may"),
        course(certificate="One.\n\nTwo."),
        OFFICE.administration,
        on=days[1],
        name="N",
    )
    assert dict(paper.facts) == {
        "first-day": START, "last-day": days[1], "study-load": Decimal(12), "attendance": Decimal(100),
        "place": "Zwolle", "certificate-number": mine.certificate,
    }  # fmt: skip
    assert (paper.number, paper.addressee.name, paper.title) == (mine.certificate, "N", "Safety")
    assert paper.paragraphs == ("One.", "Two.")


def test_participants_are_forgotten_and_what_was_agreed_stays(store):
    opened(DESK, store, session(), session("june", date(2026, 6, 8)))
    put(store, "r1", reference="PO 12")
    put(store, "r2", session="june")
    DESK.cancel(store, "r1", on=date(2026, 5, 15), reason="she is ill")
    due = facts(store)
    assert due == {("r1", "seat"): (ONE, Decimal(400), "")}
    DESK.finish(store, "may", on=date(2026, 5, 19))
    assert DESK.forget_participants(store, before=date(2026, 5, 19)) == 0
    assert DESK.forget_participants(store, before=date(2026, 5, 20)) == 1
    mine = store.get(Registration, "r1")
    assert (mine.name, mine.email, mine.reference, mine.ended.reason) == ("", "", "PO 12", "erased")
    assert facts(store) == due
    assert store.get(Registration, "r2").name == "Noor Bos"
    assert list(Courses().notices(store, OFFICE.administration, on=date(2026, 5, 20))) != []
    assert {one.subject for one in Courses().notices(store, OFFICE.administration, on=date(2026, 5, 20))} == {"r2"}


def test_a_waiting_list_is_over_once_the_session_began(memory):
    put(memory, "r1", "r2", "r3")
    DESK.cancel(memory, "r1", on=START + timedelta(days=1), reason="ill")
    assert states(memory) == {"r1": "cancelled", "r2": "placed", "r3": "cancelled"}


def test_what_was_owed_for_a_session_that_we_call_off_is_owed_no_longer(memory):
    DESK.plan(memory, session("june", date(2026, 6, 8)))
    put(memory, "r1")
    DESK.move(memory, "r1", "june", on=EARLY, fee=Decimal(25))
    assert facts(memory)["r1", "fee:moved-1"] == (ONE, Decimal(25), "acme")
    DESK.cancel_session(memory, "june", on=EARLY, reason="too few")
    assert facts(memory)["r1", "fee:moved-1"][0] == 0


def test_a_session_over_a_change_of_rate_is_taxed_by_its_days(memory):
    """Two days, one at 6 and one at 9 percent: 200.00 × 6% = 12.00 and 200.00 × 9% = 18.00 on a price of 400.00."""
    DESK.add_course(memory, course("eve", tax_class="reduced"))
    DESK.plan(memory, session("eve", course="eve", start=date(2018, 12, 31)))
    DESK.register(memory, registration("r-eve", session="eve"), on=date(2018, 12, 1))
    [draft] = OFFICE.billing.preview(memory, "acme", until=date(2019, 1, 31), on=date(2019, 1, 31))
    found = [(one.tax.rate, one.base, one.vat) for one in draft.taxes]
    assert found == [(6, Decimal("200.00"), Decimal("12.00")), (9, Decimal("200.00"), Decimal("18.00"))]
