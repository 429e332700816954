"""One bill for everything, or one per desk or agreement: a setting decides, and the sum is the same."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from fanbilling import Actor, Layer, Party, Settings
from fanbilling.domain.items import Price
from fanbilling.domain.settings import Bills
from fanbilling.sources.manual import Line
from fanbilling.sources.subscriptions import Subscription, SubscriptionLine
from tests.desks import worlds
from tests.stores import STORES

DAY = date(2026, 3, 1)
EVA = Actor("eva")


def settled(**layers):
    return attrs.evolve(worlds.office(), settings=Settings(**layers))


def agreed(office, store):
    """Two loose lines of 100.00 and 50.00, and a licence of 30.00 from the first of March; a client with a payer."""
    office.crm.register(store, Party(id="ada", name="Ada"), on=DAY)
    for id, price in (("l1", "100.00"), ("l2", "50.00")):
        office.manual.add(store, Line(id=id, client="ada", on=DAY, text=id, price=Price.of(price)))
    licence = SubscriptionLine.of("users", "Licence", start=DAY, price="30.00")
    office.subscriptions.start(store, Subscription(id="s1", client="ada", lines=(licence,)), on=DAY)


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(
    ("layers", "nets"),
    [
        ({}, ["180.00"]),
        ({"administration": Layer(bills=Bills.SOURCE)}, ["150.00", "30.00"]),
        ({"administration": Layer(bills=Bills.AGREEMENT)}, ["100.00", "50.00", "30.00"]),
        ({"administration": Layer(bills=Bills.AGREEMENT), "clients": {"ada": Layer(bills=Bills.TOGETHER)}}, ["180.00"]),
        ({"sources": {"subscriptions": Layer(bills=Bills.SOURCE)}}, ["150.00", "30.00"]),
        ({"agreements": {"l2": Layer(bills=Bills.AGREEMENT)}}, ["130.00", "50.00"]),
    ],
    ids=["nothing said", "per source", "per agreement", "a client wins", "one source apart", "one agreement apart"],
)
def test_the_setting_decides_how_many_bills(store, layers, nets):
    office = settled(**layers)
    with STORES[store](office) as books:
        with books(by=EVA) as opened:
            agreed(office, opened)
            drafts = office.billing.preview(opened, "ada", until=DAY, on=DAY)
        assert [draft.totals.taxable for draft in drafts] == [Decimal(net) for net in nets]
        office.billing.run(books, until=DAY, on=DAY)
        with books(by=EVA) as opened:
            page = opened.documents.page(limit=10)
            assert sorted(document.totals.taxable for document in page) == sorted(map(Decimal, nets))
            assert len({document.number for document in page}) == len(nets)
            assert office.billing.preview(opened, "ada", until=DAY, on=DAY) == ()
        assert office.verify(books) == []


def test_each_of_two_drafts_of_one_preview_can_be_issued():
    office = settled(administration=Layer(bills=Bills.SOURCE))
    with STORES["memory"](office) as books, books(by=EVA) as store:
        agreed(office, store)
        first, second = office.billing.preview(store, "ada", until=DAY, on=DAY)
        assert office.billing.issue(store, second).totals.taxable == Decimal("30.00")
        assert office.billing.issue(store, first).totals.taxable == Decimal("150.00")
        assert office.billing.preview(store, "ada", until=DAY, on=DAY) == ()
