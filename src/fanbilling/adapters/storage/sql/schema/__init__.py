"""The tables in a database: made, brought up to date, and compared with what they should be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import attrs
from sqlalchemy import Table
from sqlalchemy.schema import CreateTable

from .....codec import decode, encode
from .....domain.errors import InvalidValue, NewerSchema, OutdatedSchema
from .....domain.kinds import CORE_RECORDS
from .....domain.records import RecordKind, kind_of
from ..names import PREFIX, a_prefix
from ..tables import METADATA, described, record_table, versions
from .catalog import expected, found
from .kinds import drop_key, refuse_other_keys, settle
from .migrations import CURRENT, MIGRATIONS
from .repair import mend
from .sealing import unseal
from .steps import Steps
from .views import make_views

_THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = ANY (current_schemas(false))",
}
_BEFORE_VERSIONS = 1
_CORE = ""
_LONGEST = 63  # bytes in a name on PostgreSQL, which cuts off the rest
_WHERE = "the tables of the books"


@attrs.frozen(kw_only=True)
class Upgraded:
    """What an upgrade did.

    Args:
        before: the schema that was there; 0 for none.
        after: the schema that is there now.
        tables: the tables that it made.
        columns: the columns of keys that it added and filled.
        mended: indexes, triggers and views that were missing or others, where there was nothing else to do.
    """

    before: int
    after: int
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Difference:
    """Something in the database that is not what this program expects; what is empty is not there at all."""

    name: str
    expected: str
    found: str


@attrs.frozen
class _State:
    """Which schema stands in a database, with the kinds of records in it and their keys."""

    version: int
    kinds: dict[str, tuple[str, ...]]


def upgrade(connection: Any, records: Iterable[type] = (), *, prefix: str = PREFIX) -> Upgraded:
    """Make the tables, or bring older ones up to date; twice is once, and of several at once the others wait.

    All of it happens in the transaction of the connection, in a savepoint: the host commits it, or nothing of it.

    Args:
        connection: as :class:`SqlStore` takes it.
        records: the kinds of records that the sources keep.
        prefix: what the names of all tables begin with.

    Raises:
        NewerSchema: when a newer program has been here.
        InvalidValue: when a record cannot be read that a new key is to be filled from, or two kinds of records want
            a table or an index of the same name, or of one that is too long.
    """
    steps = Steps(connection, a_prefix(prefix))
    kinds = _kinds(records)
    tables = [*METADATA.tables.values(), *(record_table(kind) for kind in kinds)]
    _refuse_names(steps, tables)
    with steps.whole():
        steps.in_turn()
        state = _state(steps)
        _refuse_newer(state, kinds)
        new = _brought_up(steps, state)
        changed = [kind for kind in kinds if state.version != CURRENT or state.kinds.get(kind.name) != kind.keys]
        made, columns = _settled(steps, changed)
        mended = mend(steps, tables)
        if new or changed or mended:  # the database is told what to expect of new tables and indexes
            steps.transaction.backend.new(steps.transaction.change, tables, steps.prefix)
    names = [steps.named(table.name) for table in (*new, *made)]
    again = mended if state.version == CURRENT and not changed else ()
    return Upgraded(
        before=state.version, after=CURRENT, tables=tuple(names), columns=tuple(columns), mended=tuple(again)
    )


def version(connection: Any, *, prefix: str = PREFIX) -> int:
    """Return the number of the schema that stands in a database; 0 when there is none."""
    return _state(Steps(connection, a_prefix(prefix))).version


def check(connection: Any, records: Iterable[type] = (), *, prefix: str = PREFIX) -> list[Difference]:
    """Compare what stands in a database with what this program expects; only looks, and takes no lock.

    Tables, columns, keys, indexes, triggers and views are compared. What stands beside them in the same database is
    the business of its owner; a column that nobody expects in one of these tables is not.
    """
    steps = Steps(connection, a_prefix(prefix))
    tables = [versions, *described(records)]
    wanted, there = expected(steps, tables), found(steps)
    ours = tuple(steps.named(f"column {table.name}.") for table in tables)
    for name in there:
        if name.startswith(ours):
            wanted.setdefault(name, "")
    for table in tables:
        if steps.named(f"table {table.name}") not in there:  # said once: of its columns and indexes nothing is there
            parts = [f"column {table.name}.{column.name}" for column in table.columns]
            for part in (*parts, *(f"index {index.name}" for index in table.indexes)):
                del wanted[steps.named(part)]
    wanted["schema"], there["schema"] = str(CURRENT), str(_state(steps).version)
    return [
        Difference(name=name, expected=words, found=there.get(name, ""))
        for name, words in sorted(wanted.items())
        if there.get(name, "") != words
    ]


def remove_key(connection: Any, kind: type, key: str, *, prefix: str = PREFIX) -> bool:
    """Take away the column of a key that a kind of record gave up; say whether it was there.

    Nothing is lost: the record itself has the value. Programs that still know the key are refused from then on, or
    make it anew when they upgrade.

    Raises:
        InvalidValue: when the kind still declares the key.
    """
    steps = Steps(connection, a_prefix(prefix))
    this = kind_of(kind)
    with steps.whole():
        steps.in_turn()
        done = drop_key(steps, this, key, found(steps))
        if this.name in _state(steps).kinds:
            _keep(steps, this.name, CURRENT, this.keys)
    return done


def is_ready(connection: Any, records: Iterable[type] = (), *, prefix: str = PREFIX) -> bool:
    """Say whether the books can be used as they are; not when tables have to be made first, which harms nobody.

    Raises:
        OutdatedSchema: when an upgrade would change tables that are there: that is for the owner to begin.
        NewerSchema: when a newer program has been here.
    """
    state = _state(Steps(connection, a_prefix(prefix)))
    wanted = _kinds(records)
    _refuse_newer(state, wanted)
    if not state.version:
        return False
    if state.version < CURRENT:
        raise _outdated(f"they have schema {state.version}, and this program works with {CURRENT}")
    for kind in wanted:
        if lacking := [key for key in kind.keys if key not in state.kinds.get(kind.name, kind.keys)]:
            raise _outdated(f"{kind.name} is kept without the key {', '.join(lacking)}")
    return all(kind.name in state.kinds for kind in wanted)


def _kinds(records: Iterable[type]) -> list[RecordKind]:
    return [kind_of(cls) for cls in dict.fromkeys((*CORE_RECORDS, *records))]


def _refuse_names(steps: Steps, tables: Iterable[Table]) -> None:
    """Refuse a name that two tables or indexes would have, or that a server would cut off."""
    taken: set[str] = set()
    for table in tables:
        for name in (table.name, *(str(index.name) for index in table.indexes)):
            called = steps.named(name)
            if called in taken:
                problem = f"{called} would be the name of two tables or indexes"
            elif steps.backend == "postgresql" and len(called.encode()) > _LONGEST:
                problem = f"{called} is too long for the name of a table or an index"
            else:
                taken.add(called)
                continue
            raise InvalidValue(problem, where=_WHERE, remedy="give the kind of record or its key another name")


def _state(steps: Steps) -> _State:
    there = {name for (name,) in steps.ask(_THERE[steps.backend])}
    rows: Sequence[Sequence[Any]] = []
    if steps.named(versions.name) in there:
        rows = steps.ask("SELECT name, version, keys FROM fb_schema")
    kept = {name: (number, tuple(decode(keys))) for name, number, keys in rows}
    core, _ = kept.pop(_CORE, (_BEFORE_VERSIONS if steps.named("fb_journal") in there else 0, ()))
    return _State(core, {name: keys for name, (_, keys) in kept.items()})


def _refuse_newer(state: _State, kinds: Sequence[RecordKind]) -> None:
    if state.version > CURRENT:
        raise NewerSchema(
            f"they have schema {state.version}, and this program knows them up to {CURRENT}",
            where=_WHERE,
            remedy="use the version of the program that upgraded them, or a newer one",
        )
    for kind in kinds:
        refuse_other_keys(kind, [key for key in state.kinds.get(kind.name, ()) if key not in kind.keys])


def _outdated(problem: str) -> OutdatedSchema:
    return OutdatedSchema(
        problem,
        where=_WHERE,
        remedy="make a backup, then run fanbilling db upgrade with --records, or call upgrade(connection, records)",
    )


def _brought_up(steps: Steps, state: _State) -> list[Table]:
    """Bring the tables of the core to the current schema; return those that are new."""
    if state.version == CURRENT:
        return []
    there = found(steps)
    new = [table for table in METADATA.tables.values() if steps.named(f"table {table.name}") not in there]
    if state.version:
        unseal(steps)
    else:
        for table in new:
            steps.do(CreateTable(table))
    for number in range(state.version + 1 if state.version else CURRENT + 1, CURRENT + 1):
        MIGRATIONS[number](steps)
    make_views(steps)
    _keep(steps, _CORE, CURRENT, ())
    return new


def _settled(steps: Steps, kinds: Sequence[RecordKind]) -> tuple[list[Table], list[str]]:
    """Make the tables of kinds, or give them what they lack; return the new tables and the new columns."""
    there = found(steps) if kinds else {}
    made, columns = [], []
    for kind in kinds:
        table = record_table(kind)
        if steps.named(f"table {table.name}") in there:
            columns += settle(steps, kind, there)
        else:
            steps.do(CreateTable(table))
            made.append(table)
        _keep(steps, kind.name, CURRENT, kind.keys)
    return made, columns


def _keep(steps: Steps, name: str, number: int, keys: Sequence[str]) -> None:
    """Write down which schema something has; names and keys are words of the program."""
    steps.do(f"DELETE FROM fb_schema WHERE name = '{name}'")  # noqa: S608
    steps.do(f"INSERT INTO fb_schema (name, version, keys) VALUES ('{name}', {number}, '{encode(list(keys))}')")  # noqa: S608
