"""What a product costs: prices by product, client, quantity and day, and which of them wins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import attrs

from ...domain.dated import EVER
from ...domain.errors import InvalidValue
from ...domain.exact import ZERO, exact
from ...domain.money import places
from ...domain.periods import a_day
from ...domain.ports.sourcing import OneOf, Reading
from ...domain.reasons import Reason
from ...domain.records import record
from ...domain.texts import an_id
from .products import a_name
from .tracing import every


@record("orders.price", keys=("product", "client"), party="client")
@attrs.frozen(kw_only=True)
class PriceRule:
    """What one unit of a product costs, excluding VAT: for everybody or one client, from a quantity, between two days.

    Of all that hold, the most specific wins: that of the client before that of everybody, then the highest quantity,
    then the latest first day, then what became known last.

    Args:
        client: for whom it holds; empty means for everybody.
        from_quantity: the least quantity on one line for which it holds.
        since, until: the first and the last day on which it holds.
        known: the day on which it became known: what was agreed before is not priced by it. The desk gives it.

    Raises:
        InvalidValue: for a price or a quantity below zero, or a last day before the first one.
    """

    id: str
    product: str
    price: Decimal = attrs.field(converter=exact)
    client: str = ""
    currency: str = "EUR"
    from_quantity: Decimal = attrs.field(default=ZERO, converter=exact)
    since: date = EVER
    until: date | None = None
    known: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a price by which nothing could be sold."""
        where = f"price {an_id(self.id, where='price')}"
        a_name(self.product, where=f"{where}, product")
        if self.client:
            an_id(self.client, where=f"{where}, client")
        places(self.currency)
        for day in (self.since, self.until, self.known):
            if day is not None:
                a_day(day, where=where)
        if self.price < 0 or self.from_quantity < 0:
            raise InvalidValue(
                f"{self.price} from {self.from_quantity}",
                where=where,
                remedy="use a price and a quantity of zero or more",
            )
        if self.until is not None and self.until < self.since:
            raise InvalidValue(f"it ends before {self.since}", where=where, remedy="let it end on that day or later")

    def holds(self, *, client: str, quantity: Decimal, currency: str, on: date) -> bool:
        """Whether something that is agreed on a day can be priced by it."""
        if self.client not in ("", client) or self.currency != currency or quantity < self.from_quantity:
            return False
        if self.known is not None and self.known > on:
            return False
        return self.since <= on and (self.until is None or on <= self.until)

    @property
    def place(self) -> tuple[bool, Decimal, date, date, str]:
        """How specific it is: the highest one wins."""
        return bool(self.client), self.from_quantity, self.since, self.known or EVER, self.id


def list_price(
    rules: Iterable[PriceRule], *, product: str, client: str, quantity: Decimal, currency: str, on: date
) -> Reason | None:
    """Return the price of one unit with the rule that won and the one that came second; nothing when none holds."""
    wanted = [
        rule
        for rule in rules
        if rule.product == product and rule.holds(client=client, quantity=quantity, currency=currency, on=on)
    ]
    ranked = sorted(wanted, key=lambda rule: rule.place, reverse=True)
    if not ranked:
        return None
    second = tuple(_told("price.second", rule) for rule in ranked[1:2])
    return attrs.evolve(_told("price.list", ranked[0]), because=second)


def rules_for(reading: Reading, products: Iterable[str], client: str) -> list[PriceRule]:
    """Return the prices of these products, for everybody and for one client."""
    ids = sorted(set(products))
    if not ids:
        return []
    return list(every(reading, PriceRule, {"product": OneOf(tuple(ids)), "client": OneOf(("", client))}))


def _told(code: str, rule: PriceRule) -> Reason:
    """Say which price it is, and what made it so specific."""
    inputs = (
        ("price", rule.id),
        ("client", rule.client or None),
        ("from_quantity", rule.from_quantity or None),
        ("since", None if rule.since == EVER else rule.since),
        ("until", rule.until),
    )
    return Reason(code, rule.price, tuple((name, fact) for name, fact in inputs if fact is not None))
