"""The desks in an exchange folder, one room each: whoever adds a desk writes one module, and one line here.

A module of this package (a package of its own, when it outgrows 300 lines) holds all that the command knows of its
desk, and ends with one :class:`~fanbilling.cli.desks.files.DeskFiles`. `lines` is the smallest example, `subscriptions`
one whose keys have facts and units. From top to bottom:

1. **A row class per file**: frozen, with `row: int` first, then a field per column, made by
   :func:`~fanbilling.cli.columns.column` with its kind, its meaning and an example (the reference page and every
   complaint are written from them), and `entered` last. An id of something else says where that has to stand,
   ``stands_in="clients.csv"``: that it stands there, and was known in time, is checked for you. `problems` says what is
   wrong with a row by itself.
2. **A table per file**: ``Table(file="projects.csv", row=ProjectRow, stamp=("entered",))``. `key` names a thing,
   `stamp` is what later rows about the same thing differ in (none: a thing has one row), `counts_from` is the field
   with the day before which no run sees the row (a payment counts from its day on).
3. **The check**, where rows have to agree in more than ids: it is given an :class:`~fanbilling.cli.tables.Index` and
   yields table, row, column and what is wrong there. What is refused takes along whatever builds on it.
4. **Carrying out**: given the :class:`~fanbilling.cli.importing.Import` and the
   :class:`~fanbilling.cli.tables.Folder`, it reads what the books know of ``folder.of(TABLE)`` in one question, and
   tells the desk what is new, row by row, through ``work.carry_out(TABLE, row, command)``. The same rows once more tell
   it nothing: compare with what the books know, and refuse by ``work.cannot_change`` what a row cannot change.
   :func:`~fanbilling.cli.importing.by_key` and :func:`~fanbilling.cli.importing.still_to_do` help.
5. **Papers**, where the desk gives out something besides bills: a function ``(store, office, on)`` that yields a
   :class:`~fanbilling.cli.filing.PaperFile` for each, given as `papers`. Every run and every ``remind`` files those
   that are not in the drawer ``papers`` yet, and the same bytes again when one is lost. `make` is called only for
   what has to be written, within the same store::

       def papers(store: Store, office: Office, on: date) -> Iterator[PaperFile]:
           for quotation in every_quotation(store):
               make = partial(quotation_paper, store, office.administration, quotation)
               yield PaperFile(name=f"quotation-{quotation.id}", make=make, party=quotation.client)

   A command that prints one paper files it by :func:`fanbilling.cli.papers.filed`. What a paper says follows from its
   records, never from the day of the run; where it does, say ``lasting=False``.
6. **Notices** need nothing here: ``fanbilling remind`` asks every source that is
   :class:`~fanbilling.domain.ports.messaging.Announcing`.
7. **Its line** in `DESKS` below. The order is that in which rows are carried out: a desk comes after those whose rows
   it builds on. Clients come before all of them; decisions, payments and credits after.

Then `docs/reference/exchange-folder.md` gets a section with the marks ``<!-- columns of projects.csv -->`` and
``<!-- end of projects.csv -->``, which ``python docs/generate.py`` fills. Rows of credits.csv and decisions.csv,
bringing over an old system, erasing a client, previews and the demo know the desk by then. Commands of the desk
stand in its room too, and :mod:`fanbilling.cli.parsers` says how they are registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .courses import TAUGHT
from .files import DeskFiles
from .lines import LOOSE_LINES
from .orders import ORDERED
from .projects import WORKED
from .subscriptions import SUBSCRIBED

DESKS: Final[tuple[DeskFiles, ...]] = (SUBSCRIBED, WORKED, ORDERED, TAUGHT, LOOSE_LINES)
"""In the order in which their rows are carried out."""

BY_SOURCE: Final[Mapping[str, DeskFiles]] = {desk.name: desk for desk in DESKS}
