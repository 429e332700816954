"""What is agreed: subscriptions, their lines, and what holds from which day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Self

import attrs

from ...domain.dated import Dated
from ...domain.errors import InvalidValue
from ...domain.exact import exact
from ...domain.periods import a_day
from ...domain.records import ERASED, record
from ...domain.texts import a_text, an_id, one_of
from ...domain.vat import Supply, TaxClass, to_supply, to_tax_class

#: The name of the source, in every key.
NAME = "subscriptions"


class Timing(StrEnum):
    """When a period is billed: on its first day, or on the last day on which it was supplied."""

    ADVANCE = "advance"
    ARREARS = "arrears"


def to_timing(word: Timing | str) -> Timing:
    """Turn a word into when a period is billed, or refuse it."""
    return one_of(Timing, word)


@attrs.frozen(kw_only=True)
class SubscriptionLine:
    """One thing that is supplied period after period.

    Args:
        id: the caller's own id, unique within the subscription.
        text: what it is, in the client's words.
        start: the first day on which it is supplied; never changes (another first day is another line).
        months: how long a period is, in whole months.
        timing: billed on the first day of a period or on the last.
        prices: what one costs for a whole period, excluding VAT, from a day on.
        quantities: how many there are, from a day on; zero is a pause.
        anchor: a day on which a period starts, where that is not ``start`` (the first of a month or year); the first
            period is then a part of one. Never changes.
        end: the first day on which it is no longer supplied; absent while nothing is agreed.
        ended_because: why it ends, for whoever reads the credit.
        yearly_increase: by how many percent the price rises: on that day and on the same day of every year after, until
            another percentage holds; zero is no longer.
        single_increases: by how many percent the price rose on one day.
        price_fixed: whether no percentage ever raises the price; another price can still be agreed.
    """

    id: str
    text: str
    start: date
    months: int = 1
    timing: Timing = attrs.field(default=Timing.ADVANCE, converter=to_timing)
    prices: Dated[Decimal]
    quantities: Dated[Decimal]
    tax_class: TaxClass = attrs.field(default=TaxClass.STANDARD, converter=to_tax_class)
    supply: Supply = attrs.field(default=Supply.SERVICES, converter=to_supply)
    anchor: date | None = None
    end: date | None = None
    ended_because: str = ""
    yearly_increase: Dated[Decimal] | None = None
    single_increases: Dated[Decimal] | None = None
    price_fixed: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a line that could not be printed, or whose days are not days."""
        where = f"line {an_id(self.id, where='line')}"
        a_text(self.text, where=f"{where}, text")
        a_text(self.ended_because, where=where)
        for day in (self.start, self.anchor, self.end):
            if day is not None:
                a_day(day, where=where)

    @classmethod
    def of(
        cls,
        id: str,
        text: str,
        *,
        start: date,
        price: str | Decimal | int,
        quantity: str | Decimal | int = 1,
        months: int = 1,
        timing: Timing = Timing.ADVANCE,
        tax_class: TaxClass = TaxClass.STANDARD,
        supply: Supply = Supply.SERVICES,
        anchor: date | None = None,
        increase: str | Decimal | int | None = None,
        increase_from: date | None = None,
        price_fixed: bool = False,
    ) -> Self:
        """Build a line with one price and one quantity from its start, without an end.

        Args:
            increase: by how many percent the price rises every year.
            increase_from: the first day on which it does; needed with ``increase``.

        Raises:
            InexactNumber: when price, quantity or increase is not an exact number.
            InvalidValue: when only one of ``increase`` and ``increase_from`` is given.
        """
        if (increase is None) is not (increase_from is None):
            raise InvalidValue(
                "half of a yearly increase", where=f"line {id}", remedy="give increase and increase_from, or neither"
            )
        return cls(
            id=id,
            text=text,
            start=start,
            months=months,
            timing=timing,
            prices=Dated(((start, exact(price, where=f"price of {id}")),)),
            quantities=Dated(((start, exact(quantity, where=f"quantity of {id}")),)),
            tax_class=tax_class,
            supply=supply,
            anchor=anchor,
            yearly_increase=_increase(id, increase, increase_from),
            price_fixed=price_fixed,
        )


def _increase(id: str, percentage: str | Decimal | int | None, first: date | None) -> Dated[Decimal] | None:
    """Return a yearly increase, or nothing where none was agreed."""
    if percentage is None or first is None:
        return None
    return Dated(((first, exact(percentage, where=f"increase of {id}")),))


def _without_words(lines: tuple[SubscriptionLine, ...]) -> tuple[SubscriptionLine, ...]:
    """Return lines that no longer say why they ended."""
    return tuple(attrs.evolve(line, ended_because=ERASED) if line.ended_because else line for line in lines)


@record("subscriptions.subscription", keys=("client",), party="client", personal={"lines": _without_words})
@attrs.frozen(kw_only=True)
class Subscription:
    """What is agreed with one client under one heading.

    Args:
        id: the caller's own id.
        title: the heading on the bill, in the client's words.
        lines: in the order in which they were agreed.
    """

    id: str
    client: str
    title: str = ""
    currency: str = "EUR"
    lines: tuple[SubscriptionLine, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse a subscription that could not be kept or printed."""
        where = f"subscription {an_id(self.id, where='subscription')}"
        an_id(self.client, where=f"{where}, client")
        a_text(self.title, where=f"{where}, title")

    def line(self, id: str) -> SubscriptionLine | None:
        """Return one line, or nothing."""
        return next((line for line in self.lines if line.id == id), None)
