"""Document stores with one fault each."""

from threading import Barrier

import attrs

from fanbilling.adapters.documents.folder import FolderDocuments, _card
from fanbilling.codec import encode
from fanbilling.domain.errors import AdapterFailure, Conflict, NotFound
from fanbilling.domain.ports.delivery import Rendered
from fanbilling.files import write_whole


class Replaces(FolderDocuments):
    """The last one wins: what was sent is another thing afterwards."""

    def keep(self, key, rendered):
        try:
            super().keep(key, rendered)
        except Conflict:
            self._place(key).unlink(missing_ok=True)
            super().keep(key, rendered)


class KeepsTheFirstSilently(FolderDocuments):
    """Nobody is told that something else was kept."""

    def keep(self, key, rendered):
        try:
            super().keep(key, rendered)
        except Conflict:
            return


class LooksAtBytesAlone(FolderDocuments):
    """The same bytes as another kind of thing are taken for the same."""

    def keep(self, key, rendered):
        try:
            super().keep(key, rendered)
        except Conflict:
            if self.fetch(key).content != rendered.content:
                raise


class RefusesTheSame(FolderDocuments):
    def keep(self, key, rendered):
        try:
            self.fetch(key)
        except NotFound:
            super().keep(key, rendered)
        else:
            raise Conflict("it is there already", where=f"document {key}")


class AsText(FolderDocuments):
    """Lines are ended as on this machine."""

    def fetch(self, key):
        found = super().fetch(key)
        return attrs.evolve(found, content=found.content.replace(b"\r\n", b"\n"))


class ForgetsWhatItIs(FolderDocuments):
    def fetch(self, key):
        return attrs.evolve(super().fetch(key), media_type="application/octet-stream")


class ForgetsTheEnding(FolderDocuments):
    def fetch(self, key):
        return attrs.evolve(super().fetch(key), suffix="")


class HandsOutViews(FolderDocuments):
    """A view on the bytes, as some drivers give them."""

    def fetch(self, key):
        found = super().fetch(key)
        return attrs.evolve(found, content=bytearray(found.content))


class NothingIsEmpty(FolderDocuments):
    """What is not there is an empty document."""

    def fetch(self, key):
        try:
            return super().fetch(key)
        except NotFound:
            return Rendered(content=b"", media_type="text/plain", suffix="")


class LosesCapitals(FolderDocuments):
    def keep(self, key, rendered):
        super().keep(key.lower(), rendered)

    def fetch(self, key):
        return super().fetch(key.lower())


class TakesAnyKey(FolderDocuments):
    """What is no key becomes one."""

    def keep(self, key, rendered):
        super().keep(self.one(key), rendered)

    def fetch(self, key):
        return super().fetch(self.one(key))

    def one(self, key):
        return "".join(sign for sign in key if sign.isprintable() and sign.isascii()).strip()[:200] or "none"


class DoesNotLook(FolderDocuments):
    """Hands out whatever lies there now."""

    def fetch(self, key):
        card = self._known(key)
        content = (self.path / card["file"]).read_bytes()
        return Rendered(content=content, media_type=card["media_type"], suffix=card["suffix"])


class SaysToTryAgain(FolderDocuments):
    def fetch(self, key):
        try:
            return super().fetch(key)
        except AdapterFailure as failure:
            raise AdapterFailure(failure.problem, retryable=True) from failure


class ForgetsWhenItCloses(FolderDocuments):
    """Kept in the memory of whoever keeps it."""

    def keep(self, key, rendered):
        super().keep(f"{id(self)} {key}"[:200], rendered)

    def fetch(self, key):
        return super().fetch(f"{id(self)} {key}"[:200])


class LooksFirst(FolderDocuments):
    """Looks whether it is there, and then writes: four at once all find that it is not."""

    looked = Barrier(4)

    def keep(self, key, rendered):
        try:
            known = self.fetch(key)
        except NotFound:
            self.looked.wait(30)
            card = _card(key, rendered)
            self.path.mkdir(parents=True, exist_ok=True)
            write_whole(self.path / card["file"], rendered.content)
            write_whole(self._place(key), encode(card).encode())
        else:
            if known != rendered:
                raise Conflict("something else is kept under it", where=f"document {key}")
