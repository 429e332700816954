"""The ``fanbilling`` command: it bills an exchange folder, and shows what is in its books."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

DONE: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2

_EPILOG = "exit status: 0 done, 1 problems found, 2 the command was not understood"


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit status: 0 done, 1 problems found, 2 not understood."""
    from .complaints import guarded

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a sign that a terminal cannot show is no reason to stop
    try:
        args = parser().parse_args(argv)
    except SystemExit as end:
        return int(end.code or DONE)
    return guarded(args.command, args)


def parser() -> argparse.ArgumentParser:
    """Return what the command understands."""
    made = argparse.ArgumentParser(
        prog="fanbilling", description="Turn what you do for a client into one clear bill.", epilog=_EPILOG
    )
    made.add_argument("--version", action="version", version=f"fanbilling {_version()}")
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = _command(commands, "run", "commands:run", "bill a folder: read its tables, bill, file and send")
    _folder(run)
    _days(run)
    run.add_argument("--skip-bad", action="store_true", help="bill without the wrong rows; rejects.csv has them")
    _json(run)

    go_live = _command(commands, "go-live", "opening:go_live", "bring over the balances of an old system")
    _folder(go_live)
    go_live.add_argument("--last-day", type=day, required=True, metavar="DATE", help="the last day of the old system")
    go_live.add_argument("--name", default="", help="what a credit note says where the old invoice is not known")
    go_live.add_argument("--check", action="store_true", help="only look: nothing is brought over")

    demo = _command(commands, "demo", "demo:demo", "bill the sample company, six months, in a folder of its own")
    demo.add_argument("--into", type=Path, default=Path("fanbilling-demo"), metavar="DIR", help="the folder to make")

    preview = _command(commands, "preview", "commands:preview", "show a client's next bill, without a trace")
    _folder(preview)
    preview.add_argument("client", help="the id of the client, as in clients.csv")
    _days(preview)
    _json(preview)

    explain = _command(commands, "explain", "commands:explain", "show why a document says what it says")
    _folder(explain)
    explain.add_argument("number", help="the number of the document")
    _json(explain)

    client = _command(commands, "client", "commands:client", "show what a client has open, and all that happened")
    _folder(client)
    client.add_argument("client", help="the id of the client, as in clients.csv")

    export = _command(commands, "export", "privacy:export", "write out everything that is kept of a client, as JSON")
    _folder(export)
    export.add_argument("client", help="the id of the client, as in clients.csv")

    erase = _command(commands, "erase", "privacy:erase", "erase what is known of a client, as far as the law allows")
    _folder(erase)
    erase.add_argument("client", help="the id of the client, which stands in no table any more")
    erase.add_argument("--on", type=day, required=True, metavar="DATE", help="the day of the erasure")

    why_not = _command(commands, "why-not", "commands:why_not", "show what is on no bill, and why")
    _folder(why_not)
    why_not.add_argument("--until", type=day, metavar="DATE", help="look that far; else as far as the last run did")

    _folder(_command(commands, "ledger", "commands:ledger", "show the trial balance"))

    verify = _command(commands, "verify", "commands:verify", "recompute the laws from what was kept")
    _folder(verify)
    _json(verify)

    _database(commands)
    return made


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


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, place: str, about: str
) -> argparse.ArgumentParser:
    """Add a command; the module that does it is loaded when it is called."""
    made = commands.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=_EPILOG)
    module, _, function = place.partition(":")

    def carry_out(args: argparse.Namespace) -> int:
        command: Callable[[argparse.Namespace], int] = getattr(import_module(f".{module}", __name__), function)
        return command(args)

    made.set_defaults(command=carry_out)
    return made


def _database(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    about = "look after the tables of the books: their schema, and bringing it up to date"
    made = commands.add_parser("db", help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=_EPILOG)
    actions = made.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, told in (
        ("version", "say which schema the tables have; status 1 when this program works with another"),
        ("upgrade", "make the tables, or bring older ones up to date; make a backup first"),
        ("check", "compare the tables with what this program expects; status 1 when something differs"),
    ):
        action = _command(actions, name, f"database:{name}", told)
        action.add_argument("place", metavar="PLACE", help="an exchange folder, or the URL of a database")
        action.add_argument("--prefix", default="fb_", help="what the names of the tables begin with, if not fb_")
        action.add_argument(
            "--records", metavar="MODULE:NAME", help="an Office, or kinds of records: those of your own sources"
        )
        _json(action)


def _folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the exchange folder")


def _days(command: argparse.ArgumentParser) -> None:
    command.add_argument("--until", type=day, required=True, metavar="DATE", help="bill what is due up to this day")
    command.add_argument(
        "--on", type=day, required=True, metavar="DATE", help="the date on the bills; what is known then"
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="answer with one JSON document")


def _version() -> str:
    try:
        return version("fanbilling")
    except PackageNotFoundError:
        return "(not installed)"
