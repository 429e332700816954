"""Dutch words of loose lines."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-added": "vastgelegd",
    "change-changed": "gewijzigd",
    "change-withdrawn": "ingetrokken",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "manual.line": ("Losse regel, geleverd op {on:day}", "Losse regel"),
    "manual.withdrawn": ("Ingetrokken: {why}", "Ingetrokken"),
    "manual.blocked": ("Geblokkeerd: {value}", "Geblokkeerd"),
}
