"""A module that outgrows three hundred lines holds two thoughts."""

import pytest

from tests.architecture.tree import EVERYTHING


@pytest.mark.parametrize("source", EVERYTHING, ids=str)
def test_a_module_fits_three_hundred_lines(source):
    assert len(source.text.splitlines()) <= 300
