"""What a source says is due: items, each under a key that never changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import attrgetter

import attrs

from .errors import InexactNumber, InvalidValue
from .exact import EXACT, exact, rounded
from .periods import Period
from .reasons import Reason
from .vat import Supply, TaxClass


@attrs.frozen(order=True)
class ItemKey:
    """What identifies something that can be billed: source, agreement, day of filing and fact.

    ``agreement`` is the smallest thing a source can answer completely for (a subscription, a project, an order);
    ``filed`` is the day under which the fact is kept, and never changes: another day is another key.
    """

    source: str
    agreement: str
    filed: date
    fact: str = ""


#: Sorts keys as they compare, in one step each: ``sorted(keys, key=in_order)``.
in_order: Callable[[ItemKey], tuple[str, str, date, str]] = attrgetter("source", "agreement", "filed", "fact")

#: The UN/ECE code of a lump sum: its quantity is money at 1.00, and it is printed as one at its amount.
LUMP_SUM = "LS"


@attrs.frozen(order=True)
class Price:
    """An amount per number of units: 100.00 per 31 days makes 16 days 51.61, exact and printable.

    Args:
        amount: the price excluding VAT, with at most ten decimals.
        per: for how many units; more than zero.
        unit: the unit's UN/ECE code: ``C62`` one, ``HUR`` hour, ``DAY`` day, ``MON`` month.
    """

    amount: Decimal
    per: Decimal = Decimal(1)
    unit: str = "C62"

    def __attrs_post_init__(self) -> None:
        """Refuse a price that is not exact, or that nothing could be bought at."""
        if type(self.amount) is not Decimal or type(self.per) is not Decimal:
            raise InexactNumber(
                f"a price of {self.amount!r} per {self.per!r}", where="price", remedy='write Price.of("12.50")'
            )
        if not (self.amount.is_finite() and self.per.is_finite()) or self.amount < 0 or self.per <= 0:
            raise InvalidValue(
                f"a price of {self.amount} per {self.per}", where="price", remedy="use zero or more, per more than zero"
            )

    @classmethod
    def of(cls, amount: str | Decimal | int, *, per: str | Decimal | int = 1, unit: str = "C62") -> Price:
        """Build a price from what a person writes, checked.

        Raises:
            InvalidValue: for a negative price or a ``per`` that is not above zero.
        """
        return cls(exact(amount, where="price"), exact(per, where="per"), unit)

    def total(self, quantity: Decimal, places: int) -> Decimal:
        """Return quantity times price, rounded once."""
        return rounded(EXACT.divide(EXACT.multiply(self.amount, quantity), self.per), places)


@attrs.frozen(kw_only=True)
class BillableItem:
    """One thing that is due, in quantity and at a price, and why.

    Several items may share a key: they add up. An item of quantity zero means the same as no item, but carries the
    reason. A blocked item leaves its key alone.

    Args:
        client: for whom it was done; who pays follows from the client's file, unless ``payer`` says otherwise.
        tax_point: the day whose VAT rate holds when nothing is supplied over a period.
        bill_on: not to be billed before this day.
        supplied: the period it covers, if it covers one.
        document: ``"invoice"``, or ``"claim"`` for a funder.
        title: the heading of the agreement on the bill, in the client's words.
        blocked: why it cannot be billed yet (not approved, no rate).
        unlinked: whether a negative quantity is meant to stand alone; otherwise it must lower an earlier key.
    """

    key: ItemKey
    client: str
    quantity: Decimal
    price: Price
    currency: str
    tax_class: TaxClass
    tax_point: date
    bill_on: date
    text: str
    because: Reason
    payer: str = ""
    title: str = ""
    supplied: Period | None = None
    supply: Supply = Supply.SERVICES
    document: str = "invoice"
    blocked: Reason | None = None
    unlinked: bool = False
