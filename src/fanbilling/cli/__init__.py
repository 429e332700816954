"""The ``fanbilling`` command: it bills an exchange folder, and shows what is in its books."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out a command and return its exit status: 0 done, 1 problems found, 2 not understood."""
    from .parsers import parser

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a sign that a terminal cannot show is no reason to stop
    try:
        args = parser().parse_args(argv)
    except SystemExit as end:
        return int(end.code or 0)

    from .complaints import guarded  # only now: a word that is not understood, or help, needs no office

    return guarded(args.command, args)
