"""English words of loose lines."""

from __future__ import annotations

LABELS: dict[str, str] = {
    "change-added": "written down",
    "change-changed": "changed",
    "change-withdrawn": "withdrawn",
}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {
    "manual.line": ("Loose line, delivered on {on:day}", "Loose line"),
    "manual.withdrawn": ("Withdrawn: {why}", "Withdrawn"),
    "manual.blocked": ("Blocked: {value}", "Blocked"),
}
