"""Sealing: the database itself refuses to change or remove what was issued, whoever asks, its owner included.

It is no lock against somebody who drops the triggers on purpose; that somebody is found by the chain of the documents.
"""

from __future__ import annotations

from collections.abc import Iterator

from .steps import Steps

#: What is written once, and what a person is told who wants to change it.
SEALED = {
    "document": "an issued document is never changed or removed; credit it",
    "billed": "what was billed is never changed or removed; credit it",
    "posting": "a posting is never changed or removed; post the opposite",
    "journal": "the journal is never changed or shortened; what happened stays",
}
_CHANGES = ("UPDATE", "DELETE")

_FUNCTION = """\
CREATE OR REPLACE FUNCTION fb_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'restrict_violation',
    MESSAGE = TG_OP || ' of ' || TG_TABLE_NAME || ': ' || TG_ARGV[0];
END $$"""


def triggers(backend: str) -> Iterator[tuple[str, str, str]]:
    """Yield each trigger: its name, its table, and how it is made."""
    for name, told in SEALED.items():
        table = f"fb_{name}"
        if backend == "postgresql":
            made = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT"
            text = f"CREATE TRIGGER {table}_sealed {made} EXECUTE FUNCTION fb_sealed('{told}')"
            yield f"{table}_sealed", table, text
        else:
            for change in _CHANGES:
                trigger = f"{table}_no_{change.lower()}"
                refusal = f"BEGIN SELECT RAISE(ABORT, '{change} of {table}: {told}'); END"
                yield trigger, table, f"CREATE TRIGGER {trigger} BEFORE {change} ON {table} {refusal}"


def seal(steps: Steps) -> None:
    """Make the triggers, or make them anew."""
    if steps.backend == "postgresql":
        steps.do(_FUNCTION)
    unseal(steps)
    for _, _, text in triggers(steps.backend):
        steps.do(text)


def unseal(steps: Steps) -> None:
    """Drop the triggers, for a migration that has to change what is sealed; it is sealed again before it ends."""
    for name, table, _ in triggers(steps.backend):
        steps.do(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if steps.backend == "postgresql" else ""))
