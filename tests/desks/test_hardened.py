"""What somebody tried in order to break the books, and what happens instead; on every store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from fanbilling import Credit, Decision, DecisionKind, Money, Party, Payment, Price, verify
from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import (
    BillingError,
    DateBeforeSeries,
    InexactNumber,
    InvalidValue,
    NotFound,
    RuleViolation,
)
from fanbilling.domain.items import ItemKey
from fanbilling.domain.payments import Allocation
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks.worlds import STORES, office

JANUARY, MARCH, APRIL = date(2026, 1, 31), date(2026, 3, 31), date(2026, 4, 30)
FIRST = date(2026, 1, 1)


@pytest.fixture(params=STORES)
def world(request):
    """An empty office on every store."""
    desk = office()
    with STORES[request.param](desk) as books:
        yield desk, books
        assert verify(books) == []


def register(desk, books, *parties, **options):
    with books() as store:
        for party in parties:
            desk.crm.register(store, party, on=FIRST, **options)


def work(desk, books, id="w", client="a", price="100.00"):
    with books() as store:
        desk.manual.add(store, Line(id=id, client=client, on=FIRST, text="Work", price=Price.of(price)), on=FIRST)


def run(desk, books, until=MARCH):
    report = desk.billing.run(books, until=until, on=until)
    assert report.failures == ()
    return report


def net(books, payer):
    with books() as store:
        return sum((d.totals.taxable for d in store.documents.page(payer=payer, limit=99)), Decimal(0))


def drift(desk, books, until=APRIL):
    with books() as store:
        return list(desk.billing.drift(store, until=until))


def test_another_payer_said_afterwards_moves_the_bill(world):
    """Billed to h; it should have been k: h gets it back, k is billed, nobody is parked."""
    desk, books = world
    paid_by_h = Party(id="a", name="A", billed_to=Dated(((FIRST, "h"),)))
    register(desk, books, Party(id="h", name="H"), Party(id="k", name="K"), paid_by_h)
    work(desk, books)
    run(desk, books)
    register(desk, books, Party(id="a", name="A", billed_to=Dated(((FIRST, "k"),))))
    run(desk, books, APRIL)
    assert (net(books, "h"), net(books, "k")) == (0, 100)
    register(desk, books, Party(id="a", name="A"))
    run(desk, books, APRIL)
    assert (net(books, "k"), net(books, "a")) == (0, 100)
    assert drift(desk, books) == []


def test_a_refused_issue_leaves_nothing_in_the_callers_transaction(world):
    """The caller caught the refusal and went on: the line is still to be billed, and is, by the next run."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books, "one")
    run(desk, books)
    work(desk, books, "two")
    with books() as store:
        [draft] = desk.billing.preview(store, "a", until=MARCH, on=JANUARY)
        with pytest.raises(DateBeforeSeries):
            desk.billing.issue(store, draft)
        with pytest.raises(DateBeforeSeries):
            desk.billing.credit(store, Credit(id="c", document="2026-0001", reason="x"), on=JANUARY)
    assert verify(books) == []
    assert run(desk, books).documents == 1


@pytest.mark.parametrize("changes", [1, 2, 3])
def test_every_change_of_vat_position_inside_a_billed_year_is_corrected(world, changes):
    """A year billed in advance; from July the buyer is a business in Belgium: 184 of 365 days are reversed."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    for month in range(1, changes):
        since = date(2025, month, 1)
        register(desk, books, Party(id="a", name="A", vat_id=f"NL00000000{month}B01"), since=since)
    year = SubscriptionLine.of("year", "Licence", start=FIRST, price="365.00", months=12)
    with books() as store:
        desk.subscriptions.start(store, Subscription(id="s", client="a", lines=(year,)), on=FIRST)
    run(desk, books)
    belgian = Party(id="a", name="A", country="BE", business=True, vat_id="BE0123456749")
    register(desk, books, belgian, since=date(2026, 7, 1))
    run(desk, books, APRIL)
    assert drift(desk, books) == []
    with books() as store:
        taxes = [line.tax.category for d in store.documents.page(payer="a", limit=9) for line in d.lines]
        vat = sum((d.totals.tax for d in store.documents.page(payer="a", limit=9)), Decimal(0))
    assert "AE" in taxes
    assert vat == Decimal("38.01")  # 21% of the 181 days that stay


def test_who_only_pays_cannot_change_vat_position_without_a_day(world):
    """The holding has no agreement of its own; its bills would change all the same."""
    desk, books = world
    register(desk, books, Party(id="h", name="H"), Party(id="a", name="A", billed_to=Dated(((FIRST, "h"),))))
    work(desk, books)
    run(desk, books)
    with pytest.raises(RuleViolation, match="since"):
        register(desk, books, Party(id="h", name="H", country="BE", business=True, vat_id="BE0123456749"))


def test_a_former_payers_change_is_corrected_too(world):
    """H paid until March; its VAT position changes from February: February's bill is corrected."""
    desk, books = world
    payers = Dated(((FIRST, "h"), (date(2026, 3, 1), "k")))
    register(desk, books, Party(id="h", name="H"), Party(id="k", name="K"), Party(id="a", name="A", billed_to=payers))
    month = SubscriptionLine.of("m", "Licence", start=FIRST, price="100.00")
    with books() as store:
        desk.subscriptions.start(store, Subscription(id="s", client="a", lines=(month,)), on=FIRST)
    run(desk, books)
    belgian = Party(id="h", name="H", country="BE", business=True, vat_id="BE0123456749")
    register(desk, books, belgian, since=date(2026, 2, 1))
    run(desk, books, APRIL)
    assert drift(desk, books) == []
    with books() as store:
        vat = sum((d.totals.tax for d in store.documents.page(payer="h", limit=9)), Decimal(0))
    assert vat == 21  # January alone


def test_a_vat_number_can_be_corrected_from_an_earlier_day(world):
    """Wrong since March, then right since February: right from February on, for good."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books)
    register(desk, books, Party(id="a", name="A", vat_id="WRONG"), since=date(2026, 3, 1))
    register(desk, books, Party(id="a", name="A", vat_id="RIGHT"), since=date(2026, 2, 1))
    with books() as store:
        party = store.get(Party, "a")
    assert [party.position(day).vat_id for day in (FIRST, date(2026, 2, 1), date(2026, 5, 1))] == ["", "RIGHT", "RIGHT"]


@pytest.mark.parametrize("amount", ["-500.00", "0.00"])
def test_less_than_something_cannot_be_allocated(world, amount):
    """It would open a settled bill again, and nobody would notice."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books)
    run(desk, books)
    with books() as store:
        [item] = desk.receivables.open_items(store, "a")
        payment = Payment(id="p", payer="a", on=MARCH, amount=Money.of(121, "EUR"), reference=item.number)
        desk.receivables.receive(store, payment)
        with pytest.raises(InvalidValue, match="allocation"):
            desk.receivables.allocate(
                store,
                Allocation(
                    id="x", payer="a", payment="p", document=item.document, on=MARCH, amount=Money.of(amount, "EUR")
                ),
            )
        assert desk.receivables.open_items(store, "a") == ()


def test_parts_of_a_cent_are_not_conceded(world):
    """A bill of 120.995 cannot be paid: refused at the desk, and for a credit as well."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books)
    decision = Decision(
        id="d",
        key=ItemKey("manual", "w", FIRST),
        kind=DecisionKind.CONCEDED,
        amount=Decimal("0.005"),
        reason="x",
        on=FIRST,
    )
    with books() as store, pytest.raises(InexactNumber):
        desk.billing.decide(store, decision)
    run(desk, books)
    credit = Credit(id="c", document="2026-0001", line=1, amount=Decimal("0.005"), reason="x")
    with books() as store, pytest.raises(InvalidValue, match="cent"):
        desk.billing.credit(store, credit, on=MARCH)


def test_a_decision_cannot_pretend_to_be_a_credit(world):
    """A target or a document is what a credit note gives a decision; nobody else does."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books)
    waiver = {"id": "d", "key": ItemKey("manual", "w", FIRST), "kind": "waived", "reason": "x", "on": FIRST}
    with books() as store:
        for more in ({"target": "t"}, {"document": "t"}, {"withdrawn": FIRST}, {"kind": "returned"}):
            with pytest.raises(InvalidValue, match="credit"):
                desk.billing.decide(store, Decision(**{**waiver, **more}))


def test_nothing_is_moved_to_somebody_unknown(world):
    """Else the whole client could not be billed any more."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books)
    moved = Decision(
        id="d", key=ItemKey("manual", "w", FIRST), kind=DecisionKind.MOVED, payer="ghost", reason="x", on=FIRST
    )
    with books() as store, pytest.raises(NotFound, match="ghost"):
        desk.billing.decide(store, moved)
    assert run(desk, books).documents == 1


def test_a_credit_of_nothing_that_was_paid_is_a_credit_note(world):
    """A line at 0.00 that is given back comes on a credit note, not on an invoice."""
    desk, books = world
    register(desk, books, Party(id="a", name="A"))
    work(desk, books, price="0.00")
    run(desk, books)
    with books() as store:
        note = desk.billing.credit(store, Credit(id="c", document="2026-0001", reason="x"), on=MARCH)
    assert note.kind == "credit-note"


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Price(Decimal("NaN")),
        lambda: Price(Decimal(-1)),
        lambda: Decision(id="d", key=ItemKey("m", "w", FIRST), kind="x", reason="r", on=FIRST),
        lambda: Decision(id="d", key=ItemKey("m", "w", FIRST), kind="held", reason="r", on=FIRST, until="2026-01-01"),
        lambda: Decision(id="d", key=ItemKey("m", "w", FIRST), kind="held", reason="r", on=FIRST, quantity="3"),
        lambda: Credit(id="c", document="1", reason="r", then="x"),
        lambda: Credit(id="c", document="1", reason=" "),
        lambda: Money(Decimal(1), None),
        lambda: Payment(id="p", payer="a", on=FIRST, amount=5),
        lambda: Party(id="a\nb", name="A"),
        lambda: Party(id="a", name="A\x00"),
        lambda: Party(id="a", name="\ud800"),
        lambda: Party(id="a", name="A", language="xx"),
        lambda: Line(id="l", client="a", on=FIRST, text="T", price="95.00"),
        lambda: Line(id="l", client="a", on=FIRST, text="T", price=Price.of(1), tax_class="x"),
        lambda: SubscriptionLine.of("s", "T", start=FIRST, price="1.00", timing="monthly"),
    ],
)
def test_what_cannot_be_is_refused_when_it_is_made(broken):
    """A typed error that says what was wrong and what would be right."""
    with pytest.raises(BillingError) as refused:
        broken()
    assert refused.value.problem
    assert refused.value.remedy


def test_a_moment_is_not_a_day_of_the_journal(world):
    """Sealed in the journal it could never be read again, by anybody: it is refused before."""
    desk, books = world
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    with books() as store, pytest.raises(InvalidValue, match="is a datetime, not a day"):
        desk.crm.register(store, Party(id="late", name="Late"), on=moment)
    with books() as store:
        assert "late" not in store.get_many(Party, ["late"])


def test_who_opens_the_books_is_an_actor(world):
    _, books = world
    with pytest.raises(InvalidValue, match=r"write by=Actor"), books(by="eva"):
        pass
    with pytest.raises(InvalidValue, match=r"is not a moment"), books(at=date(2026, 3, 2)):
        pass


def test_a_number_is_nobodys_id(world):
    """A host with numbers for keys got "nothing is due" where its client had something due."""
    desk, books = world
    with books() as store:
        desk.crm.register(store, Party(id="7", name="Seven"), on=date(2026, 3, 2))
        with pytest.raises(InvalidValue, match="7 is not a text"):
            desk.billing.preview(store, 7, until=date(2026, 3, 31), on=date(2026, 4, 1))
        with pytest.raises(InvalidValue, match="7 is not a text"):
            list(desk.billing.why_not(store, payer=7, until=date(2026, 3, 31)))
    with pytest.raises(InvalidValue, match="7 is not a text"):
        Payment(id="p", payer=7, on=date(2026, 3, 2), amount=Money.of("1.00", "EUR"))
