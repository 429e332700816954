"""The port of printing: what turns papers into bytes."""

from __future__ import annotations

from typing import Protocol

from ..papers import Paper
from .delivery import Rendered


class Printer(Protocol):
    """Turns a paper into bytes; the same paper always into the same bytes (law L17)."""

    def print(self, paper: Paper) -> Rendered:
        """Render a paper."""
