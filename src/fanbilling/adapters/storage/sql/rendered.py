"""What was rendered, in the database of the books: as it was sent, to the byte."""

from __future__ import annotations

import hashlib
from typing import Any

import attrs
from sqlalchemy import bindparam, select

from ....domain.errors import AdapterFailure, Conflict, InvalidSetting, NotFound
from ....domain.ports.books import looking
from ....domain.ports.delivery import Rendered
from ....domain.ports.storage import Store, UnitOfWork
from ....domain.texts import a_text, an_id
from .database import Bulk, Database
from .tables import rendered

_C = rendered.c
_THIS = (_C.administration == bindparam("administration"), _C.id == bindparam("id"))
_KNOWN = select(_C.digest, _C.media_type, _C.suffix).where(*_THIS)
_FETCH = select(_C.digest, _C.media_type, _C.suffix, _C.content).where(*_THIS)
_ADD = Bulk.into(rendered)


class SqlRendered:
    """What is kept of documents as they were sent, inside a transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, key: str, document: Rendered) -> None:
        """Keep what was rendered; see :class:`~fanbilling.domain.ports.delivery.DocumentStore`."""
        where = f"document {an_id(key, where='key of a document')}"
        media_type = a_text(document.media_type, where=f"{where}, media type", needed=True)
        said = (_digest(document.content), media_type, a_text(document.suffix, where=f"{where}, suffix"))
        if (known := self._known(key)) is None:
            digest, *others = said
            row = (self._database.administration, key, *others, digest, document.content)
            try:
                with self._database.savepoint():
                    self._database.run(_ADD, [row], where)
            except Conflict:  # somebody else kept it in the meantime
                known = self._known(key)
            else:
                return
        if known != said:
            raise Conflict("something else is kept under it", where=where, remedy="what was sent stays; use a new key")

    def fetch(self, key: str) -> Rendered:
        """Return what is kept under a key, to the byte."""
        for digest, media_type, suffix, content in self._database.rows(
            _FETCH, id=an_id(key, where="key of a document")
        ):
            found = Rendered(content=bytes(content), media_type=media_type, suffix=suffix)
            if _digest(found.content) != digest:
                raise AdapterFailure(
                    "it is no longer what was kept", where=f"document {key}", remedy="put it back from a backup"
                )
            return found
        raise NotFound("there is none", where=f"document {key}", remedy="look at the key")

    def _known(self, key: str) -> tuple[Any, ...] | None:
        return next((tuple(row) for row in self._database.rows(_KNOWN, id=key)), None)


@attrs.frozen
class SqlDocumentStore:
    """Keeps documents beside the books: ``SqlDocumentStore(books)``, each in a transaction of its own.

    Whoever has a store open already uses ``store.rendered``: then it is kept or undone with everything else.

    Args:
        books: that open stores in a database (:class:`SqlBooks`, or those of a host).

    Raises:
        InvalidSetting: when they are kept elsewhere.
    """

    books: UnitOfWork

    def keep(self, key: str, rendered: Rendered) -> None:
        with self.books() as store:
            _in_database(store).keep(key, rendered)

    def fetch(self, key: str) -> Rendered:
        with looking(self.books) as store:
            return _in_database(store).fetch(key)


def _in_database(store: Store) -> SqlRendered:
    part = getattr(store, "rendered", None)
    if not isinstance(part, SqlRendered):
        raise InvalidSetting("the books are not in a database", where="documents", remedy="keep documents in a folder")
    return part


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
