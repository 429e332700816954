"""Kinds of records: what is kept by id, under which name, by which keys it is found, and what in it is person data."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from .errors import InvalidValue

R = TypeVar("R")

#: What a key may be: it becomes a typed, indexed column in a database.
KEY_TYPES = (str, int, date)

#: What stands where person data stood that may not be empty.
ERASED = "erased"


@attrs.frozen(kw_only=True)
class RecordKind:
    """One kind of record: its stable name (never changed once used), its class and its keys.

    Args:
        party: the key that names the party it belongs to, or ``document`` the one that names the document (by id or
            number); both are empty for what belongs to nobody.
        personal: each field that holds person data, with what takes its place when that is erased: a value, or a
            function from the old value to the new one.
    """

    name: str
    cls: type[Any]
    keys: tuple[str, ...]
    party: str = ""
    document: str = ""
    personal: tuple[tuple[str, Any], ...] = ()

    def key_types(self) -> dict[str, type]:
        """Return the plain type of each key: text, whole number or day."""
        hints = get_type_hints(self.cls)
        return {key: _plain_type(hints[key]) for key in self.keys}

    def values(self, record: object) -> dict[str, Any]:
        """Return the keys of a record with their plain values."""
        return {key: _plain(getattr(record, key)) for key in self.keys}

    def blanked(self, record: R) -> R:
        """Return a record without the person data in it; a field that was never filled in stays so.

        Raises:
            InvalidValue: when the record refuses what its kind declared to take the place of a field.
        """
        fields = attrs.fields_dict(self.cls)
        filled = {
            name: blank(getattr(record, name)) if callable(blank) else blank
            for name, blank in self.personal
            if getattr(record, name) != fields[name].default
        }
        before: Any = record
        try:
            after: R = attrs.evolve(before, **filled)
        except InvalidValue as error:
            raise InvalidValue(
                f"it cannot be kept without its person data: {error}",
                where=self.name,
                remedy="declare what takes the place of each field: personal={...}",
            ) from error
        return after


_KINDS: dict[type, RecordKind] = {}


def record(
    name: str,
    *,
    keys: tuple[str, ...] = (),
    party: str = "",
    document: str = "",
    personal: tuple[str, ...] | Mapping[str, Any] = (),
) -> Callable[[type[R]], type[R]]:
    """Register an attrs class with an ``id`` as a kind of record: ``@record("desk.thing", keys=("client",))``.

    Args:
        party: the key (or ``id``) that names the party it belongs to, or ``document`` the key that names the document.
        personal: the fields that hold person data. When that is erased, each becomes what it is by default; a mapping
            says what takes its place instead (a value, or a function from the old value), where it was filled in.

    Raises:
        InvalidValue: when the class has no ``id``, a key is not one of its fields or not text, number or day, a field
            of person data has nothing to take its place, or the name is taken by another class.
    """

    def register(cls: type[R]) -> type[R]:
        fields = attrs.fields_dict(cls)  # type: ignore[arg-type]
        for field in ("id", *keys, *personal):
            if field not in fields:
                raise InvalidValue(
                    f"{cls.__name__} has no field {field!r}", where=name, remedy="add it or leave it out"
                )
        for owner in filter(None, (party, document)):
            if owner not in ("id", *keys):
                raise InvalidValue(f"{owner!r} is none of its keys", where=name, remedy="declare it among the keys")
        taken = next((kind for kind in _KINDS.values() if kind.name == name), None)
        if taken is not None and taken.cls.__qualname__ != cls.__qualname__:
            raise InvalidValue(f"the name is taken by {taken.cls.__name__}", where=name, remedy="choose another name")
        blanks = personal if isinstance(personal, Mapping) else {one: _default(fields[one], name) for one in personal}
        if never := {"id", party, document} & blanks.keys():
            raise InvalidValue(f"{min(never)!r} says whose it is", where=name, remedy="take it out of personal")
        _KINDS[cls] = RecordKind(
            name=name, cls=cls, keys=keys, party=party, document=document, personal=tuple(blanks.items())
        )
        return cls

    return register


def kind_of(cls: type) -> RecordKind:
    """Return how a class is kept.

    Raises:
        InvalidValue: when the class was not registered with :func:`record`.
    """
    try:
        return _KINDS[cls]
    except KeyError:
        raise InvalidValue(
            f"{cls.__name__} is not a kind of record", where="records", remedy="decorate it with @record(name, keys=…)"
        ) from None


def _default(field: attrs.Attribute[Any], kind: str) -> Any:
    """Return what takes the place of person data when nothing else was said."""
    if field.default is attrs.NOTHING or isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]
        raise InvalidValue(
            f"{field.name!r} has no plain default", where=kind, remedy='say what takes its place: personal={"…": "…"}'
        )
    return field.default


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value


def _plain_type(hint: Any) -> type:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(option for option in get_args(hint) if option is not type(None))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return str
    if hint in KEY_TYPES:
        return hint  # type: ignore[no-any-return]
    raise InvalidValue(
        f"a key of type {hint} cannot be found by", where="records", remedy="use text, int, date or Enum"
    )
