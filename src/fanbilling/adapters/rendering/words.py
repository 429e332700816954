"""The words of documents and of reasons, in the reader's language; figures in them are written as that reader does.

A reason is a rule with its inputs. Its sentence is the first one of its rule for which every figure is known, so that
a reason that tells more is told in full, and an older one that tells less still reads well.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from ...domain.client_file import FileEntry
from ...domain.errors import InvalidValue
from ...domain.reasons import Fact, Reason
from . import dutch, english
from .figures import Figures
from .plain import one_line

_CATALOGUES = {"en": english, "nl": dutch}


@attrs.frozen(kw_only=True)
class Words:
    """What is printed in one language.

    Args:
        labels: the fixed words of a document, of a letter and of the client's page.
        units: singular and plural of a unit, by its UN/ECE code.
        taxes: how a VAT category is named beside a line.
        legal: what the law wants to be said of a VAT category.
        rules: per rule of a reason its sentences, the one that tells most first.
        events: per event its sentences, in the same order.
        notices: per purpose of a notice its subject and its paragraphs, each as sentences in the same order.
    """

    language: str
    labels: Mapping[str, str]
    units: Mapping[str, tuple[str, str]]
    taxes: Mapping[str, str]
    legal: Mapping[str, str]
    rules: Mapping[str, tuple[str, ...]]
    events: Mapping[str, tuple[str, ...]]
    notices: Mapping[str, tuple[tuple[str, ...], ...]]

    @property
    def figures(self) -> Figures:
        """How figures are written in this language."""
        return Figures(self.language)

    def __getitem__(self, label: str) -> str:
        """Return a fixed word."""
        return self.labels[label]

    def fill(self, label: str, **values: str) -> str:
        """Return a fixed sentence with values put in; a value is put in as it is, whatever it looks like."""
        return self.labels[label].format_map(values)

    def unit(self, code: str, quantity: Decimal) -> str:
        """Return the name of a unit for a quantity; a unit without a name is shown by its code."""
        one, many = self.units.get(code, (code, code))
        return one if abs(quantity) == 1 else many


def words(language: str) -> Words:
    """Return the words of a language.

    Raises:
        InvalidValue: for a language that documents are not written in.
    """
    if language not in _CATALOGUES:
        raise InvalidValue(
            f"{language!r} is not a language of documents",
            where="language",
            remedy=f"use one of {', '.join(_CATALOGUES)}",
        )
    catalogue = _CATALOGUES[language]
    return Words(
        language=language,
        labels=catalogue.LABELS,
        units=catalogue.UNITS,
        taxes=catalogue.TAXES,
        legal=catalogue.LEGAL,
        rules=catalogue.RULES,
        events=catalogue.EVENTS,
        notices=catalogue.NOTICES,
    )


def sentence(reason: Reason, language: str, *, currency: str = "") -> str:
    """Say a reason in one sentence, without what lies below it.

    Args:
        reason: what is to be said; a rule that is not in the catalogue is shown by its code and its inputs.
        language: the reader's.
        currency: of its amounts, where that is known; without it they are written as plain figures.
    """
    book = words(language)
    said = _said(book.rules.get(reason.rule, ()), _told(reason), book, str(reason.input("currency") or currency))
    return said or _by_code(reason, book)


def filled(sentences: Sequence[str], facts: Mapping[str, Fact], language: str) -> str:
    """Fill in the first of some sentences for which every fact is known and not empty; nothing when there is none."""
    told = {name: fact for name, fact in facts.items() if fact is not None and fact != ""}
    return _said(sentences, told, words(language), "")


def tree(reason: Reason, language: str, *, currency: str = "") -> str:
    """Draw a reason with everything below it, one sentence a line, for a terminal."""
    return "\n".join(_drawn(reason, language, str(reason.input("currency") or currency)))


def happened(entry: FileEntry, language: str) -> str:
    """Say what a line in a client's file tells; an event that is not in the catalogue is shown by its name."""
    book = words(language)
    credit = entry.what == "invoice.issued" and entry.amount is not None and entry.amount < 0
    change = book.labels.get(f"change-{entry.change}", "")
    facts = {"about": entry.about, "number": entry.number, "change": change}
    told = {name: fact for name, fact in facts.items() if fact}
    sentences = book.events.get("credit-note.issued" if credit else entry.what, ())
    return _said(sentences, told, book, entry.currency) or " ".join(filter(None, (entry.what, *told.values())))


def _said(templates: Sequence[str], told: Mapping[str, Fact], book: Words, currency: str) -> str:
    """Fill in the first sentence for which every figure is known; nothing when there is none."""
    for template in templates:
        if _fields(template) <= told.keys():
            return _Writer(book, currency).vformat(template, (), told)
    return ""


def _drawn(reason: Reason, language: str, currency: str) -> Iterator[str]:
    yield sentence(reason, language, currency=currency)
    for place, cause in enumerate(reason.because, 1):
        branch, below = ("└─ ", "   ") if place == len(reason.because) else ("├─ ", "│  ")
        for line, text in enumerate(_drawn(cause, language, currency)):
            yield (below if line else branch) + text


class _Writer(string.Formatter):
    """Fills a sentence in: ``{price:money}``, ``{start:day}``; each figure as its mark says."""

    def __init__(self, book: Words, currency: str) -> None:
        self._book = book
        self._currency = currency

    def format_field(self, value: Any, format_spec: str) -> Any:
        if isinstance(value, date):
            return self._book.figures.day(value)
        if isinstance(value, Decimal | int):
            return self._figure(Decimal(value), format_spec)
        text = one_line(str(value))
        if format_spec == "country":
            return self._book.figures.country(text)
        named = {"tax": self._book.taxes, "word": self._book.labels}.get(format_spec, {})
        return named.get(text, text)

    def _figure(self, number: Decimal, mark: str) -> str:
        figures = self._book.figures
        if mark == "money" and self._currency:
            return figures.money(number, self._currency)
        if mark in ("money", "price"):
            return figures.amount(number)
        return figures.percent(number) if mark == "percent" else figures.number(number)


def _told(reason: Reason) -> dict[str, Fact]:
    """What a reason really tells: nothing empty, no "per 1", no "31 of 31 days"."""
    facts = {"value": reason.value, **dict(reason.inputs)}
    if facts.get("per") == 1:
        del facts["per"]
    if "of" in facts and facts["of"] == facts.get("days"):
        del facts["of"]
    return {name: fact for name, fact in facts.items() if fact is not None and fact != ""}


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def _by_code(reason: Reason, book: Words) -> str:
    figures = book.figures
    facts = ", ".join(f"{one_line(name).replace('_', ' ')} {_plain(fact, figures)}" for name, fact in reason.inputs)
    value = "" if reason.value is None else f" = {_plain(reason.value, figures)}"
    return one_line(reason.rule) + value + (f" ({facts})" if facts else "")


def _plain(fact: Fact, figures: Figures) -> str:
    if isinstance(fact, date):
        return figures.day(fact)
    if isinstance(fact, Decimal):
        return figures.number(fact) if fact == fact.to_integral_value() else figures.amount(fact)
    return "–" if fact is None else one_line(str(fact))
