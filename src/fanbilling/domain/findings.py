"""Findings: facts that break a law, in words."""

from __future__ import annotations

from fractions import Fraction

import attrs


@attrs.frozen(kw_only=True)
class Finding:
    """A fact that breaks a law: which law, where, what was expected, and what was found."""

    law: str
    where: str
    expected: str
    found: str


def differs(law: str, where: str, expected: object, found: object) -> Finding:
    """Say that two figures which should be equal are not."""
    return Finding(law=law, where=where, expected=_written(expected), found=_written(found))


def _written(figure: object) -> str:
    if isinstance(figure, Fraction):
        whole, rest = divmod(round(abs(figure) * 10_000), 10_000)
        return f"{'-' if figure < 0 else ''}{whole}.{rest:04}".rstrip("0").rstrip(".")
    return ", ".join(map(_written, figure)) if isinstance(figure, (list, tuple)) else str(figure)
