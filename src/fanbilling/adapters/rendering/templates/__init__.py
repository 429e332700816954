"""The packaged templates, and the sandbox in which they and those of others run."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


@lru_cache(maxsize=1)
def environment() -> ImmutableSandboxedEnvironment:
    """Return the environment: everything escaped, nothing undefined, no way out of the data."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["gap"] = gap
    return made


def gap(figure: str, column: Sequence[str], mark: str) -> str:
    """Return what a figure lacks to the right of its decimal mark, beside the longest one of its column."""
    longest = max((len(_behind(other, mark)) for other in column), default=0)
    behind = _behind(figure, mark)
    missing = "0" * (longest - len(behind))
    return missing if behind or not missing else mark + missing


def _behind(figure: str, mark: str) -> str:
    return figure.partition(mark)[2]
