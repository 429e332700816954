"""Sample companies to try the library on: exchange folders, shipped as they would be written by hand.

Each folder here is a company. Beside its tables and its settings it has a ``demo.toml``: what ``fanbilling demo`` tells
of it. Whoever adds a company adds a folder.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Final

import attrs

DEFAULT: Final = "brinkhoff"
TOLD: Final = "demo.toml"


@attrs.frozen(kw_only=True)
class Suggestion:
    """A command to try on a company that was billed.

    Args:
        why: what it shows.
        command: its words, with ``{folder}``, and ``{number}`` where it is about a document.
        payer: who got that document.
        month: the last day until which the run went that issued it.
    """

    why: str
    command: str
    payer: str = ""
    month: date | None = None


@attrs.frozen(kw_only=True)
class Sample:
    """A sample company.

    Args:
        name: what it is called on the command line.
        title: what it is called on its bills.
        about: what it is, in a few words.
        first: the last day of the first month to bill.
        months: how many months there are to bill.
        ahead: whether a run also bills what begins on its own day: rent, on the first of the month that it is for.
        suggestions: what to try when they are billed.
        files: its tables and its settings, by name.
    """

    name: str
    title: str
    about: str
    first: date
    months: int
    ahead: bool = False
    suggestions: tuple[Suggestion, ...]
    files: Mapping[str, bytes] = attrs.field(repr=False)

    @property
    def runs(self) -> tuple[tuple[date, date], ...]:
        """Until and on which day each month is billed: until its last day, on the first of the next.

        Who bills ahead looks until that first day itself.
        """
        firsts = [self.first + timedelta(days=1)]
        for _ in range(self.months - 1):
            firsts.append((firsts[-1] + timedelta(days=31)).replace(day=1))
        back = timedelta(days=0 if self.ahead else 1)
        return tuple((first - back, first) for first in firsts)


def names() -> list[str]:
    """Return the names of all companies, the one that is billed when none is named first."""
    there = [place.name for place in files(__name__).iterdir() if place.is_dir() and place.joinpath(TOLD).is_file()]
    return sorted(there, key=lambda name: (name != DEFAULT, name))


def sample(name: str = DEFAULT) -> Sample:
    """Read a company.

    Raises:
        KeyError: when there is none of that name.
    """
    if name not in names():
        raise KeyError(name)
    place = files(__name__) / name
    told = tomllib.loads(place.joinpath(TOLD).read_text(encoding="utf-8"))
    written = {
        file.name: file.read_bytes()
        for file in sorted(place.iterdir(), key=lambda file: file.name)
        if file.name != TOLD and file.name.endswith((".csv", ".toml"))
    }
    suggestions = tuple(Suggestion(**one) for one in told.pop("try"))
    return Sample(name=name, suggestions=suggestions, files=written, **told)
