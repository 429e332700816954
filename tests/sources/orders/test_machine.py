"""The desk of orders, whatever people do at it: compared step by step with a second book-keeping in fractions.

The second one (:class:`Shop`) says beforehand whether something is refused, what is due, what stands billed, and how
much is on hand; it shares nothing with the desk.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

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

from fanbilling import Credit, Then
from fanbilling.domain.errors import BillingError, OverCredit
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.sources.orders import Order, Orders, PriceRule, Quotation, StockMove
from fanbilling.sources.orders.levels import levels
from tests.sources.orders.shop import (
    brought,
    day,
    offered,
    opened,
    ordered,
    received,
    sent_back,
    shop,
    wanted,
)
from tests.stores import STORES, tried

CLIENTS = ("acme", "daughter", "zoon")
COUNTS = st.integers(1, 6)
BACKWARDS = st.integers(0, 3)
MOSTLY = st.sampled_from((True, True, True, False))
DISCOUNTS = st.sampled_from((0, 5))
PARTS = {"a": {"bolt": 1}, "kit": {"bolt": 1, "nut": 2}, "sand": {}, "freight": {}}
LIST = {
    "a": Fraction(25, 2),
    "kit": Fraction(13),
    "sand": Fraction(1, 3) * Fraction(999, 1000),
    "freight": Fraction(25),
}
LIST["sand"] = Fraction("0.333")
LINES = st.sampled_from(sorted(PARTS))
WITHOUT = st.sampled_from(("", "freight", "fee", "kit"))
PRICES = st.sampled_from(("7.77", "0.333", "95"))


class Shop:
    """The second book-keeping: what was ordered, delivered and returned, and every move of stock, in plain numbers."""

    def __init__(self):
        self.orders = {}
        self.deliveries = {}
        self.moves = [("bolt", 1, Fraction(20)), ("nut", 1, Fraction(40))]
        self.waived = defaultdict(Fraction)
        self.bolts = []

    def order(self, id, on, price):
        # line: [ordered, cancelled, net price]
        prices = LIST | {"a": price}
        lines = {name: [Fraction(10), Fraction(0), prices[name]] for name in ("a", "kit", "sand")}
        self.orders[id] = {
            "on": on,
            "over": False,
            "closed": False,
            "lines": lines
            | {"freight": [Fraction(1), Fraction(0), LIST["freight"]], "fee": [Fraction(2), Fraction(0), 95]},
        }

    def came(self, order, line):
        mine = [one for one in self.deliveries.values() if one["order"] == order]
        return sum((one["lines"].get(line, [0])[0] for one in mine), Fraction(0))

    def was_in(self, order, line):
        return any(line in one["lines"] for one in self.deliveries.values() if one["order"] == order)

    def fits(self, order, line, quantity, *, besides=Fraction(0)):
        kept = self.orders[order]
        ordered, cancelled, _ = kept["lines"][line]
        return kept["over"] or self.came(order, line) - besides + quantity <= ordered - cancelled

    def over(self, order):
        """Nothing more is delivered: somebody closed it, or all of it was cancelled before anything came."""
        kept = self.orders[order]
        return kept["closed"]

    def enough(self, *more):
        """On no day is less than nothing there, when these moves come last on their day."""
        for product in ("bolt", "nut"):
            there = Fraction(0)
            mine = [(on, quantity) for name, on, quantity in (*self.moves, *more) if name == product]
            for _, quantity in sorted(mine, key=lambda one: one[0]):
                there += quantity
                if there < 0:
                    return False
        return True

    def leaving(self, on, line, quantity):
        return [(product, on, -quantity * count) for product, count in PARTS[line].items()]

    def on_hand(self):
        return {
            product: sum((quantity for name, _, quantity in self.moves if name == product), Fraction(0))
            for product in ("bolt", "nut")
        }

    def due(self):
        """What is due per key, as (quantity, net price)."""
        found = {}
        for id, order in self.orders.items():
            ordered, cancelled, price = order["lines"]["fee"]
            found[id, order["on"], "fee"] = (ordered - cancelled, price)
        for name, delivery in self.deliveries.items():
            for line, (quantity, back) in delivery["lines"].items():
                price = self.orders[delivery["order"]]["lines"][line][2]
                found[delivery["order"], delivery["on"], f"{line}/{name}"] = (quantity - back, Fraction(price))
        return found


def cents(amount):
    """Half up on the magnitude."""
    whole, rest = divmod(abs(amount) * 100, 1)
    rounded = whole + (1 if rest >= Fraction(1, 2) else 0)
    return (-rounded if amount < 0 else rounded) / Fraction(100)


class Desks(RuleBasedStateMachine):
    """A shop in which things collide: three clients of whom one pays for another, four lines, few days."""

    store = "memory"

    def __init__(self):
        super().__init__()
        self.office = shop()
        self.context = STORES[self.store](self.office)
        self.books = self.context.__enter__()
        self.desk = self.office.desk(Orders)
        self.shop = Shop()
        self.today = 2
        self.count = 0
        self.quotations = {}

    def teardown(self):
        self.context.__exit__(None, None, None)

    def id(self, kind):
        self.count += 1
        return f"{kind}{self.count}"

    def done(self, command, *, fits):
        """Do it, twice; it is refused just when the second book-keeping says so, and then nothing was written."""
        try:
            with self.books() as store:
                command(store)
        except BillingError:
            if fits:
                raise
            return False
        assert fits, "it was not refused"
        with self.books() as store:
            before = store.counters()
            command(store)
            assert store.counters() == before, "said again, it did something"
        return True

    @initialize(busy=MOSTLY, billed=MOSTLY)
    def a_shop(self, busy, billed):
        """Mostly there are orders of each client that were delivered and billed: what never was is never corrected."""
        with self.books() as store:
            opened(self.office, store, bolts=20, nuts=40)
        if not busy:
            return
        for client, price in (("acme", 10), ("", 11), ("", 9)):
            self.on_the_list(client, price)
        for client, discount in zip(CLIENTS, (0, 5, 0), strict=True):
            self.ordered(client, discount, self.today)
        for product in ("bolt", "nut"):
            self.take_in(product, 24, self.today, 3)
        for order, line in zip(sorted(self.shop.orders), ("a", "kit", "a"), strict=True):
            for quantity in (4, 5):
                self.bring(order, line, quantity, self.today)
        if billed:
            self.bill(1)
        first = min(self.shop.orders)
        assert self.done(lambda store: self.desk.allow_over(store, first, on=day(self.today)), fits=True)
        self.shop.orders[first]["over"] = True
        self.bring(first, "a", 6, self.today)
        id = min(self.shop.deliveries)
        delivery = self.shop.deliveries[id]
        line = next(iter(delivery["lines"]))
        self.count_again(id, delivery, line, 5)
        for _ in range(2):
            self.back(id, delivery, line, 1, scrapped=False)

    # what is agreed

    def lines(self, discount, price=None):
        return (
            wanted("a", "bolt", 10, discount=discount, price=price),
            wanted("kit", "kit", 10),
            wanted("sand", "sand", 10, price="0.333"),
            wanted("freight", text="Freight", price="25.00"),
            wanted("fee", "advice", 2, billed="order"),
        )

    def bolt_price(self, client, on, quantity=10):
        """The price of the client first, then the latest that was known."""
        known = [one for one in self.shop.bolts if one[1] <= on and one[0] in ("", client)]
        return max(known, key=lambda one: (one[0] != "", one[1]), default=("", 0, Fraction(25, 2)))[2]

    @rule(client=st.sampled_from(("", *CLIENTS)), price=st.integers(5, 20))
    def put_a_price_on_the_list(self, client, price):
        self.on_the_list(client, price)

    def on_the_list(self, client, price):
        self.shop.bolts = [one for one in self.shop.bolts if one[:2] != (client, self.today)]
        rule = PriceRule(id=self.id("p"), product="bolt", price=Decimal(price), client=client, since=day(self.today))
        self.today = min(self.today + 1, 28)
        known = day(self.today - 1)
        self.shop.bolts.append((client, self.today - 1, Fraction(price)))
        assert self.done(lambda store: self.desk.set_price(store, rule, on=known), fits=True)

    @rule(client=st.sampled_from(CLIENTS), discount=DISCOUNTS, back=BACKWARDS)
    def take_an_order(self, client, discount, back):
        self.ordered(client, discount, max(2, self.today - back))

    def ordered(self, client, discount, on):
        order = ordered(self.id("o"), *self.lines(discount), client=client, on=on)
        price = self.bolt_price(client, on) * (100 - discount) / 100
        assert self.done(lambda store: self.desk.order(store, order, on=day(self.today)), fits=True)
        self.shop.order(order.id, on, price)
        return order.id

    @rule(client=st.sampled_from(CLIENTS), discount=DISCOUNTS, days=st.integers(0, 4), variant=st.booleans())
    def quote(self, client, discount, days, variant):
        on, until = self.today, min(self.today + days, 28)
        first = next((id for id, one in self.quotations.items() if one[0] == client and one[4] == id), None)
        root = first if variant and first else ""
        quotation = offered(self.id("q"), *self.lines(discount), client=client, on=on, until=until, alternative_to=root)
        fits = not any(one[3] == "accepted" and one[4] == root for one in self.quotations.values())
        if not self.done(lambda store: self.desk.quote(store, quotation, on=day(on)), fits=fits):
            return
        assert self.done(lambda store: self.desk.send(store, quotation.id, on=day(on)), fits=True)
        price = self.bolt_price(client, on) * (100 - discount) / 100
        self.quotations[quotation.id] = [client, until, price, "sent", root or quotation.id]

    @precondition(lambda self: self.quotations)
    @rule(data=st.data())
    def accept(self, data):
        self.say_yes(data.draw(st.sampled_from(sorted(self.quotations))))

    def say_yes(self, id):
        mine = self.quotations[id]
        fits = mine[3] == "sent" and self.today <= mine[1]
        if mine[3] == "accepted":
            return
        if self.done(lambda store: self.desk.accept(store, id, on=day(self.today)), fits=fits):
            self.shop.order(id, self.today, mine[2])
            for one in self.quotations.values():
                if one[4] == mine[4]:
                    one[3] = "rejected"
            mine[3] = "accepted"

    @rule(client=st.sampled_from(CLIENTS), second=st.booleans(), wait=st.integers(0, 3))
    def offer_two_variants_and_have_both_accepted(self, client, second, wait):
        """Only the first that is accepted becomes an order, before its last day is over; then there is no third one."""
        ids = [self.id("q"), self.id("q")]
        on, until, root = self.today, min(self.today + 1, 28), ids[0]
        for id, discount in zip(ids, (0, 5), strict=True):
            offer = offered(
                id,
                *self.lines(discount),
                client=client,
                on=on,
                until=until,
                alternative_to=root if id != root else "",
            )
            with self.books() as store:
                self.desk.quote(store, offer, on=day(on))
                self.desk.send(store, id, on=day(on))
            price = self.bolt_price(client, on) * (100 - discount) / 100
            self.quotations[id] = [client, until, price, "sent", root]
        self.today = min(self.today + wait, 28)
        for id in reversed(ids) if second else ids:
            self.say_yes(id)
        late = offered(self.id("q"), *self.lines(0), client=client, on=on, until=until, alternative_to=root)
        fits = all(self.quotations[id][3] != "accepted" for id in ids)
        if self.done(lambda store: self.desk.quote(store, late, on=day(self.today)), fits=fits):
            self.quotations[late.id] = [client, until, self.bolt_price(client, on), "draft", root]

    @rule(
        client=st.sampled_from(CLIENTS),
        discount=DISCOUNTS,
        line=LINES,
        counts=st.tuples(COUNTS, COUNTS),
        without=WITHOUT,
    )
    def sell(self, client, discount, line, counts, without):
        """Ordered, partly cancelled, there, delivered in two times, and billed."""
        on = self.today
        id = self.ordered(client, discount, on)
        if without:
            self.drop(id, without)
        for product in ("bolt", "nut"):
            self.take_in(product, 24, on, 3)
        for quantity in counts:
            self.bring(id, line, quantity, on)
        self.bill(1)

    @precondition(lambda self: self.shop.deliveries)
    @rule(data=st.data(), quantities=st.lists(COUNTS, min_size=1, max_size=3), scrapped=st.booleans())
    def send_back_more_and_more(self, data, quantities, scrapped):
        """One more came than was thought; some comes back, and again; fewer came after all. Billed after each step."""
        id, delivery, line, (came, _) = self.a_delivered_line(data)
        self.count_again(id, delivery, line, int(came) + 1)
        for quantity in quantities:
            self.back(id, delivery, line, quantity, scrapped=scrapped)
            self.bill(1)
        less = data.draw(st.integers(0, 6))
        self.count_again(id, delivery, line, less)
        self.bill(0)

    @precondition(lambda self: self.shop.orders)
    @rule(data=st.data(), line=st.sampled_from(("a", "sand", "fee", "freight")), price=PRICES)
    def change_what_was_billed(self, data, line, price):
        """Billed, then at another price, then cancelled as far as that goes; and billed."""
        self.bill(1)
        self.reprice(data, line, price)
        self.bill(1)
        self.drop(data.draw(st.sampled_from(sorted(self.shop.orders))), line)
        self.bill(0)

    # what is delivered

    @rule(quantity=st.integers(1, 20), back=BACKWARDS, product=st.sampled_from(("bolt", "nut")), price=COUNTS)
    def receive(self, quantity, back, product, price):
        self.take_in(product, quantity, max(1, self.today - back), price)

    def take_in(self, product, quantity, on, price):
        move = received(self.id("m"), product, quantity, Decimal(price * quantity) + Decimal("0.01"), on=on)
        assert self.done(lambda store: self.desk.book(store, [move], on=day(self.today)), fits=True)
        self.shop.moves.append((product, on, Fraction(quantity)))

    @precondition(lambda self: self.shop.orders)
    @rule(data=st.data(), line=LINES, quantity=COUNTS, back=BACKWARDS, place=st.integers(0, 1))
    def deliver(self, data, line, quantity, back, place):
        order = data.draw(st.sampled_from(sorted(self.shop.orders)))
        self.bring(order, line, quantity, max(2, self.today - back))

    def bring(self, order, line, quantity, on):
        kept = self.shop.orders[order]
        leaving = self.shop.leaving(on, line, quantity)
        lines = {line: [Fraction(quantity), Fraction(0)]}
        ordered, cancelled, _ = kept["lines"]["freight"]
        if not self.shop.was_in(order, "freight") and line != "freight" and ordered > cancelled:
            lines["freight"] = [ordered - cancelled, Fraction(0)]
        fits = (
            on >= kept["on"]
            and not self.shop.over(order)
            and self.shop.fits(order, line, quantity)
            and self.shop.enough(*leaving)
        )
        delivery = brought(self.id("d"), order, on=on, **{line: quantity})
        if self.done(lambda store: self.desk.deliver(store, delivery, on=day(self.today)), fits=fits):
            self.shop.deliveries[delivery.id] = {"order": order, "on": on, "lines": lines}
            self.shop.moves += leaving

    def a_delivered_line(self, data):
        id = data.draw(st.sampled_from(sorted(self.shop.deliveries)))
        delivery = self.shop.deliveries[id]
        line = data.draw(st.sampled_from(sorted(delivery["lines"])))
        return id, delivery, line, delivery["lines"][line]

    @precondition(lambda self: self.shop.deliveries)
    @rule(data=st.data(), quantity=COUNTS, scrapped=st.booleans())
    def send_back(self, data, quantity, scrapped):
        id, delivery, line, _ = self.a_delivered_line(data)
        self.back(id, delivery, line, quantity, scrapped=scrapped)

    def back(self, id, delivery, line, quantity, *, scrapped):
        came, gone = delivery["lines"][line]
        on = max(self.today, delivery["on"])
        back = sent_back(self.id("r"), id, on=on, scrapped=scrapped, **{line: quantity})
        if self.done(lambda store: self.desk.take_back(store, back, on=day(on)), fits=gone + quantity <= came):
            delivery["lines"][line][1] += quantity
            if not scrapped:
                self.shop.moves += [(product, on, -much) for product, _, much in self.shop.leaving(on, line, quantity)]

    @precondition(lambda self: self.shop.deliveries)
    @rule(data=st.data(), quantity=st.integers(0, 12))
    def correct(self, data, quantity):
        id, delivery, line, _ = self.a_delivered_line(data)
        self.count_again(id, delivery, line, quantity)

    def count_again(self, id, delivery, line, quantity):
        came, gone = delivery["lines"][line]
        order, on = delivery["order"], delivery["on"]
        leaving = self.shop.leaving(on, line, quantity - came)
        more = quantity > came
        fits = quantity == came or (
            quantity >= gone
            and (not more or self.shop.fits(order, line, quantity, besides=came))
            and (not more or not self.shop.over(order))
            and self.shop.enough(*leaving)
        )
        number = Decimal(quantity)
        if self.done(
            lambda store: self.desk.correct(store, id, line, number, reason="miscounted", on=day(self.today)), fits=fits
        ):
            delivery["lines"][line][0] = Fraction(quantity)
            self.shop.moves += leaving

    # what is agreed anew

    @precondition(lambda self: self.shop.orders)
    @rule(
        data=st.data(),
        line=st.sampled_from(("a", "sand", "fee", "freight")),
        price=PRICES,
    )
    def agree_on_another_price(self, data, line, price):
        self.reprice(data, line, price)

    def reprice(self, data, line, price):
        order = data.draw(st.sampled_from(sorted(self.shop.orders)))
        assert self.done(
            lambda store: self.desk.change_price(
                store, order, line, Decimal(price), discount=Decimal(0), reason="agreed", on=day(self.today)
            ),
            fits=True,
        )
        self.shop.orders[order]["lines"][line][2] = Fraction(price)

    @precondition(lambda self: self.shop.orders)
    @rule(data=st.data(), line=st.sampled_from(("", "a", "kit", "fee", "freight")))
    def cancel(self, data, line):
        self.drop(data.draw(st.sampled_from(sorted(self.shop.orders))), line)

    def drop(self, order, line):
        assert self.done(
            lambda store: self.desk.cancel(store, order, line=line, reason="too late", on=day(self.today)), fits=True
        )
        kept = self.shop.orders[order]
        for name in (line,) if line else kept["lines"]:
            ordered, cancelled, _ = kept["lines"][name]
            rest = ordered - cancelled - self.shop.came(order, name)
            kept["lines"][name][1] += max(rest, Fraction(0))
        nothing = all(ordered == cancelled for ordered, cancelled, _ in kept["lines"].values())
        if nothing and not any(self.shop.came(order, name) for name in kept["lines"]):
            kept["closed"] = True

    @precondition(lambda self: self.shop.orders)
    @rule(data=st.data())
    def agree_on_over_delivery(self, data):
        order = data.draw(st.sampled_from(sorted(self.shop.orders)))
        assert self.done(lambda store: self.desk.allow_over(store, order, on=day(self.today)), fits=True)
        self.shop.orders[order]["over"] = True

    # what is billed

    @rule(days=st.integers(0, 2))
    def bill(self, days):
        self.today = min(self.today + days, 28)
        assert self.run() >= 0
        assert self.run() == 0, "L14: a second run issued something"
        with self.books() as store:
            assert list(self.office.billing.drift(store, until=day(self.today))) == [], (
                "a run by agenda missed something"
            )
            standing = defaultdict(lambda: [Fraction(0), Fraction(0)])
            for entry in store.billed.page(limit=10_000):
                key = (entry.key.agreement, entry.key.filed.day, entry.key.fact)
                standing[key][0] += Fraction(entry.lot.quantity)
                standing[key][1] += Fraction(entry.lot.amount)
        for key, (quantity, price) in self.shop.due().items():
            waived = self.shop.waived.get(key, Fraction(0))
            assert standing[key][0] == max(quantity - waived, Fraction(0)), f"{key}: another quantity stands billed"
            if not waived:
                assert standing[key][1] == cents(quantity * price), f"{key}: another amount stands billed"

    @rule(data=st.data(), then=st.sampled_from((Then.WAIVE, Then.REBILL)))
    def credit(self, data, then):
        with self.books() as store:
            documents = [one for one in store.documents.page(limit=100) if any(not line.corrects for line in one.lines)]
            if not documents:
                return
            document = data.draw(st.sampled_from(documents))
        line = data.draw(st.sampled_from([line for line in document.lines if not line.corrects]))
        credit = Credit(id=self.id("c"), document=document.number, reason="goodwill", line=line.number, then=then)
        try:
            with self.books() as store:
                note = self.office.billing.credit(store, credit, on=day(self.today))
        except OverCredit:
            return
        if then is Then.WAIVE:
            for given in note.lines:
                key = (given.key.agreement, given.key.filed.day, given.key.fact)
                self.shop.waived[key] -= Fraction(given.quantity)

    def run(self):
        report = self.office.billing.run(self.books, until=day(self.today), on=day(self.today), batch=2)
        assert report.failures == ()
        return report.documents

    # what always holds

    @invariant()
    def what_is_due_is_what_was_worked_out(self):
        with self.books() as store:
            asked = [Asked(agreement=id, since=date.min) for id in sorted(self.shop.orders)]
            items = list(Orders().items(store, asked, day(31)))
        found = {
            (one.key.agreement, one.key.filed.day, one.key.fact): (Fraction(one.quantity), Fraction(one.price.amount))
            for one in items
        }
        assert len(found) == len(items)
        assert found == self.shop.due()

    @invariant()
    def what_is_on_hand_is_what_was_worked_out(self):
        with self.books() as store:
            there = {one.product: Fraction(one.quantity) for one in levels(store)}
        assert {product: there.get(product, Fraction(0)) for product in ("bolt", "nut")} == self.shop.on_hand()

    @invariant()
    def the_laws_hold(self):
        assert self.office.verify(self.books) == []


@pytest.mark.parametrize("name", STORES)
def test_the_laws_hold_whatever_is_ordered_delivered_and_returned(name):
    """Due, billed and on hand are what fractions say, and L1, L3, L5, L8, L9 and L14 hold after every step."""
    machine = type(f"DesksOn{name.title()}", (Desks,), {"store": name})
    run_state_machine_as_test(machine, settings=tried(name, 30, stateful_step_count=10))


def test_what_the_machine_uses_is_registered():
    """Every record of the desk has a table in the books of the shop."""
    assert {Order, Quotation, PriceRule, StockMove} <= set(shop().records)
