"""Law L17: the same input gives the same bytes, in any process and with any encoder."""

import os
import subprocess
import sys

import pytest
from hypothesis import given

from fanbilling import codec
from fanbilling.domain.decisions import Decision, DecisionKind
from fanbilling.domain.drafts import Draft
from tests.laws.engine import KEYS, ON, Books, thing
from tests.laws.test_documents import many

PROGRAM = """
import sys
from fanbilling import codec
from fanbilling.domain.parties import Party, Role
from fanbilling.domain.vat import TaxClass
from tests.laws.engine import ACROSS, KEYS, Books, thing

if sys.argv[1] == "plain":
    codec.orjson = None
books = Books(
    thing(payer="hold"),
    thing(price="100.00", payer="hold", tax=TaxClass.REDUCED, supplied=ACROSS),
    thing(KEYS[1], "3", "0.005", payer="hold"),
    thing(KEYS[2], "7", "19.99"),
)
for draft in (*books.bill(), books.credit(books.lines()[0], "3")):
    print(draft.id, codec.dumps(draft))
print(codec.dumps(Party(id="é", name="Zoë", roles=frozenset(Role))))
"""


def written(seed, encoder):
    """Return what the program writes in a process of its own."""
    environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, encoder], env=environment, capture_output=True, check=True, timeout=60
    )
    return done.stdout


def test_l17_ids_and_bytes_are_the_same_in_every_process():
    first = written("0", "quick")
    assert first.count(b"\n") == 4
    assert written("1", "quick") == first
    assert written("424242", "plain") == first


@given(many)
def test_l17_what_is_written_can_be_read_back_and_written_again(items):
    for draft in Books(*items).bill():
        text = codec.dumps(draft)
        again = codec.loads(Draft, text)
        assert again == draft
        assert codec.dumps(again) == text


def test_l17_equal_figures_give_equal_ids_however_they_are_written():
    [one], [other] = (
        Books(thing(quantity=quantity, price=price)).bill() for quantity, price in (("10", "1"), ("10.0", "1.00"))
    )
    assert one.id == other.id


CHANGES = {
    "quantity": {"quantity": "9"},
    "price": {"price": "0.334", "quantity": "1"},
    "payer": {"payer": "hold"},
    "key": {"key": KEYS[1], "payer": "ada"},
    "rate of VAT": {"tax": "reduced"},
    "unit": {"per": "2", "price": "0.666"},
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES.keys())
def test_l17_drafts_that_differ_have_other_ids(changes):
    [draft] = Books(thing()).bill()
    [other] = Books(thing(**changes)).bill()
    assert draft.id != other.id


def test_l17_credits_that_decide_something_else_have_other_ids():
    """Both give back the same money; after the one nothing is asked again, after the other it is."""
    books = Books(thing())
    books.bill()
    [line] = books.lines()

    def carried(kind):
        decision = Decision(
            id="c",
            key=line.key,
            kind=kind,
            reason="x",
            on=ON,
            terms=line.terms,
            quantity=line.lot.quantity,
            target="doc1",
        )
        [draft] = books.preview(carried=[decision])
        return draft

    waived, returned = carried(DecisionKind.WAIVED), carried(DecisionKind.RETURNED)
    assert waived.parts == returned.parts
    assert waived.id != returned.id
