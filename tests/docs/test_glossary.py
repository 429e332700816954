"""Every noun in a public name stands in the glossary, with its Dutch word."""

import importlib
import re

import fanbilling
from docs.generate import PLACES, _defined
from tests.docs.pages import ROOT

#: Words that are no nouns of the field: verbs, small words, and what everybody knows.
PLAIN = {
    "billable",
    "check",
    "create",
    "csv",
    "django",
    "html",
    "is",
    "joined",
    "load",
    "memory",
    "of",
    "one",
    "pdf",
    "ready",
    "remove",
    "sql",
    "text",
    "verify",
    "work",
    "kind",
}
PORTS = [
    f"fanbilling.domain.ports.{name}"
    for name in ("sourcing", "storage", "parts", "books", "delivery", "messaging", "collection")
]


def public_names():
    names = set(fanbilling.__all__)
    for place in (*PLACES, *PORTS):
        module = importlib.import_module(place)
        names.update(getattr(module, "__all__", None) or [cls.__name__ for cls in _defined(module)])
    return names


def rows():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return [
        row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ") and "| Dutch |" not in row
    ]


def test_every_noun_of_a_public_name_is_explained():
    explained = {word for term, _, _ in rows() for word in re.findall(r"\w+", term.lower())}
    used = {word.lower() for name in public_names() for word in re.findall(r"[A-Z]?[a-z]+", name)} - PLAIN
    assert {word for word in used if not {word, word.removesuffix("s")} & explained} == set()


def test_every_term_has_a_meaning_and_a_dutch_word():
    assert [row for row in rows() if len(row) != 3 or not all(row)] == []
    assert len({row[0] for row in rows()}) == len(rows())
