"""The steps from each schema to the next, in order, forward only.

A released migration is never changed. It says in full what it does, and looks at no definition that may change later;
triggers are off while it runs, and views and triggers are made anew after the last one. A new one is a module here with
a function ``migrate``, a line in :data:`MIGRATIONS`, and a database made by the schema before it in the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..steps import Steps
from . import v2, v3

#: By the number of the schema that each leads to.
MIGRATIONS: Mapping[int, Callable[[Steps], None]] = {2: v2.migrate, 3: v3.migrate}

#: The schema that this program works with.
CURRENT = max(MIGRATIONS)
