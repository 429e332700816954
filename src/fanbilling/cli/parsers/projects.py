"""The commands of projects: wip and hours-report."""

from __future__ import annotations

import argparse

from .words import Commands, command, day, folder, json


def register(commands: Commands) -> None:
    """Add them."""
    wip = command(commands, "wip", "desks.projects.looking:wip", "show what was worked on projects and not billed")
    folder(wip)
    _between(wip)
    wip.add_argument("--pdf", action="store_true", help="file it as a paper too, in papers/")
    json(wip)

    hours = command(
        commands, "hours-report", "desks.projects.looking:hours_report", "file the approved hours of a project, to sign"
    )
    folder(hours)
    hours.add_argument("project", help="the id of the project, as in projects.csv")
    _between(hours)
    hours.add_argument("--pdf", action="store_true", help="only the PDF, to sign")
    hours.add_argument("--csv", action="store_true", help="only the CSV, for a spreadsheet")


def _between(made: argparse.ArgumentParser) -> None:
    """The command looks at the days from one to another."""
    made.add_argument("--from", dest="since", type=day, required=True, metavar="DATE", help="the first day")
    made.add_argument("--until", type=day, required=True, metavar="DATE", help="the last day")
