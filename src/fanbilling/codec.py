"""How values become text and come back: exact decimals, ISO dates, tagged reasons, the same bytes everywhere.

Text is what is stored and sealed. The encoder is orjson where it is installed and the standard library's otherwise;
both give the same bytes, so a hash never depends on what is installed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from .domain.dated import Dated
from .domain.errors import InvalidValue
from .domain.events import EVENTS, Event, name_of
from .domain.exact import exact
from .domain.invoices import Invoice
from .domain.items import ItemKey, Price
from .domain.money import Money
from .domain.periods import Period, a_day
from .domain.reasons import Fact, Reason
from .domain.vat import Tax

_orjson: Any
try:
    import orjson as _orjson
except ImportError:  # the core runs without it
    _orjson = None

T = TypeVar("T")


@lru_cache(maxsize=4096)
def _day(day: date) -> str:
    """Write a day; the documents of a run name the same few days again and again."""
    return a_day(day, where="codec").isoformat()


def _dump_fact(value: Fact) -> str | int | None:
    """Write a fact so that its type comes back: ``=12.50`` a figure, ``@2026-01-31`` a day, ``'`` quotes a text."""
    if value is None or type(value) is int:
        return value
    if isinstance(value, Decimal):
        return f"={value:f}"
    if isinstance(value, date):
        return f"@{_day(value)}"
    text = str(value)
    return f"'{text}" if text.startswith(("=", "@", "'")) else text


def _load_fact(value: str | int | None) -> Fact:
    if not isinstance(value, str):
        return value
    mark, rest = value[:1], value[1:]
    if mark == "=":
        return Decimal(rest)
    if mark == "@":
        return date.fromisoformat(rest)
    return rest if mark == "'" else value


def _dump_reason(reason: Reason) -> list[Any]:
    written: list[Any] = [reason.rule, _dump_fact(reason.value)]
    if reason.inputs or reason.because:
        inputs: list[Any] = []
        for name, value in reason.inputs:
            inputs += name, _dump_fact(value)
        written.append(inputs)
    if reason.because:
        written.append([_dump_reason(cause) for cause in reason.because])
    return written


def _load_reason(written: list[Any], _: Any = None) -> Reason:
    inputs = written[2] if len(written) > 2 else []
    because = written[3] if len(written) > 3 else []
    pairs = zip(inputs[::2], inputs[1::2], strict=True)
    return Reason(
        written[0],
        _load_fact(written[1]),
        tuple((name, _load_fact(value)) for name, value in pairs),
        tuple(_load_reason(cause) for cause in because),
    )


def _dump_money(money: Money) -> str:
    return f"{money.currency} {money.amount:f}"


def _load_money(written: str, _: Any = None) -> Money:
    currency, _space, amount = written.partition(" ")
    return Money(exact(amount, where="Money"), currency)


def _load_decimal(written: Any, _: Any = None) -> Decimal:
    if not isinstance(written, str):
        raise InvalidValue(
            f"{written!r} is not written as a decimal", where="codec", remedy='write it as text: "12.50"'
        )
    return exact(written)


def _trusted_decimal(written: str, _: Any = None) -> Decimal:
    return Decimal(written)


def _trusted_dated(conv: Converter, cls: Any) -> Callable[[Any, Any], Dated[Any]]:
    """Return how a history is read that we wrote ourselves: most of what a source reads is histories."""
    [of] = cls.__args__
    load = conv.get_structure_hook(of)
    day = date.fromisoformat
    return lambda written, _: Dated(tuple([(day(first), load(value, of)) for first, value in written["steps"]]))


def converter(*, trusted: bool) -> Converter:
    """Build a converter: for what we wrote ourselves (quick), or for what comes from outside (every field checked)."""
    conv = Converter(detailed_validation=not trusted, forbid_extra_keys=not trusted)
    conv.register_unstructure_hook(Decimal, lambda number: f"{number:f}")
    conv.register_structure_hook(Decimal, _trusted_decimal if trusted else _load_decimal)
    conv.register_unstructure_hook(date, _day)
    conv.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    conv.register_unstructure_hook(datetime, datetime.isoformat)
    conv.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    conv.register_unstructure_hook(Money, _dump_money)
    conv.register_structure_hook(Money, _load_money)
    conv.register_unstructure_hook(Reason, _dump_reason)
    conv.register_structure_hook(Reason, _load_reason)
    if trusted:
        conv.register_structure_hook_factory(
            lambda cls: getattr(cls, "__origin__", None) is Dated, lambda cls: _trusted_dated(conv, cls)
        )
    conv.register_unstructure_hook_func(
        lambda cls: getattr(cls, "__origin__", None) is frozenset, lambda values: sorted(map(str, values))
    )
    conv.register_unstructure_hook(ItemKey, lambda k: [k.source, k.agreement, _day(k.filed), k.fact])
    conv.register_structure_hook(ItemKey, lambda v, _: ItemKey(v[0], v[1], date.fromisoformat(v[2]), v[3]))
    conv.register_unstructure_hook(Price, lambda p: [f"{p.amount:f}", f"{p.per:f}", p.unit])
    conv.register_structure_hook(Price, lambda v, _: Price(Decimal(v[0]), Decimal(v[1]), v[2]))
    conv.register_unstructure_hook(Tax, lambda t: [t.category, f"{t.rate:f}"])
    conv.register_structure_hook(Tax, lambda v, _: Tax(v[0], Decimal(v[1])))
    conv.register_unstructure_hook(Period, lambda p: [_day(p.start), _day(p.end)])
    conv.register_structure_hook(Period, lambda v, _: Period(date.fromisoformat(v[0]), date.fromisoformat(v[1])))
    conv.register_unstructure_hook_factory(
        attrs.has, lambda cls: make_dict_unstructure_fn(cls, conv, _cattrs_omit_if_default=True)
    )
    # Number and place are given last and kept beside the sealed text, not in it.
    late = {"number": override(omit=True), "place": override(omit=True)}
    conv.register_unstructure_hook(
        Invoice,
        make_dict_unstructure_fn(Invoice, conv, _cattrs_omit_if_default=True, **late),  # type: ignore[arg-type]
    )
    conv.register_structure_hook(Invoice, make_dict_structure_fn(Invoice, conv, **late))  # type: ignore[arg-type]
    return conv


_TRUSTED = converter(trusted=True)


_dumper: Callable[[Any], Callable[[Any], Any]] = lru_cache(maxsize=256)(_TRUSTED.get_unstructure_hook)
_loader: Callable[[Any], Callable[[Any, Any], Any]] = lru_cache(maxsize=256)(_TRUSTED.get_structure_hook)


def encode(value: Any) -> str:
    """Write plain lists, dictionaries and texts as canonical JSON: no spaces, fields in the order of the class."""
    try:
        if _orjson is not None:
            text: str = _orjson.dumps(value).decode()
            return text
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except TypeError as error:  # half a character, or a whole number of more than 64 bits
        raise InvalidValue(str(error), where="codec", remedy="use whole characters and smaller numbers") from error


def decode(text: str) -> Any:
    """Read JSON."""
    return _orjson.loads(text) if _orjson is not None else json.loads(text)


def dumps(value: Any) -> str:
    """Write a value as canonical text."""
    return encode(_dumper(type(value))(value))


def loads(cls: type[T], text: str) -> T:
    """Read back what :func:`dumps` wrote."""
    result: T = _loader(cls)(decode(text), cls)
    return result


def dump_event(event: Event) -> tuple[str, str]:
    """Write an event as its stable name and its text."""
    return name_of(type(event)), dumps(event)


def load_event(name: str, text: str) -> Event:
    """Read back an event.

    Raises:
        InvalidValue: for a name that nothing registered.
    """
    if name not in EVENTS:
        raise InvalidValue(f"no event is called {name!r}", where="journal", remedy="install the source that wrote it")
    return loads(EVENTS[name], text)


def reason_tree(reason: Reason) -> dict[str, Any]:
    """Return a reason as plain, nested data: rule, value, inputs, because."""
    return {
        "rule": reason.rule,
        "value": _plain(reason.value),
        "inputs": {name: _plain(value) for name, value in reason.inputs},
        "because": [reason_tree(cause) for cause in reason.because],
    }


def _plain(value: Fact) -> str | int | None:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
