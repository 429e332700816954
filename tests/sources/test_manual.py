"""Loose lines: due once, corrected when they change, given back with a reason."""

from datetime import date
from decimal import Decimal
from functools import partial

import attrs
import pytest
from hypothesis import strategies as st

from fanbilling.domain.dated import Dated
from fanbilling.domain.errors import Conflict, InvalidValue, NotFound, RuleViolation
from fanbilling.domain.items import ItemKey, Price
from fanbilling.domain.parties import Party
from fanbilling.domain.ports.sourcing import Asked
from fanbilling.domain.reasons import Reason
from fanbilling.sources.manual import Line, Manual, ManualDesk
from fanbilling.testing.contracts.sources import SourceContract
from tests.desks.worlds import office
from tests.stores import STORES, looked_at

DESK = ManualDesk()
FAR = date(2030, 1, 1)
OFFICE = office()
ACME = Party(id="acme", name="Acme B.V.", billed_to=Dated(((date(2026, 3, 1), "holding"),)))


def line(id="advice", on=date(2026, 2, 10), **changes):
    return Line(
        **{"id": id, "client": "acme", "on": on, "text": "Advice", "price": Price.of("112.50", unit="HUR")} | changes
    )


@pytest.fixture(params=STORES)
def store(request):
    with STORES[request.param](OFFICE) as books, books() as store:
        store.add(ACME)
        yield store


def answer(store, *ids, since=date.min):
    return list(Manual().items(store, [Asked(agreement=id, since=since) for id in ids or ["advice"]], FAR))


def stories():
    ids = st.sampled_from(["a", "b"])
    days = st.sampled_from([date(2026, 1, 31), date(2026, 3, 1)])
    figures = st.sampled_from([Decimal(0), Decimal(2), Decimal("2.5")])
    lines = st.builds(
        line, id=ids, on=days, quantity=figures, bill_on=st.none() | days, blocked=st.sampled_from(["", "no"])
    )
    adds = st.builds(lambda line: partial(DESK.add, line=line), lines)
    changes = st.fixed_dictionaries(
        {"on": days},
        optional={"quantity": figures, "price": st.just(Price.of(9)), "text": st.just("More"), "blocked": st.just("")},
    )
    commands = st.one_of(
        adds,
        st.builds(lambda id, change: partial(DESK.change, id=id, **change), ids, changes),
        st.builds(lambda id, on: partial(DESK.withdraw, id=id, on=on, reason="Ours"), ids, days),
    )
    return st.builds(
        lambda first, rest: [lambda store: store.add(ACME), first, *rest], adds, st.lists(commands, max_size=6)
    )


class TestManualKeepsTheLaws(SourceContract):
    @pytest.fixture
    def source(self):
        return Manual()

    @pytest.fixture(params=STORES)
    def books(self, request):
        with looked_at(request.param), STORES[request.param](OFFICE) as books:
            yield books

    @pytest.fixture
    def commands(self):
        return stories()


def test_a_line_is_due_from_its_own_day(store):
    DESK.add(store, line(quantity=Decimal("6.5"), title="Order flow"))
    [item] = answer(store)
    assert item.key == ItemKey("manual", "advice", date(2026, 2, 10))
    assert (item.quantity, item.price.total(item.quantity, 2)) == (Decimal("6.5"), Decimal("731.25"))  # 6.5 × 112.50
    assert (item.tax_point, item.bill_on, item.title) == (date(2026, 2, 10), date(2026, 2, 10), "Order flow")
    assert item.because == Reason("manual.line", Decimal("6.5"), (("on", date(2026, 2, 10)),))


def test_a_line_filed_before_the_day_asked_is_left_out(store):
    DESK.add(store, line())
    assert answer(store, since=date(2026, 2, 10))
    assert answer(store, since=date(2026, 2, 11)) == []


def test_a_line_is_billed_together_with_the_last_known_payer(store):
    DESK.add(store, line())
    DESK.add(store, line("later", on=date(2026, 3, 1)))
    assert {row.agreement: row.payer for row in store.agenda.all(limit=9)} == {"advice": "holding", "later": "holding"}


def test_a_line_waits_for_its_day(store):
    DESK.add(store, line(bill_on=date(2026, 4, 1)))
    [row] = store.agenda.all(limit=9)
    assert (row.since, row.ask_on) == (date(2026, 2, 10), date(2026, 4, 1))


def test_the_same_line_again_is_the_same_command(store):
    DESK.add(store, line())
    DESK.add(store, line())
    assert len(store.journal.after(0, limit=9)) == 1
    with pytest.raises(Conflict, match="line advice"):
        DESK.add(store, line(text="Something else"))


def test_a_change_says_from_when_and_when_to_look_again(store):
    DESK.add(store, line())
    DESK.change(store, "advice", quantity=Decimal(3), on=date(2026, 5, 1))
    DESK.change(store, "advice", quantity=Decimal(3), on=date(2026, 6, 1))  # says nothing new
    events = [recorded.event for recorded in store.journal.after(0, limit=9)]
    assert [(event.change, event.on, event.since) for event in events] == [
        ("added", date(2026, 2, 10), date(2026, 2, 10)),
        ("changed", date(2026, 5, 1), date(2026, 2, 10)),
    ]
    assert answer(store)[0].quantity == 3


def test_a_change_is_looked_at_from_the_day_on_which_the_line_may_be_billed(store):
    DESK.add(store, line(bill_on=date(2026, 4, 1)))
    [row] = store.agenda.all(limit=9)
    store.agenda.answered([attrs.evolve(row, ask_on=None)])
    DESK.change(store, "advice", quantity=Decimal(3), on=date(2026, 5, 1))
    assert store.agenda.all(limit=9)[0].ask_on == date(2026, 4, 1)


def test_a_withdrawn_line_is_due_for_nothing_and_says_why(store):
    DESK.add(store, line(blocked="not approved"))
    DESK.withdraw(store, "advice", on=date(2026, 3, 1), reason="Our own mistake")
    DESK.withdraw(store, "advice", on=date(2026, 3, 2), reason="Our own mistake")
    [item] = answer(store)
    assert (item.quantity, item.blocked) == (0, None)  # blocked would leave alone what was billed before
    assert item.because == Reason("manual.withdrawn", Decimal(0), (("why", "Our own mistake"),))
    with pytest.raises(Conflict, match="Our own mistake"):
        DESK.withdraw(store, "advice", on=date(2026, 3, 3), reason="Another reason")
    with pytest.raises(RuleViolation, match="withdrawn"):
        DESK.change(store, "advice", on=date(2026, 3, 3), quantity=Decimal(9))


def test_a_blocked_line_says_why_until_it_is_released(store):
    DESK.add(store, line(blocked="not approved"))
    assert answer(store)[0].blocked == Reason("manual.blocked", "not approved")
    DESK.change(store, "advice", on=date(2026, 3, 1), blocked="")
    assert answer(store)[0].blocked is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"quantity": Decimal(-1)}, "credit the line that was billed"),
        ({"quantity": Decimal("NaN")}, "finite"),
        ({"text": " "}, "missing|not an id"),
        ({"currency": "euro"}, "EUR"),
    ],
)
def test_a_line_that_no_bill_could_print_is_refused(wrong, message):
    with pytest.raises(InvalidValue, match=message):
        line(**wrong)


def test_nothing_is_withdrawn_without_a_reason(store):
    DESK.add(store, line())
    with pytest.raises(InvalidValue, match="say why"):
        DESK.withdraw(store, "advice", on=date(2026, 3, 1), reason=" ")


def test_a_line_needs_a_registered_client(store):
    with pytest.raises(NotFound):
        DESK.add(store, line(client="nobody"))
    assert not answer(store)
    assert not store.journal.after(0, limit=9)
    with pytest.raises(NotFound):
        DESK.change(store, "nothing", on=date(2026, 3, 1))
