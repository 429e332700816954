"""Courses in an exchange folder."""

from __future__ import annotations

from typing import Final

from ....sources.courses import Courses
from ..files import DeskFiles, Due
from .carrying import import_courses
from .papers import certificates
from .rows import COURSES, REGISTRATIONS, SESSIONS, in_time, named

TAUGHT: Final = DeskFiles(
    source=Courses(),
    tables=(COURSES, SESSIONS, REGISTRATIONS),
    check=in_time,
    carry_out=import_courses,
    due=Due(
        agreement="registration",
        fact="`seat`, or a fee: `fee:cancelled`, `fee:moved-1`, `fee:substituted-1`",
        filed="Day of registration",
        check=named,
    ),
    papers=certificates,
)
