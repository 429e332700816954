"""What was said once may be said again, also after more happened; and nothing is billed before it is ordered."""

import attrs
import pytest

from fanbilling.domain.errors import InvalidValue
from fanbilling.sources.orders import Orders
from tests.sources.orders.shop import brought, day, offered, opened, ordered, shop
from tests.stores import STORES


@pytest.mark.parametrize("store", STORES)
def test_an_order_said_again_is_the_same_one_also_after_more_was_agreed(store):
    office = shop()
    desk = office.desk(Orders)
    with STORES[store](office) as books, books() as one:
        opened(office, one)
        desk.order(one, ordered(), on=day(2))
        desk.allow_over(one, "o1", on=day(3))
        desk.deliver(one, brought("d1", a=11), on=day(3))
        desk.order(one, ordered(), on=day(4))
        [row] = [row for row in one.agenda.of(client="acme") if row.agreement == "o1"]
        before = row.version
        desk.order(one, ordered(over=True), on=day(4))
        assert one.agenda.get("orders", "o1").version == before


def test_a_quotation_that_was_sent_and_decided_stays_sent():
    office = shop()
    desk = office.desk(Orders)
    with STORES["memory"](office) as books, books() as store:
        opened(office, store)
        for quotation in (offered(), offered("q2", alternative_to="q1")):
            desk.quote(store, quotation, on=day(1))
            desk.send(store, quotation.id, on=day(1))
        desk.accept(store, "q2", on=day(2))
        told = len(store.journal.after(0, limit=1000))
        desk.send(store, "q2", on=day(2))
        assert len(store.journal.after(0, limit=1000)) == told


def test_nothing_is_billed_before_the_day_it_was_ordered_or_delivered():
    with pytest.raises(InvalidValue, match="it is billed before 2026-03-02"):
        ordered(bill_on=day(1))
    with pytest.raises(InvalidValue, match="it is billed before 2026-03-03"):
        attrs.evolve(brought(a=1), bill_on=day(2))
