"""Mail as files: each message one ``.eml`` in a folder, for whoever sends it on, or only looks."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import attrs

from ....domain.errors import AdapterFailure
from ....domain.messages import Letter
from ....domain.ports.delivery import Receipt
from ....files import write_whole
from ..composing import compose

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,120}")


@attrs.frozen
class FolderMailer:
    """Writes messages into a folder, whole or not at all; the same key writes the same file again.

    Args:
        path: the folder; it is made when it is not there.
        on: the day that stands on the messages.
    """

    path: Path = attrs.field(converter=Path)
    on: date

    def send(self, letter: Letter, *, key: str) -> Receipt:
        if not _KEY.fullmatch(key):
            raise AdapterFailure(
                f"{key!r} cannot be the name of a file", where="mail folder", remedy="use letters, digits and hyphens"
            )
        message = compose(letter, key=key, on=self.on)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / f"{key}.eml", message.as_bytes())
        except OSError as error:
            raise AdapterFailure(
                str(error), where=f"mail folder {self.path}", remedy="make room, or allow writing", retryable=True
            ) from error
        return Receipt(message=key, reference=str(message["Message-ID"]))
