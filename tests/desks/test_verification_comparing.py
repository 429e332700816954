"""Comparing without keeping: `verify` tells of damaged books exactly what keeping everything would tell."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from unittest import mock

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from fanbilling import Credit, Money, Party, Payment, Price, verify
from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.events import InvoiceIssued, PaymentAllocated, PaymentReceived
from fanbilling.domain.payments import Allocation
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from fanbilling.verification import tallies
from tests.desks.worlds import office

JANUARY = date(2026, 1, 1)


class Kept:
    """A store of plain lists, which anybody may damage; it is read like any other."""

    def __init__(self, store=None):
        self.rows = list(store.documents.sealed(limit=999)) if store else []
        self.entries = list(store.billed.page(limit=999)) if store else []
        self.booked = list(store.ledger.entries(limit=999)) if store else []
        self.events = list(store.journal.after(0, limit=999)) if store else []
        self.records = {kind: list(store.find(kind)) if store else [] for kind in (Payment, Allocation)}
        self.opened = {one.id: one for one in store.documents.page(limit=999)} if store else {}
        self.documents = SimpleNamespace(sealed=self._sealed, get_many=self._opened)
        self.billed = SimpleNamespace(page=self._page)
        self.ledger = SimpleNamespace(entries=self._entries, balances=self._balances)
        self.journal = SimpleNamespace(after=self._after)

    @contextmanager
    def __call__(self):
        yield self

    def counters(self):
        last = {f"series:{row.series}": row.place for row in sorted(self.rows, key=lambda row: row.place)}
        return last | {"journal": len(self.events)}

    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        found = sorted((getattr(record, order_by), record.id, record) for record in self.records.get(kind, ()))
        for key, one_of in (where or {}).items():
            found = [one for one in found if getattr(one[2], key) in one_of.values]
        return [record for *place, record in found if after is None or tuple(place) > after][:limit]

    def get_many(self, kind, ids):
        return {record.id: record for record in self.records.get(kind, ()) if record.id in ids}

    def _opened(self, ids):
        return {id: self.opened[id] for id in ids if id in self.opened}

    def _sealed(self, *, after, limit):
        rows = sorted(self.rows, key=lambda row: (row.series, row.place))
        return [row for row in rows if (row.series, row.place) > after][:limit]

    def _page(self, *, after, limit):
        entries = sorted(self.entries, key=lambda entry: (entry.key, entry.revision))
        return [entry for entry in entries if after is None or (entry.key, entry.revision) > after][:limit]

    def _entries(self, *, after, limit):
        return [entry for entry in sorted(self.booked, key=lambda entry: entry.id) if entry.id > after][:limit]

    def _balances(self):
        balances = defaultdict(Decimal)
        for entry in self.booked:
            for posting in entry.postings:
                balances[posting.account, entry.currency] += posting.amount
        return balances

    def _after(self, position, *, limit):
        return [recorded for recorded in self.events if recorded.position > position][:limit]


@pytest.fixture(scope="module")
def sound():
    """Books of three months with a subscription, work, a credit note, two payments and three allocations."""
    desk, books = office(), MemoryBooks()
    with books() as store:
        for client in ("a", "b"):
            desk.crm.register(store, Party(id=client, name=client.upper()), on=JANUARY)
        seats = SubscriptionLine.of("seats", "Seats", start=JANUARY, price="100.00")
        desk.subscriptions.start(store, Subscription(id="s", client="a", lines=(seats,)), on=JANUARY)
        for number in (1, 2):
            work = Line(id=f"w{number}", client="b", on=JANUARY, text="Work", price=Price.of("50"), quantity=Decimal(2))
            desk.manual.add(store, work, on=JANUARY)
    for until in (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)):
        desk.billing.run(books, until=until, on=until)
    with books() as store:
        credit = Credit(id="c", document="2026-0001", line=1, amount=Decimal(10), reason="goodwill")
        desk.billing.credit(store, credit, on=date(2026, 3, 31))
        for id, payer, amount in (("p", "a", 200), ("q", "b", 50)):
            desk.receivables.receive(store, Payment(id=id, payer=payer, on=JANUARY, amount=Money.of(amount, "EUR")))
        return Kept(store)


def copied(sound):
    """The same books, to be damaged."""
    copy = Kept()
    copy.rows, copy.entries, copy.booked, copy.events = (
        list(part) for part in (sound.rows, sound.entries, sound.booked, sound.events)
    )
    copy.records = {kind: list(records) for kind, records in sound.records.items()}
    return copy


# --------------------------------------------------------------------------------- what keeping everything would tell


def agree(row, line, entry):
    """Whether a line and a billed entry say the same, compared as values."""
    key, lot, price, supplied = entry.key, entry.lot, entry.terms.price, entry.supplied
    body = json.loads(row.body)
    return (
        line["key"] == [key.source, key.agreement, str(key.filed), key.fact]
        and (body["buyer"]["id"], body["on"], body["currency"])
        == (entry.terms.payer, str(entry.on), entry.terms.currency)
        and (line["client"], line["text"]) == (entry.client, entry.text)
        and (line.get("supplied") or None) == (supplied and [str(supplied.start), str(supplied.end)])
        and bool(line.get("corrects")) == (entry.reverses is not None)
        and [Fraction(figure) for figure in (line["quantity"], line["net"], line["vat"], *line["price"][:2])]
        == [Fraction(figure) for figure in (lot.quantity, lot.amount, entry.vat, price.amount, price.per)]
        and (line["price"][2], line["tax"][0]) == (price.unit, entry.terms.tax.category)
        and Fraction(line["tax"][1]) == Fraction(entry.terms.tax.rate)
    )


def lines_that_differ(kept):
    """How many lines, under which place, are not on record as one billed entry that agrees, and the other way round."""
    entries = defaultdict(list)
    for entry in sorted(kept.entries, key=lambda entry: (entry.key, entry.revision)):
        entries[entry.document, entry.line].append(entry)
    lines = defaultdict(list)
    for row in kept.rows:
        for line in json.loads(row.body)["lines"]:
            mine = entries[row.id, line["number"]]
            if same := next((entry for entry in mine if agree(row, line, entry)), None):
                mine.remove(same)
            else:
                lines[row.id, line["number"]].append(f"{row.number}, line {line['number']}")
    told = Counter()
    for place in lines.keys() | entries.keys():
        known, billed = lines[place], entries[place]
        told.update(known)
        key = [entry.key for entry in billed[len(known) :]]
        told.update("/".join(filter(None, (k.source, k.agreement, str(k.filed), k.fact))) for k in key)
    return told


def told_otherwise(kept):
    """Which facts the journal tells another number of times than they are on record."""
    journal, record = Counter(), Counter()
    for event in (recorded.event for recorded in kept.events):
        match event:
            case InvoiceIssued():
                journal["document", event.document, event.number, Fraction(event.total), event.currency] += 1
            case PaymentReceived():
                journal["payment", event.payment, Fraction(event.amount), event.currency] += 1
            case PaymentAllocated():
                journal["allocation", event.payment, event.document, Fraction(event.amount), event.currency] += 1
    for row in kept.rows:
        record["document", row.id, row.number, Fraction(row.total), row.currency] += 1
    for paid in kept.records[Payment]:
        record["payment", paid.id, Fraction(paid.amount.amount), paid.amount.currency] += 1
    for part in kept.records[Allocation]:
        record["allocation", part.payment, part.document, Fraction(part.amount.amount), part.amount.currency] += 1
    return Counter(
        (f"journal, {fact[0]} {fact[1]}", f"told {record[fact]} times", f"told {journal[fact]} times")
        for fact in journal.keys() | record.keys()
        if journal[fact] != record[fact]
    )


def open_items_that_differ(kept):
    """Which open items are not booked as documents, payments and allocations leave them open."""
    expected, booked = Counter(), Counter()
    for row in kept.rows:
        expected[row.id, row.payer, row.currency] += Fraction(row.total)
    for paid in kept.records[Payment]:
        expected[f"payment:{paid.id}", paid.payer, paid.amount.currency] -= Fraction(paid.amount.amount)
    for part in kept.records[Allocation]:
        expected[part.document, part.payer, part.amount.currency] -= Fraction(part.amount.amount)
        expected[f"payment:{part.payment}", part.payer, part.amount.currency] += Fraction(part.amount.amount)
    for entry in kept.booked:
        for posting in entry.postings:
            if posting.item:
                booked[posting.item, posting.party, entry.currency] += Fraction(posting.amount)
    return Counter(
        f"open item {item[:40]} of {party}, {currency}"
        for item, party, currency in expected.keys() | booked.keys()
        if expected[item, party, currency] != booked[item, party, currency]
    )


def orphans(kept):
    """Which allocations are to a document, or from a payment, that is not there."""
    documents = {row.id for row in kept.rows}
    paid = {payment.id for payment in kept.records[Payment]}
    missing = Counter()
    for part in kept.records[Allocation]:
        missing[part.id] += (part.document not in documents) + (part.payment not in paid)
    return +missing


# ---------------------------------------------------------------------------------------------------------- damages

A_CENT = Decimal("0.01")
IDS = st.sampled_from(("first", "second", "x"))


def _entry(draw, kept, entry):
    """Another field of a billed entry."""
    return draw(
        st.sampled_from(
            (
                attrs.evolve(entry, vat=entry.vat + A_CENT),
                attrs.evolve(entry, vat=entry.vat - A_CENT),
                attrs.evolve(entry, lot=attrs.evolve(entry.lot, amount=entry.lot.amount + A_CENT)),
                attrs.evolve(entry, text="Other work"),
                attrs.evolve(entry, client="z"),
                attrs.evolve(entry, line=entry.line + 1),
                attrs.evolve(entry, document=draw(st.sampled_from(kept.rows)).id),
                attrs.evolve(entry, revision=entry.revision + 7),
            )
        )
    )


def _row(draw, _, row):
    """Another column beside a document."""
    return attrs.evolve(
        row,
        **draw(
            st.sampled_from(
                ({"total": row.total + A_CENT}, {"payer": "z"}, {"number": f"n{row.place}"}, {"currency": "USD"})
            )
        ),
    )


def _booked(draw, kept, entry):
    """The same amounts on another open item, of another party or in another currency; it still balances."""
    item, party = draw(st.sampled_from([row.id for row in kept.rows])), draw(st.sampled_from(("a", "b", "z")))
    postings = [attrs.evolve(part, item=part.item and item, party=part.party and party) for part in entry.postings]
    return attrs.evolve(entry, postings=tuple(postings), currency=draw(st.sampled_from(("EUR", "USD"))))


def _recorded(draw, kept, recorded):
    """Another telling at the same position."""
    return attrs.evolve(recorded, event=draw(st.sampled_from(kept.events)).event)


def _record(draw, kept, record):
    """Another amount, payer, document or payment."""
    changes = [{"amount": Money.of(60, "EUR")}, {"payer": "z"}]
    if isinstance(record, Allocation):
        documents = ["x", *(row.id for row in kept.rows)]
        changes += [{"document": draw(st.sampled_from(documents))}, {"payment": draw(st.sampled_from(("p", "q", "y")))}]
    return attrs.evolve(record, **draw(st.sampled_from(changes)))


@st.composite
def damages(draw, sound):
    """Books in which something was changed, taken away or done twice, several times over."""
    kept = copied(sound)
    for _ in range(draw(st.integers(0, 6))):
        part, change = draw(
            st.sampled_from(
                (
                    (kept.rows, _row),
                    (kept.entries, _entry),
                    (kept.booked, _booked),
                    (kept.events, _recorded),
                    (kept.records[Payment], _record),
                    (kept.records[Allocation], _record),
                )
            )
        )
        if not part:
            continue
        place = draw(st.integers(0, len(part) - 1))
        if draw(st.integers(0, 3)):
            part[place] = change(draw, kept, part[place])
        else:
            del part[place]
    return kept


@given(data=st.data(), parts=st.sampled_from((1, 2, 5, 1 << 15)))
@settings(max_examples=150, deadline=None)
def test_what_differs_is_told_as_if_everything_had_been_kept(sound, data, parts):
    """However few parts the facts share, so that sound ones lie beside the culprits: exactly the culprits are told."""
    kept = data.draw(damages(sound))
    with mock.patch.object(tallies, "PARTS", parts):
        found = verify(kept)
    told = [finding for finding in found if finding.where.startswith("journal, ")]
    assert Counter((f.where, f.expected, f.found) for f in told) == told_otherwise(kept)
    assert Counter(f.where for f in found if f.where.startswith("open item ")) == open_items_that_differ(kept)
    missing = [f.where.removeprefix("allocation ") for f in found if f.expected.endswith(" on record")]
    assert Counter(missing) == orphans(kept)
    fields = {f.where.partition(", ")[0] + ", " + f.where.split(", ")[1] for f in found if "billed entry" in f.where}
    whole = [f.where for f in found if f.expected in ("a billed entry", "a line on a document")]
    assert Counter([*fields, *whole]) == lines_that_differ(kept)


def test_the_books_that_are_damaged_are_sound(sound):
    """Otherwise every damage above would be found for another reason."""
    assert verify(sound) == []
    assert len(sound.rows) == 5
    assert len(sound.entries) == 6
    assert len(sound.records[Allocation]) == 3


FACTS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(-3, 3)), max_size=12)


@given(expected=FACTS, found=FACTS, parts=st.integers(1, 4))
def test_a_sketch_comes_to_zero_where_both_sides_add_up_to_the_same(expected, found, parts):
    """A part differs exactly when the figures of one of its facts do, whatever the order and the pieces."""
    sums = Counter()
    with mock.patch.object(tallies, "PARTS", parts):
        sketch = tallies.Sketch()
        for name, fact, figure in expected:
            sketch.expected((name,), (fact,), Fraction(figure, 3))
            sums[name, fact] += figure
        for name, fact, figure in found:
            sketch.found((name,), (fact,), Fraction(figure, 3))
            sums[name, fact] -= figure
        culprits = {tallies._part((name,)) for (name, _), figure in sums.items() if figure}
        assert sketch.differing() == sorted(culprits)
