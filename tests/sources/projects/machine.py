"""The desk of projects together with billing: whatever people do, the notebook says what ought to come of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Party, Price, Then
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import BillingError
from fanbilling.sources.projects import (
    Estimate,
    EstimateLine,
    Expense,
    Instalment,
    Project,
    Projects,
    RateRule,
    TimeEntry,
)
from tests.sources.projects.ledger import Notebook
from tests.sources.projects.worlds import office
from tests.stores import STORES

CLIENTS = ("a", "b", "c")  # a pays for c from March
DAYS = [date(2026, 1, 5), date(2026, 2, 2), date(2026, 2, 3), date(2026, 3, 2)]
UNTIL = [date(2026, 1, 31), date(2026, 2, 2), date(2026, 2, 28), date(2026, 3, 31), date(2026, 5, 31)]
PERCENTS = [Decimal(n) for n in (0, 30, 50, 55, 100)]
PRICE = Decimal(1000)
days, clients, untils = st.sampled_from(DAYS), st.sampled_from(CLIENTS), st.sampled_from(UNTIL)
counts = st.sampled_from([Decimal(n) for n in (1, 4, 8)])
MOSTLY = st.sampled_from([True, True, False])
#: Whether a bill follows at once: what is never billed is never corrected.
bills = st.sampled_from([None, UNTIL[3], UNTIL[-1]])


class Desk(RuleBasedStateMachine):
    """Three clients, each with a project by the hour and one of a fixed price, and few days, so that things collide."""

    store = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.office = office()
        self.context = STORES[self.store](self.office)
        self.books = self.context.__enter__()
        self.on = date(2026, 4, 1)
        self.count = 0
        self.book = Notebook()

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    @property
    def desk(self):
        return self.office.desk(Projects)

    def did(self, command) -> bool:
        """Do what a desk may refuse; say whether it was done. Said twice, it is done once."""
        try:
            with self.books() as store:
                command(store)
                command(store)
        except BillingError:
            return False
        return True

    @initialize(house=st.sampled_from([True, True, False]), worked=st.booleans())
    def company(self, house: bool, worked: bool) -> None:
        plan = (
            Instalment(id="first", text="First", on=DAYS[0], percent=Decimal(40)),
            Instalment(id="last", text="Last", on=DAYS[3], percent=Decimal(60), milestone=True),
        )
        with self.books() as store:
            for client in CLIENTS:
                payer = Dated(((date(2026, 3, 1), "a"),)) if client == "c" else None
                self.office.crm.register(store, Party(id=client, name=client.upper(), billed_to=payer), on=self.on)
                tax_class = "reduced" if client == "b" else "standard"
                self.start(store, Project(id=f"h-{client}", client=client, title="Hours", tax_class=tax_class))
                planned = plan if client == "a" else ()
                fixed = Project(
                    id=f"f-{client}", client=client, title="Fixed", kind="fixed-price", price=PRICE, plan=planned
                )
                self.start(store, fixed)
        for one in plan:
            self.book.plans["f-a"][one.id] = {
                "on": one.on, "amount": one.percent * 10, "milestone": one.milestone, "released": None,
            }  # fmt: skip
        if house:
            self.rate(Decimal(100), DAYS[0], dict.fromkeys(("project", "employee", "client", "activity"), ""))
        for client in CLIENTS if worked else ():
            for name, on in (("eva", DAYS[0]), ("ben", DAYS[1])):
                self.work(f"h-{client}", client != "b", employee=name, on=on, hours=Decimal(4))

    def start(self, store, project: Project) -> None:
        self.desk.start(store, project, on=self.on)
        self.book.clients[project.id] = project.client
        if project.price:
            self.book.prices[project.id] = project.price

    # hours and expenses

    @rule(
        client=clients, on=days, hours=counts, billable=st.sampled_from([None, 0, 2]), approved=st.booleans(),
        employee=st.sampled_from(["eva", "ben"]), activity=st.sampled_from(["", "design"]), bill=bills,
    )  # fmt: skip
    def book_hours(self, client, approved, billable, bill, **facts) -> None:
        self.work(f"h-{client}", approved, billable, **facts)
        self.billed_by(bill)

    def work(self, project, approved, billable=None, **facts) -> None:
        billed = facts["hours"] if billable is None else Decimal(billable)
        entry = TimeEntry(id=self.id("h"), project=project, billable=billed, **facts)
        if self.did(lambda store: self.desk.book(store, entry, on=self.on)):
            self.book.entries[entry.id] = {
                "fact": "hours", "project": entry.project, "on": entry.on, "quantity": billed, "state": "draft",
                "employee": entry.employee, "activity": entry.activity,
            }  # fmt: skip
            if approved:
                self.approve(entry.id)

    @rule(client=clients, on=days, cost=counts, approved=st.booleans(), bill=bills)
    def spend(self, client, on, cost, approved, bill) -> None:
        expense = Expense(id=self.id("e"), project=f"h-{client}", on=on, text="Train", cost=cost, markup=Decimal(50))
        assert self.did(lambda store: self.desk.spend(store, expense, on=self.on))
        self.book.entries[expense.id] = {
            "fact": "expense", "project": expense.project, "on": on, "quantity": Decimal(1), "state": "draft",
            "price": cost * 3 / 2,
        }  # fmt: skip
        if approved:
            self.approve(expense.id)
        self.billed_by(bill)

    def approve(self, id: str) -> None:
        hours = self.book.entries[id]["fact"] == "hours"
        call = self.desk.approve if hours else self.desk.approve_expenses
        done = self.did(lambda store: call(store, [id], on=self.on))
        assert done is (self.book.entries[id]["state"] != "rejected")
        if done:
            self.book.entries[id]["state"] = "approved"

    @precondition(lambda self: self.book.entries)
    @rule(data=st.data())
    def approve_one(self, data) -> None:
        self.approve(data.draw(st.sampled_from(sorted(self.book.entries))))

    @precondition(lambda self: self.book.entries)
    @rule(data=st.data(), figure=counts, rejected=MOSTLY, again=st.booleans(), bill=bills)
    def correct(self, data, figure, rejected, again, bill) -> None:
        id = data.draw(st.sampled_from(sorted(self.book.entries)))
        entry = self.book.entries[id]
        if rejected:
            self.reject_one(id)
        if entry["fact"] == "hours":
            done = self.did(lambda store: self.desk.correct(store, id, hours=figure, reason="typo", on=self.on))
            change = {"quantity": figure}
        else:
            done = self.did(
                lambda store: self.desk.correct_expense(
                    store, id, cost=figure, markup=Decimal(0), reason="typo", on=self.on
                )
            )
            change = {"price": figure}
        if done:
            entry.update(change, state="draft" if entry["state"] == "rejected" else entry["state"])
            if again:
                self.approve(id)
        self.billed_by(bill)

    @precondition(lambda self: self.book.entries)
    @rule(data=st.data(), bill=bills)
    def reject(self, data, bill) -> None:
        self.reject_one(data.draw(st.sampled_from(sorted(self.book.entries))))
        self.billed_by(bill)

    def reject_one(self, id: str) -> None:
        hours = self.book.entries[id]["fact"] == "hours"
        call = self.desk.reject if hours else self.desk.reject_expense
        assert self.did(lambda store: call(store, id, reason="not ours", on=self.on))
        self.book.entries[id]["state"] = "rejected"

    # rates

    @rule(
        price=st.sampled_from([Decimal(100), Decimal(80)]), since=days, project=st.sampled_from(["", "h-a", "h-c"]),
        employee=st.sampled_from(["", "eva"]), client=st.sampled_from(["", "a"]),
        activity=st.sampled_from(["", "design"]), later=st.integers(0, 2), before=bills, bill=bills,
    )  # fmt: skip
    def agree_on_a_rate(self, price, since, later, before, bill, **names) -> None:
        self.billed_by(before)
        self.on += timedelta(days=later)
        self.rate(price, since, names)
        self.billed_by(bill)

    def rate(self, price, since, names) -> None:
        one = RateRule(id=self.id("r"), price=Price(price, unit="HUR"), since=since, **names)
        tied = any(
            rule["known"] == self.on and rule["since"] == since and all(rule[n] == v for n, v in names.items())
            for rule in self.book.rules.values()
            if not rule["withdrawn"]
        )
        assert self.did(lambda store: self.desk.set_rate(store, one, on=self.on)) is not tied
        if not tied:
            self.book.rules[one.id] = {**names, "price": price, "since": since, "known": self.on, "withdrawn": False}

    @precondition(lambda self: self.book.rules)
    @rule(data=st.data(), bill=bills)
    def withdraw_rate(self, data, bill) -> None:
        id = data.draw(st.sampled_from(sorted(self.book.rules)))
        assert self.did(lambda store: self.desk.withdraw_rate(store, id, on=self.on))
        self.book.rules[id]["withdrawn"] = True
        self.billed_by(bill)

    # fixed prices and estimates

    @rule(
        client=st.sampled_from(["b", "c"]),
        said=st.lists(st.tuples(days, st.sampled_from(PERCENTS), bills), min_size=1, max_size=3),
    )
    def progress(self, client, said) -> None:
        id = f"f-{client}"
        for day, percent, bill in said:
            assert self.did(
                lambda store, day=day, percent=percent: self.desk.state_progress(
                    store, id, percent, day=day, on=self.on
                )
            )
            self.book.progress[id][day] = percent
            self.billed_by(bill)

    @rule(back=st.booleans(), bill=bills)
    def milestone(self, back, bill) -> None:
        call = self.desk.withdraw_release if back else self.desk.release
        assert self.did(lambda store: call(store, "f-a", "last", on=self.on))
        known = self.book.plans["f-a"]["last"]
        known["released"] = None if back else known["released"] or self.on
        self.billed_by(bill)

    @rule(client=clients, day=days, amount=counts)
    def extra_work(self, client, day, amount) -> None:
        extra = Instalment(id=self.id("x"), text="Extra", on=day, amount=amount, extra=True)
        assert self.did(lambda store: self.desk.add_extra(store, f"f-{client}", extra, on=self.on))
        self.book.plans[f"f-{client}"][extra.id] = {
            "on": day, "amount": amount, "milestone": False, "released": None,
        }  # fmt: skip

    @rule(client=clients, day=days, accepted=st.booleans())
    def offer(self, client, day, accepted) -> None:
        """60% of 3 × 200 is billed on a day, the rest at a milestone."""
        plan = (
            Instalment(id="start", text="Start", on=day, percent=Decimal(60)),
            Instalment(id="end", text="End", on=day, percent=Decimal(40), milestone=True),
        )
        lines = (EstimateLine(text="Work", quantity=Decimal(3), price=Price.of(200)),)
        made = Estimate(id=self.id("o"), client=client, title="Offer", lines=lines, plan=plan, valid_until=self.on)
        assert self.did(lambda store: self.desk.estimate(store, made, on=self.on))
        assert self.did(lambda store: self.desk.send_estimate(store, made.id, on=self.on))
        if accepted:
            assert self.did(lambda store: self.desk.accept_estimate(store, made.id, project=made.id, on=self.on))
            self.book.clients[made.id] = client
            for id, amount, milestone in (("start", 360, False), ("end", 240, True)):
                self.book.plans[made.id][id] = {
                    "on": day, "amount": Decimal(amount), "milestone": milestone, "released": None,
                }  # fmt: skip

    # what we decide

    @precondition(lambda self: self.book.due())
    @rule(data=st.data(), held=st.booleans(), quantity=st.sampled_from([None, Decimal(1)]))
    def decide(self, data, held, quantity) -> None:
        key = data.draw(st.sampled_from(sorted(self.book.due())))
        decision = Decision(
            id=self.id("d"), key=ItemKey("projects", *key), kind=DecisionKind.HELD if held else DecisionKind.WAIVED,
            reason="agreed", on=self.on, quantity=None if held else quantity,
        )  # fmt: skip
        assert self.did(lambda store: self.office.billing.decide(store, decision))
        if held:
            self.book.held[key].add(decision.id)
        else:
            self.book.waived[key][decision.id] = quantity

    @rule(data=st.data())
    def withdraw(self, data) -> None:
        held = [(key, id) for key, ids in self.book.held.items() for id in ids]
        waived = [(key, id) for key, ids in self.book.waived.items() for id in ids if id.startswith("d")]
        if not held + waived:
            return
        key, id = data.draw(st.sampled_from(sorted(held + waived)))
        assert self.did(lambda store: self.office.billing.withdraw(store, id, on=self.on))
        self.book.held[key].discard(id)
        self.book.waived[key].pop(id, None)

    @rule(data=st.data(), then=st.sampled_from([Then.WAIVE, Then.REBILL]), whole=st.booleans(), times=st.integers(1, 2))
    def credit(self, data, then, whole, times) -> None:
        for _ in range(times):
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
            quantity = None if whole else Decimal(1)
            asked = Credit(
                id=self.id("c"), document=number, line=line.number, quantity=quantity, reason="sorry", then=then
            )
            if not self.did(lambda store, asked=asked: self.office.billing.credit(store, asked, on=self.on)):
                continue
            with self.books() as store:
                note = store.documents.get(store.get(Credit, asked.id).note)
            for back in note.lines:
                key = (back.key.agreement, back.key.filed, back.key.fact)
                assert back.price == line.price
                assert -back.quantity == quantity or whole
                self.book.give_back(key, -back.quantity, -back.net)
                if then is Then.WAIVE:
                    self.book.waived[key][asked.id] = -back.quantity

    # what goes out

    @rule(until=untils, later=st.integers(0, 1))
    def bill_everybody(self, until, later) -> None:
        self.bill(until, later)

    def bill(self, until, later) -> None:
        self.on += timedelta(days=later)
        self.run(until)
        self.book.run(until)
        self.is_billed()
        assert self.run(until) == 0, "L14: a second run issued something"
        assert self.run(UNTIL[0]) == 0, "L14: a run with an earlier until issued something"
        with self.books() as store:
            assert list(self.office.billing.drift(store, until=until)) == [], "a run by agenda missed something"

    def billed_by(self, until: date | None) -> None:
        if until is not None:
            self.bill(until, 0)

    def run(self, until: date) -> int:
        report = self.office.billing.run(self.books, until=until, on=self.on, batch=2)
        assert report.failures == ()
        return report.documents

    @invariant()
    def is_billed(self) -> None:
        """What stands billed per key is what the notebook says, and so is what each payer was asked for."""
        found = defaultdict(lambda: (Decimal(0), Decimal(0)))
        paid, expected = defaultdict(Decimal), defaultdict(Decimal)
        with self.books() as store:
            for entry in store.billed.page(limit=5000):
                key = entry.key.agreement, entry.key.filed, entry.key.fact
                found[key] = found[key][0] + entry.lot.quantity, found[key][1] + entry.lot.amount
            for document in store.documents.page(limit=5000):
                paid[document.payer] += document.totals.taxable
        assert dict(found) == self.book.billed
        for key, (_, money) in self.book.billed.items():
            client = self.book.clients[key[0]]
            expected["a" if client == "c" and key[1] >= date(2026, 3, 1) else client] += money
        assert {k: v for k, v in paid.items() if v} == {k: v for k, v in expected.items() if v}

    @invariant()
    def the_laws_hold(self) -> None:
        findings = self.office.verify(self.books)
        assert findings == [], findings  # told here too: this module is not one of pytest's

    @invariant()
    def work_in_progress_is_what_is_open(self) -> None:
        """L6; as of today, and in one piece the same as in two."""
        middle = date(2026, 4, 2)
        with self.books() as store:
            whole = {one.project: one for one in self.progressed(store, date(2026, 1, 1), self.on)}
            first = {one.project: one for one in self.progressed(store, date(2026, 1, 1), middle)}
            second = {one.project: one for one in self.progressed(store, middle + timedelta(days=1), self.on)}
        for id, one in whole.items():
            closing = one.figures.closing
            assert (closing.quantity, closing.amount) == self.book.open(id), id
            if self.on > middle:
                assert first[id].figures.closing == second[id].figures.opening
                for name in ("booked", "revalued", "billed", "written_off"):
                    parts = getattr(first[id].figures, name) + getattr(second[id].figures, name)
                    assert parts == getattr(one.figures, name), name

    def progressed(self, store, first: date, last: date):
        return self.desk.work_in_progress(store, first=first, last=last)
