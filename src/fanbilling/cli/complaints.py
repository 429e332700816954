"""What went wrong, said so that somebody can do something about it; never a traceback for what can be foreseen."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from typing import Final

from ..domain.errors import AdapterFailure, BillingError
from .place import BOOKS, Usage

PROBLEMS: Final = 1
USAGE: Final = 2
STOPPED: Final = 130

#: What a database says, and what that means here.
_BOOKS: Final = {
    "locked": ("somebody else is writing in it", "wait until the other run is done, and run again"),
    "not a database": ("this is no database, or it is damaged", "put a backup back, or move the file away"),
    "malformed": ("it is damaged", "put a backup back"),
    "readonly": ("it may not be written", "allow writing, or work on a copy of the folder"),
    "unable to open": ("it cannot be opened", "see whether the folder may be written, and the disk is not full"),
    "full": ("the disk is full", "make room, and run again: it does the rest"),
    "disk I/O": ("the disk does not answer", "see whether it is full or broken, and run again: it does the rest"),
}
#: Packages of the extras: one that is missing was not installed with them.
_EXTRAS: Final = {
    "sqlalchemy",
    "orjson",
    "jinja2",
    "markupsafe",
    "css_inline",
    "typst",
    "segno",
    "lxml",
    "icalendar",
    "rich",
}


def guarded(command: Callable[[Namespace], int], args: Namespace) -> int:
    """Carry out a command, and return its exit status, whatever happens."""
    try:
        status = command(args)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read it has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROBLEMS
    except KeyboardInterrupt:
        print("fanbilling: stopped; run it again and it does the rest.", file=sys.stderr)
        return STOPPED
    except (BillingError, ModuleNotFoundError, OSError) as error:
        return _complain(_plainly(error), args)
    return status


def _complain(error: BillingError, args: Namespace) -> int:
    """Say what is wrong on stderr, and on stdout too for a program that waits for an answer."""
    status = USAGE if isinstance(error, Usage) else PROBLEMS
    if getattr(args, "json", False) and status != USAGE:
        from .answers import answer, of_error

        answer(of_error(error))
    where = f"{error.where}: " if error.where else ""
    print(f"fanbilling: {where}{error.problem}.", file=sys.stderr)
    if remedy := error.remedy:
        print(f"  {remedy[0].upper()}{remedy[1:]}{'' if remedy[-1] in '.?!' else '.'}", file=sys.stderr)
    return status


def _plainly(error: BillingError | ModuleNotFoundError | OSError) -> BillingError:
    """Say what went wrong in words of billing: what a database, a disk or a missing package said."""
    if isinstance(error, BillingError):
        for said, (problem, remedy) in _BOOKS.items() if isinstance(error, AdapterFailure) else ():
            if said in error.problem:
                return AdapterFailure(problem, where=BOOKS, remedy=remedy)
        return error
    if isinstance(error, OSError):
        problem = error.strerror or str(error) or type(error).__name__
        return AdapterFailure(problem, where=str(error.filename or ""), remedy="put that right, and run again")
    package = (error.name or "").partition(".")[0]
    if package not in _EXTRAS:
        raise error
    remedy = 'install what the command needs: pip install "fanbilling[demo]"'
    return AdapterFailure(f"{package} is not installed", remedy=remedy)
