"""What a person sees: quiet tables on a terminal, the same as plain text in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TextIO

from ..domain.money import Money
from ..domain.reports import Failure
from .outcomes import Incomplete
from .tables import BadRow

if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

LANGUAGE: Final = "en"
MOST: Final = 20
"""Rows of a list that a person still reads."""

#: How things look; a terminal without colours shows the same words.
HEAD: Final = "bold"
SOFT: Final = "dim"
GOOD: Final = "green"
WRONG: Final = "red"
NAME: Final = "cyan"


def console(stream: TextIO | None = None) -> Console:
    """Return where to write: coloured on a terminal only, and nothing in a text is taken for a style."""
    from rich.console import Console

    stream = stream or sys.stdout
    width = None if stream.isatty() else 110
    return Console(file=stream, width=width, markup=False, emoji=False, highlight=False)


def text(*parts: str | tuple[str, str]) -> Text:
    """Return a text of parts, each plain or with its look."""
    from rich.text import Text

    return Text.assemble(*parts)


def indented(*parts: str | tuple[str, str]) -> Padding:
    """Return a text that stands under a head, also where it goes on on the next line."""
    from rich.padding import Padding

    return Padding(text(*parts), (0, 0, 0, 4))


def table(*heads: str, right: Sequence[int] = (), title: str = "") -> Table:
    """Return an empty table: heads, a thin line, and figures to the right."""
    from rich import box
    from rich.table import Table

    made = Table(
        box=box.SIMPLE_HEAD,
        header_style=SOFT,
        title=title or None,
        title_style=HEAD,
        title_justify="left",
        pad_edge=True,
    )
    for place, head in enumerate(heads):
        made.add_column(head, justify="right" if place in right else "left", no_wrap=place in right, overflow="fold")
    return made


def money(amount: Money) -> str:
    """Write an amount with the sign of its currency."""
    from ..adapters.rendering.figures import Figures

    return Figures(LANGUAGE).money(amount.amount, amount.currency)


def figure(amount: Decimal, currency: str) -> str:
    """Write an amount for a column."""
    from ..adapters.rendering.figures import Figures

    return Figures(LANGUAGE).amount(amount, currency)


def number(count: int | Decimal) -> str:
    """Write a number."""
    from ..adapters.rendering.figures import Figures

    return Figures(LANGUAGE).number(count)


def day(when: date) -> str:
    """Write a day in full."""
    from ..adapters.rendering.figures import Figures

    return Figures(LANGUAGE).day(when)


def short(when: date) -> str:
    """Write a day for a column."""
    from ..adapters.rendering.figures import Figures

    return Figures(LANGUAGE).short(when)


def month_of(when: date) -> str:
    """Write a month for a column."""
    return short(when).partition(" ")[2]


def many(count: int, one: str, more: str = "") -> str:
    """Write a number of things: ``1 document``, ``2 documents``."""
    return f"{number(count)} {one if count == 1 else more or one + 's'}"


def total(amounts: Iterable[Money]) -> list[Money]:
    """Add amounts up, per currency."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return [sums[currency] for currency in sorted(sums)]


def totals(amounts: Iterable[Money]) -> str:
    """Write what amounts add up to, per currency."""
    return " and ".join(map(money, total(amounts))) or "nothing"


def show_bad_rows(rows: Sequence[BadRow], told: str, advice: str = "") -> None:
    """Say of every row that was refused where it stands, what is wrong and what would be right.

    Args:
        told: what was done about them.
        advice: what to do now.
    """
    if not rows:
        return
    out = console(sys.stderr)
    out.print(text((f"{many(len(rows), 'row')} cannot be used, {told}", WRONG)))
    for row in rows:
        place = f"{row.file}, line {row.line}" + (f", column {row.column}" if row.column else "")
        said = f' It says "{row.value}".' if row.value else ""
        out.print(text("\n  ", (place, HEAD)))
        out.print(indented(f"{row.problem}{said}", (f" {row.expected}", SOFT)))
    if advice:
        out.print(text((f"\n{advice}", SOFT)))


def show_notes(notes: Sequence[str]) -> None:
    """Say what became of rows that could not get what they asked for; nothing is wrong with them."""
    out = console()
    for note in notes[:MOST]:
        out.print(text("  ", note), soft_wrap=True)
    if len(notes) > MOST:
        out.print(text((f"  and {number(len(notes) - MOST)} more", SOFT)))


def show_skipped(failures: Sequence[Failure]) -> None:
    """Say for whom something could not be done, and why."""
    if not failures:
        return
    out = console(sys.stderr)
    out.print(text((f"{many(len(failures), 'thing')} could not be done; the next run tries again:", WRONG)))
    for failure in failures[:MOST]:
        out.print(text("  ", (failure.payer, HEAD), f": {failure.problem}"), soft_wrap=True)
    if len(failures) > MOST:
        out.print(text((f"  and {number(len(failures) - MOST)} more", SOFT)))


def show_incomplete(incomplete: Sequence[Incomplete]) -> None:
    """Say which documents have no e-invoice, and what is missing for each."""
    if not incomplete:
        return
    out = console(sys.stderr)
    out.print(text((f"{many(len(incomplete), 'document')} without an e-invoice; the PDF is there:", WRONG)))
    for one in incomplete[:MOST]:
        out.print(text("\n  ", (one.number, HEAD), (f" · {one.payer}", SOFT)))
        for missing in one.missing:
            out.print(indented(missing))
    if len(incomplete) > MOST:
        out.print(text((f"\n  and {number(len(incomplete) - MOST)} more", SOFT)))
    advice = 'Fill in what is missing and run again, or say e_invoice = "none" for whoever should get none.'
    out.print(text((f"\n{advice}", SOFT)))


def show_unmailed(payers: Sequence[str], what: str = "document") -> None:
    """Say what has to go by post: nothing is wrong with it."""
    if payers:
        count = many(len(payers), what)
        whom = ", ".join(dict.fromkeys(payers))
        console(sys.stderr).print(text((f"{count} without an e-mail address to go to; send by post: ", SOFT), whom))
