"""The commands about what is known of a client: export and erase."""

from __future__ import annotations

from .words import Commands, client, command, day, folder


def register(commands: Commands) -> None:
    """Add them."""
    export = command(commands, "export", "privacy:export", "write out everything that is kept of a client, as JSON")
    folder(export)
    client(export)

    erase = command(commands, "erase", "privacy:erase", "erase what is known of a client, as far as the law allows")
    folder(erase)
    client(erase, "the id of the client, which stands in no table any more")
    erase.add_argument("--on", type=day, required=True, metavar="DATE", help="the day of the erasure")
