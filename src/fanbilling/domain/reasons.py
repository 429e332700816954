"""Why a figure is what it is: the rule and its inputs, kept beside the figure and put into words when asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import attrs

#: What a reason may hold: figures, days and plain texts or codes.
Fact = Decimal | date | str | int | None


@attrs.frozen
class Reason:
    """A figure or a decision with the rule that made it and what went into it.

    Args:
        rule: a stable code such as ``"proration.days"``; words for it are made in the reader's language.
        value: the outcome.
        inputs: pairs of (name, value), in the order in which a person would tell them.
        because: the reasons of inputs that were computed themselves.
    """

    rule: str
    value: Fact = None
    inputs: tuple[tuple[str, Fact], ...] = ()
    because: tuple[Reason, ...] = ()

    def input(self, name: str) -> Fact:
        """Return one input by name, or nothing."""
        return next((value for key, value in self.inputs if key == name), None)

    def __str__(self) -> str:
        """Write the tree, a reason a line; words in the reader's language come from a renderer."""
        inputs = ", ".join(f"{name} {value}" for name, value in self.inputs if value not in (None, ""))
        own = " ".join(filter(None, (self.rule, "" if self.value is None else str(self.value))))
        below = [f"  {line}" for cause in self.because for line in str(cause).splitlines()]
        return "\n".join([f"{own} ({inputs})" if inputs else own, *below])

    def walk(self) -> tuple[Reason, ...]:
        """Return this reason and all below it, from the top down."""
        found = [self]
        for reason in self.because:
            found.extend(reason.walk())
        return tuple(found)
