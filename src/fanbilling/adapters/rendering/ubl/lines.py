"""What stands on a line of an e-invoice: what for, when, how much of which unit, and at which price."""

from __future__ import annotations

from decimal import Decimal

from ....domain.invoices import InvoiceLine, printed
from ....domain.items import Price
from ....domain.periods import Period
from .elements import MOST_DECIMALS


def supplied(line: InvoiceLine) -> Period:
    """When a line was supplied: over a period, or on the day on which it was done."""
    return line.supplied or Period.through(line.key.filed, line.key.filed)


def item_name(line: InvoiceLine) -> str:
    """Return what a line is for (BT-153): its text, else the heading under which it stands."""
    return line.text if line.text.strip() else line.title


def multiplied(line: InvoiceLine, currency: str) -> tuple[Decimal, Decimal, Decimal]:
    """Return quantity, price and base quantity, whose product is the net amount, as on paper.

    The rules compute in cents whatever the currency (R120), so a net amount in whole yen is once itself where the
    product is not.
    """
    found = quantity, price, per = printed(line, currency)
    if Price(price, per).total(quantity, MOST_DECIMALS) == line.net:
        return found
    return (Decimal(-1) if line.net < 0 else Decimal(1)), line.net.copy_abs(), Decimal(1)


def unit_of(line: InvoiceLine, currency: str) -> str:
    """Return the unit in which a line is written: one piece where it is written as a number of times its price."""
    as_agreed = multiplied(line, currency) == (line.quantity, line.price.amount, line.price.per)
    return line.price.unit if as_agreed else "C62"
