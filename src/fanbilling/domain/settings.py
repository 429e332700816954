"""Settings, made once: one tree in layers, where an empty field falls back on the layer below."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import attrs

from .accounts import Chart
from .errors import InvalidSetting
from .languages import LANGUAGES
from .numbering import series_of, written


class Sections(StrEnum):
    """By what the lines of a bill are put under headings."""

    NONE = "none"
    AGREEMENT = "agreement"
    CLIENT = "client"


class Bills(StrEnum):
    """Whether everything that one payer owes comes on one bill, or on one per source or per agreement."""

    TOGETHER = "together"
    SOURCE = "source"
    AGREEMENT = "agreement"


class EInvoice(StrEnum):
    """By whose rules an e-invoice goes with a document: Peppol's, the Dutch ones, EN 16931 alone, or nobody's."""

    NONE = "none"
    PEPPOL = "peppol"
    NLCIUS = "nlcius"
    EN16931 = "en16931"


@attrs.frozen(kw_only=True, cache_hash=True)
class Layer:
    """The settings of one layer; what is absent falls back on the layer below.

    Args:
        payment_days: days from the date of the document to the day it is due.
        end_of_month: whether those days are counted from the end of the document's month.
        language: of documents and mail, ``"nl"`` or ``"en"``.
        bills: whether a payer gets one bill for everything, or one per source (desk) or per agreement.
        sections: by what lines are put under headings.
        title: the heading of lines whose agreement has none.
        series: the number series, from the date of the document: ``"{year}"`` starts anew each year.
        number: how a number is written, from its series and place: ``"{series}-{n:04}"``.
        e_invoice: whether an e-invoice goes with each document: ``"none"``, or the rules by which it is written.
    """

    payment_days: int | None = None
    end_of_month: bool | None = None
    language: str | None = None
    bills: Bills | None = None
    sections: Sections | None = None
    title: str | None = None
    series: str | None = None
    number: str | None = None
    e_invoice: EInvoice | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse settings that no document could follow."""
        if self.payment_days is not None and not 0 <= self.payment_days <= 365:
            raise InvalidSetting(
                f"payment_days = {self.payment_days}", where="settings", remedy="use a number of days from 0 to 365"
            )
        if self.language is not None and self.language not in LANGUAGES:
            raise InvalidSetting(
                f"language = {self.language!r}", where="settings", remedy=f"use one of {', '.join(LANGUAGES)}"
            )
        if self.series is not None:
            series_of(self.series, date(2026, 1, 31))
        if self.number is not None:
            one = written(self.number, "2026", 1)
            if one in (written(self.number, "2026", 2), written(self.number, "2027", 1)):
                raise InvalidSetting(
                    f"number = {self.number!r}", where="settings", remedy='let it contain "{series}" and "{n}"'
                )


_NAMES = tuple(attrs.fields_dict(Layer))

#: What holds when no layer says otherwise.
DEFAULTS = Layer(
    payment_days=14,
    end_of_month=False,
    language="en",
    bills=Bills.TOGETHER,
    sections=Sections.AGREEMENT,
    title="",
    series="{year}",
    number="{series}-{n:04}",
    e_invoice=EInvoice.NONE,
)


@attrs.frozen(kw_only=True)
class Settled:
    """All settings that hold for one document or one agreement, each from the strongest layer that has it."""

    payment_days: int
    end_of_month: bool
    language: str
    bills: Bills
    sections: Sections
    title: str
    series: str
    number: str
    e_invoice: EInvoice


@attrs.frozen
class Setting:
    """The value of a setting with the layer that it came from."""

    value: int | bool | str | Bills | Sections | EInvoice
    layer: str


@attrs.frozen(kw_only=True)
class Settings:
    """The tree: the administration's own layer, then one per source, per client and per agreement.

    The stronger layer wins: *administration < source < client < agreement < this call*.
    """

    administration: Layer = Layer()
    sources: Mapping[str, Layer] = attrs.field(factory=dict)
    clients: Mapping[str, Layer] = attrs.field(factory=dict)
    agreements: Mapping[str, Layer] = attrs.field(factory=dict)
    accounts: Chart = Chart()

    def resolve(
        self, name: str, *, source: str = "", client: str = "", agreement: str = "", call: Layer | None = None
    ) -> Setting:
        """Return the value of a setting and the layer that it came from.

        Raises:
            InvalidSetting: when there is no setting of that name.
        """
        if name not in _NAMES:
            near = difflib.get_close_matches(name, _NAMES, n=1)
            raise InvalidSetting(
                f"there is no setting {name!r}",
                where="settings",
                remedy=f"did you mean {near[0]!r}?" if near else "see the reference of settings",
            )
        layers = (
            ("this call", "", call),
            ("agreement ", agreement, self.agreements.get(agreement)),
            ("client ", client, self.clients.get(client)),
            ("source ", source, self.sources.get(source)),
            ("administration", "", self.administration),
            ("default", "", DEFAULTS),
        )
        for layer, whose, values in layers:
            value = getattr(values, name) if values is not None else None
            if value is not None:
                return Setting(value, layer + whose)
        raise AssertionError(name)

    def settled(self, *, source: str = "", client: str = "", agreement: str = "", call: Layer | None = None) -> Settled:
        """Return the values of all settings: for each, what :meth:`resolve` says."""
        layers = (call, self.agreements.get(agreement), self.clients.get(client), self.sources.get(source))
        return _settled(*[layer for layer in layers if layer is not None], self.administration)

    @property
    def separates(self) -> bool:
        """Whether any layer keeps bills apart: most administrations have none that does."""
        layers = (self.administration, *self.sources.values(), *self.clients.values(), *self.agreements.values())
        return any(layer.bills not in (None, Bills.TOGETHER) for layer in layers)

    def apart(self, *, source: str, client: str, agreement: str) -> str:
        """Name what a line is kept apart with on the bills of a payer; nothing when everything comes together."""
        bills = self.settled(source=source, client=client, agreement=agreement).bills
        return {Bills.TOGETHER: "", Bills.SOURCE: source, Bills.AGREEMENT: f"{source}/{agreement}"}[bills]


@lru_cache(maxsize=256)
def _settled(*layers: Layer) -> Settled:
    """Lay layers on one another, the strongest first; most clients have none of their own and share the outcome."""
    values: dict[str, Any] = {}
    for layer in (DEFAULTS, *reversed(layers)):
        values.update({name: value for name in _NAMES if (value := getattr(layer, name)) is not None})
    return Settled(**values)
