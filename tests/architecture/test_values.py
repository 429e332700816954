"""Values never change: frozen, slotted, built by name, and holding nothing that changes."""

import dataclasses
import re

import attrs
import pytest

from fanbilling.domain.items import ItemKey, Price
from fanbilling.domain.ports.sourcing import Window
from fanbilling.domain.reasons import Reason
from fanbilling.domain.terms import Terms
from tests.architecture.tree import VALUES, Source, classes_of

ALOUD = {ItemKey, Price, Reason, Terms, Window}  # read in one breath: docs/decisions/0013-values-in-one-breath.md
CHANGING = re.compile(r"\b(list|dict|set|deque|defaultdict|bytearray)\b")
modules = pytest.mark.parametrize("source", VALUES, ids=str)


def values(source: Source) -> list[type]:
    """The attrs classes of a module; not its errors, for Python itself writes to an exception in flight."""
    return [cls for cls in classes_of(source.load()) if attrs.has(cls) and not issubclass(cls, BaseException)]


def can_change(cls: type) -> bool:
    """Whether an object lets somebody write to it."""
    try:
        object.__new__(cls).anything = None
    except attrs.exceptions.FrozenInstanceError:
        return False
    except AttributeError:
        return True
    return True


def test_there_are_values():
    assert len([cls for source in VALUES for cls in values(source)]) > 10


@modules
def test_values_are_made_with_attrs(source):
    assert [cls for cls in classes_of(source.load()) if dataclasses.is_dataclass(cls)] == []


@modules
def test_a_value_cannot_be_changed(source):
    assert [cls for cls in values(source) if can_change(cls)] == []


@modules
def test_a_value_has_slots_and_no_dictionary(source):
    assert [cls for cls in values(source) if cls.__dictoffset__] == []  # or it inherits from something without slots


@modules
def test_a_value_of_more_than_two_fields_is_built_by_name(source):
    fields = {cls: [field for field in attrs.fields(cls) if field.init] for cls in values(source) if cls not in ALOUD}
    large = {cls.__name__: own for cls, own in fields.items() if len(own) > 2}
    assert [name for name, own in large.items() if not all(field.kw_only for field in own)] == []


@modules
def test_a_value_holds_nothing_that_changes(source):
    fields = [(cls, field.name, str(field.type)) for cls in values(source) for field in attrs.fields(cls)]
    assert [place for place in fields if CHANGING.search(place[2])] == []
