"""Courses and billing on every store: after every step the laws hold, and the notebook agrees to the cent."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.sources.courses.machine import Desk
from tests.stores import STORES, tried


@pytest.mark.parametrize("name", STORES)
def test_whatever_is_done_at_the_desk_comes_out_as_in_the_notebook(name):
    machine = type(f"DeskOn{name.title()}", (Desk,), {"store": name})
    run_state_machine_as_test(machine, settings=tried(name, 60, stateful_step_count=25))
