"""The words that many commands have in common: a command itself, a folder, days, and a choice of JSON."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Final, TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no other name
"""Where a command is added."""

EPILOG: Final = "exit status: 0 done, 1 problems found, 2 the command was not understood"
_CLI: Final = __name__.rpartition(".parsers")[0]


def command(commands: Commands, name: str, place: str, about: str) -> argparse.ArgumentParser:
    """Add a command; the module that does it is loaded when it is called.

    Args:
        place: module and function, ``"commands:run"`` for `run` of the module `fanbilling.cli.commands`.
        about: what it does, for the help: without a capital and a full stop.
    """
    made = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=EPILOG)
    module, _, function = place.partition(":")

    def carry_out(args: argparse.Namespace) -> int:
        done: Callable[[argparse.Namespace], int] = getattr(import_module(f"{_CLI}.{module}"), function)
        return done(args)

    made.set_defaults(command=carry_out)
    return made


def folder(made: argparse.ArgumentParser) -> None:
    """The command works on an exchange folder."""
    made.add_argument("folder", type=Path, metavar="FOLDER", help="the exchange folder")


def client(made: argparse.ArgumentParser, about: str = "the id of the client, as in clients.csv") -> None:
    """The command is about a client."""
    made.add_argument("client", help=about)


def days(made: argparse.ArgumentParser) -> None:
    """The command looks until a day, on a day."""
    made.add_argument("--until", type=day, required=True, metavar="DATE", help="bill what is due up to this day")
    made.add_argument("--on", type=day, required=True, metavar="DATE", help="the date on the bills; what is known then")


def json(made: argparse.ArgumentParser) -> None:
    """The command answers a program, when asked to."""
    made.add_argument("--json", action="store_true", help="answer with one JSON document")


def day(text: str) -> date:
    """Read a day.

    Raises:
        ArgumentTypeError: when it is none.
    """
    try:
        if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"{text!r} is not a day; write year, month and day, such as 2026-01-31")
