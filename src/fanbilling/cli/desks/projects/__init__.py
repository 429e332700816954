"""Projects in an exchange folder: what was agreed, what was worked and spent, and how far it is."""

from __future__ import annotations

from typing import Final

from ....sources.projects import Projects
from ...importing import Import
from ...tables import Folder
from ..files import DeskFiles, Due
from .agreeing import import_installments, import_projects, import_rates
from .booking import import_expenses, import_hours
from .naming import FACT, agreeing, named
from .rows import EXPENSES, HOURS, INSTALLMENTS, PROJECTS, RATES


def _carry_out(work: Import, folder: Folder) -> None:
    """Bring the books to what the rows say: what was agreed before what was done."""
    for step in (import_projects, import_installments, import_rates, import_hours, import_expenses):
        step(work, folder)


WORKED: Final = DeskFiles(
    source=Projects(),
    tables=(PROJECTS, INSTALLMENTS, RATES, HOURS, EXPENSES),
    check=agreeing,
    carry_out=_carry_out,
    due=Due(
        agreement="project",
        fact=FACT,
        filed="The day worked, spent or stated, or the planned day",
        check=named,
    ),
)
"""Projects as the folder tells them."""
