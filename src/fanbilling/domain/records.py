"""Kinds of records: what is kept by id, under a stable name, and by which keys it can be found."""

from __future__ import annotations

import types
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from .errors import InvalidValue

R = TypeVar("R")

#: What a key may be: it becomes a typed, indexed column in a database.
KEY_TYPES = (str, int, date)


@attrs.frozen(kw_only=True)
class RecordKind:
    """One kind of record: its stable name (never changed once used), its class and its keys."""

    name: str
    cls: type[Any]
    keys: tuple[str, ...]

    def key_types(self) -> dict[str, type]:
        """Return the plain type of each key: text, whole number or day."""
        hints = get_type_hints(self.cls)
        return {key: _plain_type(hints[key]) for key in self.keys}

    def values(self, record: object) -> dict[str, Any]:
        """Return the keys of a record with their plain values."""
        return {key: _plain(getattr(record, key)) for key in self.keys}


_KINDS: dict[type, RecordKind] = {}


def record(name: str, *, keys: tuple[str, ...] = ()) -> Callable[[type[R]], type[R]]:
    """Register an attrs class with an ``id`` as a kind of record: ``@record("desk.thing", keys=("client",))``.

    Raises:
        InvalidValue: when the class has no ``id``, a key is not one of its fields or not text, number or day, or the
            name is taken by another class.
    """

    def register(cls: type[R]) -> type[R]:
        fields = attrs.fields_dict(cls)  # type: ignore[arg-type]
        for field in ("id", *keys):
            if field not in fields:
                raise InvalidValue(
                    f"{cls.__name__} has no field {field!r}", where=name, remedy="add it or leave it out"
                )
        taken = next((kind for kind in _KINDS.values() if kind.name == name), None)
        if taken is not None and taken.cls.__qualname__ != cls.__qualname__:
            raise InvalidValue(f"the name is taken by {taken.cls.__name__}", where=name, remedy="choose another name")
        _KINDS[cls] = RecordKind(name=name, cls=cls, keys=keys)
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
