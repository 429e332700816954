"""The tables of the books: which schema they have, whether they are as they should be, and bringing them up to date."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from ..domain.errors import InvalidValue
from ..domain.records import kind_of
from .answers import answer
from .place import PATIENCE, Usage, open_place

if TYPE_CHECKING:
    from ..adapters.storage.sql import Difference, SqlBooks

_EXAMPLE = "name an Office, or the kinds of records themselves: --records erp.billing:office"


def version(args: Namespace) -> int:
    """Say which schema the tables have; 1 when this program works with another."""
    from ..adapters.storage.sql.schema.migrations import CURRENT

    found = _books(args).version()
    if args.json:
        answer({"schema": found, "program": CURRENT})
    else:
        print(f"The tables have schema {found}; this program works with {CURRENT}.")
    return 0 if found == CURRENT else 1


def upgrade(args: Namespace) -> int:
    """Make the tables, or bring them up to date, and say what was done."""
    done = _books(args, new=True).upgrade()
    if args.json:
        answer(attrs.asdict(done))
        return 0
    if done.before == done.after and not (done.tables or done.columns or done.mended):
        print(f"The tables have schema {done.after}; there was nothing to do.")
        return 0
    print(f"The tables have schema {done.after}" + (f"; before it was {done.before}." if done.before else "."))
    for what, names in (("Made", done.tables), ("Added and filled", done.columns), ("Put right", done.mended)):
        for name in names:
            print(f"  {what}: {name}")
    return 0


def check(args: Namespace) -> int:
    """Compare the tables with what this program expects; 1 when something differs."""
    found = _books(args).check()
    if args.json:
        answer({"differences": [attrs.asdict(one) for one in found]})
    elif not found:
        print("The tables are as this program expects them.")
    else:
        for one in found:
            print(f"{one.name}: " + _told(one))
        print("What upgrade can put right, it does: fanbilling db upgrade")
    return 1 if found else 0


def _told(one: Difference) -> str:
    if not one.found:
        return "it is not there"
    return f"expected {one.expected}; found {one.found}" if one.expected else "nobody expects it"


def _books(args: Namespace, *, new: bool = False) -> SqlBooks:
    from ..adapters.storage.sql import SqlBooks

    records = _records(args.records) if args.records else ()
    if "://" not in args.place:
        if {"@", "="} & set(args.place) and not Path(args.place).is_dir():  # not repeated: it may hold a password
            raise Usage(
                "this is neither a folder nor the address of a database",
                where="PLACE",
                remedy='write "postgresql://user@host/books"',
            )
        there = open_place(Path(args.place)).books
        return SqlBooks(there.url, records=(*there.records, *records), patience=PATIENCE, prefix=args.prefix)
    scheme, _, file = args.place.partition(":///")
    if scheme.startswith("sqlite") and not new and not Path(file).is_file():
        raise Usage("there is no such database", where=args.place, remedy="look at the name of the file")
    return SqlBooks(args.place, records=records, patience=PATIENCE, prefix=args.prefix)


def _records(named: str) -> tuple[type, ...]:
    """Return the kinds of records of ``module:name``, which is looked for where the command was called, too.

    Raises:
        Usage: when there is nothing of that name, or it names no kinds of records.
    """
    module, _, name = named.partition(":")
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found: Any = getattr(import_module(module), name)
        listed = getattr(found, "records", found)
        kinds = (listed,) if isinstance(listed, type) else tuple(listed)
        for kind in kinds:
            kind_of(kind)
    except (ImportError, AttributeError, TypeError, ValueError, InvalidValue) as error:
        raise Usage(f"this names no kinds of records: {error}", where=f"--records {named}", remedy=_EXAMPLE) from error
    finally:
        sys.path.remove(here)
    return kinds
