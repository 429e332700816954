"""One billed sample company for all tests of the command, and one for those that change it."""

import pytest

from tests.cli.folders import FIRST, billed_sample, fanbilling, small


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The sample company's folder after the demo, and what the demo said; nobody changes it."""
    return billed_sample(tmp_path_factory)


@pytest.fixture(scope="session")
def billed(demo):
    """The sample company's folder after the demo; nobody changes it."""
    return demo[0]


@pytest.fixture
def folder(tmp_path):
    """The small folder, not billed."""
    return small(tmp_path / "small")


@pytest.fixture
def after_january(folder):
    """The small folder, billed until the end of January."""
    assert fanbilling("run", folder, *FIRST).status == 0
    return folder
