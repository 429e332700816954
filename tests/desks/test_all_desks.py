"""All desks together, whatever people do at them: one bill per payer, to the cent what a second book-keeping says.

The second one (:class:`Ledger`) keeps fractions and cents and shares nothing with the desks or the engine. It is told
what was agreed, done and decided, and says what stands billed per key and payer, and who gets how many documents.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from fanbilling import (
    Address,
    Administration,
    Credit,
    Decision,
    DecisionKind,
    ItemKey,
    Layer,
    Money,
    Office,
    Party,
    Payment,
    Price,
    Seller,
    Settings,
    Then,
)
from fanbilling.domain.dated import Dated
from fanbilling.sources.courses import (
    CancellationPolicy,
    CancellationTier,
    Course,
    Courses,
    Registration,
    Session,
    SessionDay,
)
from fanbilling.sources.manual import Line, Manual
from fanbilling.sources.orders import (
    Delivery,
    DeliveryLine,
    Order,
    OrderLine,
    Orders,
    Product,
    Return,
    ReturnLine,
    StockMove,
)
from fanbilling.sources.projects import Project, Projects, RateRule, TimeEntry
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine, Subscriptions
from tests.stores import STORES, kept, tried

CLIENTS = ("a", "b", "c")  # c is paid for by a, from March
MARCH = date(2026, 3, 1)
DAYS = (date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 1))
UNTILS = (date(2026, 2, 28), date(2026, 3, 15), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31))
FIRSTS = tuple(date(2026, month, 1) for month in range(2, 8))
RATES = {"standard": 21, "reduced": 9, "exempt": 0}
PRICES = ("100.00", "0.333", "79.95", "1.005")
STARTS = {"may": date(2026, 5, 18), "june": date(2026, 6, 15)}
#: Free until four weeks before, half until one week before, then all of it.
WEEKS = CancellationPolicy(
    tiers=(
        CancellationTier(within=4, unit="weeks", percent=50),
        CancellationTier(within=1, unit="weeks", percent=100),
    )
)
DAY = timedelta(days=1)

clients, days, counts = st.sampled_from(CLIENTS), st.sampled_from(DAYS), st.integers(1, 6)
prices, untils = st.sampled_from(PRICES), st.sampled_from(UNTILS)
#: Whether a bill follows at once: what is never billed is never corrected.
BILLS = (None, UNTILS[1], UNTILS[3], UNTILS[-1])
bills = st.sampled_from(BILLS)


def some(*options, most=3):
    """One to so many, evenly: what is drawn one by one mostly repeats itself."""
    every = list(itertools.product(*options))
    return st.randoms(use_true_random=True).map(lambda one: one.choices(every, k=one.randint(1, most)))


def cents(amount):
    """Whole cents, half up on the magnitude."""
    whole, rest = divmod(abs(amount) * 100, 1)
    rounded = whole + (rest >= Fraction(1, 2))
    return (-rounded if amount < 0 else rounded) / Fraction(100)


def paid_by(client, day):
    return "a" if client == "c" and day >= MARCH else client


def latest(steps, day):
    """The value of the last step on or before a day."""
    return max((step for step in steps.items() if step[0] <= day), key=lambda step: step[0])[1]


class Ledger:
    """Everything that was said at the desks, in plain numbers, and what stands billed of it."""

    def __init__(self, apart):
        self.apart = apart  # whether each desk sends its own bills
        self.loose, self.subscriptions, self.hours, self.orders, self.deliveries, self.seats = {}, {}, {}, {}, {}, {}
        self.rates = {client: [(date(2026, 1, 1), date(2026, 1, 1), Fraction(100))] for client in CLIENTS}
        self.progress = defaultdict(dict)
        self.decided = defaultdict(dict)  # by key: {id: (kind, terms, quantity, money, until)}, in their order
        self.standing = {}  # by key: {(payer, price, rate): (quantity, money)}

    # what is due: by key (payer, price, rate), quantity, from when it may be billed, and whether it can be

    def due(self):
        found = {}
        for source in (self.due_loose, self.due_periods, self.due_work, self.due_goods, self.due_seats):
            found.update(source())
        return found

    def due_loose(self):
        for id, (client, on, price, quantity, rate) in self.loose.items():
            yield ("manual", id, on, ""), ((paid_by(client, on), price, rate), quantity, on, True)

    def due_periods(self):
        for (client, line), one in self.subscriptions.items():
            for first, following in itertools.pairwise(FIRSTS):
                end = min(following, one["end"] or following)
                seats = sum(latest(one["seats"], first + n * DAY) for n in range(max(0, (end - first).days)))
                price = latest(one["prices"], first) / (following - first).days
                on = end - DAY if line == "help" and end > first else first
                terms = paid_by(client, first), price, RATES[one["tax"]]
                yield ("subscriptions", f"s-{client}", first, line), (terms, Fraction(seats), on, True)

    def due_work(self):
        for id, (client, on, hours, state) in self.hours.items():
            price = max(rate for rate in self.rates[client] if rate[0] <= on)[2]
            quantity = Fraction(0) if state == "rejected" else hours
            terms = paid_by(client, on), price, 21
            yield ("projects", f"h-{client}", on, f"hours:{id}"), (terms, quantity, on, state != "draft")
        for client, said in self.progress.items():
            before = Fraction(0)
            for on in sorted(said):
                reached = min(percent for day, percent in said.items() if day >= on) * Fraction(10)
                terms = paid_by(client, on), Fraction(1), 21
                yield ("projects", f"f-{client}", on, "progress"), (terms, reached - before, on, True)
                before = reached

    def due_goods(self):
        for id, order in self.orders.items():
            ordered, cancelled, price, rate = order["lines"]["fee"]
            terms = paid_by(order["client"], order["on"]), price, rate
            yield ("orders", id, order["on"], "fee"), (terms, ordered - cancelled, order["on"], True)
        for id, delivery in self.deliveries.items():
            order = self.orders[delivery["order"]]
            for line, (came, back) in delivery["lines"].items():
                terms = paid_by(order["client"], delivery["on"]), *order["lines"][line][2:]
                key = ("orders", delivery["order"], delivery["on"], f"{line}/{id}")
                yield key, (terms, came - back, delivery["on"], True)

    def due_seats(self):
        for id, seat in self.seats.items():
            on = seat["on"]
            bill_on = max(on, STARTS["june"] - 30 * DAY) if seat["session"] == "june" else on
            terms = paid_by(seat["client"], on), seat["price"], seat["rate"]
            taken = Fraction(seat["state"] == "seated" or seat["due"])
            yield ("courses", id, on, "seat"), (terms, taken, bill_on, True)
            for fee, (payer, amount, rate, day) in seat["fees"].items():
                yield ("courses", id, on, f"fee:{fee}"), ((payer, amount, rate), Fraction(1), day, True)

    def came(self, order, line):
        mine = [one for one in self.deliveries.values() if one["order"] == order]
        return sum((one["lines"][line][0] for one in mine if line in one["lines"]), Fraction(0))

    def open_on(self, order, line):
        ordered, cancelled, *_ = self.orders[order]["lines"][line]
        return ordered - cancelled - self.came(order, line)

    def waiting(self, session):
        """Who waits longest comes first."""
        mine = [one for one in self.seats.values() if one["session"] == session]
        free = 2 - sum(one["state"] == "seated" for one in mine)
        queue = sorted((one for one in mine if one["state"] == "waiting"), key=lambda one: one["place"])
        for one in queue[:free]:
            one["state"] = "seated"

    def client(self, key):
        source, agreement = key[:2]
        if source == "manual":
            return self.loose[agreement][0]
        if source == "orders":
            return self.orders[agreement]["client"]
        return self.seats[agreement]["client"] if source == "courses" else agreement[-1]

    def group(self, key):
        """With whom it is billed: with the last known payer of the client."""
        client = self.client(key)
        return "a" if client == "c" else client

    # what we decided

    def owed(self, key, terms, quantity):
        """What is left of what is due after our decisions, in their order."""
        money = cents(quantity * terms[1])
        for kind, own, much, given, _ in self.decided[key].values():
            if kind == "conceded":
                money -= min(given, money)
            elif kind == "waived" and (quantity or much is None):
                taken = quantity if much is None else min(much, quantity)
                if taken == quantity:
                    part = money
                elif given is not None and own == terms and taken == much:
                    part = min(given, money)
                else:
                    part = cents(money * taken / quantity)
                quantity, money = quantity - taken, money - part
        return quantity, money

    def held(self, key, until):
        ends = [one[4] for one in self.decided[key].values() if one[0] == "held"]
        return any(end is None or end > until for end in ends)

    # what is billed

    def run(self, until, group=None, payer=None):
        """Bill what is owed, everybody's or that of one group and payer; return the bills, and net per payer."""
        bills, nets = set(), defaultdict(Fraction)
        due = self.due()
        for key in sorted(due.keys() | self.standing.keys()):
            terms, quantity, bill_on, ready = due.get(key, (None, 0, key[2], True))
            if not ready or self.held(key, until) or (bill_on > until and key not in self.standing):
                continue
            if group not in (None, self.group(key)):
                continue
            before = self.standing.get(key, {})
            wanted = {terms: self.owed(key, terms, quantity)} if quantity else {}
            for one in before.keys() | wanted.keys():
                old, new = before.get(one, (0, 0)), wanted.get(one, (0, 0))
                if payer in (None, one[0]) and old != new:
                    bills.add((one[0], self.group(key), key[0] if self.apart else ""))
                    nets[one[0]] += new[1] - old[1]
                    self.standing.setdefault(key, {})[one] = new
        return bills, dict(nets)

    def give_back(self, key, terms, quantity, money):
        before = self.standing[key][terms]
        self.standing[key][terms] = before[0] - quantity, before[1] - money

    def per_payer(self):
        found = defaultdict(Fraction)
        for mine in self.standing.values():
            for (payer, *_), (_, money) in mine.items():
                found[payer] += money
        return {payer: money for payer, money in found.items() if money}


def keyed(key):
    return key.source, key.agreement, key.filed if isinstance(key.filed, date) else key.filed.day, key.fact


def termed(terms):
    return terms.payer, Fraction(terms.price.amount) / Fraction(terms.price.per), int(terms.tax.rate)


#: What can happen at the desks: the name of a step of the machine, and what is drawn for it.
STORIES = {}


def story(**drawn):
    """Let a step be one of the stories."""

    def told(step):
        STORIES[step.__name__] = drawn
        return step

    return told


class AllDesks(RuleBasedStateMachine):
    """One company with every desk, in which things collide: three clients, two payers, few days, three rates."""

    store = "memory"

    def __init__(self):
        super().__init__()
        self.on = date(2026, 4, 6)
        self.count = 0
        self.context = None
        self.handed_over = False  # a seat: what is given back to who paid before is then a bill of its own

    def teardown(self):
        if self.context is not None:
            self.context.__exit__(None, None, None)

    def id(self, kind):
        self.count += 1
        return f"{kind}{self.count}"

    def do(self, command):
        """Do it, twice: said again, it is done already."""
        with self.books() as store:
            command(store)
            before = store.counters()
            command(store)
            assert store.counters() == before, "said again, it did something"

    @initialize(apart=st.sampled_from((False, False, True)), passed=st.sampled_from((0, 20, 36)))
    def a_company(self, apart, passed):
        self.on += passed * DAY  # in time to cancel a seat in May, or with half, or with all of the price due
        settings = Settings(administration=Layer(bills="source")) if apart else Settings()
        seller = Seller(name="De Vier Balies B.V.", address=Address(city="Zwolle", country="NL"))
        self.office = Office(
            administration=Administration(id="nl", seller=seller),
            sources=[Manual(), Subscriptions(), Projects(), Orders(), Courses()],
            settings=settings,
        )
        self.context = STORES[self.store](self.office)
        self.books = self.context.__enter__()
        self.ledger = Ledger(apart)
        known = date(2026, 2, 1)
        with self.books() as store:
            for client in CLIENTS:
                payer = Dated(((MARCH, "a"),)) if client == "c" else None
                self.office.crm.register(store, Party(id=client, name=client.upper(), billed_to=payer), on=known)
            for client in CLIENTS:
                self.agreed_with(store, client, known)
            self.offered(store, known)

    def agreed_with(self, store, client, on):
        """Every client rents seats and help, and has one project by the hour and one of 1000.00."""
        lines = (
            SubscriptionLine.of("seats", "Seats", start=FIRSTS[0], price="100.00", quantity=2),
            SubscriptionLine.of("help", "Help", start=FIRSTS[0], price="79.95", timing="arrears", tax_class="reduced"),
        )
        self.office.subscriptions.start(store, Subscription(id=f"s-{client}", client=client, lines=lines), on=on)
        for line, price, seats, tax in (("seats", "100.00", 2, "standard"), ("help", "79.95", 1, "reduced")):
            self.ledger.subscriptions[client, line] = {
                "prices": {FIRSTS[0]: Fraction(price)}, "seats": {FIRSTS[0]: seats}, "end": None, "tax": tax,
            }  # fmt: skip
        projects = self.office.projects
        projects.start(store, Project(id=f"h-{client}", client=client, title="Hours"), on=on)
        fixed = Project(id=f"f-{client}", client=client, title="Fixed", kind="fixed-price", price=Decimal(1000))
        projects.start(store, fixed, on=on)
        rate = RateRule(id=f"r-{client}", price=Price.of(100, unit="HUR"), since=date(2026, 1, 1), client=client)
        projects.set_rate(store, rate, on=on)

    def offered(self, store, on):
        """Bolts in plenty, sand, advice; and two sessions of two seats, of which the second is exempt."""
        orders, courses = self.office.orders, self.office.courses
        for product in (
            Product(id="bolt", text="Bolt"),
            Product(id="sand", text="Sand", stocked=False, tax_class="reduced"),
            Product(id="advice", text="Advice", kind="service"),
        ):
            orders.register(store, product, on=on)
        bought = StockMove(
            id="m", kind="receipt", product="bolt", on=on, quantity=Decimal(10_000), amount=Money.of("50000.00", "EUR")
        )
        orders.book(store, [bought], on=on)
        for session, tax, before in (("may", "standard", None), ("june", "exempt", 30)):
            course = Course(
                id=session, title="Safety", price="399.99", tax_class=tax, cancellation=WEEKS, bill_days_before=before
            )
            courses.add_course(store, course)
            start = datetime.combine(STARTS[session], datetime.min.time())
            hours = SessionDay(start=start.replace(hour=9), end=start.replace(hour=17))
            courses.plan(store, Session(id=session, course=session, days=(hours,), capacity=2))

    # what happens, at the desks and with the bills

    @rule(data=st.data())
    def something_happens(self, data):
        """One to three stories, evenly of all: few rules, each with much behind it, find most."""
        for (name,) in data.draw(some(sorted(STORIES))):
            drawn = {what: data.draw(strategy) for what, strategy in STORIES[name].items() if what != "data"}
            getattr(self, name)(**drawn | ({"data": data} if "data" in STORIES[name] else {}))

    # loose lines

    @story(
        client=clients, on=days, price=prices, quantity=counts, tax=st.sampled_from(("standard", "reduced")), bill=bills
    )
    def write_a_line(self, *, client, on, price, quantity, tax, bill):
        self.a_line(client, on, price, quantity, tax)
        self.billed(bill)

    def a_line(self, client, on, price, quantity, tax):
        line = Line(
            id=self.id("l"), client=client, on=on, text="Work", price=Price.of(price), quantity=quantity, tax_class=tax
        )
        self.do(lambda store: self.office.manual.add(store, line, on=self.on))
        self.ledger.loose[line.id] = [client, on, Fraction(price), Fraction(quantity), RATES[tax]]

    @story(data=st.data(), price=prices, quantity=st.integers(0, 6), bill=bills)
    def change_a_line(self, *, data, price, quantity, bill):
        if not self.ledger.loose:
            return
        id = data.draw(st.sampled_from(sorted(self.ledger.loose)))
        figures = {"quantity": Decimal(quantity), "price": Price.of(price)}
        self.do(lambda store: self.office.manual.change(store, id, on=self.on, **figures))
        self.ledger.loose[id][2:4] = Fraction(price), Fraction(quantity)
        self.billed(bill)

    # subscriptions

    @story(
        client=clients, line=st.sampled_from(("seats", "help")), first=st.sampled_from(FIRSTS[:4]),
        day=st.integers(0, 30), price=prices, seats=st.integers(0, 4), bill=bills,
        what=st.sampled_from(("price", "seats", "end", "resume")),
    )  # fmt: skip
    def amend(self, *, client, line, first, day, price, seats, bill, what):
        days = {"price": first, "seats": first + day * DAY, "end": first + day * DAY}
        figures = {"price": price, "seats": seats}
        self.amended(client, line, what, days.get(what), figures.get(what))
        self.billed(bill)

    def amended(self, client, line, what, day, figure):
        desk, id, mine = self.office.subscriptions, f"s-{client}", self.ledger.subscriptions[client, line]
        if what == "price":
            self.do(lambda store: desk.change_price(store, id, line, Decimal(figure), from_=day, on=self.on))
            mine["prices"][day] = Fraction(figure)
        elif what == "seats":
            self.do(lambda store: desk.change_quantity(store, id, line, Decimal(figure), from_=day, on=self.on))
            mine["seats"][day] = figure
        elif what == "end":
            self.do(lambda store: desk.end(store, id, line, last_day=day, on=self.on, reason="stopped"))
            mine["end"] = day + DAY
        else:
            self.do(lambda store: desk.resume(store, id, line, on=self.on))
            mine["end"] = None

    # projects

    @story(client=clients, on=days, hours=counts, approved=st.sampled_from((True, True, False)), bill=bills)
    def work(self, client, on, hours, approved, bill):
        self.some_hours(client, on, hours, approved=approved)
        self.billed(bill)

    def some_hours(self, client, on, hours, *, approved):
        id = self.id("h")
        entry = TimeEntry(id=id, project=f"h-{client}", on=on, hours=Decimal(hours), employee=id, text="Work")
        self.do(lambda store: self.office.projects.book(store, entry))
        if approved:
            self.do(lambda store: self.office.projects.approve(store, [id], on=self.on))
        self.ledger.hours[id] = [client, on, Fraction(hours), "approved" if approved else "draft"]

    @story(data=st.data(), hours=counts, rejected=st.booleans(), bill=bills)
    def look_at_hours(self, *, data, hours, rejected, bill):
        if not self.ledger.hours:
            return
        id = data.draw(st.sampled_from(sorted(self.ledger.hours)))
        mine, desk = self.ledger.hours[id], self.office.projects
        if rejected:
            self.do(lambda store: desk.reject(store, id, reason="not ours", on=self.on))
            mine[3] = "rejected"
        elif mine[3] != "rejected":
            self.do(lambda store: desk.correct(store, id, hours=Decimal(hours), reason="typo", on=self.on))
            self.do(lambda store: desk.approve(store, [id], on=self.on))
            mine[2:] = Fraction(hours), "approved"
        self.billed(bill)

    @story(
        client=clients, on=days, since=days, price=st.sampled_from(("80.00", "120.50")), hours=counts, first=bills,
        bill=bills,
    )  # fmt: skip
    def work_and_agree_on_a_rate(self, *, client, on, since, price, hours, first, bill):
        """Hours are worked and perhaps billed; then there is another rate, perhaps for those too."""
        self.some_hours(client, on, hours, approved=True)
        self.billed(first)
        if all(one[:2] != (since, self.on) for one in self.ledger.rates[client]):
            rate = RateRule(id=self.id("r"), price=Price.of(price, unit="HUR"), since=since, client=client)
            self.do(lambda store: self.office.projects.set_rate(store, rate, on=self.on))
            self.ledger.rates[client].append((since, self.on, Fraction(price)))
            self.billed(bill)

    @story(
        client=clients,
        said=some(DAYS, (30, 50, 55, 100), BILLS),
    )
    def progress(self, client, said):
        for day, percent, bill in said:
            self.some_progress(client, day, percent)
            self.billed(bill)

    def some_progress(self, client, day, percent):
        desk, figure = self.office.projects, Decimal(percent)
        self.do(lambda store: desk.state_progress(store, f"f-{client}", figure, day=day, on=self.on))
        self.ledger.progress[client][day] = percent

    # orders

    @story(
        data=st.data(), client=clients, on=days, quantity=counts, first=bills,
        steps=some(
            ("deliver", "price", "cancel", "take back", "correct"), ("bolts", "sand", "fee"), range(1, 7), BILLS
        ),
    )  # fmt: skip
    def an_order_and_what_becomes_of_it(self, *, data, client, on, quantity, first, steps):
        """Ten of each are ordered, some come and are perhaps billed; then that order or another goes on."""
        self.an_order(client, on, quantity)
        self.billed(first)
        for what, line, much, bill in steps:
            [(id,)] = data.draw(some(sorted(self.ledger.orders), most=1))
            if what == "deliver":
                self.deliver(id, max(data.draw(days), self.ledger.orders[id]["on"]), much)
            elif what in {"take back", "correct"}:
                [(sent,)] = data.draw(some(sorted(self.ledger.deliveries), most=1))
                self.count_again(sent, line, much, what)
            else:
                self.agree_anew(id, line, much, what)
            self.billed(bill)

    def agree_anew(self, id, line, price, what):
        order, desk = self.ledger.orders[id], self.office.orders
        if what == "price":
            figures = {"discount": Decimal(0), "reason": "agreed", "on": self.on}
            self.do(lambda store: desk.change_price(store, id, line, Decimal(price), **figures))
            order["lines"][line][2] = Fraction(price)
        else:
            self.do(lambda store: desk.cancel(store, id, line=line, reason="too late", on=self.on))
            order["lines"][line][1] += max(self.ledger.open_on(id, line), Fraction(0))

    def count_again(self, id, line, quantity, what):
        delivery, desk = self.ledger.deliveries[id], self.office.orders
        line = line if line in delivery["lines"] else max(delivery["lines"])
        mine = delivery["lines"][line]
        came, gone = mine
        if what == "correct":
            much = max(gone, min(Fraction(quantity), came + self.ledger.open_on(delivery["order"], line)))
            number = Decimal(int(much))
            self.do(lambda store: desk.correct(store, id, line, number, reason="miscounted", on=self.on))
            mine[0] = much
        elif came > gone:
            much = min(Fraction(quantity), came - gone)
            given = (ReturnLine(line=line, quantity=Decimal(int(much))),)
            back = Return(id=self.id("b"), delivery=id, on=self.on, lines=given, reason="broken")
            self.do(lambda store: desk.take_back(store, back, on=self.on))
            mine[1] += much

    def an_order(self, client, on, quantity):
        lines = (
            OrderLine(id="bolts", product="bolt", quantity=Decimal(10), price=Decimal("12.50")),
            OrderLine(id="sand", product="sand", quantity=Decimal(10), price=Decimal("0.333")),
            OrderLine(id="fee", product="advice", quantity=Decimal(2), price=Decimal("95.00"), billed="order"),
        )
        order = Order(id=self.id("o"), client=client, on=on, lines=lines)
        self.do(lambda store: self.office.orders.order(store, order, on=self.on))
        figures = (("bolts", 10, "12.50", 21), ("sand", 10, "0.333", 9), ("fee", 2, "95.00", 21))
        self.ledger.orders[order.id] = {
            "client": client, "on": on,
            "lines": {id: [Fraction(count), Fraction(0), Fraction(price), rate] for id, count, price, rate in figures},
        }  # fmt: skip
        self.deliver(order.id, on, quantity)

    def deliver(self, order, on, quantity):
        fitting = {line: min(quantity, self.ledger.open_on(order, line)) for line in ("bolts", "sand")}
        lines = tuple(DeliveryLine(line=line, quantity=Decimal(int(much))) for line, much in fitting.items() if much)
        if lines:
            delivery = Delivery(id=self.id("d"), order=order, on=on, lines=lines)
            self.do(lambda store: self.office.orders.deliver(store, delivery, on=self.on))
            sent = {line: [Fraction(much), Fraction(0)] for line, much in fitting.items() if much}
            self.ledger.deliveries[delivery.id] = {"order": order, "on": on, "lines": sent}

    # courses

    def a_seat(self, client, session, on):
        asked = Registration(id=self.id("r"), session=session, name="N", email=f"{self.count}@x.example", client=client)
        self.do(lambda store: self.office.courses.register(store, asked, on=on))
        self.ledger.seats[asked.id] = {
            "client": client, "session": session, "on": on, "price": Fraction("399.99"), "state": "waiting",
            "rate": 0 if session == "june" else 21, "fees": {}, "due": False, "place": self.count,
        }  # fmt: skip
        self.ledger.waiting(session)

    @story(
        data=st.data(), client=clients, session=st.sampled_from(sorted(STARTS)), on=days, first=bills,
        steps=some(("cancel", "move", "pay", "price"), CLIENTS, BILLS),
    )  # fmt: skip
    def a_seat_and_what_becomes_of_it(self, *, data, client, session, on, first, steps):
        """A seat is taken and perhaps billed; then that one or another changes hands, days or price, or is given up."""
        self.a_seat(client, session, on)
        self.billed(first)
        for what, other, bill in steps:
            seated = sorted(id for id, one in self.ledger.seats.items() if one["state"] == "seated")
            if seated:
                step = {"cancel": self.cancel, "move": self.move, "pay": self.pass_on, "price": self.reprice}[what]
                id = data.draw(st.sampled_from(seated))
                was = self.ledger.seats[id]["session"]
                step(id, self.ledger.seats[id], other)
                self.ledger.waiting(was)
                self.billed(bill)

    def cancel(self, id, seat, _):
        self.do(lambda store: self.office.courses.cancel(store, id, on=self.on, reason="ill"))
        before = (STARTS[seat["session"]] - self.on).days
        seat["state"], seat["due"] = "gone", before < 7
        if 7 <= before < 28:
            amount = cents(seat["price"] / 2)
            seat["fees"]["cancelled"] = paid_by(seat["client"], seat["on"]), amount, seat["rate"], self.on

    def move(self, id, seat, client):
        """To the other session and for another client, for 25.00; not when it is full there."""
        there = "june" if seat["session"] == "may" else "may"
        if sum(one["state"] == "seated" for one in self.ledger.seats.values() if one["session"] == there) == 2:
            return
        self.count, self.handed_over = self.count + 1, True
        desk, fee = self.office.courses, Decimal("25.00")
        self.do(lambda store: desk.move(store, id, there, on=self.on, client=client, fee=fee))
        seat |= {"session": there, "client": client, "rate": 0 if there == "june" else 21, "place": self.count}
        number = 1 + sum(name.startswith("moved") for name in seat["fees"])
        seat["fees"][f"moved-{number}"] = paid_by(client, seat["on"]), Fraction(25), seat["rate"], self.on

    def pass_on(self, id, seat, client):
        self.do(lambda store: self.office.courses.bill_to(store, id, client, on=self.on))
        seat["client"], self.handed_over = client, True

    def reprice(self, id, seat, _):
        price = Decimal("250.01")
        self.do(lambda store: self.office.courses.change_price(store, id, price, on=self.on, reason="agreed"))
        seat["price"] = Fraction(price)

    # all of it at once: one client buys at every desk

    @story(client=clients, on=days, quantity=counts, session=st.sampled_from(sorted(STARTS)), bill=untils)
    def buy_at_every_desk(self, client, on, quantity, session, bill):
        """A line, hours, progress, goods, a seat and other seats to rent, and then the bill of it all."""
        self.a_line(client, on, "0.333", quantity, "reduced")
        self.some_hours(client, on, quantity, approved=True)
        self.some_progress(client, on, 10 * quantity)
        self.an_order(client, on, quantity)
        self.a_seat(client, session, on)
        self.amended(client, "seats", "seats", on, quantity)
        self.billed(bill)

    # what we decide

    @story(data=st.data(), kind=st.sampled_from(("held", "held-until", "waived", "waived-one", "conceded")), bill=bills)
    def decide(self, data, kind, bill):
        due = self.ledger.due().items()
        [(key,)] = data.draw(some(sorted(key for key, (_, much, on, _) in due if much and on <= UNTILS[-1]), most=1))
        word, _, more = kind.partition("-")
        until = UNTILS[2] if more == "until" else None
        quantity = 1 if more == "one" else None
        amount = Fraction("1.01") if word == "conceded" else None
        source, agreement, filed, fact = key
        decision = Decision(
            id=self.id("c"), key=ItemKey(source, agreement, filed, fact), kind=DecisionKind(word), reason="agreed",
            on=self.on, until=until, quantity=quantity and Decimal(quantity), amount=amount and Decimal("1.01"),
        )  # fmt: skip
        self.do(lambda store: self.office.billing.decide(store, decision))
        self.ledger.decided[key][decision.id] = (word, None, quantity, amount, until)
        self.billed(bill)

    @story(data=st.data(), bill=bills)
    def withdraw(self, data, bill):
        made = [(key, id) for key, ids in self.ledger.decided.items() for id in ids]
        if made:
            key, id = data.draw(st.sampled_from(sorted(made)))
            self.do(lambda store: self.office.billing.withdraw(store, id, on=self.on))
            del self.ledger.decided[key][id]
            self.billed(bill)

    @story(
        data=st.data(), then=st.sampled_from((Then.WAIVE, Then.WAIVE, Then.REBILL)), times=st.integers(1, 3),
        whole=st.sampled_from((True, True, False)), bill=bills,
    )  # fmt: skip
    def credit(self, data, then, times, whole, bill):
        for _ in range(times):
            with self.books() as store:
                lines, rest = self.lines(store)
            if not lines:
                return
            place = data.draw(st.sampled_from(sorted(lines)))
            self.credit_line(lines[place], rest[place], then, None if whole or rest[place][0] < 1 else 1)
        self.billed(bill)

    def lines(self, store):
        """What is left of every line that was billed, by key and revision."""
        lines, rest = {}, {}
        for entry in store.billed.page(limit=10_000):
            place = *keyed(entry.key), entry.revision if entry.reverses is None else entry.reverses
            if entry.reverses is None:
                lines[place] = entry
            before = rest.get(place, (0, 0))
            rest[place] = before[0] + Fraction(entry.lot.quantity), before[1] + Fraction(entry.lot.amount)
        return {place: one for place, one in lines.items() if any(rest[place])}, rest

    def credit_line(self, entry, rest, then, quantity):
        key, terms = keyed(entry.key), termed(entry.terms)
        credit = Credit(
            id=self.id("c"), document=entry.document, line=entry.line, reason="goodwill", then=then,
            quantity=quantity and Decimal(quantity),
        )  # fmt: skip
        with self.books() as store:
            note = self.office.billing.credit(store, credit, on=self.on)
            assert self.office.billing.credit(store, credit, on=self.on) == note
            given = [one for one in store.billed.of_document(note.id) if keyed(one.key) == key]
        much = quantity or rest[0]
        money = rest[1] if much == rest[0] else cents(rest[1] * much / rest[0])
        back = -sum(Fraction(one.lot.quantity) for one in given), -sum(Fraction(one.lot.amount) for one in given)
        assert back[0] == much
        last = self.ledger.standing[key][terms][0] == much  # then money alone that was left goes with it
        assert back[1] == (self.ledger.standing[key][terms][1] if last and much else money)
        self.ledger.give_back(key, terms, *back)
        id = f"{credit.id}:{entry.line}"
        if not much:
            self.ledger.decided[key][id] = ("conceded", terms, None, money, None)
        elif then is Then.WAIVE:
            self.ledger.decided[key][id] = ("waived", terms, much, money, None)

    # what goes out and comes in

    @story(until=untils, later=st.sampled_from((0, 1, 15)))
    def bill_everybody(self, until, later):
        self.on = min(self.on + later * DAY, date(2026, 5, 15))
        self.billed(until)
        with self.books() as store:
            assert list(self.office.billing.drift(store, until=until)) == [], "a run by agenda missed something"

    def billed(self, until):
        """Everybody gets what is owed, and one bill of it; a second run and an earlier one issue nothing."""
        if until is None:
            return
        wanted, nets = self.ledger.run(until)
        got = self.run(until)
        assert sorted(one.payer for one in got) == sorted(payer for payer, *_ in wanted), "another number of bills"
        payers = {one.payer for one in got}
        assert self.ledger.apart or self.handed_over or len(payers) == len(got), "more than one bill for a payer"
        assert not self.ledger.apart or all(len({line.key.source for line in one.lines}) == 1 for one in got)
        sums = defaultdict(Fraction)
        for one in got:
            sums[one.payer] += Fraction(one.totals.taxable)
        assert sums == nets, "another sum was billed"
        assert self.run(until) == [], "L14: a second run issued something"

    def run(self, until):
        seen = []
        report = self.office.billing.run(self.books, until=until, on=self.on, batch=2, watch=seen.extend)
        assert report.failures == ()
        assert report.documents == len(seen)
        return seen

    @story(payer=clients, until=untils, other=st.integers(0, 2))
    def preview_and_issue(self, payer, until, other):
        with self.books() as store:
            before = kept(store, self.office.records)
            drafts = self.office.billing.preview(store, payer, until=until, on=self.on)
            assert kept(store, self.office.records) == before, "L13: a preview left a trace"
        _, nets = self.ledger.run(until, "a" if payer == "c" else payer, payer)
        shown = sum((Fraction(draft.totals.taxable) for draft in drafts), Fraction(0))
        assert shown == nets.get(payer, 0), "another sum was shown"
        assert self.ledger.apart or len(drafts) <= 1
        for draft in drafts[other:] + drafts[:other]:
            with self.books() as store:
                invoice = self.office.billing.issue(store, draft)
                assert invoice.totals == draft.totals, "L13: the bill is not what was shown"
                assert self.office.billing.issue(store, draft) == invoice

    @story(payer=clients, amount=st.sampled_from(("10.00", "121.00", "1000.00")))
    def pay(self, payer, amount):
        payment = Payment(id=self.id("p"), payer=payer, on=self.on, amount=Money.of(amount, "EUR"))
        self.do(lambda store: self.office.receivables.receive(store, payment))

    # what always holds

    @invariant()
    def the_laws_hold(self):
        assert self.context is None or self.office.verify(self.books) == []

    @invariant()
    def what_stands_billed_is_what_was_worked_out(self):
        if self.context is None:
            return
        found, nets = defaultdict(lambda: defaultdict(lambda: (Fraction(0), Fraction(0)))), defaultdict(Fraction)
        with self.books() as store:
            for entry in store.billed.page(limit=10_000):
                mine, terms = found[keyed(entry.key)], termed(entry.terms)
                quantity, money = mine[terms]
                mine[terms] = quantity + Fraction(entry.lot.quantity), money + Fraction(entry.lot.amount)
                nets[entry.terms.payer] += Fraction(entry.lot.amount)
        assert found == self.ledger.standing
        assert {payer: net for payer, net in nets.items() if net} == self.ledger.per_payer()


@pytest.mark.parametrize("name", STORES)
def test_one_client_gets_one_bill_whatever_is_done_at_all_desks(name):
    """Billed is what fractions say per key, terms and payer; L1, L2, L3, L5, L6, L8, L9, L13 and L14 hold."""
    machine = type(f"AllDesksOn{name.title()}", (AllDesks,), {"store": name})
    run_state_machine_as_test(machine, settings=tried(name, 50, stateful_step_count=8))
