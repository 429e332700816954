"""Erasure and export: what was erased of a party and what the law keeps, and everything that is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Erased:
    """Fields of one record that were made empty; without fields, the whole record is gone."""

    kind: str
    id: str
    fields: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Kept:
    """What stays, until which last day, and the law that wants it; without fields, all of it stays as it is.

    Args:
        kind: the kind of record, or ``document``, ``billed`` or ``decision``.
        ids: which; of documents their numbers, of billed entries their agreements.
    """

    kind: str
    ids: tuple[str, ...]
    fields: tuple[str, ...] = ()
    until: date
    law: str


@attrs.frozen(kw_only=True)
class Erasure:
    """What became of the person data of a party: what was erased now, and what is kept until when, and why."""

    party: str
    on: date
    erased: tuple[Erased, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def until(self) -> date | None:
        """The last day on which something of it is kept; nothing when everything is gone."""
        return max((kept.until for kept in self.kept), default=None)


@attrs.frozen
class Exported:
    """One thing that is kept of a party, as plain texts, numbers, lists and mappings."""

    kind: str
    data: Any


@attrs.frozen(kw_only=True)
class Export:
    """Everything that is kept of a party: the answer to whoever asks what is known of them."""

    party: str
    parts: tuple[Exported, ...]

    def plain(self) -> Mapping[str, Any]:
        """Return it by kind, ready to be written as JSON."""
        kinds: dict[str, list[Any]] = {}
        for part in self.parts:
            kinds.setdefault(part.kind, []).append(part.data)
        return {"party": self.party, "kept": kinds}
