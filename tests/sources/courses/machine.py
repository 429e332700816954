"""The desk of courses together with billing: whatever people do, the notebook says who has a seat and who pays."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fanbilling import Credit, Party, Then
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import BillingError
from fanbilling.sources.courses import CancellationPolicy, CancellationTier, Courses, Ending, Registration
from tests.sources.courses.notebook import Notebook
from tests.sources.courses.worlds import course, day, office, session
from tests.stores import STORES

MAY, JUNE = date(2026, 5, 18), date(2026, 6, 22)
STARTS = {"may": [MAY, date(2026, 5, 25)], "june": [JUNE, date(2026, 6, 8)]}
#: Days on which somebody does something; of each tier the day before, the boundary day, and the day after.
DAYS = sorted(
    {date(2026, 3, 2), date(2026, 3, 16), JUNE - timedelta(days=14), JUNE + timedelta(days=1), date(2026, 7, 1)}
    | {start - timedelta(days=n) for start in (MAY, JUNE) for n in (29, 28, 27, 8, 7, 6, 1, 0)}
)
FAR = date(2026, 12, 31)
EMAILS = ["a@x.example", "b@x.example", "c@x.example", "d@x.example"]
sessions, emails, clients = st.sampled_from(["may", "june"]), st.sampled_from(EMAILS), st.sampled_from("abc")
bills = st.sampled_from([None, "today", date(2026, 5, 26), FAR])
#: How long before the first day something is done, where it is not done at once; below zero is after it.
AHEAD = st.sampled_from([None, None, 29, 28, 27, 8, 7, 6, 1, 0, -1])
LATE = st.sampled_from([*[None] * 5, 0, -1])


def policy(*, within, substitution):
    """Half from four weeks before, all from one week before."""
    tiers = (CancellationTier(within=28, percent=50), CancellationTier(within=7, percent=100))
    return CancellationPolicy(tiers=tiers, boundary_within=within, substitution=substitution)


class Desk(RuleBasedStateMachine):
    """Two sessions of one seat, and four people, so that there is always somebody waiting."""

    store = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.office = office()
        self.context = STORES[self.store](self.office)
        self.books = self.context.__enter__()
        self.on = DAYS[0]
        self.count = 0
        self.book = Notebook({"may": MAY, "june": JUNE})

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    @property
    def desk(self):
        return self.office.courses

    def did(self, command) -> bool:
        """Do what a desk may refuse; say whether it was done. Said twice, it is done once."""
        try:
            with self.books() as store:
                command(store)
                command(store)
        except BillingError:
            return False
        return True

    @initialize(people=st.integers(1, 4))
    def school(self, people: int) -> None:
        with self.books() as store:
            for client in "abc":
                payer = Dated(((date(2026, 3, 9), "a"),)) if client == "c" else None
                self.office.crm.register(store, Party(id=client, name=client.upper(), billed_to=payer), on=self.on)
            safety = course("safety", price="400", cancellation=policy(within=False, substitution=Decimal(0)))
            care = course(
                "care", price="300", tax_class="exempt", bill_days_before=14, offer_days=5,
                cancellation=policy(within=True, substitution=Decimal(30)),
            )  # fmt: skip
            for one in (safety, care):
                self.desk.add_course(store, one)
            self.desk.plan(store, session("may", MAY, days=1, capacity=1))
            self.desk.plan(store, session("june", JUNE, days=1, capacity=1, course="care"))
        for n in range(people):
            self.registers(("may", "june")[n % 2], EMAILS[n], "acb"[n % 3])

    # registrations

    @rule(session=sessions, email=emails, client=st.sampled_from(["a", "b", "c", ""]),
          discount=st.sampled_from([0, 0, 50, 100]), late=LATE, bill=bills)  # fmt: skip
    def register(self, session, email, late, bill, **terms) -> None:
        self.comes(session, late)
        self.registers(session, email, **terms)
        self.billed_by(bill)

    def registers(self, session, email, client, discount=0) -> None:
        id = self.id("r")
        asked = Registration(
            id=id, session=session, name=id, email=email.upper(), client=client, discount=Decimal(discount)
        )
        done = self.did(lambda store: self.desk.register(store, asked, on=self.on))
        assert done is self.book.register(id, session, email, client, discount=discount, on=self.on)

    def comes(self, session: str, ahead: int | None) -> None:
        """Let it become so many days before the first day of a session, if that has not been."""
        if ahead is not None:
            self.on = max(self.on, self.book.sessions[session]["start"] - timedelta(days=ahead))

    def drawn(self, data) -> str:
        return data.draw(st.sampled_from(sorted(self.book.seats)))

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), ours=st.sampled_from([False, False, True]), fee=st.sampled_from([None, None, 0, 70]),
          ahead=AHEAD, bill=bills)  # fmt: skip
    def cancel(self, data, ours, fee, ahead, bill) -> None:
        id, why = self.drawn(data), self.id("why")
        self.comes(self.book.seats[id]["session"], ahead)
        by = Ending.US if ours else Ending.CLIENT
        agreed = None if fee is None else Decimal(fee)
        done = self.did(lambda store: self.desk.cancel(store, id, on=self.on, reason=why, by=by, fee=agreed))
        assert done is self.book.cancel(id, self.on, ours=ours, fee=fee)
        self.billed_by(bill)

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), to=sessions, client=st.sampled_from(["", "a", "b", "c"]),
          fee=st.sampled_from([None, 0, 50]), before=bills, bill=bills)  # fmt: skip
    def move(self, data, to, client, fee, **bill) -> None:
        self.billed_by(bill["before"])
        id, why = self.drawn(data), self.id("why")
        cost = None if fee is None else Decimal(fee)
        done = self.did(lambda store: self.desk.move(store, id, to, on=self.on, client=client, fee=cost, reason=why))
        assert done is self.book.move(id, to, client, fee, self.on)
        self.billed_by(bill["bill"])

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), email=emails, bill=bills)
    def substitute(self, data, email, bill) -> None:
        id = self.drawn(data)
        done = self.did(lambda store: self.desk.substitute(store, id, on=self.on, name=id, email=email))
        assert done is self.book.substitute(id, email, self.on)
        self.billed_by(bill)

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data())
    def accept(self, data) -> None:
        id = self.drawn(data)
        assert self.did(lambda store: self.desk.accept(store, id, on=self.on)) is self.book.accept(id, self.on)

    @rule()
    def lapse(self) -> None:
        assert self.did(lambda store: self.desk.lapse_offers(store, on=self.on))
        self.book.lapse(self.on)

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), client=clients, before=bills, bill=bills)
    def pay(self, data, client, before, bill) -> None:
        """Somebody says who pays: for the first time, or instead of another."""
        self.billed_by(before)
        id = self.drawn(data)
        call = self.desk.bill_to if self.book.seats[id]["client"] else self.desk.identify
        assert self.did(lambda store: call(store, id, client, on=self.on))
        self.book.paid(self.book.seats[id], client)
        self.billed_by(bill)

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), price=st.sampled_from([0, 200, 360]), bill=bills)
    def change_price(self, data, price, bill) -> None:
        id, why = self.drawn(data), self.id("why")
        assert self.did(lambda store: self.desk.change_price(store, id, Decimal(price), on=self.on, reason=why))
        self.book.seats[id]["price"] = price
        self.billed_by(bill)

    # sessions

    @rule(id=sessions, which=st.integers(0, 1), bill=bills)
    def reschedule(self, id, which, bill) -> None:
        start = STARTS[id][which]
        done = self.did(lambda store: self.desk.reschedule(store, id, [day(start)], on=self.on))
        assert done is self.book.reschedule(id, start)
        self.billed_by(bill)

    @rule(id=sessions, capacity=st.integers(1, 3), bill=bills)
    def resize(self, id, capacity, bill) -> None:
        done = self.did(lambda store: self.desk.resize(store, id, capacity, on=self.on))
        assert done is self.book.resize(id, capacity, self.on)
        self.billed_by(bill)

    @rule(id=sessions)
    def confirm(self, id) -> None:
        done = self.did(lambda store: self.desk.confirm_session(store, id, on=self.on))
        assert done is self.book.open(id)

    @rule(id=sessions, sure=st.sampled_from([True, False, False]), bill=bills)
    def call_off(self, id, sure, bill) -> None:
        if sure:
            done = self.did(lambda store: self.desk.cancel_session(store, id, on=self.on, reason="too few"))
            assert done is self.book.call_off(id, self.on)
            self.billed_by(bill)

    @rule(id=sessions, late=LATE, bill=bills)
    def finish(self, id, late, bill) -> None:
        self.comes(id, late)
        done = self.did(lambda store: self.desk.finish(store, id, on=self.on))
        assert done is self.book.finish(id, self.on)
        self.billed_by(bill)

    @precondition(lambda self: self.book.seats)
    @rule(data=st.data(), came=st.booleans(), late=LATE)
    def attend(self, data, came, late) -> None:
        id = self.drawn(data)
        self.comes(self.book.seats[id]["session"], late)
        days = [self.book.sessions[self.book.seats[id]["session"]]["start"]] if came else []
        done = self.did(lambda store: self.desk.attend(store, id, days, on=self.on))
        assert done is self.book.attend(id, came, self.on)

    @rule(steps=st.integers(1, 4))
    def time_passes(self, steps) -> None:
        later = [one for one in DAYS if one > self.on]
        self.on = ([self.on, *later[:steps]])[-1]

    # what goes out

    @rule(data=st.data(), then=st.sampled_from([Then.WAIVE, Then.REBILL]))
    def credit(self, data, then) -> None:
        with self.books() as store:
            lines = [
                (document.number, line)
                for document in store.documents.page(limit=200)
                for line in document.lines
                if not line.corrects
            ]
        if not lines:
            return
        number, line = data.draw(st.sampled_from(lines))
        asked = Credit(id=self.id("c"), document=number, line=line.number, reason="sorry", then=then)
        if not self.did(lambda store: self.office.billing.credit(store, asked, on=self.on)):
            return
        with self.books() as store:
            note = store.documents.get(store.get(Credit, asked.id).note)
            entries = [one for one in store.billed.page(limit=5000) if one.document == note.id]
        for entry in entries:
            key = entry.key.agreement, entry.key.fact
            self.book.billed[key][entry.terms.payer, tax_of(entry)] += int(entry.lot.amount)
            if then is Then.WAIVE:
                self.book.waived.add(key)

    @rule(until=st.sampled_from(["today", FAR]))
    def bill_everybody(self, until) -> None:
        self.billed_by(until)

    def billed_by(self, until) -> None:
        if until is None:
            return
        day = self.on if until == "today" else until
        self.run(day)
        self.book.run(day)
        self.is_billed()
        assert self.run(day) == 0, "L14: a second run issued something"
        with self.books() as store:
            assert list(self.office.billing.drift(store, until=day)) == [], "a run by agenda missed something"

    def run(self, until: date) -> int:
        report = self.office.billing.run(self.books, until=until, on=self.on, batch=2)
        assert report.failures == ()
        return report.documents

    @invariant()
    def is_billed(self) -> None:
        """What stands billed per key, payer and tax is what the notebook says; so is the VAT of each payer."""
        found = defaultdict(lambda: defaultdict(Decimal))
        vat, expected = defaultdict(Decimal), defaultdict(Decimal)
        with self.books() as store:
            for entry in store.billed.page(limit=5000):
                found[entry.key.agreement, entry.key.fact][entry.terms.payer, tax_of(entry)] += entry.lot.amount
            for document in store.documents.page(limit=5000):
                vat[document.payer] += document.totals.tax
        assert {key: cleaned(one) for key, one in found.items()} == {
            key: cleaned(one) for key, one in self.book.billed.items()
        }
        for one in self.book.billed.values():
            for (payer, tax), money in one.items():
                expected[payer] += Decimal(money) * 21 / 100 if tax == "standard" else 0
        assert cleaned(vat) == cleaned(expected)

    @invariant()
    def everybody_is_where_the_notebook_says(self) -> None:
        with self.books() as store:
            found = {one.id: one for id in ("may", "june") for one in self.desk.registrations(store, id)}
        alike = {"confirmed": "placed"}
        assert {id: (one.session, alike.get(one.state, one.state)) for id, one in found.items()} == {
            id: (one["session"], one["state"]) for id, one in self.book.seats.items()
        }
        for id, one in found.items():
            assert bool(one.certificate) is (one.state == "attended"), id
        for id in ("may", "june"):
            assert self.book.free(id) >= 0, "an overbooked session"

    @invariant()
    def who_is_told_is_who_comes(self) -> None:
        with self.books() as store:
            for one in Courses().notices(store, self.office.administration, on=self.on):
                mine = self.book.seats[one.subject]
                assert one.email == mine["email"]
                if one.purpose in ("courses.confirmation", "courses.reminder", "courses.moved"):
                    assert mine["state"] == "placed"
                if one.purpose in ("courses.cancelled", "courses.called-off"):
                    assert mine["state"] == "cancelled"

    @invariant()
    def the_laws_hold(self) -> None:
        findings = self.office.verify(self.books)
        assert findings == [], findings  # told here too: this module is not one of pytest's


def cleaned(figures):
    return {name: Decimal(figure) for name, figure in figures.items() if figure}


def tax_of(entry) -> str:
    return "standard" if entry.terms.tax.rate else "exempt"
