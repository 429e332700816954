"""Strategies make what is legal, in the house style of Hypothesis, and what they make can be written and read back."""

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanbilling.codec import dump_event, dumps, load_event, loads
from fanbilling.domain.exact import exact
from fanbilling.domain.invoices import totals
from fanbilling.testing import strategies

ALL = [getattr(strategies, name) for name in strategies.__all__]
KEPT = ["billed_entries", "decisions", "invoices", "ledger_entries", "parties"]
VALUES = [*KEPT, "item_keys", "items", "lots", "moneys", "periods", "prices", "reasons", "taxes", "terms", "touches"]


@pytest.mark.parametrize("strategy", ALL, ids=strategies.__all__)
def test_names_are_plural_and_arguments_are_named(strategy):
    assert strategy.__name__.endswith("s") or strategy is strategies.dated
    kinds = {parameter.kind for parameter in inspect.signature(strategy).parameters.values()}
    assert kinds <= {inspect.Parameter.KEYWORD_ONLY}
    assert strategy.__doc__


@pytest.mark.parametrize("name", VALUES)
def test_a_value_can_be_written_and_read_back(name):
    @given(getattr(strategies, name)())
    def check(value):
        assert loads(type(value), dumps(value)) == value

    check()


@given(strategies.events())
def test_an_event_can_be_written_and_read_back(event):
    assert load_event(*dump_event(event)) == event


@given(strategies.amounts(), strategies.quantities())
def test_figures_are_exact(amount, quantity):
    assert exact(amount) == amount
    assert exact(quantity) == quantity


@given(strategies.invoices())
def test_the_totals_of_a_document_agree_with_its_lines(invoice):
    assert invoice.totals == totals(invoice.taxes)
    assert invoice.totals.lines == sum(line.net for line in invoice.lines)


@given(st.data())
def test_arguments_say_what_is_valid(data):
    key = data.draw(strategies.item_keys())
    keys = st.just(key)
    assert data.draw(strategies.decisions(keys=keys)).key == key
    assert data.draw(strategies.billed_entries(keys=keys, documents=st.just("d1"))).document == "d1"
    assert data.draw(strategies.items(keys=keys, clients=st.just("acme"))).client == "acme"
    assert data.draw(strategies.invoices(series=st.just("2026"))).series == "2026"
    assert data.draw(strategies.events(parties=st.just("acme"))).party == "acme"
    assert data.draw(strategies.touches(payers=st.just("acme"), agreements=st.just("a1"))).payer == "acme"
    assert data.draw(strategies.terms(payers=st.just("acme"))).payer == "acme"
