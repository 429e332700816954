"""The languages that documents and mail are written in."""

from __future__ import annotations

#: ISO 639-1 codes; every one has words for all rules, labels and legal texts.
LANGUAGES = ("en", "nl")
