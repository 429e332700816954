"""What a cell of the tables of courses may hold beyond the kinds that every table has."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from ....domain.errors import InvalidValue
from ....domain.vat import TaxClass
from ....sources.courses import BoundaryUnit, CancellationTier, SessionDay
from ....sources.courses.people import a_line, an_address
from ...columns import DAY, NUMBER, Kind, Wrong

ALL: Final = "all"
"""Somebody was there on every day of the session."""

NONE: Final = "none"
"""Somebody was there on no day of the session."""

NO: Final = Decimal(-1)
"""Nobody else may come."""

_LIST: Final = re.compile(r"\s*,\s+|\s*,(?=\d{4}-)")
_HOURS: Final = re.compile(r"(\S+)\s+(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})")
_TIER: Final = re.compile(
    r"(?P<figure>[0-9][0-9.,]*)\s*(?P<percent>%?)\s+within\s+(?P<within>[0-9]{1,4})\s+(?P<unit>days|weeks|months)"
    r"(?:\s+(?P<tax>standard|reduced|zero|exempt|outside))?"
)
_SPELLED: Final = "Write day and hours, such as 2026-03-12 09:30-16:30, 2026-03-13 09:30-12:00."
_TIERED: Final = "Write 50% within 14 days, 100% within 2 days; an amount such as 75,00 within 1 weeks is right too."


def _days(text: str) -> tuple[SessionDay, ...] | Wrong:
    days = []
    for part in _LIST.split(text.strip()):
        found = _HOURS.fullmatch(part)
        if found is None:
            return Wrong("These are not days with their hours.", _SPELLED)
        day = DAY.read(found[1])
        if not isinstance(day, date):
            return day if isinstance(day, Wrong) else Wrong("This is not a day.", _SPELLED)
        try:
            start, end = (
                datetime.combine(day, time(int(found[n]), int(found[n + 1])))  # its place says whose hours they are
                for n in (2, 4)
            )
            days.append(SessionDay(start=start, end=end))
        except (InvalidValue, ValueError):
            return Wrong("A day of these begins after it ends, or has an hour that no clock shows.", _SPELLED)
    return tuple(days)


def _tiers(text: str) -> tuple[CancellationTier, ...] | Wrong:
    tiers = []
    for part in re.split(r"\s*,\s+", text.strip()):
        found = _TIER.fullmatch(part)
        figure = NUMBER.read(found["figure"]) if found else None
        if found is None or not isinstance(figure, Decimal):
            return figure if isinstance(figure, Wrong) else Wrong("These are not terms to cancel on.", _TIERED)
        try:
            tier = CancellationTier(
                within=int(found["within"]),
                unit=BoundaryUnit(found["unit"]),
                percent=figure if found["percent"] else None,
                amount=None if found["percent"] else figure,
                tax_class=TaxClass(found["tax"]) if found["tax"] else None,
            )
        except InvalidValue:
            return Wrong("A percentage or a time of these is out of reach.", _TIERED)
        tiers.append(tier)
    return tuple(tiers)


def _attended(text: str) -> tuple[date, ...] | str | Wrong:
    if text in {ALL, NONE}:
        return text
    days = []
    for part in re.split(r"\s*,\s*", text):
        day = DAY.read(part)
        if not isinstance(day, date):
            return Wrong("These are not days.", "Write all, none, or days such as 2026-03-12, 2026-03-13.")
        days.append(day)
    return tuple(sorted(set(days)))


def _substitution(text: str) -> object:
    return NO if text == "no" else NUMBER.read(text)


def _whole(lowest: int, highest: int, expected: str) -> Callable[[str], object]:
    def read(text: str) -> int | Wrong:
        if re.fullmatch("-?[0-9]{1,5}", text) and lowest <= int(text) <= highest:
            return int(text)
        return Wrong("This is not a whole number that can be.", expected)

    return read


def _zone(text: str) -> str | Wrong:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return Wrong("This is not a zone of the clock.", "Write one such as Europe/Amsterdam.")
    return text


def _of_people(check: Callable[..., str]) -> Callable[[str], object]:
    """Read what somebody typed in on a website: as text, whatever it looks like, and on one line."""

    def read(text: str) -> str | Wrong:
        try:
            return check(text, where="registration")
        except InvalidValue as error:
            return Wrong(f"{error.problem[:1].upper()}{error.problem[1:]}."[:200], f"{error.remedy.capitalize()}.")

    return read


DAYS: Final = Kind("days with hours", _days, empty=())
CANCELLATION: Final = Kind("terms to cancel on", _tiers, empty=())
ATTENDED: Final = Kind("all, none, or days", _attended, empty="")
SUBSTITUTION: Final = Kind("number, or no", _substitution)
SEATS: Final = Kind("whole number above 0", _whole(1, 99999, "Write 1 or more."))
AT_LEAST: Final = Kind("whole number", _whole(0, 99999, "Write 0 or more."), empty=0)
AHEAD: Final = Kind("whole number of days", _whole(-999, 999, "Write a number of days, such as 14."))
OFFER: Final = Kind("whole number of days", _whole(0, 365, "Write a number of days, such as 3."))
ZONE: Final = Kind("zone of the clock", _zone, empty="")
PERSON: Final = Kind("name", _of_people(a_line), empty="")
ADDRESS: Final = Kind("e-mail", _of_people(an_address), empty="")
