"""Hours and expenses: what is due of them, and what the desk takes and refuses; figures worked by hand."""

from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.codec import dumps, loads
from fanbilling.domain.errors import BillingError, Conflict, InexactNumber, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.periods import Period
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.projects import EntryState, Expense, Project, Projects, ProjectsDesk, TimeEntry
from fanbilling.sources.projects.entries import TRANSITIONS, as_booked, as_known
from tests.sources.projects.worlds import CLIENT, day, expense, hours, items, office, project, rate
from tests.stores import STORES

DESK = ProjectsDesk()


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](office()) as books, books() as store:
        store.add(CLIENT)
        DESK.start(store, project(), on=day("01-01"))
        DESK.set_rate(store, rate(), on=day("01-01"))
        yield store


def one(store, fact="hours:h", id="p"):
    return items(store, id)[id, fact]


def approved(store, entry, on="01-06"):
    DESK.book(store, entry)
    DESK.approve(store, [entry.id], on=day(on))


# --------------------------------------------------------------------------------------------------------------- is due


def test_hours_wait_for_approval_and_are_then_due_on_the_day_worked(store):
    DESK.book(store, hours(hours="6.5"))
    assert one(store).blocked.rule == "hours.not-approved"
    DESK.approve(store, ["h"], on=day("01-08"))
    item = one(store)
    assert (item.blocked, item.quantity, item.price.amount, item.price.unit) == (None, Decimal("6.5"), 100, "HUR")
    assert (item.key.filed, item.bill_on, item.tax_point) == (day("01-05"),) * 3
    assert item.supplied == Period.through(day("01-05"), day("01-05"))
    assert (item.client, item.title, item.text) == ("acme", "Rollout", "Advice")
    assert item.because.because[0].rule == "rate.won"


def test_hours_to_bill_can_be_others_than_hours_worked(store):
    approved(store, hours(hours="8", billable="6"))
    item = one(store)
    assert (item.quantity, item.because.input("worked")) == (6, 8)


def test_without_a_rate_it_is_blocked_and_says_what_was_looked_for(store):
    DESK.withdraw_rate(store, "r", on=day("01-02"))
    approved(store, hours())
    assert one(store).blocked.rule == "rate.none"
    assert one(store).blocked.input("employee") == "eva"


def test_a_correction_says_what_it_was_and_why(store):
    approved(store, hours(hours="8"))
    DESK.correct(store, "h", hours=Decimal("6.5"), reason="Lunch", on=day("02-03"))
    item = one(store)
    assert item.quantity == Decimal("6.5")
    why = item.because.because[-1]
    assert (why.rule, why.value, why.input("on"), why.input("why")) == ("hours.corrected", 8, day("02-03"), "Lunch")


def test_rejected_hours_are_nothing_with_the_reason_and_a_correction_has_them_approved_again(store):
    approved(store, hours())
    DESK.reject(store, "h", reason="Not ours", on=day("02-03"))
    assert (one(store).quantity, one(store).because.input("why"), one(store).blocked) == (0, "Not ours", None)
    DESK.correct(store, "h", hours=Decimal(8), reason="Ours after all", on=day("02-04"))
    assert one(store).blocked.rule == "hours.not-approved"


@pytest.mark.parametrize(
    ("kind", "rule"), [("internal", "hours.internal"), ("funded", "hours.funded"), ("fixed-price", "hours.fixed")]
)
def test_hours_that_nobody_pays_for_are_nothing_with_the_reason(store, kind, rule):
    price = {"price": "1000.00"} if kind == "fixed-price" else {}
    DESK.start(store, project("own", kind=kind, **price), on=day("01-01"))
    DESK.book(store, hours(project="own"))
    DESK.spend(store, expense(project="own"))
    for fact in ("hours:h", "expense:e"):
        item = one(store, fact, "own")
        assert (item.quantity, item.because.rule, item.blocked) == (0, rule, None)


@pytest.mark.parametrize(
    ("cost", "markup", "price"),
    [
        ("50.00", "0", "50.00"),
        ("83.30", "12.5", "93.71"),  # 83.30 × 1.125 = 93.7125
        ("0.10", "5", "0.11"),  # 0.10 × 1.05 = 0.105, half up
    ],
)
def test_an_expense_is_passed_on_with_its_markup_rounded_once(store, cost, markup, price):
    DESK.spend(store, expense(cost=cost, markup=markup, tax_class="reduced"))
    assert one(store, "expense:e").blocked.rule == "expense.not-approved"
    DESK.approve_expenses(store, ["e"], on=day("01-06"))
    item = one(store, "expense:e")
    assert (item.quantity, item.price.amount, item.tax_class) == (1, Decimal(price), "reduced")
    assert item.because.value == Decimal(price)


def test_an_expense_is_corrected_and_rejected_like_hours(store):
    DESK.spend(store, expense(cost="50.00"))
    DESK.approve_expenses(store, ["e"], on=day("01-06"))
    DESK.correct_expense(store, "e", cost=Decimal("40.00"), markup=Decimal(10), reason="Receipt", on=day("01-07"))
    assert one(store, "expense:e").price.amount == Decimal("44.00")
    assert one(store, "expense:e").because.because[0].value == Decimal("50.00")
    DESK.reject_expense(store, "e", reason="Private", on=day("01-08"))
    assert one(store, "expense:e").quantity == 0


def test_everything_of_many_projects_is_read_in_a_constant_number_of_questions(store):
    class Counted:
        def __init__(self):
            self.asked = []

        def __getattr__(self, name):
            def call(*args, **kwargs):
                self.asked.append(name)
                return getattr(store, name)(*args, **kwargs)

            return call

    counts = []
    for number in range(1, 13):
        DESK.start(store, project(f"p{number}"), on=day("01-01"))
        DESK.book(store, hours(f"h{number}", f"p{number}", employee=f"e{number}"))
        reading = Counted()
        asked = [Asked(agreement=f"p{n}", since=date.min) for n in range(1, number + 1)]
        assert len(list(Projects().items(reading, asked, day("12-31")))) == number
        counts.append(len(reading.asked))
    assert set(counts) == {4}  # projects, hours, expenses, rates


# ------------------------------------------------------------------------------------------------------ what is refused


def test_a_day_has_24_hours(store):
    DESK.start(store, project("q"), on=day("01-01"))
    DESK.book(store, hours("h1", "p", hours="16"))
    with pytest.raises(RuleViolation, match="at most 8"):
        DESK.book(store, hours("h2", "q", hours="8.25"))
    DESK.book(store, hours("h2", "q", hours="8"))
    DESK.book(store, hours("h3", "q", hours="24", employee="ben"))
    DESK.book(store, hours("h4", "q", "01-06", hours="24"))
    with pytest.raises(RuleViolation, match="eva has 16 hours on 2026-01-05"):
        DESK.correct(store, "h2", hours=Decimal(9), reason="More", on=day("01-07"))
    DESK.reject(store, "h1", reason="Double", on=day("01-07"))
    DESK.correct(store, "h2", hours=Decimal(24), reason="More", on=day("01-07"))  # what was rejected counts no longer


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"hours": "0"}, InvalidValue),
        ({"hours": "-1"}, InvalidValue),
        ({"hours": "24.25"}, InvalidValue),
        ({"hours": "NaN"}, InexactNumber),
        ({"billable": "-1"}, InvalidValue),
        ({"employee": ""}, InvalidValue),
        ({"text": "a\x07"}, InvalidValue),
        ({"id": " h"}, InvalidValue),
    ],
)
def test_hours_that_nobody_can_work_are_refused(wrong, error):
    with pytest.raises(error):
        hours(**wrong)
    with pytest.raises(InexactNumber):
        TimeEntry(id="h", project="p", employee="eva", on=day("01-05"), hours=6.5)


@pytest.mark.parametrize("wrong", [{"cost": "0"}, {"cost": "-5"}, {"markup": "-1"}, {"text": " "}])
def test_an_expense_that_nobody_can_pass_on_is_refused(wrong):
    with pytest.raises(InvalidValue):
        expense(**wrong)


def test_nothing_is_booked_outside_the_days_of_a_project(store):
    DESK.start(store, project("q", start=day("02-01"), end=day("02-28")), on=day("01-01"))
    for on, message in (("01-31", "starts on 2026-02-01"), ("03-01", "ends on 2026-02-28")):
        with pytest.raises(RuleViolation, match=message):
            DESK.book(store, hours("h", "q", on))
    DESK.close(store, "q", on=day("02-10"))
    with pytest.raises(RuleViolation, match="was closed on 2026-02-10"):
        DESK.book(store, hours("h", "q", "02-11"))
    DESK.book(store, hours("h", "q", "02-10"))
    DESK.reopen(store, "q", on=day("02-12"))
    DESK.book(store, hours("h2", "q", "02-11"))


def test_what_is_not_there_is_not_found(store):
    for call in (
        lambda: DESK.book(store, hours(project="nothing")),
        lambda: DESK.approve(store, ["nothing"], on=day("01-05")),
        lambda: DESK.reject(store, "nothing", reason="x", on=day("01-05")),
        lambda: DESK.correct(store, "nothing", hours=Decimal(1), reason="x", on=day("01-05")),
        lambda: DESK.withdraw_rate(store, "nothing", on=day("01-05")),
        lambda: DESK.close(store, "nothing", on=day("01-05")),
        lambda: DESK.start(store, project("q", client="nobody"), on=day("01-05")),
    ):
        with pytest.raises(NotFound):
            call()


def test_all_are_approved_or_none(store):
    DESK.book(store, hours("h1", hours="4"))
    DESK.book(store, hours("h2", hours="4"))
    DESK.reject(store, "h2", reason="Double", on=day("01-06"))
    for wrong in (["h1", "h2"], ["h1", "h3"]):
        with pytest.raises(BillingError):
            DESK.approve(store, wrong, on=day("01-06"))
    assert store.get(TimeEntry, "h1").state is EntryState.DRAFT


def test_a_correction_or_a_rejection_needs_a_reason(store):
    DESK.book(store, hours())
    for call in (DESK.reject, DESK.correct):
        more = {"hours": Decimal(1)} if call == DESK.correct else {}
        with pytest.raises(InvalidValue, match="needs a reason"):
            call(store, "h", reason=" ", on=day("01-06"), **more)


def test_what_is_known_later_is_said_later(store):
    DESK.book(store, hours(), on=day("01-10"))
    with pytest.raises(RuleViolation, match="something of 2026-01-10 is known"):
        DESK.approve(store, ["h"], on=day("01-09"))


# ---------------------------------------------------------------------------------------------- commands and the agenda


def test_saying_the_same_again_changes_nothing(store):
    for _ in range(2):
        DESK.start(store, project(), on=day("02-02"))
        DESK.book(store, hours())
        DESK.spend(store, expense())
        DESK.approve(store, ["h"], on=day("01-06"))
    for _ in range(2):
        DESK.correct(store, "h", hours=Decimal(7), reason="Lunch", on=day("01-07"))
    DESK.book(store, hours())  # told once more, long after
    for _ in range(2):
        DESK.reject(store, "h", reason="Not ours", on=day("01-08"))
        DESK.close(store, "p", on=day("01-09"))
    for _ in range(2):
        DESK.reopen(store, "p", on=day("01-10"))
    changes = [recorded.event.change for recorded in store.journal.after(0, limit=99)]
    assert changes == ["started", "booked", "booked", "approved", "corrected", "rejected", "closed", "reopened"]


def test_one_id_stands_for_one_thing(store):
    DESK.book(store, hours())
    DESK.spend(store, expense())
    for call in (
        lambda: DESK.book(store, hours(hours="7")),
        lambda: DESK.spend(store, expense(cost="7")),
        lambda: DESK.start(store, project(currency="USD"), on=day("01-01")),
    ):
        with pytest.raises(Conflict):
            call()
    DESK.reject(store, "h", reason="Not ours", on=day("01-08"))
    with pytest.raises(Conflict, match="another reason"):
        DESK.reject(store, "h", reason="Double", on=day("01-08"))


def test_what_is_kept_survives_being_written_down(store):
    approved(store, hours(billable="6"))
    DESK.spend(store, expense(markup="12.5"))
    DESK.correct(store, "h", hours=Decimal(7), reason="Lunch", on=day("01-07"))
    for kind, id in ((TimeEntry, "h"), (Expense, "e"), (Project, "p")):
        kept = store.get(kind, id)
        assert loads(kind, dumps(kept)) == kept
    assert as_booked(store.get(TimeEntry, "h")) == hours(billable="6")


def test_any_day_can_be_looked_back_on(store):
    DESK.book(store, hours(hours="8"), on=day("01-07"))  # of 5 January, heard of on the 7th
    DESK.approve(store, ["h"], on=day("01-09"))
    DESK.correct(store, "h", hours=Decimal(7), reason="Lunch", on=day("01-09"))
    DESK.reject(store, "h", reason="Not ours", on=day("02-01"))
    kept = store.get(TimeEntry, "h")
    seen = {on: as_known(kept, day(on)) for on in ("01-06", "01-07", "01-08", "01-09", "01-31", "02-01")}
    assert {on: entry and (entry.state, entry.hours) for on, entry in seen.items()} == {
        "01-06": None,
        "01-07": ("draft", 8),
        "01-08": ("draft", 8),
        "01-09": ("approved", 7),
        "01-31": ("approved", 7),
        "02-01": ("rejected", 7),
    }


# --------------------------------------------------------------------------------------------------------------- always

STEPS = st.lists(st.sampled_from(["approve", "reject", "correct 7", "correct 9"]), max_size=6)


@given(steps=STEPS)
def test_an_entry_goes_where_the_table_says_and_remembers_every_step(steps):
    """What is kept is the last of the history, and each step of it is in the table or corrects figures."""
    with MemoryBooks()() as store:
        store.add(CLIENT)
        DESK.start(store, project(), on=day("01-01"))
        DESK.book(store, hours())
        for number, step in enumerate(steps):
            on = day(f"02-{number + 1:02}")
            try:
                if step == "approve":
                    DESK.approve(store, ["h"], on=on)
                elif step == "reject":
                    DESK.reject(store, "h", reason="no", on=on)
                else:
                    DESK.correct(store, "h", hours=Decimal(step[-1]), reason="typo", on=on)
            except BillingError:
                continue
        kept = store.get(TimeEntry, "h")
    last = kept.history[-1]
    assert (kept.state, *kept.figures) == (last.state, last.figure, last.billed)
    for before, after in zip(kept.history, kept.history[1:], strict=False):
        assert after.state is before.state or after.state in TRANSITIONS[before.state]
        assert (after.state, after.figure, after.billed) != (before.state, before.figure, before.billed)
        assert before.on <= after.on
    assert attrs.evolve(as_booked(kept)) == hours()
