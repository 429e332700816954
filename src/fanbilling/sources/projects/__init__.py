"""Projects: hours, expenses, instalments and progress for a client, or hours that are accounted for to a funder."""

from .desk import ProjectsDesk
from .entries import EntryState, Expense, TimeEntry
from .estimates import Estimate, EstimateLine, EstimateState
from .rates import Rate, RateRule, resolve_rate
from .records import Instalment, Progress, Project, ProjectKind
from .source import Projects
from .wip import RollForward, WorkInProgress

__all__ = [
    "EntryState",
    "Estimate",
    "EstimateLine",
    "EstimateState",
    "Expense",
    "Instalment",
    "Progress",
    "Project",
    "ProjectKind",
    "Projects",
    "ProjectsDesk",
    "Rate",
    "RateRule",
    "RollForward",
    "TimeEntry",
    "WorkInProgress",
    "resolve_rate",
]
