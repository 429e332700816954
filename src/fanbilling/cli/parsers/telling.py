"""The command that tells clients and participants what they are to be told: remind."""

from __future__ import annotations

from .words import Commands, command, day, folder, json


def register(commands: Commands) -> None:
    """Add it."""
    remind = command(commands, "remind", "reminding:remind", "send what is due to be told: confirmations, reminders")
    folder(remind)
    remind.add_argument("--on", type=day, required=True, metavar="DATE", help="the day on which it is sent")
    remind.add_argument("--skip-bad", action="store_true", help="send without the wrong rows")
    json(remind)
