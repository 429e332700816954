"""The desks together: whatever people do, in whatever order, the laws hold on every store."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Money, Party, Payment, Price, Then, verify
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import BillingError, OutdatedDraft, OverCredit
from fanbilling.domain.vat import TaxClass
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks.worlds import STORES, office
from tests.stores import tried

START = date(2026, 1, 31)
CLIENTS = ("a", "b", "c")  # c is paid for by a, from March
PRICES = ("100.00", "0.333", "79.95")
MONTHS = st.integers(0, 6)
NAMES = st.sampled_from(CLIENTS)
KINDS = st.sampled_from((DecisionKind.HELD, DecisionKind.WAIVED))


def last_day(months: int) -> date:
    """The last day of a month, some months after January."""
    year, month = divmod(months + 1, 12)
    return date(2026 + year, month + 1, 1) - timedelta(days=1)


class Desks(RuleBasedStateMachine):
    """A small company in which things collide."""

    store = "memory"

    def __init__(self) -> None:
        super().__init__()
        self.office = office()
        self.context = STORES[self.store](self.office)
        self.books = self.context.__enter__()
        self.on = date(2026, 2, 1)
        self.until = last_day(0)
        self.count = 0
        self.keys: list[ItemKey] = []

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def id(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    @initialize()
    def company(self) -> None:
        with self.books() as store:
            for client in CLIENTS:
                payer = Dated(((date(2026, 3, 1), "a"),)) if client == "c" else None
                self.office.crm.register(store, Party(id=client, name=client.upper(), billed_to=payer), on=START)
                lines = (
                    SubscriptionLine.of("seats", "Seats", start=START, price=PRICES[0], quantity=2),
                    SubscriptionLine.of(
                        "help", "Help", start=START, price=PRICES[2], timing="arrears", tax_class=TaxClass.REDUCED
                    ),
                )
                self.office.subscriptions.start(
                    store, Subscription(id=f"s-{client}", client=client, lines=lines), on=START
                )

    # what happens at the sources

    @rule(
        client=st.sampled_from(CLIENTS), day=st.integers(0, 90), price=st.sampled_from(PRICES), hours=st.integers(1, 9)
    )
    def write_a_line(self, client: str, day: int, price: str, hours: int) -> None:
        on = START + timedelta(days=day)
        line = Line(id=self.id("l"), client=client, on=on, text="Work", price=Price.of(price), quantity=Decimal(hours))
        with self.books() as store:
            self.office.manual.add(store, line, on=self.on)
        self.keys.append(ItemKey("manual", line.id, on))

    @precondition(lambda self: self.keys)
    @rule(data=st.data(), hours=st.integers(1, 9), price=st.sampled_from(PRICES))
    def correct_a_line(self, data: st.DataObject, hours: int, price: str) -> None:
        key = data.draw(st.sampled_from(self.keys))
        self.attempt(
            lambda store: self.office.manual.change(
                store, key.agreement, on=self.on, quantity=Decimal(hours), price=Price.of(price)
            )
        )

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def withdraw_a_line(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.keys))
        self.attempt(lambda store: self.office.manual.withdraw(store, key.agreement, on=self.on, reason="not ours"))

    @rule(client=st.sampled_from(CLIENTS), day=st.integers(0, 120), price=st.sampled_from(PRICES))
    def agree_on_another_price(self, client: str, day: int, price: str) -> None:
        from_ = START + timedelta(days=day)
        self.attempt(
            lambda store: self.office.subscriptions.change_price(
                store, f"s-{client}", "seats", Decimal(price), from_=from_, on=self.on
            )
        )

    @rule(client=st.sampled_from(CLIENTS), day=st.integers(0, 120), seats=st.integers(0, 4))
    def agree_on_other_seats(self, client: str, day: int, seats: int) -> None:
        from_ = START + timedelta(days=day)
        self.attempt(
            lambda store: self.office.subscriptions.change_quantity(
                store, f"s-{client}", "seats", Decimal(seats), from_=from_, on=self.on
            )
        )

    @rule(client=st.sampled_from(CLIENTS), line=st.sampled_from(("seats", "help")), day=st.integers(0, 120))
    def end(self, client: str, line: str, day: int) -> None:
        last = START + timedelta(days=day)
        self.attempt(
            lambda store: self.office.subscriptions.end(
                store, f"s-{client}", line, last_day=last, on=self.on, reason="stopped"
            )
        )

    @rule(client=st.sampled_from(CLIENTS), line=st.sampled_from(("seats", "help")))
    def resume(self, client: str, line: str) -> None:
        self.attempt(lambda store: self.office.subscriptions.resume(store, f"s-{client}", line, on=self.on))

    # what we decide

    @precondition(lambda self: self.keys)
    @rule(
        data=st.data(),
        kind=st.sampled_from((DecisionKind.HELD, DecisionKind.WAIVED)),
        hours=st.sampled_from((None, 1, 3)),
    )
    def decide(self, data: st.DataObject, kind: DecisionKind, hours: int | None) -> None:
        key = data.draw(st.sampled_from(self.keys))
        decision = Decision(
            id=self.id("d"), key=key, kind=kind, reason="agreed", on=self.on, quantity=Decimal(hours) if hours else None
        )
        with self.books() as store:
            self.office.billing.decide(store, decision)
            self.office.billing.decide(store, decision)

    @rule(data=st.data())
    def withdraw_a_decision(self, data: st.DataObject) -> None:
        with self.books() as store:
            ids = [d.id for d in store.decisions.page(limit=100) if d.kind.lasting]
            if ids:
                self.office.billing.withdraw(store, data.draw(st.sampled_from(ids)), on=self.on)

    @rule(
        data=st.data(),
        then=st.sampled_from(list(Then)),
        how=st.sampled_from(("whole", "line", "quantity", "amount")),
        times=st.integers(1, 3),
    )
    def credit(self, data: st.DataObject, then: Then, how: str, times: int) -> None:
        for _ in range(times):
            with self.books() as store:
                documents = [d for d in store.documents.page(limit=100) if any(not line.corrects for line in d.lines)]
                if not documents:
                    return
                document = data.draw(st.sampled_from(documents))
            line = data.draw(st.sampled_from([line for line in document.lines if not line.corrects]))
            credit = Credit(
                id=self.id("c"),
                document=document.number,
                reason="goodwill",
                line=None if how == "whole" else line.number,
                quantity=Decimal(1) if how == "quantity" else None,
                amount=Decimal("1.01") if how == "amount" else None,
                then=Then.WAIVE if how == "amount" else then,
            )
            try:
                with self.books() as store:
                    note = self.office.billing.credit(store, credit, on=self.on)
                with self.books() as store:
                    assert self.office.billing.credit(store, credit, on=self.on) == note
            except OverCredit:
                continue
            assert note.preceding
            assert note.totals.total <= 0

    # what goes out and comes in

    @rule(months=MONTHS)
    def bill(self, months: int) -> None:
        self.until = last_day(months)
        self.on = max(self.on, self.until + timedelta(days=1))
        self.run()
        assert self.run() == 0, "L14: a second run issued something"
        self.until, before = last_day(0), self.until
        assert self.run() == 0, "L14: a run with an earlier until issued something"
        self.until = before
        with self.books() as store:
            assert list(self.office.billing.drift(store, until=self.until)) == [], "a run by agenda missed something"

    @rule(payer=st.sampled_from(CLIENTS), months=MONTHS, other=st.integers(0, 2))
    def preview_and_issue(self, payer: str, months: int, other: int) -> None:
        until = last_day(months)
        on = max(self.on, until)
        with self.books() as store:
            before = trace(store)
            drafts = self.office.billing.preview(store, payer, until=until, on=on)
            assert trace(store) == before, "L13: a preview left a trace"
        for draft in drafts[other:] + drafts[:other]:
            with self.books() as store:
                invoice = self.office.billing.issue(store, draft)
                assert invoice.totals == draft.totals, "L13: the bill is not what was shown"
                assert self.office.billing.issue(store, draft) == invoice
            self.on = max(self.on, invoice.on)

    @precondition(lambda self: self.keys)
    @rule(payer=st.sampled_from(CLIENTS), months=MONTHS)
    def issue_an_outdated_draft(self, payer: str, months: int) -> None:
        self.until = last_day(months)
        self.on = max(self.on, self.until)
        with self.books() as store:
            drafts = self.office.billing.preview(store, payer, until=self.until, on=self.on)
        self.run()
        for draft in drafts:
            with self.books() as store:
                if store.documents.get_many([draft.id]):
                    continue
                with pytest.raises(OutdatedDraft):
                    self.office.billing.issue(store, draft)

    @rule(payer=st.sampled_from(CLIENTS), amount=st.sampled_from(("10.00", "121.00", "1000.00")), named=st.booleans())
    def pay(self, payer: str, amount: str, named: bool) -> None:
        with self.books() as store:
            items = self.office.receivables.open_items(store, payer)
            reference = items[-1].number if items and named else ""
            payment = Payment(
                id=self.id("p"), payer=payer, on=self.on, amount=Money.of(amount, "EUR"), reference=reference
            )
            made = self.office.receivables.receive(store, payment)
            assert self.office.receivables.receive(store, payment) == made

    @invariant()
    def the_laws_hold(self) -> None:
        assert verify(self.books) == []

    @invariant()
    def the_trial_balance_is_zero(self) -> None:
        with self.books() as store:
            assert sum(store.ledger.balances().values(), Decimal(0)) == 0

    def run(self) -> int:
        report = self.office.billing.run(self.books, until=self.until, on=self.on, batch=2)
        assert report.failures == ()
        return report.documents

    def attempt(self, command: object) -> None:
        """Do what a desk may refuse, such as a change before the start or after the end."""
        try:
            with self.books() as store:
                command(store)
        except BillingError:
            return


def trace(store: object) -> list[object]:
    """Everything that a preview could have left behind."""
    return [
        store.journal.after(0, limit=10_000),
        store.agenda.all(limit=10_000),
        store.billed.page(limit=10_000),
        store.decisions.page(limit=10_000),
        store.documents.sealed(limit=10_000),
        store.ledger.entries(limit=10_000),
    ]


@pytest.mark.parametrize("name", STORES)
def test_the_laws_hold_whatever_the_desks_do(name: str) -> None:
    """L1, L2, L3, L5, L9, L10, L13 and L14 hold after every step, on every store."""
    machine = type(f"DesksOn{name.title()}", (Desks,), {"store": name})
    run_state_machine_as_test(machine, settings=tried(name, 60, stateful_step_count=20))
