"""Importing is light, the domain needs next to nothing, and every module can be imported."""

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.tree import DOMAIN, EVERYTHING, Source

EXTRAS = {"css_inline", "jinja2", "lxml", "orjson", "rich", "segno", "sqlalchemy", "typst"}
OURS = {"fanbilling.adapters", "fanbilling.cli", "fanbilling.codec", "fanbilling.testing"}
HEAVY = {*EXTRAS, *OURS, "babel", "cattrs", "hypothesis", "pytest", "sqlite3"}
OUTSIDE = {"attr", "attrs", "dateutil"}


def imported(source: Source) -> Iterator[str]:
    """The packages that a module takes from outside its own, at the top or inside a function."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]


def test_importing_fanbilling_is_light():
    program = "import fanbilling, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "fanbilling" in loaded
    assert HEAVY.intersection(loaded) == set()


def test_the_core_needs_no_extra():
    core = [
        source.name
        for source in EVERYTHING
        if source.path.split("/")[0] not in {"adapters", "cli", "testing", "__main__.py"}
    ]
    program = (
        f"import importlib, sys; sys.modules |= dict.fromkeys({EXTRAS}); [importlib.import_module(n) for n in {core}]"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("source", DOMAIN, ids=str)
def test_the_domain_needs_attrs_and_dateutil_only(source):
    assert set(imported(source)) - OUTSIDE - sys.stdlib_module_names == set()


@pytest.mark.parametrize("source", EVERYTHING, ids=str)
def test_no_module_goes_through_the_front_door(source):
    assert "fanbilling" not in imported(source), "inside the house imports are relative, so that the arrows can be seen"


@pytest.mark.parametrize("source", [source for source in EVERYTHING if source.name != "fanbilling.__main__"], ids=str)
def test_every_module_can_be_imported(source):
    assert source.load().__name__ == source.name
