"""English words, a module per desk."""

from __future__ import annotations

from . import courses, documents, manual, notices, orders, papers, projects, stock, subscriptions
from .documents import LEGAL, TAXES, UNITS
from .notices import NOTICES

_MODULES = (documents, subscriptions, manual, projects, orders, stock, courses, papers, notices)

LABELS = {name: word for module in _MODULES for name, word in module.LABELS.items()}
EVENTS = {name: words for module in _MODULES for name, words in module.EVENTS.items()}
RULES = {name: words for module in _MODULES for name, words in module.RULES.items()}

__all__ = ["EVENTS", "LABELS", "LEGAL", "NOTICES", "RULES", "TAXES", "UNITS"]
