"""The commands that only look: explain, client, why-not, ledger and verify."""

from __future__ import annotations

from .words import Commands, client, command, day, folder, json


def register(commands: Commands) -> None:
    """Add them."""
    explain = command(commands, "explain", "commands:explain", "show why a document says what it says")
    folder(explain)
    explain.add_argument("number", help="the number of the document")
    json(explain)

    one = command(commands, "client", "commands:client", "show what a client has open, and all that happened")
    folder(one)
    client(one)

    why_not = command(commands, "why-not", "commands:why_not", "show what is on no bill, and why")
    folder(why_not)
    why_not.add_argument("--until", type=day, metavar="DATE", help="look that far; else as far as the last run did")

    folder(command(commands, "ledger", "commands:ledger", "show the trial balance"))

    verify = command(commands, "verify", "commands:verify", "recompute the laws from what was kept")
    folder(verify)
    json(verify)
