"""The commands that bill: run, preview, go-live and demo."""

from __future__ import annotations

from pathlib import Path

from .words import Commands, client, command, day, days, folder, json


def register(commands: Commands) -> None:
    """Add them."""
    run = command(commands, "run", "commands:run", "bill a folder: read its tables, bill, file and send")
    folder(run)
    days(run)
    run.add_argument("--skip-bad", action="store_true", help="bill without the wrong rows; rejects.csv has them")
    json(run)

    preview = command(commands, "preview", "commands:preview", "show a client's next bill, without a trace")
    folder(preview)
    client(preview)
    days(preview)
    json(preview)

    go_live = command(commands, "go-live", "opening:go_live", "bring over the balances of an old system")
    folder(go_live)
    go_live.add_argument("--last-day", type=day, required=True, metavar="DATE", help="the last day of the old system")
    go_live.add_argument("--name", default="", help="what a credit note says where the old invoice is not known")
    go_live.add_argument("--check", action="store_true", help="only look: nothing is brought over")

    demo = command(commands, "demo", "demo:demo", "bill a sample company, month by month, in a folder of its own")
    demo.add_argument("name", nargs="?", default="", metavar="NAME", help="which company; the demo names the others")
    demo.add_argument("--into", type=Path, metavar="DIR", help="the folder to make, if not fanbilling-demo")
