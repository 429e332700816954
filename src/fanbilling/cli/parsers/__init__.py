"""What the command understands; a module here says which words there are, and names the module that carries them out.

A desk with commands of its own writes one module here with a function `register`, which adds each of them by
:func:`~fanbilling.cli.parsers.words.command`: ``command(commands, "stock", "desks.orders.stock:stock", "show what is in
stock")`` is the function `stock` of the module `fanbilling.cli.desks.orders.stock`, loaded when it is called and not
before. The module comes in by one line in `ROOMS`; a command that more than one desk needs has a module of its own.
"""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from . import billing, courses, database, looking, orders, privacy, projects, telling
from .words import EPILOG

ROOMS: Final = (billing, telling, looking, projects, orders, courses, privacy, database)
"""In the order in which the help shows them."""


def parser() -> argparse.ArgumentParser:
    """Return what the command understands."""
    made = argparse.ArgumentParser(
        prog="fanbilling", description="Turn what you do for a client into one clear bill.", epilog=EPILOG
    )
    made.add_argument("--version", action="version", version=f"fanbilling {_version()}")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for room in ROOMS:
        room.register(commands)
    return made


def _version() -> str:
    try:
        return version("fanbilling")
    except PackageNotFoundError:
        return "(not installed)"
