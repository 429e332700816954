"""How far the work is: a bar on a terminal, nothing in a pipe or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

#: Told what is being done and how many of it were just done.
Watch: TypeAlias = Callable[[str, int], None]


def silent(what: str, count: int) -> None:
    """Tell nobody."""


@contextmanager
def watched(*, quiet: bool = False) -> Iterator[Watch]:
    """Show on stderr what is being done, if somebody looks.

    Args:
        quiet: for a program; without it, what draws is loaded here, so that it is missed before anything is done.
    """
    if quiet:
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    if not sys.stderr.isatty():
        yield silent
        return

    columns = (
        SpinnerColumn(style="cyan"),
        TextColumn("{task.description:<16}"),
        TextColumn("{task.completed:>7,.0f}", style="cyan"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, object] = {}

        def watch(what: str, count: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=None)
            progress.advance(tasks[what], count)  # type: ignore[arg-type]

        yield watch
