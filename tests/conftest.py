"""How hard Hypothesis looks: `dev` at the desk, `ci` the same every time, `long` when there is time."""

from pathlib import Path

from hypothesis import settings

import fanbilling

settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", max_examples=2_000, stateful_step_count=100, deadline=None)
settings.load_profile("dev")  # pytest's --hypothesis-profile comes later and wins


def pytest_report_header() -> str:
    """Say which fanbilling is tested."""
    return f"fanbilling: {Path(fanbilling.__path__[0])}"
