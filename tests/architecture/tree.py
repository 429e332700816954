"""The package as text and as modules, for tests that look at its shape."""

import ast
import functools
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import attrs

import fanbilling

PACKAGE = Path(fanbilling.__path__[0])
REPOSITORY = Path(__file__).resolve().parents[2]


@attrs.frozen
class Source:
    """One module of the package: its path below the package, its text and its syntax tree."""

    path: str
    text: str

    def __str__(self) -> str:
        return self.path

    @property
    def name(self) -> str:
        parts = ["fanbilling", *Path(self.path).with_suffix("").parts]
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def load(self) -> ModuleType:
        return importlib.import_module(self.name)


def sources(*patterns: str) -> list[Source]:
    """Every module, or those below the package that match a pattern; never none."""
    paths = {path for pattern in patterns or ("**/*.py",) for path in PACKAGE.glob(pattern)}
    found = [Source(path.relative_to(PACKAGE).as_posix(), path.read_text("utf-8")) for path in sorted(paths)]
    assert found, f"no module matches {patterns}: the test would hold nothing"
    return found


def classes_of(module: ModuleType) -> Iterator[type]:
    """The classes that a module defines itself."""
    return (thing for thing in vars(module).values() if isinstance(thing, type) and thing.__module__ == module.__name__)


EVERYTHING = sources()
RULES = sources("domain/**/*.py", "sources/**/*.py")
DOMAIN = sources("domain/**/*.py")
VALUES = [*DOMAIN, *(source for source in RULES if source.path.endswith("/records.py"))]
