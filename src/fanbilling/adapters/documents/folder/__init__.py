"""Documents as files: each whole, in a folder, with a card that says what it is and by which digest it is known."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import attrs

from ....codec import decode, encode
from ....domain.errors import AdapterFailure, Conflict, InvalidValue, NotFound
from ....domain.ports.delivery import Rendered
from ....domain.texts import a_text, an_id
from ....files import write_once, write_whole

__all__ = ["FolderDocuments"]

_SUFFIX = re.compile(r"(\.[A-Za-z0-9]{1,10}){0,2}")


@attrs.frozen
class FolderDocuments:
    """Keeps documents in a folder: a file that any program opens, and beside it a card with its digest.

    The names begin as the keys do and end in a digest of them: no key leads out of the folder, two keys never share a
    file, and nothing depends on whether the disk tells capitals from small letters.

    Args:
        path: the folder; it is made when it is not there.
    """

    path: Path = attrs.field(converter=Path)

    def keep(self, key: str, rendered: Rendered) -> None:
        card = _card(key, rendered)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / card["file"], rendered.content)
            # The card comes last, and the first one stays: whatever it names is there, and never changes.
            mine = write_once(self._place(key), encode(card).encode())
        except OSError as error:
            raise self._failed(str(error), key, "make room, or allow writing") from error
        if not mine and (known := self._known(key)) != card:
            if known["file"] != card["file"]:
                (self.path / card["file"]).unlink(missing_ok=True)
            raise Conflict(
                "something else is kept under it", where=f"document {key}", remedy="what was sent stays; use a new key"
            )

    def fetch(self, key: str) -> Rendered:
        card = self._known(key)
        try:
            content = (self.path / card["file"]).read_bytes()
        except OSError as error:
            raise self._failed(str(error), key, "put the file back from a backup") from error
        if _digest(content) != card["digest"]:
            raise AdapterFailure(
                "it is no longer what was kept", where=f"document {key}", remedy="put the file back from a backup"
            )
        return Rendered(content=content, media_type=card["media_type"], suffix=card["suffix"])

    def _place(self, key: str) -> Path:
        return self.path / f"{_stem(key)}.json"

    def _known(self, key: str) -> dict[str, str]:
        """Read the card of what is kept under a key."""
        an_id(key, where="key of a document")
        try:
            return _read(self._place(key).read_text(encoding="utf-8"), key)
        except FileNotFoundError as error:
            raise NotFound("there is none", where=f"document {key}", remedy="look at the key") from error
        except OSError as error:
            raise self._failed(str(error), key, "allow reading") from error
        except ValueError as error:
            raise AdapterFailure(
                f"its card cannot be read: {error}", where=f"document {key}", remedy="put it back from a backup"
            ) from error

    def _failed(self, problem: str, key: str, remedy: str) -> AdapterFailure:
        return AdapterFailure(problem, where=f"document {key} in {self.path}", remedy=remedy, retryable=True)


_FIELDS = {"key", "media_type", "suffix", "digest", "file"}


def _card(key: str, rendered: Rendered) -> dict[str, str]:
    """Return what is written of a document beside it, or refuse what cannot be a file."""
    an_id(key, where="key of a document")
    a_text(rendered.media_type, where=f"document {key}, media type", needed=True)
    if not _SUFFIX.fullmatch(rendered.suffix):
        raise InvalidValue(
            f"{rendered.suffix!r} is no ending of a file", where=f"document {key}", remedy='write suffix=".pdf"'
        )
    digest = _digest(rendered.content)
    return {
        "key": key,
        "media_type": rendered.media_type,
        "suffix": rendered.suffix,
        "digest": digest,
        "file": f"{_stem(key)}-{digest[:16]}{rendered.suffix}",
    }


def _read(text: str, key: str) -> dict[str, str]:
    """Read a card; whoever changed it by hand does not make it name another file, or one elsewhere."""
    card = decode(text)
    if not isinstance(card, dict) or set(card) != _FIELDS or card["key"] != key:
        raise ValueError("it is no card of this document")
    if not str(card["file"]).startswith(f"{_stem(key)}-") or Path(card["file"]).name != card["file"]:
        raise ValueError("it names a file that is not of this document")
    return {name: str(value) for name, value in card.items()}


def _stem(key: str) -> str:
    """Return how the names of the files of a key begin: readable, and its own."""
    words = re.sub("[^a-z0-9]+", "-", key.lower()).strip("-")[:40]
    return f"{words}-{_digest(key.encode())[:24]}".strip("-")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
