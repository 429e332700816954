"""Dutch words of papers: quotations, reports and certificates."""

from __future__ import annotations

LABELS: dict[str, str] = {}
EVENTS: dict[str, tuple[str, ...]] = {}
RULES: dict[str, tuple[str, ...]] = {}
