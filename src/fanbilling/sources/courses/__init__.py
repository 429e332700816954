"""Courses: sessions with so many seats, who registers for them, who pays, and what they are told."""

from .certificates import certificate
from .desk import CoursesDesk
from .policies import BoundaryUnit, CancellationFee, CancellationPolicy, CancellationTier
from .records import Course, Session, SessionDay
from .registrations import Ending, Purpose, Registration
from .source import Courses
from .states import RegistrationState, SessionState

__all__ = [
    "BoundaryUnit",
    "CancellationFee",
    "CancellationPolicy",
    "CancellationTier",
    "Course",
    "Courses",
    "CoursesDesk",
    "Ending",
    "Purpose",
    "Registration",
    "RegistrationState",
    "Session",
    "SessionDay",
    "SessionState",
    "certificate",
]
