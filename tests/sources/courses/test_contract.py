"""Courses keep the laws of a source, on every store."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import hypothesis.strategies as st
import pytest

from fanbilling.domain.vat import TaxClass
from fanbilling.sources.courses import Courses, CoursesDesk, Ending
from fanbilling.testing.contracts.sources import SourceContract
from tests.sources.courses.worlds import EARLY, START, course, day, office, opened, registration, session
from tests.stores import STORES, looked_at

DESK = CoursesDesk()
DAYS = st.sampled_from(
    [EARLY, date(2026, 3, 20), START - timedelta(weeks=4), START - timedelta(weeks=1), START, START + timedelta(days=1)]
)
IDS = st.sampled_from(["r1", "r2", "r3"])
SESSIONS = st.sampled_from(["may", "june"])
CLIENTS = st.sampled_from(["acme", "beta"])


def calls(method, **arguments):
    """Commands of the desk, with drawn arguments."""
    return st.fixed_dictionaries(arguments).map(lambda drawn: partial(method, **drawn))


def registered(id):
    """Registrations with an id, of whoever else may be there already."""
    return st.builds(
        registration,
        st.just(id),
        session=SESSIONS,
        client=st.sampled_from(["acme", "beta", ""]),
        email=st.sampled_from([f"{id}@x.example", "a@x.example", "A@x.example"]),
        discount=st.sampled_from([Decimal(0), Decimal(10), Decimal(100)]),
        reference=st.sampled_from(["", "PO 12"]),
    )


COMMANDS = st.one_of(
    calls(DESK.register, registration=IDS.flatmap(registered), on=DAYS),
    calls(DESK.accept, id=IDS, on=DAYS),
    calls(DESK.cancel, id=IDS, on=DAYS, reason=st.just("ill"), by=st.sampled_from([Ending.CLIENT, Ending.US])),
    calls(DESK.cancel, id=IDS, on=DAYS, reason=st.just("ill"), fee=st.sampled_from([Decimal(0), Decimal(25)])),
    calls(DESK.move, id=IDS, session=SESSIONS, on=DAYS),
    calls(
        DESK.move,
        id=IDS,
        session=SESSIONS,
        on=DAYS,
        client=CLIENTS,
        fee=st.sampled_from([Decimal(0), Decimal(50)]),
        fee_payer=st.sampled_from(["", "acme"]),
        price=st.sampled_from([None, Decimal(300)]),
    ),
    calls(DESK.substitute, id=IDS, on=DAYS, email=st.sampled_from(["d@x.example", "a@x.example"])),
    calls(DESK.identify, id=IDS, client=CLIENTS, on=DAYS, participant=st.sampled_from(["", "noor"])),
    calls(DESK.bill_to, id=IDS, client=CLIENTS, payer=st.sampled_from(["", "acme"]), on=DAYS),
    calls(DESK.change_price, id=IDS, price=st.sampled_from([Decimal(0), Decimal(380)]), on=DAYS, reason=st.just("x")),
    calls(DESK.attend, id=IDS, days=st.sampled_from([(), (START,)]), on=DAYS),
    calls(DESK.confirm_session, id=SESSIONS, on=DAYS),
    calls(DESK.reschedule, id=SESSIONS, days=st.sampled_from([[day(START)], [day(date(2026, 6, 15))]]), on=DAYS),
    calls(DESK.resize, id=SESSIONS, capacity=st.integers(1, 3), on=DAYS),
    calls(DESK.cancel_session, id=SESSIONS, on=DAYS, reason=st.just("too few")),
    calls(DESK.finish, id=SESSIONS, on=DAYS),
    calls(DESK.lapse_offers, on=DAYS),
    calls(DESK.forget_participants, before=st.just(date(2027, 1, 1))),
    calls(DESK.change_course, course=st.builds(course, price=st.just("450.00"), tax_class=st.sampled_from(TaxClass))),
)


def begun(first, second, offers):
    """The school, with a session of one seat and one of two; a course is billed at once or before its sessions."""

    def begin(store):
        courses = (
            course(bill_days_before=first, offer_days=offers),
            course("care", tax_class="exempt", price="300.00", bill_days_before=second),
        )
        june = session("june", date(2026, 6, 8), days=1, course="care", capacity=2)
        opened(DESK, store, session(capacity=1), june, courses=courses)

    return begin


def taken():
    """Registrations that come in first, so that there is something to do."""
    return st.tuples(*(calls(DESK.register, registration=registered(id), on=DAYS) for id in ("r1", "r2", "r3")))


def stories():
    return st.builds(
        lambda first, early, rest: [first, *early, *rest],
        st.builds(begun, st.sampled_from([None, 14]), st.sampled_from([None, -7]), st.sampled_from([None, 5])),
        taken(),
        st.lists(COMMANDS, min_size=1, max_size=7),
    )


class TestCoursesKeepTheLaws(SourceContract):
    far = date(2027, 12, 31)

    @pytest.fixture
    def source(self):
        return Courses()

    @pytest.fixture(params=STORES)
    def books(self, request):
        with looked_at(request.param), STORES[request.param](office()) as books:
            yield books

    @pytest.fixture
    def commands(self):
        return stories()
