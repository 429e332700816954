"""L20 at the desk of projects: whatever is asked on the books of another administration, it refuses."""

import inspect
from decimal import Decimal

import pytest

from fanbilling.adapters.storage.memory import MemoryBooks
from fanbilling.domain.errors import RuleViolation
from fanbilling.sources.projects import Estimate, EstimateLine, Projects, ProjectsDesk
from tests.sources.projects.worlds import CLIENT, SELLER, day, expense, hours, instalment, office, project, rate
from tests.stores import kept

LINE = EstimateLine(text="Work", quantity=Decimal(1), price=rate().price)
GIVEN = {
    "billable": None,
    "cost": Decimal(1),
    "day": day("01-05"),
    "entry": hours(),
    "estimate": Estimate(id="est", client="acme", title="T", lines=(LINE,), valid_until=day("02-01")),
    "expense": expense(),
    "extra": instalment(amount="1", extra=True),
    "first": day("01-01"),
    "hours": Decimal(1),
    "id": "p",
    "ids": ["h"],
    "instalment": "i1",
    "last": day("01-31"),
    "markup": Decimal(1),
    "on": day("01-05"),
    "percent": Decimal(1),
    "project": project("new"),
    "reason": "x",
    "rule": rate(),
    "seller": SELLER,
}
CALLS = sorted(name for name, _ in inspect.getmembers(ProjectsDesk, inspect.isfunction) if not name.startswith("_"))


def test_the_calls_were_found():
    assert len(CALLS) > 20


@pytest.mark.parametrize("name", CALLS)
def test_the_books_of_another_administration_are_refused(name):
    theirs = office("be")
    with MemoryBooks("be")() as store:
        store.add(CLIENT)
        theirs.desk(Projects).start(store, project(), on=day("01-01"))
        before = kept(store, theirs.records)
        method = getattr(office("nl").desk(Projects), name)
        wanted = [one.name for one in inspect.signature(method).parameters.values() if one.default is one.empty]
        with pytest.raises(RuleViolation, match="the store is of administration 'be'"):
            method(store, **{one: GIVEN[one] for one in wanted if one != "store"})
        assert kept(store, theirs.records) == before
