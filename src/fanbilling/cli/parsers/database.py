"""The commands about the tables of the books: their schema, and bringing it up to date."""

from __future__ import annotations

from .words import EPILOG, Commands, command, json


def register(commands: Commands) -> None:
    """Add them."""
    about = "look after the tables of the books: their schema, and bringing it up to date"
    made = commands.add_parser("db", help=about, description=f"{about[0].upper()}{about[1:]}.", epilog=EPILOG)
    actions = made.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, told in (
        ("version", "say which schema the tables have; status 1 when this program works with another"),
        ("upgrade", "make the tables, or bring older ones up to date; make a backup first"),
        ("check", "compare the tables with what this program expects; status 1 when something differs"),
    ):
        action = command(actions, name, f"database:{name}", told)
        action.add_argument("place", metavar="PLACE", help="an exchange folder, or the URL of a database")
        action.add_argument("--prefix", default="fb_", help="what the names of the tables begin with, if not fb_")
        action.add_argument(
            "--records", metavar="MODULE:NAME", help="an Office, or kinds of records: those of your own sources"
        )
        json(action)
