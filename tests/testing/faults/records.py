"""Faults in keeping and finding records."""

from fanbilling.adapters.storage.memory import MemoryStore
from fanbilling.domain.errors import Conflict, InvalidValue, NotFound


class NothingForMissing(MemoryStore):
    def get(self, kind, id):
        return self.get_many(kind, [id]).get(id)


class KeyErrorForMissing(MemoryStore):
    def get(self, kind, id):
        return self.get_many(kind, [id])[id]


class AddsOverWhatIsThere(MemoryStore):
    def add(self, *records):
        for record in records:
            self._keep(type(record), {**self._kept(type(record)), record.id: record})


class AddsUntilItFails(MemoryStore):
    """It keeps what came before the record that was refused, whatever a savepoint says."""

    def add(self, *records):
        for record in records:
            try:
                super().add(record)
            except Conflict:
                return


class ReplacesWhatItHasNotSeen(MemoryStore):
    def replace(self, before, after):
        if type(before) is type(after) and before.id == after.id:
            before = self.get_many(type(before), [before.id]).get(before.id, before)
        super().replace(before, after)


class FoldsUpperAndLowerCase(MemoryStore):
    def get(self, kind, id):
        folded = {key.casefold(): record for key, record in self._kept(kind).items()}
        if id.casefold() not in folded:
            raise NotFound("there is none")
        return folded[id.casefold()]


class FindsByAnything(MemoryStore):
    def find(self, kind, where=None, **page):
        try:
            return super().find(kind, where, **page)
        except InvalidValue:
            return []


class PageSkipsARow(MemoryStore):
    """Its next page begins after all that are equal to the last one."""

    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        return super().find(kind, where, order_by=order_by, after=after and (after[0], "\U0010ffff"), limit=limit)


class PageRepeatsARow(MemoryStore):
    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        return super().find(kind, where, order_by=order_by, after=after and (after[0], ""), limit=limit)


class LeavesOutWhatIsAbsent(MemoryStore):
    def find(self, kind, where=None, *, order_by="id", after=None, limit=1000):
        found = super().find(kind, where, order_by=order_by, after=after, limit=limit)
        return [record for record in found if getattr(record, order_by) is not None]
