"""What somebody owes who cancels: tiers by how long before the start, each a percentage of the price or an amount."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import attrs

from ...domain.errors import InvalidValue
from ...domain.exact import EXACT, ZERO, exact, rounded
from ...domain.periods import months_after
from ...domain.reasons import Reason
from ...domain.texts import a_text, one_of
from ...domain.vat import TaxClass, to_tax_class

HUNDRED = Decimal(100)


class BoundaryUnit(StrEnum):
    """In what the time before the start is counted."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


def to_boundary_unit(word: BoundaryUnit | str) -> BoundaryUnit:
    """Turn a word into days, weeks or months, or refuse it."""
    return one_of(BoundaryUnit, word)


def a_figure(number: Decimal | int | str | None) -> Decimal | None:
    """Return an exact number, or nothing where nothing was given."""
    return None if number is None else exact(number, where="cancellation tier")


def a_tax_class(word: TaxClass | str | None) -> TaxClass | None:
    """Turn a word into a tax class, or nothing where nothing was given."""
    return None if word is None else to_tax_class(word)


@attrs.frozen(kw_only=True)
class CancellationTier:
    """What is owed by whoever cancels within so long before the start.

    Args:
        within: how long before the start it begins; 0 is from the first day on.
        percent: of the price that was agreed; or else an ``amount``, which is never more than that price.
        tax_class: how the fee is taxed; absent means as the seat. What is paid for a reserved seat usually is taxed as
            the seat; a mere indemnity is not taxed.

    Raises:
        InvalidValue: when both or neither of percentage and amount are given, or a figure is impossible.
    """

    within: int
    unit: BoundaryUnit = attrs.field(default=BoundaryUnit.DAYS, converter=to_boundary_unit)
    percent: Decimal | None = attrs.field(default=None, converter=a_figure)
    amount: Decimal | None = attrs.field(default=None, converter=a_figure)
    tax_class: TaxClass | None = attrs.field(default=None, converter=a_tax_class)

    def __attrs_post_init__(self) -> None:
        where = f"cancellation within {self.within} {self.unit}"
        if type(self.within) is not int or not 0 <= self.within <= 1200:
            raise InvalidValue("it is no whole number of them", where=where, remedy="use 0 to 1200")
        if (self.percent is None) is (self.amount is None):
            raise InvalidValue("it needs a percentage or an amount", where=where, remedy="give one of the two")
        if self.percent is not None and not 0 <= self.percent <= HUNDRED:
            raise InvalidValue(f"{self.percent} percent", where=where, remedy="use 0 to 100")
        if self.amount is not None and self.amount < 0:
            raise InvalidValue(f"an amount of {self.amount}", where=where, remedy="use zero or more")

    def boundary(self, start: date) -> date:
        """Return the boundary day: that long before the first day."""
        if self.unit is BoundaryUnit.MONTHS:
            return months_after(start, -self.within)
        return start - timedelta(days=self.within * (7 if self.unit is BoundaryUnit.WEEKS else 1))

    def fee(self, price: Decimal, places: int) -> Decimal:
        """Return what is owed of a price, rounded half up once."""
        if self.amount is not None:
            return min(self.amount, price)
        return rounded(EXACT.divide(EXACT.multiply(price, self.percent or ZERO), HUNDRED), places)


@attrs.frozen(kw_only=True)
class CancellationFee:
    """What a cancellation on a day costs, by which tier, and why."""

    amount: Decimal
    tier: CancellationTier | None
    because: Reason

    @property
    def whole(self) -> bool:
        """Whether it is all of the price, taxed as the seat: then the seat simply stays due."""
        return self.tier is not None and self.tier.percent == HUNDRED and self.tier.tax_class is None


@attrs.frozen(kw_only=True)
class CancellationPolicy:
    """What was agreed about cancelling and sending somebody else.

    Args:
        tiers: the one holds that begins last on or before the day of the cancellation; before all of them cancelling
            is free.
        boundary_within: whether the boundary day itself (exactly a week before) already lies within its tier; else it
            still belongs to the time before.
        substitution: what sending somebody else costs; absent means that nobody else may come.
        text: what a fee is called on the bill, in the client's words; absent means as the course.

    Raises:
        InvalidValue: for a fee below zero, or a text that cannot be printed.
    """

    tiers: tuple[CancellationTier, ...] = ()
    boundary_within: bool = False
    substitution: Decimal | None = attrs.field(default=ZERO, converter=a_figure)
    text: str = ""

    def __attrs_post_init__(self) -> None:
        a_text(self.text, where="cancellation policy, text")
        if self.substitution is not None and self.substitution < 0:
            raise InvalidValue(
                f"a fee of {self.substitution}", where="cancellation policy, substitution", remedy="use zero or more"
            )

    def tier(self, start: date, on: date) -> CancellationTier | None:
        """Return the tier in which a day lies; nothing while cancelling is free.

        Of two tiers with the same boundary day the later one in the list holds.
        """
        begun = [tier for tier in self.tiers if self._begun(tier, start, on)]
        return max(reversed(begun), key=lambda tier: tier.boundary(start), default=None)

    def fee(self, price: Decimal, *, start: date, on: date, places: int) -> CancellationFee:
        """Return what it costs to cancel on a day a seat in a session that starts on another."""
        tier = self.tier(start, on)
        if tier is None:
            return CancellationFee(amount=ZERO, tier=None, because=Reason("courses.cancelled-in-time", ZERO))
        amount = tier.fee(price, places)
        inputs = (
            ("price", price),
            ("percent", tier.percent),
            ("amount", tier.amount),
            ("on", on),
            ("start", start),
            ("boundary", tier.boundary(start)),
        )
        return CancellationFee(amount=amount, tier=tier, because=Reason("courses.cancellation-fee", amount, inputs))

    def _begun(self, tier: CancellationTier, start: date, on: date) -> bool:
        boundary = tier.boundary(start)
        return on >= boundary if self.boundary_within else on > boundary
