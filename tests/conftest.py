"""How hard Hypothesis looks: `dev` at the desk, `ci` the same every time, `long` when there is time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import fanbilling
from tests.stores import LENDING

settings.register_profile("dev", max_examples=30, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", max_examples=2_000, stateful_step_count=100, deadline=None)
settings.load_profile("dev")  # pytest's --hypothesis-profile comes later and wins


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to the long campaign what is marked for it."""
    if settings.get_current_profile_name() == "long":
        return
    left = [item for item in items if item.get_closest_marker("campaign")]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if not item.get_closest_marker("campaign")]


def pytest_report_header() -> str:
    """Say which fanbilling is tested."""
    return f"fanbilling: {Path(fanbilling.__path__[0])}"


@pytest.fixture(scope="session")
def _lending(pg_server: str) -> Iterator[None]:
    """Tables on a server are lent."""
    with LENDING.on(pg_server):
        yield


@pytest.fixture(scope="session", autouse=True)
def _lending_when_asked(request: pytest.FixtureRequest) -> None:
    """Whoever wants tables on a server gets them; until then there is no server."""
    LENDING.begin = lambda: request.getfixturevalue("_lending")
