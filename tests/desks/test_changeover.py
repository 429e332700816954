"""The law of going live: who changes over to other books goes on as if nothing had happened, to the cent and day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import event, given

from fanbilling import (
    Decision,
    DecisionKind,
    ItemKey,
    Layer,
    Money,
    Office,
    Party,
    Payment,
    Price,
    Reason,
    Settings,
    verify,
)
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import BillingError
from fanbilling.domain.opening import AccountBalance, BilledUntil, OldInvoice, Opening
from fanbilling.domain.vat import TaxClass
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks.worlds import STORES, office
from tests.stores import tried

START = date(2026, 1, 1)
CLIENTS = ("a", "b", "c")  # c is paid for by a, from March


def last_day(month: int) -> date:
    """The last day of a month, January is 1."""
    return date(2026, month + 1, 1) - timedelta(days=1)


@st.composite
def subscription_lines(draw: st.DrawFn, name: str) -> SubscriptionLine:
    """A line with a price step, and perhaps an end, that are known from the start."""
    start = START + timedelta(days=draw(st.integers(0, 45)))
    line = SubscriptionLine.of(
        name,
        name.title(),
        start=start,
        price=draw(st.sampled_from(("100.00", "79.95", "0.333"))),
        quantity=draw(st.integers(1, 3)),
        months=draw(st.sampled_from((1, 1, 3))),
        timing=draw(st.sampled_from(("advance", "arrears"))),
        tax_class=draw(st.sampled_from((TaxClass.STANDARD, TaxClass.REDUCED))),
        anchor=draw(st.sampled_from((None, START))),
    )
    step = start + timedelta(days=draw(st.integers(1, 120)))
    end = draw(st.sampled_from((None, None, start + timedelta(days=draw(st.integers(20, 150))))))
    prices = Dated((*line.prices.steps, (step, Decimal("88.08"))))
    return attrs.evolve(line, prices=prices, end=end, ended_because="moved" if end else "")


@attrs.frozen(kw_only=True)
class World:
    """What was agreed and delivered before the changeover, and what happens after it."""

    subscriptions: list[Subscription]
    lines: list[Line]
    decisions: list[Decision]
    payments: list[Payment]
    changeover: int
    months: int
    amendments: dict[int, list[tuple[str, str, int, Decimal]]]
    later_payments: dict[int, list[tuple[str, Decimal]]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A small company in which bills have several lines, and a changeover somewhere in the first half of a year."""
    subscriptions = [
        Subscription(id=f"s-{client}", client=client, lines=tuple(draw(subscription_lines(name)) for name in names))
        for client, names in zip(CLIENTS, (("seats", "help"), ("seats",), ("help",)), strict=True)
    ]
    lines = [
        Line(
            id=f"l{n}",
            client=draw(st.sampled_from(CLIENTS)),
            on=START + timedelta(days=draw(st.integers(0, 120))),
            text="Work",
            price=Price.of(draw(st.sampled_from(("112.50", "0.07")))),
            quantity=Decimal(draw(st.integers(1, 9))),
        )
        for n in range(draw(st.integers(0, 5)))
    ]
    decisions = [
        Decision(
            id=f"d-{line.id}",
            key=ItemKey("manual", line.id, line.on),
            kind=draw(st.sampled_from((DecisionKind.HELD, DecisionKind.WAIVED))),
            reason="agreed",
            on=line.on,
            quantity=draw(st.sampled_from((None, Decimal(1)))),
            until=None,
        )
        for line in lines[:2]
    ]
    changeover, months = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    after = range(changeover + 1, changeover + months + 1)
    amendment = st.tuples(
        st.sampled_from(CLIENTS),
        st.sampled_from(("price", "quantity", "end", "line")),
        st.integers(0, 120),
        st.sampled_from((Decimal("60.60"), Decimal(2), Decimal(0))),
    )
    payers = ("a", "b")
    amounts = st.sampled_from(("10.00", "121.00", "1000.00"))
    return World(
        subscriptions=subscriptions,
        lines=lines,
        decisions=decisions,
        payments=[
            Payment(id=f"p{n}", payer=draw(st.sampled_from(payers)), on=START, amount=Money.of(draw(amounts), "EUR"))
            for n in range(draw(st.integers(0, 3)))
        ],
        changeover=changeover,
        months=months,
        amendments={month: draw(st.lists(amendment, max_size=2)) for month in after},
        later_payments={
            month: draw(st.lists(st.tuples(st.sampled_from(payers), amounts.map(Decimal)), max_size=2))
            for month in after
        },
    )


def agreed(desk, books, world):
    """What both books know: parties, agreements, what was delivered, and what was decided about it."""
    with books() as store:
        for client in CLIENTS:
            payer = Dated(((date(2026, 3, 1), "a"),)) if client == "c" else None
            desk.crm.register(store, Party(id=client, name=client.upper(), billed_to=payer), on=START)
        for subscription in world.subscriptions:
            desk.subscriptions.start(store, subscription, on=START)
        for line in world.lines:
            desk.manual.add(store, line, on=START)
        for decision in world.decisions:
            desk.billing.decide(store, decision)


def bill(desk, books, month):
    report = desk.billing.run(books, until=last_day(month), on=last_day(month) + timedelta(days=1), batch=2)
    assert report.failures == ()
    with books() as store:
        desk.receivables.settle(store, on=last_day(month) + timedelta(days=1))


def go_on(desk, books, world):
    """The months after the changeover: amendments that may lie before it, money, and runs."""
    for month in range(world.changeover + 1, world.changeover + world.months + 1):
        for amendment in world.amendments[month]:
            amend(desk, books, amendment, on=last_day(month))
        bill(desk, books, month)
        for n, (payer, amount) in enumerate(world.later_payments[month]):
            payment = Payment(id=f"q{month}.{n}", payer=payer, on=last_day(month), amount=Money(amount, "EUR"))
            with books() as store:
                desk.receivables.receive(store, payment)


def amend(desk, books, amendment, *, on):
    """Do what a desk may refuse, such as a change before the start."""
    client, what, days, value = amendment
    day = START + timedelta(days=days)
    subscriptions = desk.subscriptions
    line = "help" if client == "c" else "seats"
    try:
        with books() as store:
            if what == "price":
                subscriptions.change_price(store, f"s-{client}", line, value, from_=day, on=on)
            elif what == "quantity":
                subscriptions.change_quantity(store, f"s-{client}", line, value, from_=day, on=on)
            elif what == "end":
                subscriptions.end(store, f"s-{client}", line, last_day=day, reason="stopped", on=on)
            else:
                desk.manual.change(store, "l0", on=on, quantity=value)
    except BillingError:
        return


def opening_of(desk, books, world, *, by_invoice):
    """What a bookkeeper would take from the old books on the last day: open items, billed until, money, balances."""
    with books() as store:
        documents = list(store.documents.page(limit=1000))
        open_ = {item.document: item.open for item in desk.receivables.open_items(store)}
        rests = store.ledger.open_items(desk.receivables.account)
        balances = store.ledger.balances()
        payments = store.get_many(Payment, [p.id for p in world.payments])
    on_account = [
        attrs.evolve(payments[item.removeprefix("payment:")], amount=Money(-amount, currency))
        for (_, item, currency), amount in sorted(rests.items())
        if item.startswith("payment:")
    ]
    agreements = sorted({(line.key.source, line.key.agreement) for d in documents for line in d.lines})
    rows = {
        (line.key.source, line.key.agreement, document.until, document.number)
        for document in documents
        for line in document.lines
    }
    last = last_day(world.changeover)
    return Opening(
        id="Old system",
        on=max((document.on for document in documents), default=last),
        open_items=[
            OldInvoice(
                id=document.number,
                payer=document.payer,
                on=document.on,
                due=document.due,
                open=open_.get(document.id, Money.zero("EUR")),
            )
            for document in documents
        ],
        billed=[
            BilledUntil(source=source, agreement=agreement, until=until, number=number)
            for source, agreement, until, number in sorted(rows)
        ]
        if by_invoice
        else [BilledUntil(source=source, agreement=agreement, until=last) for source, agreement in agreements],
        on_account=on_account,
        balances=[
            AccountBalance(account=account, amount=Money(amount, currency))
            for (account, currency), amount in balances.items()
        ],
    )


def other_numbers(desk: Office) -> Office:
    """The same office in other books: its numbers must differ from the old ones."""
    return attrs.evolve(desk, settings=Settings(administration=Layer(number="N{series}-{n:04}")))


def changed_over(store, world, *, by_invoice):
    """Bill on in the old books, and in new ones that begin with an opening; return the documents after it, and all."""
    desk, other = office(), other_numbers(office())
    with STORES[store](desk) as old, STORES[store](other) as new:
        agreed(desk, old, world)
        for payment in world.payments:
            with old() as opened:
                desk.receivables.receive(opened, payment)
        for month in range(1, world.changeover + 1):
            bill(desk, old, month)
        agreed(other, new, world)
        opening = opening_of(desk, old, world, by_invoice=by_invoice)
        with new() as opened:
            assert other.opening.check(opened, opening).problems == ()
            report = other.opening.load(opened, opening)
        assert verify(new) == []
        reconciles(desk, old, other, new, report)
        nothing_to_bill(other, new, world)
        go_on(desk, old, world)
        go_on(other, new, world)
        assert verify(old) == []
        assert verify(new) == []
        with old() as first, new() as second:
            if by_invoice:
                assert first.ledger.balances() == second.ledger.balances()
                assert ages(desk, first) == ages(other, second)
                assert [desk.receivables.on_account(first, payer) for payer in CLIENTS] == [
                    other.receivables.on_account(second, payer) for payer in CLIENTS
                ]
            before = list(first.documents.page(limit=1000))
            after = list(second.documents.page(limit=1000))
        count = len(before) - len(after)
        assert count == len(opening.open_items)
        event("corrects what the old books billed" if corrections(after, opening) else "corrects nothing")
        names = {d.id: d.number for d in before}
        names |= {d.number: d.number for d in before[:count]}
        same = {new.number: old.number for old, new in zip(before[count:], after, strict=True)}
        return (
            [told(document, names, {}) for document in before[count:]],
            [told(document, {d.id: same[d.number] for d in after} | names, same) for document in after],
        )


def told(document, names, same):
    """A document without what new books must call otherwise: its id, its place, and our own numbers."""
    return attrs.evolve(
        document,
        id="",
        place=0,
        number=same.get(document.number, document.number),
        preceding=tuple(
            sorted(
                (attrs.evolve(p, number=same.get(p.number, p.number)) for p in document.preceding),
                key=lambda p: p.number,
            )
        ),
        lines=tuple(attrs.evolve(line, corrects=names.get(line.corrects, line.corrects)) for line in document.lines),
    )


def corrections(documents, opening):
    old = {item.id for item in opening.open_items} | {opening.id}
    return any(line.corrects in old for document in documents for line in document.lines)


def reconciles(desk, old, other, new, report):
    """The report and the new books say what the old books said, per account and per client."""
    with old() as first, new() as second:
        assert {k: v for k, v in first.ledger.balances().items() if v} == {
            k: v for k, v in second.ledger.balances().items() if v
        }
        assert ages(desk, first) == ages(other, second)
        totals = {}
        for (party, _, _), amount in first.ledger.open_items(desk.receivables.account).items():
            totals[party] = totals.get(party, Decimal(0)) + amount
    assert {total.payer: total.balance.amount for total in report.clients if total.balance} == {
        payer: amount for payer, amount in totals.items() if amount
    }
    assert all(not total.difference for total in report.control)
    assert not any(report.trial_balance)


def ages(desk, store):
    return [
        (age.payer, [str(bucket) for bucket in age.buckets])
        for age in desk.receivables.ageing(store, on=date(2026, 12, 31))
    ]


def nothing_to_bill(desk, books, world):
    """Right after loading there is nothing that the old books billed already."""
    last = last_day(world.changeover)
    early = desk.billing.run(books, until=last_day(1), on=last + timedelta(days=1))
    assert (early.documents, early.failures) == (0, ())
    with books() as store:
        assert list(desk.billing.drift(store, until=last)) == []
        for payer in CLIENTS:
            assert desk.billing.preview(store, payer, until=last, on=last + timedelta(days=1)) == ()
        ready = [one for one in desk.billing.why_not(store, until=last) if one.because.rule == "unbilled.ready"]
        assert ready == []


@pytest.mark.parametrize("store", STORES)
def test_whoever_changes_over_goes_on_as_if_nothing_happened(store):
    """With every old invoice named: the same documents, to the last line, VAT share, reason and preceding number."""

    @tried(store)
    @given(world=worlds())
    def holds(world):
        expected, found = changed_over(store, world, by_invoice=True)
        assert found == expected

    holds()


@pytest.mark.parametrize("store", STORES)
def test_the_last_day_billed_is_enough(store):
    """With one day per agreement: the same lines, quantities and nets.

    A period that is corrected has its VAT as if it had been billed alone, where it had a share of the VAT of a whole
    invoice: at most two cents apart, a line.
    """

    @tried(store)
    @given(world=worlds())
    def holds(world):
        expected, found = changed_over(store, world, by_invoice=False)
        assert [plain(document) for document in found] == [plain(document) for document in expected]
        for one, other in zip(expected, found, strict=True):
            for line, same in zip(one.lines, other.lines, strict=True):
                assert abs(line.vat - same.vat) <= (Decimal("0.02") if line.corrects else 0)

    holds()


def plain(document):
    """A document without VAT, and without the old invoice that it corrects."""
    lines = [attrs.evolve(line, vat=Decimal(0), corrects="", because=Reason("")) for line in document.lines]
    return document.payer, document.on, document.due, document.number, lines
