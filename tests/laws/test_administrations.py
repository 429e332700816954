"""L20: administrations whose ids all collide live in one database, and none ever sees, counts or names another."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date, timedelta
from decimal import Decimal

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from fanbilling import Credit, Decision, DecisionKind, ItemKey, Party, Payment, Price, Then, verify
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.agenda import Touch
from fanbilling.domain.errors import BillingError
from fanbilling.domain.messages import Message
from fanbilling.domain.payments import Allocation
from fanbilling.domain.ports.sourcing import OneOf, Window
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.laws.neighbours import (
    AT,
    BY,
    FEBRUARY,
    START,
    Plain,
    Postman,
    at_once,
    brought,
    euro,
    letter,
    live,
    office,
    side_by_side,
)
from tests.stores import FAR, LENDING, STORES, kept, tried

DATABASES = ("sqlite", "postgresql")
#: Whose books, and what everything costs there: no figure of one is a figure of another.
WHO = {"nl": 100, "be": 107, "de": 113}

who = st.sampled_from(tuple(WHO))
client = st.sampled_from(("a", "b"))
agreement = st.sampled_from(("one", "two"))
days = st.integers(0, 70).map(lambda n: START + timedelta(days=n))
count = st.integers(0, 3)


class Undo(Exception):
    pass


def answered(desk, books, command):
    """What a command answers, or the kind of its refusal; and what it says."""
    try:
        with books(by=BY, at=AT) as store:
            answer = command(desk, store)
            answer = list(answer) if hasattr(answer, "__next__") else answer
    except BillingError as error:
        return type(error), f"{error}"
    return answer, repr(answer)


def held(desk, books):
    """Everything in the books."""
    with books(by=BY, at=AT) as store:
        return kept(store, desk.records)


class Neighbours(RuleBasedStateMachine):
    """Three offices in one database; beside each of them, books in memory in which it is alone."""

    store = ""

    def __init__(self) -> None:
        super().__init__()
        self.desks = {name: office(name) for name in WHO}
        self.context = side_by_side(self.store, list(self.desks.values()))
        self.books = dict(zip(WHO, self.context.__enter__(), strict=True))
        self.alone = {name: MemoryBooks(name) for name in WHO}
        self.on = dict.fromkeys(WHO, START)

    def teardown(self) -> None:
        self.context.__exit__(None, None, None)

    def both(self, name, command):
        """Give a command in the shared database and alone: the answers are the same, and name nobody else."""
        found, words = answered(self.desks[name], self.books[name], command)
        expected, _ = answered(self.desks[name], self.alone[name], command)
        assert found == expected
        assert [other for other in WHO if other != name and f"{other}-" in words] == []

    @initialize()
    def clients(self) -> None:
        for name in WHO:
            self.register(name, "a", START)
            self.register(name, "b", START)

    @rule(name=who, id=client, day=days)
    def register(self, name, id, day):
        party = Party(id=id, name=f"{name}-{day}", email=f"{name}-{id}@example.nl")
        self.both(name, lambda desk, store: desk.crm.register(store, party, on=day))

    @rule(name=who, id=agreement, payer=client, day=days, hours=count)
    def write(self, name, id, payer, day, hours):
        price = Price.of(Decimal(WHO[name]))
        line = Line(id=id, client=payer, on=day, text=f"{name}-work", price=price, quantity=Decimal(hours))
        self.both(name, lambda desk, store: desk.manual.add(store, line, on=day))

    @rule(name=who, id=agreement, day=days, hours=count, how=st.sampled_from(("change", "withdraw", "remove")))
    def rewrite(self, name, id, day, hours, how):
        given = {"change": {"quantity": Decimal(hours)}, "withdraw": {"reason": f"{name}-no"}, "remove": {}}[how]
        self.both(name, lambda desk, store: getattr(desk.manual, how)(store, id, on=day, **given))

    @rule(name=who, id=agreement, payer=client, day=days)
    def start(self, name, id, payer, day):
        line = SubscriptionLine.of("seats", f"{name}-seats", start=day, price=Decimal(WHO[name]))
        subscription = Subscription(id=id, client=payer, lines=(line,))
        self.both(name, lambda desk, store: desk.subscriptions.start(store, subscription, on=day))

    @rule(name=who, id=agreement, day=days, seats=count, how=st.sampled_from(("amend", "end", "resume", "remove")))
    def amend(self, name, id, day, seats, how):
        def command(desk, store):
            desk = desk.subscriptions
            if how == "amend":
                return desk.change_quantity(store, id, "seats", Decimal(seats), from_=day, on=day)
            if how == "end":
                return desk.end(store, id, "seats", last_day=day, reason=f"{name}-end", on=day)
            return desk.resume(store, id, "seats", on=day) if how == "resume" else desk.remove(store, id, on=day)

        self.both(name, command)

    @rule(
        name=who, id=agreement, of=agreement, day=days, kind=st.sampled_from((DecisionKind.HELD, DecisionKind.WAIVED))
    )
    def decide(self, name, id, of, day, kind):
        decision = Decision(id=id, key=ItemKey("manual", of, day), kind=kind, reason=f"{name}-why", on=day)
        self.both(name, lambda desk, store: desk.billing.decide(store, decision))

    @rule(name=who, id=agreement, day=days)
    def think_again(self, name, id, day):
        self.both(name, lambda desk, store: desk.billing.withdraw(store, id, on=day))

    @rule(name=who, until=days)
    def bill(self, name, until):
        self.on[name] = on = max(self.on[name], until)
        reports = [
            self.desks[name].billing.run(books, until=until, on=on, by=BY, at=AT, batch=1)
            for books in (self.books[name], self.alone[name])
        ]
        assert reports[0] == reports[1]
        assert reports[0].failures == ()

    @rule(name=who, payer=client, until=days)
    def preview_and_issue(self, name, payer, until):
        self.on[name] = on = max(self.on[name], until)

        def command(desk, store):
            drafts = desk.billing.preview(store, payer, until=until, on=on)
            return [desk.billing.issue(store, draft) for draft in drafts]

        self.both(name, command)

    @rule(name=who, id=agreement, number=st.integers(1, 3), then=st.sampled_from(list(Then)))
    def credit(self, name, id, number, then):
        credit = Credit(id=id, document=f"2026-000{number}", reason=f"{name}-sorry", line=1, then=then)
        self.both(name, lambda desk, store: desk.billing.credit(store, credit, on=self.on[name]))

    @rule(name=who, id=agreement, payer=client, number=st.integers(1, 3), times=count)
    def pay(self, name, id, payer, number, times):
        amount = euro(WHO[name] * times + 1)
        payment = Payment(id=id, payer=payer, on=self.on[name], amount=amount, reference=f"2026-000{number}")
        self.both(name, lambda desk, store: desk.receivables.receive(store, payment))
        self.both(name, lambda desk, store: desk.receivables.settle(store, on=self.on[name]))

    @rule(name=who, payer=client)
    def begin_with_balances(self, name, payer):
        opening = brought("old", payer, str(WHO[name]))
        self.both(name, lambda desk, store: desk.opening.load(store, opening))

    @rule(name=who)
    def send(self, name):
        letters = []
        for books in (self.books[name], self.alone[name]):
            mailer = Postman()
            given = {"renderer": Plain(), "mailer": mailer, "letter": letter, "on": self.on[name], "by": BY}
            report = self.desks[name].delivery.send(at_once(books), **given)
            letters.append((report, mailer.carried))
        assert letters[0] == letters[1]

    @rule(name=who, id=client, day=days)
    def forget(self, name, id, day):
        self.both(name, lambda desk, store: desk.crm.erase(store, id, on=day))

    @rule(name=who, id=client, day=days)
    def look(self, name, id, day):
        for command in (
            lambda desk, store: [*desk.billing.why_not(store, until=day)],
            lambda desk, store: [*desk.billing.drift(store, until=day)],
            lambda desk, store: desk.receivables.open_items(store, id),
            lambda desk, store: desk.receivables.on_account(store, id),
            lambda desk, store: desk.receivables.ageing(store, on=day),
            lambda desk, store: desk.crm.file(store, id),
            lambda desk, store: desk.crm.export(store, id),
        ):
            self.both(name, command)

    @invariant()
    def each_is_as_if_it_were_alone(self) -> None:
        for name, desk in self.desks.items():
            assert held(desk, self.books[name]) == held(desk, self.alone[name])


@pytest.mark.parametrize("store", DATABASES)
def test_administrations_in_one_database_are_as_if_each_were_alone(store):
    """Documents, billed entries, decisions, journal, agenda, ledger, counters, records: after every step, all of it."""
    machine = type(f"NeighboursOn{store.title()}", (Neighbours,), {"store": store})
    run_state_machine_as_test(machine, settings=tried(store, 40, stateful_step_count=25))


# ------------------------------------------------------------------------------------------ what only another one knows

PAID = euro("1.00")


def key(id):
    return ItemKey("manual", id, START)


#: Every call that takes an id: at the ports, and at the desks.
CALLS = {
    "agenda.get": lambda _, store, id, __: store.agenda.get("manual", id),
    "agenda.get of a subscription": lambda _, store, id, __: store.agenda.get("subscriptions", id),
    "agenda.hold": lambda _, store, id, other: store.agenda.hold([("manual", id), ("subscriptions", other)]),
    "agenda.of a client": lambda _, store, id, __: store.agenda.of(client=id),
    "agenda.of a payer": lambda _, store, id, __: store.agenda.of(payer=id),
    "agenda.due": lambda _, store, id, other: store.agenda.due(date.max, after=id, last=other, limit=9),
    "agenda.touch": lambda _, store, id, other: store.agenda.touch(
        [Touch(source="manual", agreement=id, client=other, payer=other, since=START, ask_on=START)]
    ),
    "billed.of": lambda _, store, id, other: store.billed.of(
        [Window("manual", id, date.min), Window("subscriptions", other, date.min)]
    ),
    "billed.of_document": lambda _, store, id, __: store.billed.of_document(id),
    "decisions.get": lambda _, store, id, __: store.decisions.get(id),
    "decisions.of": lambda _, store, id, __: store.decisions.of([Window("manual", id, date.min)]),
    "decisions.add": lambda _, store, id, other: store.decisions.add(
        [Decision(id=id, key=key(other), kind="held", reason="x", on=START)]
    ),
    "documents.get": lambda _, store, id, __: store.documents.get(id),
    "documents.get_many": lambda _, store, id, other: store.documents.get_many([id, other]),
    "documents.by_number": lambda _, store, id, __: store.documents.by_number(id),
    "documents.page": lambda _, store, id, __: store.documents.page(payer=id, limit=9),
    "journal.after": lambda _, store, id, __: store.journal.after(0, limit=9, party=id),
    "ledger.open_items": lambda _, store, id, __: store.ledger.open_items("1300", party=id),
    **{
        f"get {kind.__name__}": lambda _, store, id, __, kind=kind: store.get(kind, id) for kind in office("nl").records
    },
    "get_many": lambda _, store, id, other: store.get_many(Party, [id, other]),
    "find by client": lambda _, store, id, other: store.find(Line, {"client": OneOf((id, other))}),
    "find by payer": lambda _, store, id, __: store.find(Payment, {"payer": id}, order_by="on"),
    "find by party": lambda _, store, id, __: store.find(Message, {"party": id}),
    "find allocations": lambda _, store, id, other: store.find(Allocation, {"payment": id, "document": other}),
    "remove": lambda _, store, id, __: store.remove(Party, id),
    "add": lambda _, store, id, other: store.add(
        Party(id=id, name="N"), Payment(id=other, payer=id, on=START, amount=PAID)
    ),
    "replace": lambda _, store, id, __: store.replace(Party(id=id, name="N"), Party(id=id, name="M")),
    "preview": lambda desk, store, id, __: desk.billing.preview(store, id, until=FEBRUARY, on=FEBRUARY),
    "credit": lambda desk, store, id, other: desk.billing.credit(
        store, Credit(id=other, document=id, reason="x"), on=FEBRUARY
    ),
    "decide": lambda desk, store, id, other: desk.billing.decide(
        store, Decision(id=other, key=key(id), kind="waived", reason="x", on=START)
    ),
    "withdraw a decision": lambda desk, store, id, __: desk.billing.withdraw(store, id, on=FEBRUARY),
    "why_not": lambda desk, store, id, __: [*desk.billing.why_not(store, until=FEBRUARY, payer=id)],
    "file": lambda desk, store, id, __: desk.crm.file(store, id),
    "export": lambda desk, store, id, __: desk.crm.export(store, id),
    "erase": lambda desk, store, id, __: desk.crm.erase(store, id, on=FEBRUARY),
    "register": lambda desk, store, id, __: desk.crm.register(store, Party(id=id, name="N"), on=START),
    "receive": lambda desk, store, id, other: desk.receivables.receive(
        store, Payment(id=other, payer=id, on=FEBRUARY, amount=PAID)
    ),
    "receive from our own": lambda desk, store, id, other: desk.receivables.receive(
        store, Payment(id=id, payer="our-a", on=FEBRUARY, amount=PAID, reference=other)
    ),
    "allocate": lambda desk, store, id, other: desk.receivables.allocate(
        store, Allocation(id="x", payer="our-b", payment=id, document=other, on=FEBRUARY, amount=PAID)
    ),
    "allocate our own": lambda desk, store, id, other: desk.receivables.allocate(
        store, Allocation(id=other, payer="our-b", payment="our-early", document=id, on=FEBRUARY, amount=PAID)
    ),
    "open_items": lambda desk, store, id, __: desk.receivables.open_items(store, id),
    "on_account": lambda desk, store, id, __: desk.receivables.on_account(store, id),
    "ageing": lambda desk, store, id, other: desk.receivables.ageing(store, on=FEBRUARY, payers=[id, other]),
    "load": lambda desk, store, id, other: desk.opening.load(store, attrs.evolve(brought(id, "our-a"), id=other)),
    "write for": lambda desk, store, id, other: desk.manual.add(
        store, Line(id=other, client=id, on=START, text="T", price=Price.of(1)), on=START
    ),
    "write": lambda desk, store, id, __: desk.manual.add(
        store, Line(id=id, client="our-a", on=START, text="T", price=Price.of(1)), on=START
    ),
    "change": lambda desk, store, id, __: desk.manual.change(store, id, on=START, quantity=Decimal(2)),
    "withdraw a line": lambda desk, store, id, __: desk.manual.withdraw(store, id, on=START, reason="x"),
    "remove a line": lambda desk, store, id, __: desk.manual.remove(store, id, on=START),
    "resume": lambda desk, store, id, __: desk.subscriptions.resume(store, id, "seats", on=START),
    "end": lambda desk, store, id, __: desk.subscriptions.end(
        store, id, "seats", last_day=START, reason="x", on=FEBRUARY
    ),
    "remove a subscription": lambda desk, store, id, __: desk.subscriptions.remove(store, id, on=START),
    "start": lambda desk, store, id, other: desk.subscriptions.start(
        store,
        Subscription(id=id, client=other, lines=(SubscriptionLine.of("seats", "S", start=START, price="1"),)),
        on=START,
    ),
}


def ids_of(desk, books):
    """Every id and number in the books."""
    with books() as store:
        everything = kept(store, desk.records)
    ids = {row.id for name in everything for row in everything[name] if hasattr(row, "id")} - {"journal"}
    return sorted(ids | {document.number for document in everything["documents"]})


def elsewhere(id):
    """An id that exists nowhere, and sorts into the same place among ours."""
    return f"{id}~"


def told(answer):
    """An answer in words; what is found by name comes in any order."""
    return repr(sorted(answer.items()) if isinstance(answer, Mapping) else answer)


def apart(pair):
    """Whether neither id is a part of the other; what comes of a call has ids that are made of those given."""
    first, second = pair
    return first not in second and second not in first


def tale(desk, books, call, *ids):
    """What a call answers, or says, and leaves in the books, with all ids taken out of it; then it is undone."""
    said = []
    with suppress(Undo), books(by=BY, at=AT) as store:
        position = store.counters()["journal"]
        try:
            with store.savepoint():
                said.append(told(call(desk, store, *ids)))
        except BillingError as error:
            said.append(f"{type(error)} {error}")
        said += [repr(store.journal.after(position, limit=99)), repr(store.agenda.all(limit=99))]
        said += [told(store.counters()), told(store.ledger.balances())]
        raise Undo
    text = "\n".join(said)
    for id in sorted(ids, key=len, reverse=True):
        text = text.replace(id, f"<{ids.index(id)}>")
    return text


@pytest.fixture(scope="module", params=DATABASES)
def ours_and_theirs(request):
    """Two who live in one database; every id that only one has, and how the other asks for it."""
    ours, theirs = office("nl"), office("be", number="T{series}-{n:04}")
    with side_by_side(request.param, [ours, theirs]) as (books, others):
        live(ours, books, "our")
        live(theirs, others, "their", price="345.67")
        ids = ids_of(theirs, others)
        assert len(ids) > 30
        secrets = ("their", "345.67", "T2026", *ids)

        def asked(name, *pair):
            found = tale(ours, books, CALLS[name], *pair)
            assert [secret for secret in secrets if secret in found] == []
            assert found == tale(ours, books, CALLS[name], *map(elsewhere, pair))

        yield request.param, ids, asked


@pytest.mark.parametrize("name", CALLS)
def test_what_only_another_administration_has_is_nowhere(ours_and_theirs, name):
    """Asked for by its id or number, it is answered word for word like an id that never was; no text tells of it."""
    store, ids, asked = ours_and_theirs
    every = 3 if store in FAR and settings.get_current_profile_name() != "long" else 1
    first = sorted(CALLS).index(name) % every
    for place in range(first, len(ids), every):
        asked(name, ids[place], ids[place - 1])


def test_two_things_that_only_another_administration_has_are_nowhere(ours_and_theirs):
    """Whichever two of its ids are named together, in whichever call."""
    store, ids, asked = ours_and_theirs
    usual = 10_000 if settings.get_current_profile_name() == "long" else 200
    one = st.sampled_from(ids)

    @tried(store, usual)
    @given(name=st.sampled_from(sorted(CALLS)), pair=st.tuples(one, one).filter(apart))
    def holds(name, pair):
        asked(name, *pair)

    holds()


def test_every_call_finds_what_is_its_own():
    """Or the calls above would be answered with nothing whatever the store does."""
    desk = office("nl")
    with STORES["memory"](desk) as books:
        live(desk, books, "our")
        ids = ids_of(desk, books)
        for name, call in CALLS.items():
            nothing = tale(desk, books, call, "~nobody", "~nothing")
            pairs = ((id, other) for id in ids for other in (ids[0], ids[-1]) if id != other)
            assert any(tale(desk, books, call, *pair) != nothing for pair in pairs), name


# ----------------------------------------------------------------------------------------------------- rows as they lie


def rows(store, books):
    """Every row of one administration as it lies in the database."""
    if store == "sqlite":
        with closing(sqlite3.connect(books.url.removeprefix("sqlite:///"))) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            tables = {name: database.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    else:
        tables = LENDING.rows(books.prefix)
    tables.pop("fb_schema", None)
    mine = {name: sorted(row for row in found if row[0] == books.administration) for name, found in tables.items()}
    return {name: repr([row[1:] for row in found]) for name, found in mine.items()}


@pytest.mark.parametrize("store", DATABASES)
def test_whatever_one_does_the_rows_of_another_stay_to_the_byte(store):
    """Two live through the same story with the same ids: the same rows, number for number, and each only its own."""
    first, second = office("nl"), office("be")
    with side_by_side(store, [first, second]) as (books, others):
        live(first, books, "same")
        before = rows(store, books)
        assert set(rows(store, others).values()) == {"[]"}
        live(second, others, "same")
        assert rows(store, books) == before
        assert rows(store, others) == before
        with others(by=BY, at=AT) as opened:
            second.crm.register(opened, Party(id="same-a", name="Another"), on=FEBRUARY)
            second.manual.change(opened, "same-line-0", on=FEBRUARY, quantity=Decimal(3))
            second.subscriptions.remove(opened, "same-s2", on=FEBRUARY)
            second.receivables.settle(opened, on=FEBRUARY)
            second.billing.withdraw(opened, "same-held", on=FEBRUARY)
            second.billing.credit(opened, Credit(id="all", document="2026-0002", reason="x"), on=FEBRUARY)
        assert second.billing.run(others, until=FEBRUARY, on=FEBRUARY).documents == 1
        assert rows(store, books) == before
        assert verify(books) == verify(others) == []
