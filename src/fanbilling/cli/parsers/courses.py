"""The command about courses: which sessions there are, and who comes."""

from __future__ import annotations

from .words import Commands, command, day, folder, json


def register(commands: Commands) -> None:
    """Add it."""
    made = command(commands, "courses", "desks.courses.showing:courses", "show sessions, their seats, and who comes")
    folder(made)
    made.add_argument("--on", type=day, metavar="DATE", help="only the sessions that are not over on this day")
    made.add_argument("--session", default="", metavar="ID", help="only this session, with its participants")
    json(made)
