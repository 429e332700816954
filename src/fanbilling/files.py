"""Files that are whole or not there: written beside their place, forced to the disk, and put in it in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: How an unfinished file ends; one that is left behind by a process that was stopped may be taken away.
DRAFT = ".tmp"


def write_whole(place: Path, content: bytes, *, forced: bool = True) -> None:
    """Write a file, whole or not at all; one that holds the same already is left alone.

    Args:
        forced: whether it has to be on the disk when this returns; what can be written anew need not.
    """
    if place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content:
        return
    with _drafted(place, content, forced=forced) as draft:
        draft.replace(place)
    if forced:
        _settle(place.parent)


def write_once(place: Path, content: bytes) -> bool:
    """Write a file that is not there yet, whole; say whether it was: of several at once, one writes it."""
    with _drafted(place, content, forced=True) as draft:
        try:
            os.link(draft, place)
        except FileExistsError:
            return False
    _settle(place.parent)
    return True


@contextmanager
def _drafted(place: Path, content: bytes, *, forced: bool) -> Iterator[Path]:
    """Write a file beside its place; what is left of it afterwards is taken away."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=DRAFT)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if forced:
                os.fsync(file.fileno())
        draft.chmod(0o644)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Force the name of a file to the disk too, where folders can be opened at all."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
