"""The settings file: TOML to the administration and its settings, where every unknown key is an error with a hint."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar, get_args

import attrs
from cattrs import ClassValidationError, transform_error
from cattrs.v import format_exception

from .codec import converter
from .domain.accounts import Chart
from .domain.administrations import Administration, Seller
from .domain.errors import InvalidSetting
from .domain.parties import Address
from .domain.settings import Layer, Settings

T = TypeVar("T")

_TABLES = ("administration", "seller", "settings", "source", "client", "agreement", "accounts")
_OUTSIDE = converter(trusted=False)


def load_settings(path: str | Path) -> Settings:
    """Read the settings of an administration, in their layers, from a TOML file.

    Raises:
        InvalidSetting: for a table or key that does not exist (with what was probably meant), or an impossible value.
    """
    tables = _read(Path(path))
    return Settings(
        administration=_layer("settings", tables.get("settings", {})),
        sources={name: _layer(f"source.{name}", keys) for name, keys in tables.get("source", {}).items()},
        clients={name: _layer(f"client.{name}", keys) for name, keys in tables.get("client", {}).items()},
        agreements={name: _layer(f"agreement.{name}", keys) for name, keys in tables.get("agreement", {}).items()},
        accounts=_built("accounts", Chart, {"codes": _flat(tables.get("accounts", {}))}),
    )


def load_administration(path: str | Path) -> Administration:
    """Read who sells, and in which currency, from a TOML file.

    Raises:
        InvalidSetting: as :func:`load_settings`, and when there is no seller.
    """
    tables = _read(Path(path))
    own = dict(tables.get("administration", {}))
    country = own.pop("country", "")
    seller = dict(tables.get("seller", {}))
    if not seller:
        raise InvalidSetting(
            "there is no [seller]", where=Path(path).name, remedy="add it with name, street, city, country"
        )
    fields = [field.name for field in attrs.fields(Address)]
    address = {name: seller.pop(name) for name in fields if name in seller}
    address.setdefault("country", country)
    _known("seller", seller, [*(f.name for f in attrs.fields(Seller) if f.name != "address"), *fields])
    return _built("administration", Administration, {**own, "seller": {**seller, "address": address}})


def _read(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidSetting(
            f"it cannot be read: {error}", where=path.name, remedy="write it as TOML, in UTF-8"
        ) from error
    _known(path.name, tables, _TABLES)
    for name, keys in tables.items():
        if not isinstance(keys, dict):
            raise InvalidSetting(f"{name} = {keys!r}", where=path.name, remedy=f"write it as a table: [{name}]")
    return tables


def _layer(where: str, keys: Mapping[str, Any]) -> Layer:
    _known(where, keys, [field.name for field in attrs.fields(Layer)])
    return _built(where, Layer, keys)


def _built(where: str, cls: type[T], keys: Mapping[str, Any]) -> T:
    try:
        return _OUTSIDE.structure(keys, cls)
    except ClassValidationError as error:
        cause = error.exceptions[0]
        if isinstance(cause, InvalidSetting):
            raise cause from error
        raise InvalidSetting(
            "; ".join(transform_error(error, path=where, format_exception=_said)),
            where=where,
            remedy="see the reference of settings",
        ) from error


def _said(error: BaseException, kind: Any) -> str:
    """Say what is wrong with a value: of a word, which words there are."""
    for one in (kind, *get_args(kind)):
        if isinstance(one, type) and issubclass(one, Enum):
            return f"this is none of {', '.join(member.value for member in one)}"
    return format_exception(error, kind)


def _known(where: str, keys: Iterable[str], names: Iterable[str]) -> None:
    names = list(names)
    for key in keys:
        if key not in names:
            near = difflib.get_close_matches(key, names, n=1)
            raise InvalidSetting(
                f"there is no {key!r}",
                where=where,
                remedy=f"did you mean {near[0]!r}?" if near else f"use {', '.join(names)}",
            )


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Turn nested tables of accounts into refined roles: ``[accounts.revenue] subscriptions`` is one with a dot."""
    codes: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            codes.update(_flat(value, f"{prefix}{name}."))
        else:
            codes[f"{prefix}{name}"] = str(value)
    return codes
