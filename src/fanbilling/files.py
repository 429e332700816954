"""Files that are whole or not there: written beside their place, forced to the disk, and put in it in one step."""

from __future__ import annotations

import os
import tempfile
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
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".", suffix=DRAFT)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if forced:
                os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    if forced:
        _settle(place.parent)


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
