"""What `fanbilling` offers by name is written down, sorted, and all there."""

from types import ModuleType

import fanbilling


def test_public_names_are_sorted_and_named_once():
    constants_first = sorted(set(fanbilling.__all__), key=lambda name: (not name.isupper(), name))  # as ruff sorts them
    assert list(fanbilling.__all__) == constants_first


def test_every_public_name_is_there():
    assert fanbilling.__all__
    assert [name for name in fanbilling.__all__ if not hasattr(fanbilling, name)] == []


def test_no_name_is_public_by_accident():
    there = {name for name in dir(fanbilling) if not name.startswith("_")}
    modules = {name for name in there if isinstance(getattr(fanbilling, name), ModuleType)}
    assert there - modules - {"annotations"} - set(fanbilling.__all__) == set()
